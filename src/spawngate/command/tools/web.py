"""Programs that fetch and send over HTTP.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of curl, wget, HTTPie, aria2, yt-dlp.
"""

import re

from spawngate.command.arguments import Arguments
from spawngate.command.hosts import is_address, is_host
from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

_CURL = word_set("""
    -A --user-agent -b --cookie -c --cookie-jar -C --continue-at -d --data --data-ascii --data-binary --data-raw
    --data-urlencode
    --json -D --dump-header -e --referer -E --cert -F --form --form-string -h -H --header -K --config -m --max-time -o
    --output
    -P --ftp-port -Q --quote -r --range -t --telnet-option -T --upload-file -u --user -U --proxy-user -w --write-out
    -x --proxy
    -X --request -y --speed-time -Y --speed-limit -z --time-cond --cacert --capath --cert-type --ciphers
    --connect-timeout
    --connect-to --create-file-mode --dns-servers --interface --ip-tos --key --key-type --limit-rate --local-port
    --max-filesize
    --max-redirs --netrc-file --noproxy --oauth2-bearer --output-dir --pass --pinnedpubkey --preproxy --proto
    --proto-default
    --proto-redir --proxy-cacert --proxy-header --resolve --retry --retry-delay --retry-max-time --socks4 --socks5
    --socks5-hostname --stderr --tls-max --trace --trace-ascii --unix-socket --url --url-query --variable --engine
    --aws-sigv4 --abstract-unix-socket --libcurl --hostpubmd5 --krb --mail-from --mail-rcpt --parallel-max
    """)


_CURL_DATA = (
    "-d",
    "--data",
    "--data-ascii",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "--form-string",
    "--url-query",
)


def curl(scene: Scene) -> None:
    found = scene.arguments(_CURL)
    urls = (*found.values("--url"), *found.rest)
    scene.host(*(url if "://" in url else f"http://{url}" for url in urls if url and not url.startswith("-")))
    scene.plain_http = scene.plain_http and not any(url.startswith(("https:", "ftps:")) for url in urls[:1])
    scene.read(*(url for url in urls if url.startswith("file:")))
    _curl_data(scene, found)
    output = found.values(
        "-o",
        "--output",
        "-D",
        "--dump-header",
        "-c",
        "--cookie-jar",
        "--trace",
        "--trace-ascii",
        "--stderr",
        "--libcurl",
    )
    folder = found.value("--output-dir")
    for name in output:
        if name not in ("-", "/dev/null"):
            scene.write(f"{folder}/{name}" if folder and not name.startswith("/") else name)
    if found.has("-O", "--remote-name", "--remote-name-all", "-J"):
        for url in urls:
            name = re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2]
            scene.write(f"{folder}/{name}" if folder else name)
    scene.read(*found.values("-K", "--config", "--netrc-file"))
    cookie = found.value("-b", "--cookie")
    if cookie and "=" not in cookie:
        scene.read(cookie)
    if found.has("-k", "--insecure", "--proxy-insecure"):
        scene.act("tls-off")
    for name in found.values("--unix-socket"):
        scene.write(name)
    if found.has("--engine"):
        scene.act("loads-code")
    sends = "send" in scene.acts or "send-file" in scene.acts
    if found.value("-X", "--request").upper() == "DELETE":
        _delete(scene, urls)
    method = found.value("-X", "--request").upper()
    if method in ("POST", "PUT", "PATCH", "DELETE") and not sends:
        scene.act("send")
    if found.has("--mail-rcpt", "--mail-from"):
        scene.act("mail")
    if not sends or found.has("-o", "-O", "--output", "--remote-name"):
        scene.act("download")
        scene.outputs.add("download")
    else:
        scene.outputs.add("remote")


def _delete(scene: Scene, urls: tuple[str, ...]) -> None:
    """A request to delete: what the address says about what goes."""
    scene.act("send-delete")
    for url in urls:
        if re.search(r"api\.github\.com/repos/[^/]+/[^/]+/?$|/api/v\d/projects/[^/]+/?$", url):
            scene.act("repository-delete")
        if re.search(r":9200/|/_all\b|/\*(?:$|[?'\"])|:5984/|:6333/collections", url):
            scene.act("database-drop")


