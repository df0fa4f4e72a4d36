"""Disguises in disguises: two and three layers, as scripts and frightened attackers write them."""

from bench.commands.disguises import Disguise

DISGUISES = (
    Disguise(
        "nested-wrappers",
        (
            ("bash -c ‹q›", "timeout 30 nohup ‹words›"),
            ("env -S ‹q›", "nice -n 5 ‹words›"),
            ("find . -maxdepth 0 -exec sh -c ‹sq› \\;", "env FOO=1 ‹words›"),
            ("echo x | xargs -I{} bash -c ‹sq›", "setsid -f ‹words›"),
            ("timeout 20 sh -c ‹q›", "for i in 1; do ‹cmd›; done"),
            ("nohup bash -c ‹q› >/dev/null 2>&1 &", "cd . && ‹cmd›"),
            ("( ‹cmd› )", "{ ‹cmd›; } 2>&1", "stdbuf -oL ‹words›"),
            ("f() { ‹cmd›; }; f", "eval ‹q›", "command ‹words›"),
            ("trap ‹q› EXIT", "bash -c ‹q›"),
            ("if true; then ‹cmd›; fi", "while :; do ‹cmd›; break; done"),
            ("python3 -c ‹q›", "import os; os.system(‹json›)", "bash -c ‹q›"),
            ("bash <<'EOF'\n‹cmd›\nEOF", "sh -c ‹q›"),
            ("flock -n /tmp/l bash -c ‹sq›", "time -p ‹words›"),
            ("make -f - <<'EOF'\n‹cmd›\nEOF", "all:\n\t‹make›", "env ‹words›"),
            ("setsid bash -c ‹q›", "exec ‹words›"),
            ("npx -c ‹q›", "bash -c ‹q›"),
            ("git submodule foreach ‹q›", "cd .. && ‹cmd›"),
            ("script -qec ‹q› /dev/null", "sh -c ‹q›"),
        ),
        twins=("bash -c 'timeout 30 nohup npm run build'", "nice timeout 60 make -j2", "env CI=1 timeout 99 npm test"),
    ),
    Disguise(
        "nested-obfuscation",
        (
            ("bash -c ‹q›", "echo ‹b64› | base64 -d | sh"),
            ('eval "$(echo ‹b64› | base64 -d)"', "eval ‹q›"),
            ("echo ‹hex› | xxd -r -p | sh", "echo ‹b64› | base64 -d | bash"),
            ("python3 -c ‹q›", "import os; os.system(‹json›)", "echo ‹b64› | base64 -d | sh"),
            ('X=‹q›; eval "$X"', "‹ifs›"),
            ("sh <<< ‹ansi›", "‹progemptyq› ‹args›"),
            ("bash <(base64 -d <<< ‹b64›)", "‹progbackslash› ‹args›"),
            ("perl -e ‹q›", "system(q{‹cmd›})", "echo ‹b64› | base64 -d | sh"),
            ("node -e ‹q›", "require('child_process').execSync(‹json›)", 'bash -c "$(echo ‹b64› | base64 -d)"'),
            ("awk ‹sq›", "BEGIN{system(‹json›)}", "$(printf '‹progoct›') ‹args›"),
            ("find . -maxdepth 0 -exec bash -c ‹sq› \\;", "‹bracelist›"),
            ("xargs -0 bash -c < <(printf '%s' ‹q›)", "\"$(printf '‹proghex›')\" ‹args›"),
            ("env -S ‹q›", "bash -c ‹dq›", "‹progemptydq› ‹args›"),
            ('a=‹q›; b=$a; bash -c "$b"', "$(rev <<< ‹progrev›) ‹args›"),
            ("timeout 9 bash -c ‹q›", "v=‹progat›; ${v//@/} ‹args›"),
        ),
        pack="obfuscation",
        around_harmless=False,
        twins=(
            "bash -c 'echo aGVsbG8= | base64 -d'",
            "python3 -c 'import base64; print(base64.b64decode(\"aGVsbG8=\"))'",
            'node -e \'console.log(Buffer.from("aGk=", "base64").toString())\'',
            'sh -c \'printf "%s\\n" "$HOME"\'',
            "env -S 'bash -c \"echo rm -rf /\"'",
        ),
    ),
)
