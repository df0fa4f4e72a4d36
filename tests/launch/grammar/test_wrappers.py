"""Programs that start the command in their arguments: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "env npx -y @example/s@1.0.0",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env A=1 npx -y @example/s@1.0.0",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env -i PATH=/usr/bin npx -y @example/s@1.0.0",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "env_path": True,
            "searches_cwd": True,
        },
    ),
    (
        "env -u A npx -y @example/s@1.0.0",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env -S 'npx -y @example/s@1.0.0'",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env '-Ssh -c \"echo canary\"'",
        {"wrappers": ("env", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "env '--split-string=sh -c \"echo canary\"'",
        {"wrappers": ("env", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "env NODE_OPTIONS=--require=./x.js npx -y @example/s@1.0.0",
        {
            "wrappers": ("env",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "env_loads_code": ("NODE_OPTIONS",),
            "searches_cwd": True,
            "env_code_places": ("relative",),
        },
    ),
    ("env", {"wrappers": ("env",), "utility": True}),
    (
        "/usr/bin/env node /opt/x/s.js",
        {
            "wrappers": ("env",),
            "launcher": "node",
            "source": "local-script",
            "script": "/opt/x/s.js",
            "script_place": "application",
        },
    ),
    (
        "sudo npx -y @example/s@1.0.0",
        {
            "wrappers": ("sudo",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "sudo -n -u root sh -c 'echo canary'",
        {"wrappers": ("sudo", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "sudo -E A=1 npx -y @example/s@1.0.0",
        {
            "wrappers": ("sudo",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "sudo -s",
        {"wrappers": ("sudo",), "launcher": "sh", "shell": True, "inline_code": True, "inline_language": "shell"},
    ),
    (
        "sudo --new-option npx -y @example/s@1.0.0",
        {
            "wrappers": ("sudo",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "doas sh -c 'echo canary'",
        {"wrappers": ("doas", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "timeout 5 npx -y @example/s@1.0.0",
        {
            "wrappers": ("timeout",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "timeout -k 1 -s KILL 5 sh -c 'echo canary'",
        {"wrappers": ("timeout", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "timeout --signal=KILL 5 sh -c 'echo canary'",
        {"wrappers": ("timeout", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "nice npx -y @example/s@1.0.0",
        {
            "wrappers": ("nice",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "nice -n 5 sh -c 'echo canary'",
        {"wrappers": ("nice", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "nice -10 sh -c 'echo canary'",
        {"wrappers": ("nice", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "nohup sh -c 'echo canary'",
        {"wrappers": ("nohup", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "setsid -w sh -c 'echo canary'",
        {"wrappers": ("setsid", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "stdbuf -oL npx -y @example/s@1.0.0",
        {
            "wrappers": ("stdbuf",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "ionice -c2 -n7 sh -c 'echo canary'",
        {"wrappers": ("ionice", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "time -p sh -c 'echo canary'",
        {"wrappers": ("time", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "xargs -n1 sh -c 'echo canary'",
        {"wrappers": ("xargs", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "xargs -I{} npx -y @example/s@1.0.0",
        {
            "wrappers": ("xargs",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    *(
        (
            f"xargs {options} sh -c '{mark}'",
            {
                "wrappers": ("xargs", "sh"),
                "shell": True,
                "shell_plain": True,
                "source": "binary",
                "unknown": ("unknown-program",),
                "argument_injection": (f"xargs {options} sh -c {mark}",),
            },
        )
        for options, mark in (
            ("-I{}", "{}"),
            ("-I %", "%"),
            ("-0I{}", "{}"),
            ("-i", "{}"),
            ("-i@", "@"),
            ("--replace=X", "X"),
        )
    ),
    (
        "xargs -I @ @ --stdio",
        {
            "wrappers": ("xargs",),
            "server_args": ("--stdio",),
            "source": "binary",
            "unknown": ("unknown-program",),
            "argument_injection": ("xargs -I @ @ --stdio",),
        },
    ),
    (
        "find . -exec sh -c 'echo canary' ';'",
        {"wrappers": ("sh",), "shell": True, "argument_injection": ("-exec sh -c echo canary",), "utility": True},
    ),
    ("find . -name x", {"utility": True}),
    ("fd -x echo canary", {"argument_injection": ("-x echo canary",), "utility": True}),
    (
        "script -qec 'echo canary' /dev/null",
        {"wrappers": ("script",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "su -c 'echo canary' root",
        {"wrappers": ("su",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "su root -c 'echo canary'",
        {"wrappers": ("su",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "flock /tmp/l -c 'echo canary'",
        {"wrappers": ("flock",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "flock -n /tmp/l npx -y @example/s@1.0.0",
        {
            "wrappers": ("flock",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "strace -f -o /tmp/t sh -c 'echo canary'",
        {"wrappers": ("strace", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "unshare -n npx -y @example/s@1.0.0",
        {
            "wrappers": ("unshare",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "bwrap --ro-bind / / --unshare-net npx -y @example/s@1.0.0",
        {
            "wrappers": ("bwrap",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "firejail --net=none npx -y @example/s@1.0.0",
        {
            "wrappers": ("firejail",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "systemd-run --user --scope sh -c 'echo canary'",
        {
            "wrappers": ("systemd-run", "sh"),
            "server_args": ("canary",),
            "shell": True,
            "source": "binary",
            "utility": True,
        },
    ),
    (
        "cross-env A=1 node /opt/x/s.js",
        {
            "wrappers": ("cross-env",),
            "launcher": "node",
            "source": "local-script",
            "script": "/opt/x/s.js",
            "script_place": "application",
        },
    ),
    (
        "npx cross-env NODE_OPTIONS=--require=./x.js node /opt/x/s.js",
        {
            "wrappers": ("cross-env",),
            "launcher": "npx",
            "package": "pkg:npm/cross-env",
            "pin": "unversioned",
            "source": "registry",
            "env_loads_code": ("NODE_OPTIONS",),
            "script": "/opt/x/s.js",
            "script_place": "application",
            "searches_cwd": True,
            "env_code_places": ("relative",),
        },
    ),
    (
        "dotenv -e .env -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("dotenv",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env-cmd -f .env npx -y @example/s@1.0.0",
        {
            "wrappers": ("env-cmd",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "op run -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("op",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "op run --env-file=.env -- sh -c 'echo canary'",
        {"wrappers": ("op", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    ("op read x", {"server_args": ("read", "x"), "source": "binary", "unknown": ("unknown-program",)}),
    (
        "doppler run -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("doppler",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "doppler run --command 'echo canary'",
        {"wrappers": ("doppler",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "direnv exec . npx -y @example/s@1.0.0",
        {
            "wrappers": ("direnv",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "mise exec node@20 -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("mise",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "poetry run python -c 'print(1)'",
        {
            "wrappers": ("poetry",),
            "launcher": "python",
            "inline_code": True,
            "inline_language": "python",
            "source": "inline",
        },
    ),
    ("conda run -n e python -m server", {"wrappers": ("conda",), "launcher": "python", "searches_cwd": True}),
    (
        "bundle exec ruby -e 1",
        {
            "wrappers": ("bundle",),
            "launcher": "ruby",
            "inline_code": True,
            "inline_language": "ruby",
            "source": "inline",
        },
    ),
    (
        "nix-shell -p nodejs --run 'npx -y @example/s@1.0.0'",
        {
            "wrappers": ("nix-shell",),
            "launcher": "npx",
            "shell": True,
            "shell_plain": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "watch 'echo canary'",
        {"wrappers": ("watch",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "caffeinate -i npx -y @example/s@1.0.0",
        {
            "wrappers": ("caffeinate",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "arch -arm64 npx -y @example/s@1.0.0",
        {
            "wrappers": ("arch",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "tini -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("tini",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "gosu nobody sh -c 'echo canary'",
        {"wrappers": ("gosu", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "proxychains -q npx -y @example/s@1.0.0",
        {
            "wrappers": ("proxychains",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "env env env env env env env env env env env env env env env env env env env npx -y @example/s@1.0.0",
        {"wrappers": ("env",), "unknown": ("too-nested",)},
    ),
    (
        "spawngate launch --id 1 -- npx -y @example/s@1.0.0",
        {
            "wrappers": ("spawngate",),
            "launcher": "npx",
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    ("lua5.4 -e 1", {"launcher": "lua5.4", "inline_code": True, "inline_language": "lua", "source": "inline"}),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