def _curl_data(scene: Scene, found: Arguments) -> None:
    for option, value in found.options:
        if option in _CURL_DATA:
            scene.act("send")
            name = ""
            if option in ("-F", "--form"):
                part = value.partition("=")[2]
                name = part[1:].partition(";")[0].strip('"') if part[:1] in ("@", "<") else ""
            elif option in ("--data-raw", "--form-string", "--url-query"):
                name = ""
            elif value.startswith("@"):
                name = value[1:]
            elif option == "--data-urlencode" and re.match(r"\w*@", value):
                name = value.partition("@")[2]
            _sent(scene, name)
        elif option in ("-T", "--upload-file"):
            scene.act("send")
            for name in value.strip("{}").split(",") if value.startswith("{") else (value,):
                _sent(scene, name)
        elif option in ("-H", "--header") and value.startswith("@"):
            _sent(scene, value[1:])


def _sent(scene: Scene, name: str) -> None:
    if name:
        scene.act("send-file")
        scene.read(name) if name not in ("-", "/dev/stdin") else None


_WGET = word_set("""
    -O --output-document -o --output-file -a --append-output -i --input-file -P --directory-prefix -U --user-agent
    --header
    --post-data --post-file --body-data --body-file --method -t --tries -T --timeout -w --wait -e --execute --user
    --password
    --ca-certificate --certificate --private-key --load-cookies --save-cookies -l --level -A -R -D --domains -I -X
    --config
    --use-askpass --bind-address --limit-rate -Q --quota --referer -B --base --default-page
    """)


def wget(scene: Scene) -> None:
    found = scene.arguments(_WGET)
    scene.host(*(url if "://" in url else f"http://{url}" for url in found.rest))
    if found.has("--post-data", "--body-data"):
        scene.act("send")
    for name in found.values("--post-file", "--body-file"):
        scene.act("send")
        _sent(scene, name)
    scene.read(*(name for name in found.values("-i", "--input-file", "--config", "--load-cookies") if name != "-"))
    if found.has("--no-check-certificate"):
        scene.act("tls-off")
    if found.has("--use-askpass"):
        scene.act("shell-escape")
    output = found.values("-O", "--output-document")
    if output:
        scene.write(*(name for name in output if name not in ("-", "/dev/null")))
    else:
        folder = found.value("-P", "--directory-prefix")
        for url in found.rest:
            name = re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2] or "index.html"
            scene.write(f"{folder}/{name}" if folder else name)
    scene.act("download")
    scene.outputs.add("download")


def http(scene: Scene) -> None:
    """HTTPie and xh: METHOD URL items."""
    found = scene.arguments(
        ("-o", "--output", "-a", "--auth", "--session", "-p", "--proxy", "--verify", "-A", "--auth-type")
    )
    rest = list(found.rest)
    method = rest.pop(0).upper() if rest and re.fullmatch(r"[A-Za-z]+", rest[0]) and len(rest) > 1 else ""
    scene.host(
        *(
            url if "://" in url else f"http://localhost{url}" if url.startswith(":") else f"http://{url}"
            for url in rest[:1]
        )
    )
    items = rest[1:]
    for item in items:
        if re.search(r"(?:^|\w(?:=|:=)?)@", item):
            _sent(scene, item.rpartition("@")[2])
    if items or method in ("POST", "PUT", "PATCH", "DELETE"):
        scene.act("send")
    else:
        scene.act("download")
        scene.outputs.add("download")
    scene.write(found.value("-o", "--output"))
    if found.value("--verify") in ("no", "false"):
        scene.act("tls-off")


def fetch(scene: Scene) -> None:
    """Programs whose only purpose is fetching what lies at an address."""
    found = scene.arguments(("-o", "-d", "-P", "-x", "-s", "-O", "--out", "--dir", "-f", "--output"))
    urls = [word for word in found.rest if is_address(word) or is_host(word)]
    scene.host(*urls)
    for word, after in zip(scene.words, scene.words[1:], strict=False):
        if word in ("-post", "-post_data", "--post-file"):
            _sent(scene, after)
    if urls:
        scene.act("download")
        scene.outputs.add("download")
    named = found.values("-o", "--out", "-O", "--output")
    scene.write(*named)
    if scene.program in ("aria2c", "axel", "lwp-download") and not named:
        folder = found.value("-d", "--dir")
        for url in urls:
            name = re.split(r"[?#]", url)[0].rstrip("/").rpartition("/")[2]
            scene.write(f"{folder}/{name}" if folder else name)


READERS: dict[str, Reader] = readers(
    ("curl curlie", curl),
    ("wget wget2 busybox-wget", wget),
    ("http https xh xhs", http),
    ("aria2c axel fetch lwp-request lwp-download lynx w3m links elinks yt-dlp youtube-dl httrack", fetch),
)
