"""The part of sed that people change configuration with: substitution, deletion, insertion, by line or pattern.

Belongs here: reading a script and running it over a text.
Must not be here: sed's command line (`configuration.shell`), files.
Source: the GNU sed manual 4.9 (https://www.gnu.org/software/sed/manual/) and POSIX 2024 for basic regular
expressions, read 2026-11. What is not certain to mean the same here and there is refused, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_LINE = 20_000
"""Characters of a line and of a script: foreign expressions run over them."""
MOST_LINES = 20_000


MOST_STEPS = 4_000_000
"""Steps that a backtracking matcher may take at worst: a power of the line's length with each repetition."""


class NotUnderstood(Exception):
    """The script holds what is not computed here."""


@dataclass(frozen=True, slots=True)
class _Command:
    first: Callable[[int, str, bool], bool] | None
    last: Callable[[int, str, bool], bool] | None
    negated: bool
    name: str
    pattern: re.Pattern[str] | None = None
    text: str = ""
    everywhere: bool = False
    number: int = 1


def run(scripts: list[str], text: str, *, extended: bool = False) -> str:
    """The text after the scripts. Raises NotUnderstood."""
    commands = [command for script in scripts for command in _Reader(script, extended).whole()]
    lines = text.split("\n")
    ends = text.endswith("\n")
    if ends:
        lines.pop()
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise NotUnderstood("too long")
    repeats = max((_repeats(command.pattern) for command in commands), default=1)
    if len(commands) * sum(len(line) ** repeats for line in lines) > MOST_STEPS:
        raise NotUnderstood("too slow")
    active = [False] * len(commands)
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        final = number == len(lines)
        before: list[str] = []
        after: list[str] = []
        kept = True
        for at, command in enumerate(commands):
            if _selected(command, at, active, number, line, final) is command.negated:
                continue
            if command.name == "d":
                kept = False
                break
            if command.name == "s":
                line = _substituted(command, line)
            elif command.name == "a":
                after.append(command.text)
            elif command.name == "i":
                before.append(command.text)
            else:
                line = command.text
        out.extend(before)
        if kept:
            out.append(line)
        out.extend(after)
    return "\n".join(out) + ("\n" if ends and out else "")


def _selected(command: _Command, at: int, active: list[bool], number: int, line: str, final: bool) -> bool:
    if command.first is None:
        return True
    if command.last is None:
        return command.first(number, line, final)
    if active[at]:
        if command.last(number, line, final):
            active[at] = False
        return True
    if command.first(number, line, final):
        active[at] = True
        return True
    return False


def _substituted(command: _Command, line: str) -> str:
    assert command.pattern is not None
    if command.everywhere:
        return command.pattern.sub(lambda match: _filled(command.text, match), line)
    for count, match in enumerate(command.pattern.finditer(line), 1):
        if count == command.number:
            return line[: match.start()] + _filled(command.text, match) + line[match.end() :]
    return line


def _filled(template: str, match: re.Match[str]) -> str:
    def one(escape: re.Match[str]) -> str:
        text = escape[0]
        if text == "&":
            return match[0]
        if text[1].isdigit():
            return match[int(text[1])] or ""
        return {"n": "\n", "t": "\t"}.get(text[1], text[1])

    return re.sub(r"\\(?s:.)|&", one, template)


