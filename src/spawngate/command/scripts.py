"""Text that reaches a program by another way than its own words: files written before, lines piped into xargs, code.

Belongs here: following them where their content is known. Must not be here: how it became known (`command.flows`).
"""

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from spawngate.command import flows
from spawngate.command.budget import Budget
from spawngate.command.frame import Command, Frame, Input, as_value
from spawngate.command.scope import Scope
from spawngate.command.spawn import Word
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.words import unescaped

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

MAX_LINES = 16
"""Lines of known input for which a command is walked one by one."""
MAX_WORDS = 256
_SHEBANG = re.compile(r"#![^\S\n]*+(?:\S*/env[^\S\n]++(?:-S[^\S\n]++)?|\S*[^\s\w.+-])?([\w.+-]++)(?:[^\S\n][^\n]*+)?\n")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_SUFFIXES = {
    "py": "python",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "rb": "ruby",
    "pl": "perl",
} | {
    "ts": "javascript",
    "go": "go",
    "rs": "rust",
    "java": "java",
    "c": "c",
    "cc": "c",
    "cpp": "c",
    "php": "php",
    "lua": "lua",
}
_SHELL_SUFFIXES = frozenset({"sh", "bash", "zsh", "ksh", "command", "tool", "run"})
_LANGUAGES = {"python": "python", "node": "javascript", "bun": "javascript", "deno": "javascript", "ruby": "ruby"} | {
    "perl": "perl",
    "php": "php",
    "lua": "lua",
}


def follow(walker: "Walker", command: Command, scope: Scope, frame: Frame, place: int) -> None:
    """Walk the script that the command at `place` runs, where the text itself wrote it before."""
    words = command.words
    name = words[0].text.rsplit("/", 1)[-1]
    language = _LANGUAGES.get(name.rstrip("0123456789."), "")
    at = 0
    if name in _SHELLS or language:
        at = next((at for at, word in enumerate(words[1:], 1) if not word.text.startswith(("-", "+"))), 0)
        if not at:
            return
    content = scope.files.get(flows.plain_path(words[at].text))
    if content is None:
        return
    if not at:
        shebang = _SHEBANG.match(content)
        starter = shebang.group(1).rstrip("0123456789.") if shebang else ""
        suffix = name.rpartition(".")[2] if "." in name else ""
        language = _LANGUAGES.get(starter, "") or ("" if starter else _SUFFIXES.get(suffix, ""))
        if not language and (starter not in _SHELLS if starter else suffix and suffix not in _SHELL_SUFFIXES):
            return
    inside = scope.process()
    inside.files = {path: text for path, text in scope.files.items() if text is not content}
    if language:
        walker.spawns[place] = replace(walker.spawns[place], code=content, code_language=language)
        code(walker, content, language, inside, frame)
        return
    inside.parameters = tuple(as_value(word) for word in words[at + 1 :])
    wrappers = (*frame.wrappers, name) if at else frame.wrappers
    walker.text(content, inside, replace(frame, via="script", wrappers=wrappers, active=()))


def renamed(words: tuple[Word, ...], scope: Scope) -> None:
    """`cp`, `mv` and `ln` give a file whose content is known another name."""
    if not scope.files or words[0].text.rsplit("/", 1)[-1] not in ("cp", "mv", "ln", "install"):
        return
    names = [flows.plain_path(word.text) for word in words[1:] if not word.text.startswith("-")]
    content = scope.files.get(names[0]) if len(names) == 2 else None
    if content is not None and len(scope.files) < flows.MAX_FILES:
        target = names[1]
        scope.files[target + names[0].rpartition("/")[2] if target.endswith("/") else target] = content


def source(walker: "Walker", path: str, scope: Scope, frame: Frame, place: int) -> None:
    """A source file that is compiled and run (`go run x.go`), where the text itself wrote it before."""
    content = scope.files.get(flows.plain_path(path))
    language = _SUFFIXES.get(path.rpartition(".")[2], "")
    if content is not None and language:
        walker.spawns[place] = replace(walker.spawns[place], code=content, code_language=language)
        code(walker, content, language, scope, frame)


