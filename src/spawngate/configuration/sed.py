"""The part of sed that people change configuration with: substitution, deletion, insertion, by line or pattern.

Belongs here: reading a script and running it over a text.
Must not be here: sed's command line (`configuration.shell`), files.
Source: the GNU sed manual 4.9 (https://www.gnu.org/software/sed/manual/) and POSIX 2024 for basic regular
expressions, read 2026-11. What is not certain to mean the same here and there is refused, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from spawngate.configuration.expressions import NotUnderstood as NotUnderstood
from spawngate.configuration.expressions import translated

WRITES = re.compile(r"[wW](?=[ \t]*([^\s][^\n]*))")
"""Where `w FILE` may stand, the command or the flag of a substitution: the name goes up to the end of the line, and any
sign may stand in front."""
MOST_WRITES = 64
"""Such places of one command that are looked at."""
LONGEST_LINE = 20_000
"""Characters of a line and of a script: foreign expressions run over them."""
MOST_LINES = 20_000


MOST_STEPS = 4_000_000
"""Steps that a backtracking matcher may take at worst: a power of the line's length with each repetition."""


@dataclass(frozen=True, slots=True)
class _Command:
    first: Callable[[int, str, bool], bool] | None
    last: Callable[[int, str, bool], bool] | None
    negated: bool
    name: str
    end: int = 0
    """The number of the line that `last` is, where it is a number."""
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
            if "\n" in line:
                raise NotUnderstood("several lines as one")
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
        if command.end and number > command.end:
            raise NotUnderstood("a range whose end was passed over")
        if command.last(number, line, final):
            active[at] = False
        return True
    if command.first(number, line, final):
        active[at] = not 0 < command.end <= number
        return True
    return False


def _substituted(command: _Command, line: str) -> str:
    assert command.pattern is not None
    out: list[str] = []
    count, done, last = 0, 0, -1
    for match in command.pattern.finditer(line):
        if match.start() == match.end() == last:
            continue  # Python finds nothing once more behind something, sed does not.
        count, last = count + 1, match.end()
        if count == command.number or (command.everywhere and count > command.number):
            out += (line[done : match.start()], _filled(command.text, match))
            done = match.end()
            if not command.everywhere:
                break
    return "".join((*out, line[done:]))


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
        first, begin = self.address()
        last, end = None, 0
        if first is not None and self.peek() == ",":
            self.at += 1
            last, end = self.address()
            if last is None:
                raise NotUnderstood("address")
        if begin == 0 or (end == 0 and last is not None):
            raise NotUnderstood("before the first line")
        end = max(end, 0)
        while self.peek() == " ":
            self.at += 1
        negated = self.peek() == "!"
        if negated:
            self.at += 1
        name = self.peek()
        self.at += 1
        if name == "s":
            return self.substitute(first, last, negated, end)
        if name == "d":
            return _Command(first, last, negated, name, end)
        if name in ("a", "i", "c") and last is None:
            rest = self.text[self.at :]
            self.at = len(self.text)
            # A backslash in front keeps the white space behind it.
            kept = re.match(r"[ \t]*\\\n?", rest)
            rest = rest[kept.end() :] if kept else rest.lstrip(" \t")
            if not rest or re.search(r"(?<!\\)\n|\\[A-Za-z0-9]|(?<!\\)(?:\\\\)*\\\Z", rest):
                raise NotUnderstood("more lines, or letters by number")
            return _Command(first, last, negated, name, end, text=re.sub(r"\\(.)", r"\1", rest, flags=re.DOTALL))
        raise NotUnderstood("command")

    def address(self) -> tuple[Callable[[int, str, bool], bool] | None, int]:
        """Which lines it is for, None where there is none; and the number of the line where it is one, else -1."""
        digits = re.compile(r"\d+").match(self.text, self.at)
        if digits:
            self.at = digits.end()
            wanted = int(digits[0][:9])
            return (lambda number, line, final: number == wanted), wanted
        if self.peek() == "$":
            self.at += 1
            return (lambda number, line, final: final), -1
        if self.peek() == "/" or (self.peek() == "\\" and len(self.text) > self.at + 1):
            self.at += 1 if self.peek() == "/" else 2
            pattern = self.pattern(self.until(self.text[self.at - 1]), "")
            return (lambda number, line, final: pattern.search(line) is not None), -1
        return None, -1

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
        end: int,
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
        if re.search(r"\\[^\W\dnt_]", re.sub(r"\\\\", "", new)):
            raise NotUnderstood("case, or letters by number")
        number = re.sub(r"\D", "", flags[0])[:4]
        if number and ("g" in flags[0] or not int(number)):
            raise NotUnderstood("flags")
        pattern = self.pattern(old, flags[0])
        most = max((int(digit) for digit in re.findall(r"\\(\d)", new)), default=0)
        if most > pattern.groups:
            raise NotUnderstood("group")
        return _Command(first, last, negated, "s", end, pattern, new, "g" in flags[0], int(number or "1"))

    def pattern(self, text: str, flags: str) -> re.Pattern[str]:
        try:
            return re.compile(translated(text, extended=self.extended), re.IGNORECASE if "i" in flags.lower() else 0)
        except (re.error, OverflowError, RecursionError):
            raise NotUnderstood("expression") from None


def _repeats(pattern: re.Pattern[str] | None) -> int:
    return max(1, len(re.findall(r"[*+{]", pattern.pattern))) if pattern is not None else 1
