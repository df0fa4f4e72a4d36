"""python, pypy and py: code, modules that are programs, and standard input.

Sources: `python -h`, docs.python.org/3/using/cmdline.html (letters together; `-c` and `-m` end the options); module
pages of timeit, pdb, code, cProfile, coverage, debugpy.
Must not be here: what the code starts (`code_python`), installers (`packages_python`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.interpreters import behind, ran
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.launch.argv import word_set

_PYTHON_FLAGS = frozenset("bBdEiIOPqRsStuvVx?h")
_PROGRAMS = word_set("pip pip3 uv pipx poetry pdm ansible conda hatch nox tox invoke fabric")
"""Modules that are programs of the same name."""


def python(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """python, pypy and py: `-c`, `-m`, a script, or standard input."""
    at, length = 0, len(words)
    if name == "py" and words and re.fullmatch(r"-\d(?:\.\d+)?(?:-\d+)?|-V:.*", words[0].text):
        at = 1
    unknown = False
    while at < length:
        word = words[at]
        text = word.text
        if text == "--":
            at += 1
            break
        if len(text) < 2 or text[0] != "-":
            break
        at += 1
        if text.startswith("--"):
            if text in ("--help", "--version", "--help-all", "--help-env", "--help-xoptions"):
                return None
            at += text == "--check-hash-based-pycs"
            continue
        for place in range(1, len(text)):
            letter = text[place]
            if letter in "hV?":
                return None
            if letter in _PYTHON_FLAGS:
                continue
            if letter not in "cmWX":
                unknown = True
                break
            value = cut(word, place + 1) if place + 1 < len(text) else None
            if value is None and at < length:
                value, at = words[at], at + 1
            if letter == "c":
                return ran("python", value or Word(""), "python", words[at:])
            if letter == "m":
                return _module(value or Word(""), words[at:])
            break
    rest = words[at:]
    if unknown and not rest:
        return None
    return behind("python", "python", rest)


_TIMEIT = Syntax("n:r:s:u:pvh", "number=/n repeat=/r setup=/s unit=/u process/p verbose/v help/h")


def _module(module: Word, rest: tuple[Word, ...]) -> Unwrapped | None:
    """python -m: modules that are programs, or that take code or a program."""
    name = module.text
    if module.opaque:
        return Unwrapped("python", (Inner(words=(module, *rest), opaque=("program",)),))
    if name in _PROGRAMS:
        return Unwrapped("python", starts.command((Word(name), *rest)))
    if name == "timeit":
        options = read(rest, _TIMEIT)
        lines = (*options.values("s"), *options.rest)
        whole = Word("\n".join(line.text for line in lines), any(line.opaque for line in lines))
        return ran("python", whole, "python") if lines else None
    if name in ("pdb", "bdb", "ipdb"):
        commands = read(rest, Syntax("c:m:h", "command=/c help/h")).values("c")
        inners: list[Inner] = []
        for command in commands:
            inners += (starts.code(command, "python"), *shell_outs(command.text.lstrip("!"), "python"))
        return Unwrapped("python", tuple(inners)) if inners else None
    if name in ("code", "asyncio", "pyrepl", "_pyrepl", "IPython", "ptpython", "bpython", "idlelib"):
        if name == "IPython":
            code = read(rest, Syntax("c:", "", fuzzy=False)).last("c")
            if code is not None:
                return ran("python", code, "ipython")
        return Unwrapped("python", (starts.reads("python"),))
    if name in (
        "runpy",
        "cProfile",
        "profile",
        "trace",
        "coverage",
        "debugpy",
        "viztracer",
        "scalene",
        "memory_profiler",
    ):
        texts = [word.text for word in rest]
        if "-m" in texts and texts.index("-m") + 1 < len(rest):
            at = texts.index("-m") + 1
            return _module(rest[at], rest[at + 1 :])
        if "-c" in texts and name == "debugpy" and texts.index("-c") + 1 < len(rest):
            return ran("python", rest[texts.index("-c") + 1], "python")
    return None
