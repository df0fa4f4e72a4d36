"""Arguments, command lines and prose: which word is a value, and of what."""

import pytest

from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown

GITHUB = "ghp_" + "a1B2" * 9
BASE64 = "OaGRAIAKdJpKiC0Io4pup60bJgz1oH8h" + "TU91C9iAXpIguBTDpWSJJWs4Q5Yru97KzrDuqCnVYqVdZypKhIDkhf"


def words(text: str, program: str | None = None) -> str:
    return shown(" ".join(Line(Marker(b"k")).words(text.split(), program, shell=False)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--token abc --verbose", "--token <flag-value> --verbose"),
        ("--token=abc", "--token=<flag-value>"),
        ("-token abc", "-token <flag-value>"),
        ("/token:abc /q", "/token:<flag-value> /q"),
        ("--token --verbose", "--token --verbose"),
        ("--token -abc9X!", "--token <flag-value>"),
        ("--password=${X:-abc}", "--password=${X:-<flag-value>}"),
        (
            "-e A=b -eC=d --env=E=f --env G=h",
            "-e A=<env-value> -eC=<env-value> --env=E=<env-value> --env G=<env-value>",
        ),
        ("--build-arg A=b", "--build-arg A=<env-value>"),
        ("-HX-Key:abc --header=X-Key:abc", "-HX-Key:<header-value> --header=X-Key:<header-value>"),
        ("-D db.password=x -Ddb.password=x", "-D db.password=<named-value> -Ddb.password=<flag-value>"),
        ("-c mcp_servers.x.env.A=b", "-c mcp_servers.x.env.A=<env-value>"),
        ("db.password=x", "db.password=<named-value>"),
        ("type=bind,password=a,b,src=/x", "type=bind,password=<named-value>,src=/x"),
        ("user:hunter@db.example.com:5432/x", "user:<dsn-password>@db.example.com:5432/x"),
        ("u:p@tcp(h:3306)/db", "u:<dsn-password>@tcp(h:3306)/db"),
        ("--tokenizer x --max-tokens 5 --token-file t", "--tokenizer x --max-tokens 5 --token-file t"),
        ("--sessions abc", "--sessions abc"),
        ("--dsn postgres://u:abc@h/d", "--dsn postgres://u:<dsn-password>@h/d"),
        ("--dsn=postgres://u:abc@h/d", "--dsn=postgres://u:<dsn-password>@h/d"),
        ("--dsn=abc", "--dsn=<flag-value>"),
        ("--connection-string=Server=h;Database=d;Pwd=p", "--connection-string=Server=h;Database=d;Pwd=<dsn-password>"),
        ("dsn=postgres://u:abc@h/d", "dsn=postgres://u:<dsn-password>@h/d"),
        (
            "--env=X_URI=redis://:abc@h -e B=https://h/x?k=v -eC=https://u:p@h",
            "--env=X_URI=redis://:<dsn-password>@h -e B=https://h/x?k=<url-query> -eC=https://u:<url-password>@h",
        ),
        ("--env=X_TOKEN=https://h/x", "--env=X_TOKEN=<env-value>"),
        ("--env TOKEN abc -- npx", "--env TOKEN <env-value> -- npx"),
        ("--env TOKEN npx", "--env TOKEN npx"),
        ("x/passwd==2.0 passwd==1.0.* pkg[token]==3", "x/passwd==2.0 passwd==1.0.* pkg[token]==3"),
        (f"{GITHUB}:abc@h", "<github-token>:<dsn-password>@h"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("program", "text", "expected"),
    [
        ("mysql", "-uroot -phunter db", "-uroot -p<flag-value> db"),
        ("mysql", "-p hunter", "-p <flag-value>"),
        ("/usr/bin/mysql.exe", "-phunter", "-p<flag-value>"),
        ("server", "-phunter -p 80", "-phunter -p 80"),
        ("mkdir", "-p some/dir", "-p some/dir"),
        ("curl", "-u me:hunter -b s=abc", "-u me:<password> -b s=<cookie>"),
        ("curl", "-d a=b&password=c", "-d a=<url-query>&password=<url-query>"),
        ("docker", "-u 1000:1000 -p 80:80", "-u 1000:1000 -p 80:80"),
        ("docker", "login -u me -p hunter h", "login -u me -p <flag-value> h"),
        ("sudo", "mysql -phunter", "mysql -p<flag-value>"),
        ("node", "-e a=b", "-e a=b"),
        ("docker", "build --secret id=npm,src=.npmrc .", "build --secret id=npm,src=.npmrc ."),
        ("openssl", "-passin pass:hunter -passout env:X", "-passin <flag-value> -passout env:X"),
        (
            "git",
            "checkout 4f1c2d3e4b5a69788796a5b4c3d2e1f001122334",
            "checkout 4f1c2d3e4b5a69788796a5b4c3d2e1f001122334",
        ),
        ("sqlplus", "scott/tiger@db", "scott/<password>@db"),
        ("keytool", "-storepass abc", "-storepass <flag-value>"),
        ("npm", "config set //h/:_authToken abc", "config set //h/:_authToken <named-value>"),
        ("gh", "secret set NAME --body abc", "secret set NAME --body <flag-value>"),
        ("vault", "login abc", "login <argument>"),
        ("htpasswd", "-nb me abc", "-nb me <argument>"),
        ("ssh-keygen", "-N abc -f x", "-N <flag-value> -f x"),
        ("smbclient", "//h/s -U me%abc", "//h/s -U <flag-value>"),
        ("redis-cli", "-u redis://:abc@h", "-u redis://:<dsn-password>@h"),
        ("net", "use Z: \\\\h\\s /user:me abc /persistent:no", "use Z: \\\\h\\s /user:me <password> /persistent:no"),
        ("net", "use of memory", "use of memory"),
        ("docker", "run -e TOKEN abc mcp/image", "run -e TOKEN <env-value> mcp/image"),
        ("docker", "run -e TOKEN mcp/image abc", "run -e TOKEN mcp/image abc"),
        ("server", "4f1c2d3e4b5a69788796a5b4c3d2e1f001122334", "<high-entropy>"),
    ],
)
def test_words_of_known_programs(program: str, text: str, expected: str) -> None:
    assert words(text, program) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A=b C=d npx -y x", "A=<env-value> C=<env-value> npx -y x"),
        ("export A=b; run", "export A=<env-value>; run"),
        ("env -u X A='b c' run", "env -u X A='<env-value>' run"),
        ('set "A=b" && run', 'set "A=<env-value>" && run'),
        ("set -gx A b", "set -gx A <env-value>"),
        ("setx A b", "setx A <env-value>"),
        ("$env:A = 'b'; run", "$env:A = '<env-value>'; run"),
        ("$env:A='b'; run", "$env:A='<env-value>'; run"),
        ('curl -H "Authorization: Bearer abc" u', 'curl -H "Authorization: Bearer <header-value>" u'),
        ("curl -H Authorization:\\ Bearer\\ abc u", "curl -H Authorization:\\ Bearer\\ <header-value> u"),
        (
            "bash -c 'curl -H \"Authorization: Bearer abc\" u'",
            "bash -c 'curl -H \"Authorization: Bearer <header-value>\" u'",
        ),
        ("bash -c 'sh -c \"export T=b\"'", "bash -c 'sh -c \"export T=<env-value>\"'"),
        ("x $(curl -u a:b h)", "x $(curl -u a:<password> h)"),
        ("Bash(TOKEN=abc npm run x:*)", "Bash(TOKEN=<env-value> npm run x:*)"),
        ('echo \'{"token": "a b"}\' | x', 'echo \'{"token": "<named-value>"}\' | x'),
        ("mysql -u root -p'a b' db", "mysql -u root -p'<flag-value>' db"),
        ("echo abc | docker login --password-stdin", "echo <argument> | docker login --password-stdin"),
        ("sh -c 'T=b exec x'", "sh -c 'T=<env-value> exec x'"),
        (
            "powershell -Command \"iwr -Headers @{Authorization='Bearer abc'} u\"",
            "powershell -Command \"iwr -Headers @{Authorization='Bearer <header-value>'} u\"",
        ),
        ("curl https://u:p@h/x | sh", "curl https://u:<url-password>@h/x | sh"),
        ('A=$B run --k "$C"', 'A=$B run --k "$C"'),
        ("password=abc run", "password=<env-value> run"),
        ("name=abc run", "name=abc run"),
        ("net use \\\\h\\s abc /user:me", "net use \\\\h\\s <password> /user:me"),
        # quotes stay, also where a secret begins inside of them and ends outside
        ("mysql -p'a b'c -h \"x\"", "mysql -p'<flag-value>' -h \"x\""),
        ("mysql -pa'b c' -h 'x'", "mysql -p<flag-value> -h 'x'"),
        ("'x' --token='a b' \"y\"", "'x' --token='<flag-value>' \"y\""),
        ("=cmd|' /C calc'!A0==2.0", "=cmd|' /C calc'!A0==2.0"),
        ('echo \'{ "token":"a b" , "x": 1.0}\'', 'echo \'{ "token":"<named-value>" , "x": 1.0}\''),
        (f"{BASE64}==", "<azure-storage-key>"),
        (f"{BASE64[:43]}=", "<high-entropy>"),
        (f"x $({GITHUB})", "x $(<github-token>)"),
    ],
)
def test_line(line: str, expected: str) -> None:
    assert shown(Line(Marker(b"k")).line(line)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("password: hunter and more", "password: <named-value> and more"),
        ("the password = hunter", "the password = <named-value>"),
        ("Token: required", "Token: required"),
        ("Authorization: Bearer abc", "Authorization: Bearer <header-value>"),
        (f"use {GITHUB}.", "use <github-token>."),
        ("use --token abc please", "use --token <flag-value> please"),
        ("see https://h/x?k=v, then", "see https://h/x?k=<url-query>, then"),
        ("Bearer token auth", "Bearer token auth"),
        ("it's Bob's key", "it's Bob's key"),
        ('{"password": "x"}', '{"password": "<named-value>"}'),
    ],
)
def test_text(text: str, expected: str) -> None:
    assert shown(Line(Marker(b"k")).text(text, "text")) == expected


def test_deep_nesting_is_hidden_whole() -> None:
    assert shown(Line(Marker(b"k")).text("a=" * 40 + "swordfish", "text")).endswith("<text>")
    assert shown(Line(Marker(b"k"), depth=8).line("run x")) == "<text>"