def code(walker: "Walker", text: str, language: str, scope: Scope, frame: Frame) -> None:
    """Walk what code of another language starts."""
    for inner in shell_outs(text, language):
        inside = replace(
            frame,
            via=inner.via,
            wrappers=(*frame.wrappers, language),
            input=Input(),
            opaque=tuple(dict.fromkeys((*frame.opaque, *inner.opaque))),
        )
        if inner.words:
            walker.run(Command(inner.words), scope.process(), inside, shell=False)
        elif inner.text is not None:
            walker.text(inner.text, scope.process(), inside, inner.dialect)


def fed(
    words: tuple[Word, ...], command: tuple[Word, ...], frame: Frame, budget: Budget
) -> Iterator[tuple[tuple[Word, ...], Frame]]:
    """A command as xargs runs it with a known standard input: once with all of its words, or once a line."""
    text = frame.input.text
    if frame.wrappers[-1] != "xargs" or text is None:
        yield words, frame
        return
    items, size = _items(command, text)
    if frame.appended:
        if items is None:
            yield words, frame
            return
        taken = replace(frame, appended=False, input=Input(None, frame.input.spawns))
        size = size or len(items) or 1
        for start in range(0, min(len(items) or 1, size * MAX_LINES), size):
            yield (*words, *(Word(one) for one in items[start : start + size])), taken
        return
    mark = _mark(command)
    lines = [line.strip() for line in text.splitlines() if line.strip()] if "\0" not in text else text.split("\0")
    if not mark or not lines or len(lines) > MAX_LINES:
        yield words, frame
        return
    opaque = tuple(reason for reason in frame.opaque if reason != "program")
    places = sum(word.text.count(mark) for word in words)
    for line in lines:
        budget.produce(places * len(line))
        yield (
            tuple(
                Word(word.text.replace(mark, line), "$" in word.text, word.glob, word.spawns)
                if mark in word.text
                else word
                for word in words
            ),
            replace(frame, opaque=opaque, input=Input(None, frame.input.spawns)),
        )


def _items(command: tuple[Word, ...], text: str) -> tuple[list[str] | None, int]:
    """Words that xargs makes of its input, and how many a command gets at most (0 for all). None where it fails."""
    size, delimiter = 0, ""
    for place, word in enumerate(command[1:], 1):
        flag, following = word.text, command[place + 1].text if place + 1 < len(command) else ""
        count = re.fullmatch(r"-[0prtxo]*[nL](\d*)|--max-(?:args|lines)=(\d+)", flag)
        if count is not None:
            digits = count.group(1) or count.group(2) or following
            size = int(digits) if digits.isdecimal() and len(digits) < 6 else 0
        if re.fullmatch(r"-[prtxo]*0[prtxo0-9nPI{}]*|--null", flag):
            delimiter = "\0"
        elif re.fullmatch(r"-d.*|--delimiter=.+", flag, re.DOTALL):
            delimiter = unescaped(flag.removeprefix("--delimiter=").removeprefix("-d") or following)[:1]
    if delimiter:
        items = text.split(delimiter)
        return (items[:-1] if items[-1] in ("", "\n") else items)[:MAX_WORDS], size
    try:
        return shlex.split(text)[:MAX_WORDS], size
    except ValueError:
        return None, size


def _mark(command: tuple[Word, ...]) -> str:
    """What xargs replaces (`-I {}`)."""
    for place, word in enumerate(command[1:], 1):
        found = re.fullmatch(r"-(?:[0prtxo]*)[IJ](.*)|--replace=(.+)|-i(.*)|(--replace)", word.text, re.DOTALL)
        if found is None:
            continue
        if word.text.endswith(("I", "J")) and not found.group(1):
            return command[place + 1].text if place + 1 < len(command) else ""
        return found.group(1) or found.group(2) or found.group(3) or "{}"
    return ""
