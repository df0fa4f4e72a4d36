"""Shells: what of their words is a text, and what that means for a walker."""

import pytest

from spawngate.command.parse import read
from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "bash -c 'rm x' a b": ["bash", "$ rm x | (a b) via=script"],
    "bash -xec 'rm x'": ["bash", "$ rm x | via=script"],
    "sh -c -- 'rm x'": ["sh", "$ rm x | via=script"],
    "bash -o pipefail -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash -ceo pipefail 'rm x' n": ["bash", "$ rm x | (n) via=script"],
    "bash --rcfile f -i -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash -rcfile f -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash +x -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash script.sh a": None,
    "bash": ["bash", "< shell | (bash) opaque=input"],
    "bash -s a b": ["bash", "< shell | (bash a b) opaque=input"],
    "sh -": ["sh", "< shell | (sh) opaque=input"],
    "bash -i": ["bash", "< shell | (bash) opaque=input"],
    "bash /dev/stdin": ["bash", "< shell | (/dev/stdin) opaque=input"],
    "bash -n -c 'rm x'": None,
    "bash -c": ["bash", "? | opaque=code"],
    "bash -c ''": ["bash", "$  | via=script"],
    "bash -c '$X'": ["bash", "$ $X | via=script opaque=code"],
    "bash --version": None,
    "/bin/sh -lc 'rm x'": ["sh", "$ rm x | via=script"],
    "zsh -oextendedglob -c 'rm x'": ["zsh", "$ rm x | via=script"],
    "zsh -c 'rm x'": ["zsh", "$ rm x | via=script"],
    "rbash -c 'rm x'": ["rbash", "$ rm x | via=script"],
    "fish -c 'rm x' -c 'rm y'": ["fish", "$ rm x | via=script", "$ rm y | via=script"],
    "fish --command='rm x'": ["fish", "$ rm x | via=script"],
    "fish -ic 'rm x' a": ["fish", "$ rm x | (a) via=script"],
    "fish x.fish": None,
    "fish": ["fish", "< shell | opaque=input"],
    "busybox sh -c 'rm x'": ["busybox", "sh -c 'rm x'"],
    "busybox rm x": ["busybox", "rm x"],
    "busybox --list": None,
    "toybox rm x": ["toybox", "rm x"],
    "eval 'rm x' y": ["eval", "$ rm x y | via=eval"],
    "trap 'rm x' EXIT": ["trap", "$ rm x | via=trap"],
    "trap - EXIT": None,
    "source /dev/stdin": ["source", "< shell | via=source opaque=input"],
    ". ./x.sh": None,
    "command rm x": ["command", "rm x"],
    "command -v rm": None,
    "command -p rm x": ["command", "rm x"],
    "builtin cd x": ["builtin", "cd x"],
    "exec -a name rm x": ["exec", "rm x"],
    "exec": None,
    "coproc rm x": ["coproc", "rm x | background"],
    "command": None,
    "builtin": None,
    "eval": None,
    "eval -- 'rm x'": ["eval", "$ rm x | via=eval"],
    "trap 'rm x' 2": ["trap", "$ rm x | via=trap"],
    "trap -l": None,
    "sh -c 'rm x' --": ["sh", "$ rm x | (--) via=script"],
    "dash -c 'rm x'": ["dash", "$ rm x | via=script"],
    "ksh -c 'rm x'": ["ksh", "$ rm x | via=script"],
    "csh -c 'rm x'": ["csh", "$ rm x | via=script"],
    "bash -c 'rm x' -c 'rm y'": ["bash", "$ rm x | (-c 'rm y') via=script"],
    "bash --norc --noprofile -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash --weird -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash -O extglob -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash -i -n -c 'rm x'": ["bash", "$ rm x | via=script"],
    "bash /proc/self/fd/3": ["bash", "< shell | (/proc/self/fd/3) opaque=input"],
    "/usr/local/bin/bash5.2 -c 'rm x'": ["bash5.2", "$ rm x | via=script"],
    "bash -norc -c 'rm x'": ["bash", "$ rm x | via=script"],
    "sash -c 'rm x'": ["sash", "$ rm x | via=script"],
    "nu -c 'rm x'": ["nu", "$ rm x | via=script"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]


@pytest.mark.parametrize("command", ["xargs -I{} sh -c {}", "xargs -I@ bash -c @", "xargs -I % sh -c '%'"])
def test_a_text_that_is_only_the_mark_comes_from_what_is_read(command: str) -> None:
    spawn = read(f"cat x | {command}", "posix").spawns[-1]
    assert (spawn.argv, spawn.opaque, spawn.reads_from) == ((), ("code",), (0,))
