"""Texts of cmd.exe to spawns.

Belongs here: how cmd.exe itself reads a line: `%VAR%` first, then quotes, carets and operators, then words.
Written by hand, because tree-sitter-batch 0.11 reads `d^el` as a command `d` and most single lines as errors.
Must not be here: grammars of programs. Delayed expansion (`!VAR!`) is done where the name is known.
Sources: `cmd /?`, `set /?`, `for /?`, `if /?`, `call /?`; Windows Commands reference, "cmd" and "for".
"""

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from spawngate.command import flows
from spawngate.command.budget import PARAMETER_COST
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value, outputs
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Redirect, Word
from spawngate.launch.argv import word_set

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

_REFERENCE = re.compile(r"%([^%:\s=]+)(?::([^%\n]*))?%|!([^!:\s=]+)(?::([^!\n]*))?!")
_SETTING = re.compile(r'\s*+"?([^=\s"]++)=(.*)', re.DOTALL)
_FOR = re.compile(
    r"(?is)\s*+for\s++(?:/([dlrf])\s*+)?(\"[^\"]*\"|'[^']*'|[^%\s]++\s)?\s*+%%?(\S)\s+in\s*\((.*?)\)\s*do\b\s*(.*)"
)
_IF = re.compile(
    r"""(?is)\s*if\s+(?:/i\s+)?(?:not\s+)?(?:exist\s+("[^"]*"|\S+)|defined\s+\S+|errorlevel\s+\d+|
    (?:"[^"]*"|[^\s=()]+)\s*(?:==|equ|neq|lss|leq|gtr|geq)\s*(?:"[^"]*"|[^\s()]+))\s*(.*)""",
    re.VERBOSE,
)
_USUAL = {"userprofile": "~", "homepath": "~", "comspec": "cmd.exe", "cd": ".", "appdata": "~\\AppData\\Roaming"} | {
    "localappdata": "~\\AppData\\Local",
    "systemroot": "C:\\Windows",
    "windir": "C:\\Windows",
    "systemdrive": "C:",
    "programfiles": "C:\\Program Files",
    "programdata": "C:\\ProgramData",
}
_BUILTINS = word_set(
    """assoc call cd chdir cls color copy date del dir echo endlocal erase exit for ftype goto if md mkdir mklink move
    path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift start time title type ver verify
    vol"""
)
MAX_DEPTH = 40
MAX_ROUNDS = 16


def walk(walker: "Walker", text: str, scope: Scope, frame: Frame) -> Ran:
    """Walk a text of cmd.exe. The variables of one line are put in before it runs, as cmd does."""
    ran = NOTHING
    for line in _lines(text):
        ran = outputs(ran, _Line(walker, line, scope).sequence(frame))
    return ran


def _lines(text: str) -> list[str]:
    """Lines, joined where a caret ends one or a bracket is open."""
    found, level, current = list[str](), 0, ""
    for line in text.splitlines():
        joined = current + line
        if line.endswith("^") and not line.endswith("^^"):
            current = joined[:-1]
            continue
        level += line.count("(") - line.count(")")
        if level > 0:
            current = joined + "\n"
            continue
        level = 0
        found.append(joined)
        current = ""
    return [*found, current] if current.strip() else found


