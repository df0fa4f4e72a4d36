"""Shell built-ins: what they change, and which of them run further commands.

Belongs here: `eval`, `source`, `trap`, `exec`, `command`, `cd`, `read`, `set`, ... of POSIX shells.
Must not be here: programs of their own, expansion, the walk itself.
Sources: POSIX.1-2024, 2.15 Special Built-In Utilities; Bash Reference Manual 5.2, chapter 4.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from spawngate.command import filters
from spawngate.command.budget import MAX_NESTED
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value
from spawngate.command.scope import Scope, Value
from spawngate.command.syntax import Block, Literal, Simple
from spawngate.launch.argv import word_set

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

Builtin = Callable[["Walker", Command, Scope, Frame], Ran]

NAMES = word_set(
    """. : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo
    enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf
    pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit
    umask unalias unset wait"""
)
"""Names that a POSIX shell runs by itself."""


def lines_read(condition: Block, flow: Input) -> list[str] | None:
    """Lines that `while read ...` goes through; None where they are unknown or the condition is another."""
    if flow.text is None or len(condition) != 1 or not isinstance(condition[0], Simple):
        return None
    words = condition[0].words
    if not words or words[0] != (Literal("read"),) or condition[0].redirections:
        return None
    return flow.text.splitlines(keepends=True)


def _emit(walker: "Walker", command: Command, scope: Scope, frame: Frame, opaque: tuple[str, ...] = ()) -> Ran:
    return Ran("", (walker.emit(command, scope, frame, builtin=True, opaque=opaque),))


def _eval(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    rest = words[2:] if len(words) > 1 and words[1].text == "--" else words[1:]
    if not rest:
        return _emit(walker, command, scope, frame)
    known = {word.text: word.spawns for word in rest if word.opaque and word.spawns}
    inside = replace(
        frame,
        via="eval",
        wrappers=(*frame.wrappers, "eval"),
        replayed={**frame.replayed, **known} if known else frame.replayed,
    )
    for name, word in command.assignments:
        scope.set(name, as_value(word))
    ran = walker.text(" ".join(word.text for word in rest), scope, inside)
    return walker.grouped(command.redirects, ran, scope, frame)


def _source(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    place = 2 if len(words) > 1 and words[1].text == "--" else 1
    if len(words) <= place:
        return _emit(walker, command, scope, frame)
    file = words[place]
    content = scope.files.get(file.text.removeprefix("./"))
    if content is None and file.text in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
        content = frame.input.text
    if content is None:
        fed = file.spawns or (frame.input.spawns if file.text.startswith("/dev/") else ())
        inside = frame if fed == frame.input.spawns else replace(frame, input=Input())
        return _emit(walker, command, scope, inside, ("input",) if fed else ("code",))
    kept = scope.parameters
    if words[place + 1 :]:
        scope.parameters = tuple(as_value(word) for word in words[place + 1 :])
    inside = replace(frame, via="source", wrappers=(*frame.wrappers, words[0].text))
    ran = walker.text(content, scope, inside)
    scope.parameters = kept
    return walker.grouped(command.redirects, ran, scope, frame)


def _trap(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    _emit(walker, command, scope, frame)
    rest = words[2:] if len(words) > 1 and words[1].text == "--" else words[1:]
    if len(rest) > 1 and rest[0].text not in ("", "-", "-l", "-p", "-P"):
        inside = replace(frame, via="trap", wrappers=(*frame.wrappers, "trap"), input=Input())
        walker.text(rest[0].text, scope.copy(), inside)
    return NOTHING


def _alias(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    for word in words[1:]:
        name, equals, text = word.text.partition("=")
        if equals and len(scope.aliases) < 256:
            scope.aliases[name] = text
    return _emit(walker, command, scope, frame)


def _cd(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    ran = _emit(walker, command, scope, frame)
    rest = [word for word in words[1:] if not re.fullmatch(r"-[LPe@]+|--|-n|[-+]\d+", word.text)]
    if words[0].text == "popd":
        scope.enter("-")
    elif rest:
        scope.enter(rest[0].text)
    elif words[0].text == "cd":
        scope.enter("")
    return ran


def _unset(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    only_functions = any(word.text == "-f" for word in words[1:])
    for word in words[1:]:
        if word.opaque or word.text.startswith("-"):
            continue
        if not only_functions:
            scope.remove(word.text)
        if scope.unsure == 0 and (only_functions or word.text not in scope.variables):
            scope.functions.pop(word.text, None)
    return _emit(walker, command, scope, frame)


def _set(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    for place, word in enumerate(words[1:], 1):
        if word.text in ("--", "-") or not word.text.startswith(("-", "+")):
            rest = words[place + 1 :] if word.text in ("--", "-") else words[place:]
            values = tuple(as_value(one) for one in rest)
            scope.parameters = None if scope.unsure and values != scope.parameters else values
            break
        if word.text in ("-o", "+o"):
            break
    return _emit(walker, command, scope, frame)


def _shift(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    count = int(words[1].text) if len(words) > 1 and words[1].text.isdecimal() and len(words[1].text) < 6 else 1
    if scope.parameters is not None:
        scope.parameters = None if scope.unsure else scope.parameters[count:]
    return _emit(walker, command, scope, frame)


_READ_VALUES = frozenset("adinNptu")


def _read(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    names: list[str] = []
    array = words[0].text in ("mapfile", "readarray")
    raw = at = 0
    rest = words[1:]
    values = frozenset("dnOsuCc") if array else _READ_VALUES
    while at < len(rest):
        text = rest[at].text
        at += 1
        if text.startswith("-") and len(text) > 1 and not names:
            place = next((place for place, letter in enumerate(text[1:], 1) if letter in values), 0)
            raw |= "r" in text
            if place:
                value = text[place + 1 :]
                if not value and at < len(rest):
                    value, at = rest[at].text, at + 1
                if text[place] == "a" and not array:
                    array = True
                    names.append(value)
        else:
            names.append(text)
    names = names or ["MAPFILE" if array else "REPLY"]
    given = next((as_value(word) for name, word in command.assignments if name == "IFS"), scope.get("IFS"))
    letters = " \t\n" if given is None or given.opaque else given.text
    _fill(names, array, bool(raw), letters, scope, frame)
    if words[0].text in ("mapfile", "readarray"):
        _called_back(walker, command, scope, frame, "C")
    return _emit(walker, command, scope, frame)


def _fill(names: list[str], array: bool, raw: bool, letters: str, scope: Scope, frame: Frame) -> None:
    text, spawns = frame.input.text, frame.input.spawns
    if text is None:
        for name in names:
            scope.set(name, Value(f"${name}", opaque=True, spawns=spawns))
        return
    if array:
        pieces = text.splitlines() if names == ["MAPFILE"] or len(text.splitlines()) > 1 else text.split()
        scope.set_array(names[-1], tuple(Value(piece, spawns=spawns) for piece in pieces[:256]))
        return
    line = text.split("\n", 1)[0]
    if not raw:
        line = re.sub(r"\\(.)", r"\1", line)
    fields = [line] if names == ["REPLY"] else _fields(line, len(names), letters)
    for place, name in enumerate(names):
        scope.set(name, Value(fields[place] if place < len(fields) else "", spawns=spawns))


def _fields(line: str, count: int, letters: str) -> list[str]:
    if not letters or count < 2:
        return [line.strip(letters)]
    return re.split(f"[{re.escape(letters)}]+", line.strip(letters), maxsplit=count - 1)


def _exec(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    at = 1
    while at < len(words) and words[at].text.startswith("-") and not words[at].opaque:
        flag = words[at].text
        at += 1
        if flag == "--":
            break
        if flag.endswith("a"):
            at += 1
    if at >= len(words):
        return _emit(walker, command, scope, frame)
    inside = replace(frame, wrappers=(*frame.wrappers, "exec"), via=frame.via or "wrapper")
    return walker.run(replace(command, words=words[at:]), scope, inside, shell=False)


def _command(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    at = 1
    while at < len(words) and re.fullmatch(r"-p|--", words[at].text):
        at += 1
    if at >= len(words) or re.fullmatch(r"-[pvV]+", words[at].text):
        _emit(walker, command, scope, frame)
        looked = words[at + 1 : at + 2]
        shown = looked and words[at].text.endswith("v") and not looked[0].opaque
        return Ran(looked[0].text + "\n" if shown else None, (len(walker.spawns) - 1,))
    inside = replace(frame, wrappers=(*frame.wrappers, words[0].text), via=frame.via or "wrapper")
    return walker.run(replace(command, words=words[at:]), scope, inside, functions=False)


def _type(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    _emit(walker, command, scope, frame)
    shown = len(words) == 3 and words[1].text in ("-p", "-P") and not words[2].opaque
    return Ran(words[2].text + "\n" if shown else None, (len(walker.spawns) - 1,))


def _printf(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    if len(words) > 3 and words[1].text == "-v":
        known = not any(word.opaque for word in words)
        text = filters.output(["printf", *(word.text for word in words[3:])], None) if known else None
        name = words[2].text
        spawns = tuple(spawn for word in words for spawn in word.spawns)
        value = Value(f"${name}", opaque=True, spawns=spawns) if text is None else Value(text, spawns=spawns)
        scope.set(name, value)
        return _emit(walker, command, scope, frame)
    return walker.plain(command, scope, frame)


def _let(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    for word in words[1:]:
        name = re.match(r"[A-Za-z_]\w*", word.text)
        if name is not None:
            scope.set(name.group(), Value(f"${name.group()}", opaque=True))
    return _emit(walker, command, scope, frame)


def _getopts(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    for name in (*(word.text for word in words[2:3]), "OPTARG"):
        scope.set(name, Value(f"${name}", opaque=True))
    return _emit(walker, command, scope, frame)


def _time(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    words = command.words
    at = times = 1
    # In one go: one inside the other, thousands of them are as deep as the interpreter can go, wherever that is.
    again = "time" not in scope.functions and "time" not in scope.aliases
    while at < len(words) and (words[at].text in ("-p", "--") or (again and words[at] == words[0])):
        times += words[at] == words[0]
        at += 1
    if at >= len(words) or words[at].text.startswith("-"):
        return walker.program(command, scope, frame)
    wrappers = (*frame.wrappers, *("time",) * min(times, MAX_NESTED))
    inside = replace(frame, wrappers=wrappers, via=frame.via or "wrapper")
    return walker.run(replace(command, words=words[at:]), scope, inside)


def _declared(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    """`export` and its kin where they are no keyword: behind `builtin`, a backslash, assignments."""
    flags = ""
    for word in command.words[1:]:
        if word.text.startswith("-"):
            flags += word.text[1:]
            continue
        found = re.match(r"([A-Za-z_]\w*)(?:=(.*))?\Z", word.text, re.DOTALL)
        if found is None or (word.opaque and found.group(2) is None):
            continue
        name = found.group(1)
        if found.group(2) is not None:
            scope.set(name, replace(as_value(word), text=f"${name}" if word.opaque else found.group(2)))
        if (command.words[0].text == "export" and "n" not in flags) or "x" in flags:
            scope.exported.add(name)
    return _emit(walker, command, scope, frame)


def _completion(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    """`compgen -C TEXT` and `complete -C TEXT` run a text; `-F NAME` a function."""
    ran = _emit(walker, command, scope, frame)
    _called_back(walker, command, scope, frame, "CF")
    return replace(ran, text=None)


def _called_back(walker: "Walker", command: Command, scope: Scope, frame: Frame, letters: str) -> None:
    """A text that an option hands over to be run."""
    words = command.words
    for place, word in enumerate(words[1:], 1):
        found = re.fullmatch(f"-[a-zA-Z]*[{letters}](.*)", word.text, re.DOTALL)
        text = found.group(1) if found else ""
        if found and not text and place + 1 < len(words):
            text = words[place + 1].text
        if text:
            inside = replace(frame, via="eval", wrappers=(*frame.wrappers, words[0].text), repeated=True)
            walker.text(text, scope.copy(), inside)


BUILTINS: dict[str, Builtin] = {
    "eval": _eval,
    "source": _source,
    ".": _source,
    "trap": _trap,
    "alias": _alias,
    "cd": _cd,
    "pushd": _cd,
    "popd": _cd,
    "unset": _unset,
    "set": _set,
    "shift": _shift,
    "read": _read,
    "mapfile": _read,
    "readarray": _read,
    "exec": _exec,
    "command": _command,
    "builtin": _command,
    "type": _type,
    "compgen": _completion,
    "complete": _completion,
    "printf": _printf,
    "let": _let,
    **dict.fromkeys(("export", "declare", "typeset", "local", "readonly"), _declared),
    "getopts": _getopts,
    "time": _time,
    "noglob": _time,
    "nocorrect": _time,
}
"""Those that change the shell or run something. The others are programs without a process."""