class _Reader:
    def __init__(self, script: str, extended: bool) -> None:
        if len(script) > LONGEST_LINE:
            raise NotUnderstood("too long")
        self.text = script
        self.at = 0
        self.extended = extended

    def whole(self) -> list[_Command]:
        found: list[_Command] = []
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\n;":
                self.at += 1
            if self.at >= len(self.text):
                return found
            found.append(self.command())

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def command(self) -> _Command:
        first = self.address()
        last = None
        if first is not None and self.peek() == ",":
            self.at += 1
            last = self.address()
            if last is None:
                raise NotUnderstood("address")
        while self.peek() == " ":
            self.at += 1
        negated = self.peek() == "!"
        if negated:
            self.at += 1
        name = self.peek()
        self.at += 1
        if name == "s":
            return self.substitute(first, last, negated)
        if name == "d":
            return _Command(first, last, negated, name)
        if name in ("a", "i", "c") and last is None:
            rest = self.text[self.at :]
            self.at = len(self.text)
            # A backslash in front keeps the white space behind it.
            kept = re.match(r"[ \t]*\\\n?", rest)
            rest = rest[kept.end() :] if kept else rest.lstrip(" \t")
            if re.search(r"(?<!\\)\n", rest):
                raise NotUnderstood("more lines")
            return _Command(first, last, negated, name, text=re.sub(r"\\(.)", r"\1", rest, flags=re.DOTALL))
        raise NotUnderstood("command")

    def address(self) -> Callable[[int, str, bool], bool] | None:
        digits = re.compile(r"\d+").match(self.text, self.at)
        if digits:
            self.at = digits.end()
            wanted = int(digits[0][:9])
            return lambda number, line, final: number == wanted
        if self.peek() == "$":
            self.at += 1
            return lambda number, line, final: final
        if self.peek() == "/" or (self.peek() == "\\" and len(self.text) > self.at + 1):
            self.at += 1 if self.peek() == "/" else 2
            pattern = self.pattern(self.until(self.text[self.at - 1]), "")
            return lambda number, line, final: pattern.search(line) is not None
        return None

    def until(self, delimiter: str) -> str:
        found = ""
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == delimiter:
                return found
            if character == "\\" and self.at < len(self.text):
                following = self.text[self.at]
                self.at += 1
                found += following if following == delimiter and not following.isalnum() else character + following
            else:
                found += character
        raise NotUnderstood("unterminated")

    def substitute(
        self,
        first: Callable[[int, str, bool], bool] | None,
        last: Callable[[int, str, bool], bool] | None,
        negated: bool,
    ) -> _Command:
        delimiter = self.peek()
        if not delimiter or delimiter in "\n\\":
            raise NotUnderstood("delimiter")
        self.at += 1
        old, new = self.until(delimiter), self.until(delimiter)
        flags = re.compile(r"[gIi\d]*").match(self.text, self.at)
        assert flags is not None
        self.at = flags.end()
        if self.peek() not in ("", ";", "\n", " ", "}"):
            raise NotUnderstood("flag")
        if re.search(r"\\[LUElu]", new):
            raise NotUnderstood("case")
        number = re.sub(r"\D", "", flags[0])[:4]
        if number and "g" in flags[0]:
            raise NotUnderstood("flags")
        pattern = self.pattern(old, flags[0])
        most = max((int(digit) for digit in re.findall(r"\\(\d)", new)), default=0)
        if most > pattern.groups:
            raise NotUnderstood("group")
        return _Command(first, last, negated, "s", pattern, new, "g" in flags[0], int(number or "1"))

    def pattern(self, text: str, flags: str) -> re.Pattern[str]:
        try:
            return re.compile(_translated(text, self.extended), re.IGNORECASE if "i" in flags.lower() else 0)
        except (re.error, OverflowError, RecursionError):
            raise NotUnderstood("expression") from None


def _repeats(pattern: re.Pattern[str] | None) -> int:
    return max(1, len(re.findall(r"[*+{]", pattern.pattern))) if pattern is not None else 1


_CLASSES = {
    "[:alnum:]": "a-zA-Z0-9",
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
}


def _translated(text: str, extended: bool) -> str:
    """A basic or extended regular expression as Python writes it. Nested repetition, over which a backtracking
    matcher may take for ever, is refused."""
    out: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "[":
            end = text.find("]", at + 2 if text[at : at + 1] == "^" else at + 1)
            while end > 0 and text[at:end].count("[:") > text[at:end].count(":]"):
                end = text.find("]", end + 1)
            while end > 0 and text[end - 1] == ":" and text[end + 1 : end + 2] == "]":
                end += 1
            if end < 0:
                raise NotUnderstood("bracket")
            inner = text[at:end]
            for name, meaning in _CLASSES.items():
                inner = inner.replace(name, meaning)
            inner = inner.replace("[", r"\[")
            out.append(f"[{inner}]")
            at = end + 1
            continue
        if character == "\\":
            if at >= len(text):
                raise NotUnderstood("escape")
            following = text[at]
            at += 1
            special = following in "(){}|+?"
            if special and not extended:
                out.append(following)
            elif following in "nt" or following in "swSW":
                out.append("\\" + following)
            elif following.isalnum():
                raise NotUnderstood("escape")
            else:
                out.append(re.escape(following))
            continue
        if character in "(){}|+?" and not extended:
            out.append("\\" + character)
            continue
        if character in "*+{" and (character == "*" or extended):
            if character == "*" and (not out or out[-1] in ("(", "|", "^")):
                out.append(r"\*")
                continue
            if out and out[-1] == ")":
                raise NotUnderstood("nested repetition")
        out.append(character)
    return "".join(out)
