"""Splits a command line or a piece of prose into words that know where they stand.

One splitter serves POSIX shells, PowerShell and cmd, because the text rarely says which it is for. A backslash escapes
only before a blank, a quote or an operator, so that Windows paths survive.
Belongs here: words, their unquoted text, and putting changed words back. Must not be here: what a word means.
This is not a parser of shell grammar (`command` will be): it only has to find where values begin and end.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import cast

from msgspec import Struct

from spawngate.redact.marks import MARK

_PLAIN = re.compile(r"[^\s'\"`\\;&|<>()$]+")
_PROSE_PLAIN = re.compile(r"[^\s'\"`\\=:(\[{,]+")
_STEP = re.compile(r"(\s*+)(?:([^\s'\"`\\;&|<>()$]++)(?=[\s`;&|<>()]|\Z)|([`;&|<>()])|)")
_PROSE_STEP = re.compile(r"(\s*+)(?:([^\s'\"`\\=:(\[{,]++)(?=\s|\Z)|)")
"""Blanks, and a word that is nothing but a run of plain characters, as most are, or an operator, or neither."""
_RUN, _OPERATOR = 2, 3
_ESCAPABLE = frozenset(" \t\n'\"`\\;&|<>()$*?[]#~!{}")
_OPERATORS = frozenset(";&|()\n`<>")
_OPENS_QUOTE = frozenset("=:([{,")


class Word(Struct):
    """One word: what it stands for, and where it stood."""

    text: str
    start: int
    end: int
    first: bool
    """Whether a simple command begins with it."""
    read: Sequence[int] | None = None
    """The places of a word that is not written as it is; None where every character of `text` stands in its own."""
    quoted: Sequence[tuple[int, int]] = ()
    """Where quotes open and close inside it."""

    @property
    def places(self) -> Sequence[int]:
        """For each character of `text` where it stood."""
        return range(self.start, self.end) if self.read is None else self.read


def split(line: str, prose: bool = False) -> list[Word]:
    """The words of `line` in order. In prose there are no operators, and an apostrophe inside a word is no quote."""
    words: list[Word] = []
    position = 0
    first = True
    length = len(line)
    unclosed: set[str] = set()
    step = _PROSE_STEP.match if prose else _STEP.match
    while position < length:
        found = cast("re.Match[str]", step(line, position))  # it may match nothing, so it always matches
        if not prose and not first and "\n" in found[1]:
            first = True
        end = found.end()
        kind = found.lastindex
        if kind == _RUN:
            text = found[_RUN]
            words.append(Word(text, end - len(text), end, first))
            first = False
        elif kind == _OPERATOR:
            first = True
        elif end < length:
            word = _read(line, end, prose, first, unclosed)
            words.append(word)
            end = word.end
            first = False
        position = end
    return words


def _read(line: str, start: int, prose: bool, first: bool, unclosed: set[str]) -> Word:
    length = len(line)
    plain = _PROSE_PLAIN if prose else _PLAIN
    chars: list[str] = []
    places: list[int] = []
    quoted: list[tuple[int, int]] = []
    position = start

    def take(begin: int, end: int) -> None:
        chars.append(line[begin:end])
        places.extend(range(begin, end))

    while position < length:
        run = plain.match(line, position)
        if run:
            take(position, run.end())
            position = run.end()
            continue
        char = line[position]
        if char.isspace() or (not prose and char in _OPERATORS):
            break
        if char == "\\" and position + 1 < length and line[position + 1] in _ESCAPABLE and not prose:
            take(position + 1, position + 2)
            position += 2
        elif char in "'\"" and char not in unclosed and _may_open(line, start, position, prose):
            end = _closing(line, position, char)
            if end < 0:
                unclosed.add(char)
                take(position, position + 1)
                position += 1
                continue
            quoted.append((position, end))
            inside = position + 1
            while inside < end:
                escaped = char == '"' and line[inside] == "\\" and inside + 1 < end and line[inside + 1] in '"\\$`'
                step = 1 if escaped else 0
                stop = inside + step + 1
                if not escaped:
                    nearest = line.find("\\", inside + 1, end) if char == '"' else -1
                    stop = end if nearest < 0 else nearest
                take(inside + step, stop)
                inside = stop
            position = end + 1
        elif char == "$" and line.startswith("$(", position) and not prose:
            end = _substitution_end(line, position, unclosed)
            take(position, end)
            position = end
        else:
            take(position, position + 1)
            position += 1
    return Word("".join(chars), start, position, first, places, quoted)


def _may_open(line: str, start: int, position: int, prose: bool) -> bool:
    return not prose or position == start or line[position - 1] in _OPENS_QUOTE


def _closing(line: str, position: int, quote: str) -> int:
    """Index of the quote that closes the one at `position`, or -1."""
    search = position + 1
    while True:
        end = line.find(quote, search)
        if end < 0 or quote == "'":
            return end
        backslashes = 0
        while line[end - 1 - backslashes] == "\\" and end - 1 - backslashes > position:
            backslashes += 1
        if backslashes % 2 == 0:
            return end
        search = end + 1


def _substitution_end(line: str, position: int, unclosed: set[str]) -> int:
    """Index behind the parenthesis that closes `$(`, or behind `$` where none does."""
    if "$(" in unclosed:
        return position + 1
    depth = 0
    for index in range(position + 1, len(line)):
        if line[index] == "(":
            depth += 1
        elif line[index] == ")":
            depth -= 1
            if depth == 0:
                return index + 1
    unclosed.add("$(")
    return position + 1


def substitutions(text: str) -> list[tuple[int, int]]:
    """Spans of the outermost `$(...)` in `text`."""
    spans: list[tuple[int, int]] = []
    position = text.find("$(")
    while position >= 0:
        end = _substitution_end(text, position, set())
        if end == position + 1:
            break
        spans.append((position, end))
        position = text.find("$(", end)
    return spans


def replace(line: str, words: list[Word], texts: list[str]) -> str:
    """`line` with each word standing for the text of the same index; everything else stays as it was."""
    parts: list[str] = []
    last = 0
    for word, text in zip(words, texts, strict=True):
        if text == word.text:
            continue
        changes = _changes(word.text, text)
        if changes is not None:
            for begin, stop, marks in changes:
                start = word.places[begin] if begin < len(word.places) else word.places[-1] + 1
                end = word.places[stop - 1] + 1 if stop > begin else start
                closing = _around(word, end)
                if closing and closing[1] == end and closing != _around(word, start):
                    end += 1
                parts += [line[last:start], marks, _left_open(line, word, start, end)]
                last = end
            continue
        start, end, middle = _narrow(word, text)
        between = line[start:end]
        if any(quote in between for quote in "'\""):
            start, end = word.start, word.end
            parts += [line[last:start], '"' + _in_double(text) + '"']
        else:
            parts += [line[last:start], _written(line, word, start, middle)]
        last = end
    return "".join([*parts, line[last:]])


def _changes(old: str, new: str) -> list[tuple[int, int, str]] | None:
    """Spans of `old` that are markers or nothing in `new`, and these markers; None where anything else differs.

    Only what stands between the markers of `new` stays, so a piece that is found in a wrong place shows nothing more.
    """
    kept = set(MARK.findall(old)) if "[secret:" in old else ()
    pieces: list[str] = []
    marks: list[str] = []
    begin = 0
    for match in MARK.finditer(new):
        if match.group() in kept:
            continue
        if marks and match.start() == begin:
            marks[-1] += match.group()
        else:
            pieces.append(new[begin : match.start()])
            marks.append(match.group())
        begin = match.end()
    if not old or not marks or not old.startswith(pieces[0]):
        return None
    return _whole(old, pieces, marks, new[begin:]) or _scattered(old, pieces, marks, new[begin:])


def _whole(old: str, pieces: list[str], marks: list[str], tail: str) -> list[tuple[int, int, str]] | None:
    """The changes where every piece of the new text stands in `old` in one run."""
    position = len(pieces[0])
    changes: list[tuple[int, int, str]] = []
    for mark, piece in zip(marks, pieces[1:], strict=False):
        found = old.find(piece, position + 1)
        if found < 0:
            return None
        changes.append((position, found, mark))
        position = found + len(piece)
    end = len(old) - len(tail)
    return [*changes, (position, end, marks[-1])] if position < end and old.endswith(tail) else None


def _scattered(old: str, pieces: list[str], marks: list[str], tail: str) -> list[tuple[int, int, str]] | None:
    """The changes where pieces are interrupted, as where a hidden value began inside of quotes and ended outside."""
    position = len(pieces[0])
    changes: list[tuple[int, int, str]] = []
    for mark, piece in zip(marks, [*pieces[1:], tail], strict=True):
        put = mark
        for sign in piece:
            found = old.find(sign, position)
            if found < 0:
                return None
            if found > position or put:
                changes.append((position, found, put))
                put = ""
            position = found + 1
        if put:
            changes.append((position, position, put))
    return [*changes, (position, len(old), "")]


def _left_open(line: str, word: Word, start: int, end: int) -> str:
    """The quotes that close what was open at `start` and open what is open at `end`, where these are not the same."""
    before, after = _around(word, start), _around(word, end)
    if before == after:
        return ""
    return (line[before[1]] if before else "") + (line[after[0]] if after else "")


def _around(word: Word, position: int) -> tuple[int, int] | None:
    """The quotes that `position` stands between."""
    index = bisect_left(word.quoted, (position, 0)) - 1
    return word.quoted[index] if index >= 0 and position <= word.quoted[index][1] else None


def _narrow(word: Word, text: str) -> tuple[int, int, str]:
    """Where `text` differs from the word, as a span of the line, and what stands there instead."""
    old = word.text
    shortest = min(len(old), len(text))
    head = 0
    while head < shortest and old[head] == text[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == text[-1 - tail]:
        tail += 1
    middle = text[head : len(text) - tail]
    if head == len(old):
        start = word.places[-1] + 1 if word.places else word.end
        return start, start, middle
    start = word.places[head]
    end = word.places[len(old) - tail - 1] + 1 if tail < len(old) - head else start
    return start, max(start, end), middle


def _written(line: str, word: Word, start: int, middle: str) -> str:
    """`middle` as it must be written at `start`, inside or outside of quotes."""
    quote = ""
    index = word.start
    while index < start:
        char = line[index]
        if quote:
            if char == "\\" and quote == '"':
                index += 1
            elif char == quote:
                quote = ""
        elif char == "\\":
            index += 1
        elif char in "'\"":
            quote = char
        index += 1
    if quote == '"':
        return _in_double(middle)
    if quote == "'":
        return middle.replace("'", "'\\''")
    return re.sub(r"([\s'\"`;&|<>()])", r"\\\1", middle)


def _in_double(text: str) -> str:
    return re.sub(r'(\\(?=["\\$`]|$)|["`])', r"\\\1", text)
