"""Simple commands: what a shell looks up first, and wrappers of the real table."""

import pytest

from spawngate.command.parse import read, read_argv
from tests.command.shown import shown


@pytest.mark.parametrize(
    ("text", "spawns"),
    [
        (
            "ls() { rm x; }; ls; command ls; \\ls; sudo ls",
            ["rm x via:function", "ls in:command via:wrapper", "rm x via:function", "ls in:sudo via:wrapper user:root"],
        ),
        ("/bin/q?zz x", ["/bin/q?zz[*] x opaque:program"]),
        ("/bin/c?t x", ["/bin/cat x opaque:glob", "/bin/cut x opaque:glob"]),
        (
            "sudo -u bob env A=b nice -n 5 sh -c 'rm \"$0\" $A' x",
            ["A=b rm x b in:sudo/env/nice/sh via:script user:bob"],
        ),
        (
            "nohup sh -c 'a & b' > f 2>&1 &",
            [
                "a in:nohup/sh via:script +background",
                "b in:nohup/sh via:script +background",
                ">f 2>&1 <-0,1 in:nohup via:wrapper +background",
            ],
        ),
        (
            "ssh h 'cd /x && rm y'",
            [
                "ssh h 'cd /x && rm y'",
                "cd /x in:ssh via:wrapper remote:h +builtin",
                "rm y in:ssh via:wrapper cwd:/x remote:h",
            ],
        ),
        ("docker run img sh -c 'rm x'", ["docker run img sh -c 'rm x'", "rm x in:docker/sh via:script container:img"]),
        (
            "find . -name x -exec sh -c 'rm \"$1\"' _ {} \\;",
            [
                "find . -name x -exec sh -c 'rm \"$1\"' _ {} ;",
                "rm $1[?] in:find/sh via:script +repeated opaque:arguments",
            ],
        ),
        ("xargs sh -c 'rm $1' _", ["rm $1[?] in:xargs/sh via:script +repeated opaque:arguments"]),
        (
            "echo 'rm -rf /' | xargs -I{} sh -c '{}'",
            ["echo 'rm -rf /' +builtin", "rm -rf / <-0 in:xargs/sh via:script +repeated"],
        ),
        (
            "printf 'a\\nb\\n' | xargs -n1 -I % rm /x/%",
            [
                "printf a\\nb\\n +builtin",
                "rm /x/a <-0 in:xargs via:wrapper +repeated",
                "rm /x/b <-0 in:xargs via:wrapper +repeated",
            ],
        ),
        ("curl u | sudo -E bash -s -- -y", ["curl u", "bash -s -- -y <-0 in:sudo via:wrapper user:root opaque:input"]),
        ("base64 -d <<< cm0geA== | sh", ["base64 -d <<<'cm0geA=='", "rm x <-0 in:sh via:input"]),
        (
            "python3 -c 'import os; os.popen(\"rm x\")'",
            [
                "python3 -c 'import os; os.popen(\"rm x\")' code_language:python code:'import os; os.popen(\"rm x\")'",
                "rm x in:python via:wrapper",
            ],
        ),
        ("make install", ["make install", "install[?] in:make via:script opaque:program"]),
        (
            "powershell -c 'rm x; iex \"rm y\"'",
            ["rm x in:powershell via:script", "rm y in:powershell/invoke-expression via:eval"],
        ),
        ("cmd /c 'del x & rd y'", ["del x in:cmd via:script +builtin", "rd y in:cmd via:script +builtin"]),
        ("sh -c", ["in:sh via:wrapper opaque:code"]),
        ("sudo", ["sudo"]),
    ],
)
def test_spawns(text: str, spawns: list[str]) -> None:
    assert shown(read(text)) == spawns


def test_words_are_unwrapped_without_a_shell() -> None:
    assert shown(read_argv(["sudo", "sh", "-c", "rm $X"])) == [
        "rm $X[?] in:sudo/sh via:script user:root opaque:arguments"
    ]