class _Line:
    """One logical line, read from left to right."""

    def __init__(self, walker: "Walker", text: str, scope: Scope) -> None:
        self.walker = walker
        self.scope = scope
        self.text = _REFERENCE.sub(self.early, text)
        self.at = 0
        self.open = 0
        """Brackets around the present place; outside of them a closing one is a letter like another."""

    def early(self, found: "re.Match[str]") -> str:
        """cmd puts variables in before it takes the line apart, so that a value may hold operators."""
        value = self.scope.variables.get((found.group(1) or found.group(3)).lower())
        if value is None or value.opaque or found.group(3):
            return found.group()
        changed = _changed(value.text, found.group(2))
        self.walker.budget.produce(len(changed or ""))
        return found.group() if changed is None else changed

    # -- operators

    def sequence(self, frame: Frame, depth: int = 0) -> Ran:
        """Commands joined by `&`, `&&` and `||`, up to a closing bracket."""
        ran, unsure = NOTHING, False
        if depth > MAX_DEPTH:
            self.walker.opaque["too-deep"] = None
            self.at = len(self.text)
            return NOTHING
        while self.at < len(self.text):
            self.walker.budget.step()
            self.scope.unsure += unsure
            ran = outputs(ran, self.pipeline(frame, depth))
            self.scope.unsure -= unsure
            operator = self.operator()
            if (operator == ")" and self.open) or not operator:
                break
            unsure = operator in ("&&", "||")
        return ran

    def operator(self) -> str:
        """The operator here, read; empty at the end."""
        found = re.compile(r"\s*(&&|\|\||[&|)\n]|\Z)").match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group(1)

    def pipeline(self, frame: Frame, depth: int) -> Ran:
        flow, ran = frame.input, NOTHING
        while True:
            ran = self.command(replace(frame, input=flow), depth)
            flow = Input(ran.text, ran.writers)
            ahead = re.compile(r"\s*\|(?!\|)").match(self.text, self.at)
            if ahead is None:
                return ran
            self.at = ahead.end()
            self.walker.budget.step()

    def command(self, frame: Frame, depth: int) -> Ran:
        blank = re.compile(r"[\s@,;=]*").match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        if depth > MAX_DEPTH:
            self.walker.opaque["too-deep"] = None
            self.at = len(self.text)
            return NOTHING
        if self.text.startswith("(", self.at):
            self.at += 1
            self.open += 1
            ran = self.sequence(frame, depth + 1)
            self.open -= 1
            if re.compile(r"[ \t]*\d?[<>]").match(self.text, self.at) is None:
                return ran
            _, redirects = self.words()
            return self.walker.grouped(redirects, ran, self.scope, frame)
        rest = self.text[self.at :]
        found = _FOR.match(rest)
        if found is not None:
            return self.loop(found, frame, depth)
        found = _IF.match(rest)
        if found is not None:
            self.at += found.start(2)
            self.scope.unsure += 1
            ran = self.command(frame, depth + 1)
            other = re.compile(r"(?i)\s*else\b").match(self.text, self.at)
            if other is not None:
                self.at = other.end()
                ran = outputs(ran, self.command(frame, depth + 1))
            self.scope.unsure -= 1
            return replace(ran, text=None)
        return self.simple(frame)

    def loop(self, found: "re.Match[str]", frame: Frame, depth: int) -> Ran:
        kind, letter, items = (found.group(1) or "").lower(), found.group(3), found.group(4).strip()
        body = found.group(5)
        self.at = len(self.text)
        inside = replace(frame, repeated=True)
        values: list[Value] = []
        spawns: tuple[int, ...] = ()
        if kind == "f" and items[:1] in ("'", "`"):
            ran = _Line(self.walker, items.strip("'`"), self.scope).sequence(
                replace(frame, via="substitution"), depth + 1
            )
            spawns = ran.writers
            if ran.text is not None:
                values = [Value((line.split() or [""])[0], spawns=spawns) for line in ran.text.splitlines()]
        elif kind == "f" and items.startswith('"'):
            values = [Value((items.strip('"').split() or [""])[0])]
        elif kind == "l":
            values = [Value(number) for number in _counted(items)]
        elif kind != "f":
            values = [Value(item, glob="*" in item or "?" in item) for item in re.findall(r'"[^"]*"|[^\s,;=]+', items)]
        values = values[:MAX_ROUNDS] or [Value(f"%{letter}", opaque=True, spawns=spawns)]
        ran = NOTHING
        for value in values:
            self.scope.variables["%" + letter] = value
            ran = outputs(ran, _Line(self.walker, body, self.scope).sequence(inside, depth + 1))
        self.scope.variables.pop("%" + letter, None)
        return replace(ran, text=None)

    # -- words

    def words(self) -> tuple[list[tuple[str, bool]], tuple[Redirect, ...]]:
        """Words up to the next operator, each with whether it was in quotes, and redirections."""
        text, length = self.text, len(self.text)
        words: list[tuple[str, bool]] = []
        redirects: list[Redirect] = []
        current: list[str] | None = None
        quoted = False
        target: tuple[int, str] | None = None

        def add(piece: str) -> None:
            nonlocal current
            if current is None:
                current = []
            current.append(piece)

        def finish() -> None:
            nonlocal current, target, quoted
            if current is None:
                return
            word = "".join(current)
            self.walker.budget.produce(PARAMETER_COST)
            if target is not None:
                redirects.append(Redirect(target[1], self.word(word), target[0]))
                target = None
            else:
                words.append((word, quoted))
            current, quoted = None, False

        while self.at < length:
            letter = text[self.at]
            if letter == '"':
                end = text.find('"', self.at + 1)
                end = length if end < 0 else end
                add(text[self.at + 1 : end])
                quoted, self.at = True, end + 1
            elif letter == "^" and self.at + 1 < length:
                if text[self.at + 1] != "\n":
                    add(text[self.at + 1])
                self.at += 2
            elif letter == "%" and (reference := _REFERENCE.match(text, self.at)) is not None:
                add(reference.group())
                self.at = reference.end()
            elif letter in "<>":
                number = -1
                if current is not None and len(current) == 1 and re.fullmatch(r"\d", current[0]):
                    number, current = int(current[0]), None
                finish()
                found = re.compile(r"<&?|>>|>&|>").match(text, self.at)
                operator = found.group() if found else letter
                self.at += len(operator)
                target = (number, operator)
            elif letter in "&|)\n":
                if letter == ")" and (not self.open or "(" in "".join(current or [])):
                    add(letter)
                    self.at += 1
                    continue
                break
            elif letter in " \t\r,;=" and not (letter in ",;=" and words):
                finish()
                self.at += 1
            else:
                found = re.compile(r'[^\s"^<>&|),;=%]+|[,;=%]').match(text, self.at)
                piece = found.group() if found else letter
                add(piece)
                self.at += len(piece)
        finish()
        if target is not None:
            redirects.append(Redirect(target[1], Word(""), target[0]))
        return words, tuple(redirects)

    def word(self, text: str) -> Word:
        """A word with the variables that are known put in."""
        opaque, spawns = False, list[int]()

        def one(found: "re.Match[str]") -> str:
            nonlocal opaque
            name, change = (found.group(1) or found.group(3)).lower(), found.group(2) or found.group(4)
            value = self.scope.variables.get(name)
            if value is None and name in _USUAL:
                value = Value(_USUAL[name])
            changed = None if value is None or value.opaque else _changed(value.text, change)
            if value is not None:
                spawns.extend(value.spawns)
            if changed is None:
                opaque = True
                return found.group()
            return changed

        def loop(found: "re.Match[str]") -> str:
            nonlocal opaque
            value = self.scope.variables.get("%" + found.group(2))
            if value is None:
                return found.group()
            opaque = opaque or value.opaque or bool(found.group(1))
            spawns.extend(value.spawns)
            return found.group() if value.opaque or found.group(1) else value.text

        result = re.sub(r"%%?(~\w*)?(\w)", loop, _REFERENCE.sub(one, text))
        if re.search(r"%~?\w*[0-9*]", result) and result == text:
            opaque = True
        self.walker.budget.produce(len(result))
        glob = re.search(r"[*?]", result) is not None
        return Word(result, opaque, glob, tuple(dict.fromkeys(spawns)))

    # -- commands

    def simple(self, frame: Frame) -> Ran:
        begin = self.at
        pieces, redirects = self.words()
        words: list[Word] = []
        for text, quoted in pieces:
            word = self.word(text)
            # What a variable brings in is split again unless it was quoted.
            parts = word.text.split() if not quoted and word.text != text and not word.opaque else [word.text]
            words.extend(replace(word, text=part) for part in parts)
        if not words:
            if redirects:
                self.walker.emit(Command((), (), redirects), self.scope, frame)
            return NOTHING
        glued = re.match(r"(?i)(cd|md|rd|del|echo|type|dir|copy|move|start)([.\\/:].*)", words[0].text, re.DOTALL)
        if glued is not None and not re.search(r"\.\w+$", words[0].text):
            words[:1] = [Word(glued.group(1)), Word(glued.group(2))]
        command = Command(tuple(words), (), redirects)
        name = words[0].text.lower()
        if name == "rem" or name.startswith(("::", ":")):
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
            return NOTHING
        if name == "set":
            self.assign(self.text[begin : self.at])
        elif name in ("cd", "chdir", "pushd"):
            place = self.walker.emit(command, self.scope, frame, builtin=True)
            folder = next((word.text for word in words[1:] if word.text.lower() != "/d"), "")
            if folder:
                self.scope.enter(folder)
            return Ran("", (place,))
        elif name == "call" and len(words) > 1 and not words[1].text.startswith(":"):
            inside = replace(frame, wrappers=(*frame.wrappers, "call"), via=frame.via or "wrapper")
            return self.walker.run(replace(command, words=tuple(words[1:])), self.scope, inside, shell=False)
        elif name == "echo":
            place = self.walker.emit(command, self.scope, frame, builtin=True)
            known = not any(word.opaque for word in words)
            said = " ".join(word.text for word in words[1:]) + "\r\n" if known else None
            flows.written(redirects, Ran(said, (place,)), self.scope)
            return Ran(None if flows.captured(redirects) else said, (place,))
        if name in _BUILTINS and name != "start":
            return Ran(None, (self.walker.emit(command, self.scope, frame, builtin=True),))
        content = self.scope.files.pop(words[0].text, None)
        if content is not None:  # a batch file that the text itself wrote
            self.walker.emit(command, self.scope, frame)
            return self.walker.text(content, self.scope.copy(), replace(frame, via="script"), "cmd")
        return self.walker.program(command, self.scope, frame, shell=False)

    def assign(self, source: str) -> None:
        """`set NAME=value`; `/p` and `/a` give what is not known."""
        rest = re.sub(r"(?i)\A\s*+(?:@\s*+)?s\^?e\^?t\b", "", source)
        switch = re.match(r"(?i)\s*/([ap])\s*", rest)
        found = _SETTING.match(rest[switch.end() :] if switch else rest)
        if found is None:
            return
        name = found.group(1).lower()
        if switch is not None:
            self.scope.set(name, Value(f"%{name}%", opaque=True))
            return
        given = found.group(2).rstrip().removesuffix('"')
        self.scope.set(name, as_value(self.word(re.sub(r"\^(.)", r"\1", given))))


def _counted(items: str) -> list[str]:
    """Numbers of `for /l`: first, step, last."""
    numbers = re.findall(r"-?\d{1,9}", items)
    if len(numbers) != 3 or not int(numbers[1]):
        return []
    first, step, last = map(int, numbers)
    return [str(number) for number in range(first, last + (1 if step > 0 else -1), step)[: MAX_ROUNDS + 1]]


def _changed(text: str, change: str | None) -> str | None:
    """`%NAME:~start,length%` and `%NAME:old=new%`; None where the form is another."""
    if change is None:
        return text
    cut = re.fullmatch(r"~(-?\d{1,6})(?:,(-?\d{1,6}))?", change)
    if cut is not None:
        start = int(cut.group(1))
        start = max(len(text) + start, 0) if start < 0 else start
        if cut.group(2) is None:
            return text[start:]
        length = int(cut.group(2))
        return text[start : start + length] if length >= 0 else text[start : len(text) + length]
    old, equals, new = change.partition("=")
    if not equals or not old:
        return None
    return re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE)
