"""The redactor: raw text of a known kind in, text that is safe to print, store and send out.

Belongs here: the public methods, the limits, and the repetition that makes redaction idempotent.
Must not be here: any knowledge of syntax or secrets.
"""

import re
from collections.abc import Callable, Sequence

from spawngate.model.json import Json
from spawngate.redact import documents
from spawngate.redact.lines import Line
from spawngate.redact.marks import MARK, Marker, Redacted, RedactedArgv, Secret, clean
from spawngate.redact.tokens import path, vendors

__all__ = ["LONGEST", "LONGEST_NAME", "Redacted", "RedactedArgv", "Redactor", "Secret"]

LONGEST = 65_536
"""Characters of one value that are looked at; the rest is cut off."""

LONGEST_NAME = 1_024
"""Characters of a name that stay."""

_LONGEST_SECRET = 4_096
_LOOKED_AT = LONGEST_NAME + _LONGEST_SECRET + 1_024
"""Characters of a name that are looked at: a name is short, and what is none may be as long as a command."""
_ROUNDS = 5
_CUT = re.compile(r"\[cut:(\d{1,15}) bytes\]\Z")


class Redactor:
    """Redacts values with one key. Equal secrets get equal fingerprints under equal keys."""

    def __init__(self, key: bytes) -> None:
        self._blank = Marker(key)

    def text(self, value: str) -> Redacted:
        """Free text: descriptions, names, matchers, anything of unknown syntax."""
        return self._settle(value, lambda line, given: line.text(given, "text"))

    def name(self, value: str) -> Redacted:
        """A name of something: text of at most `LONGEST_NAME` characters and a note of what was cut off."""
        # Behind what is looked at nothing stays that a longer look would have found: see `_cut`.
        head = _cut(clean(value), _LOOKED_AT)
        return self._settle(head, lambda line, given: line.text(given, "text"), longest=LONGEST_NAME)

    def path(self, value: str) -> Redacted:
        """A file path. Folders stay readable; a segment is hidden when it holds a secret."""
        return self._settle(
            value, lambda line, given: line.text(given, "path") if "://" in given else path(line.marker, given)
        )

    def url(self, value: str) -> Redacted:
        """An address. Scheme, host, plain path segments and harmless parameters stay."""
        return self._settle(value, lambda line, given: line.address(given, "url"))

    def argv(self, command: str | None, args: Sequence[str]) -> RedactedArgv:
        """A program and its arguments, each of which keeps its place in the list."""
        marker = self._blank.scratch()
        words = [_cut(clean(arg)) for arg in args]
        program = None if command is None else _cut(clean(command))
        for _ in range(_ROUNDS):
            before = (program, words)
            line = Line(marker)
            if program is not None:
                program = _cut(vendors(marker, self._program(line, program), "argument"))
            words = [_cut(vendors(marker, word, "argument")) for word in line.words(words, program, shell=False)]
            if (program, words) == before:
                return RedactedArgv(program, tuple(words), marker.secrets)
        words = [word if _settled(word) else marker.hide(word, "argument", "argument") for word in words]
        return RedactedArgv(program, tuple(words), marker.secrets)

    def command_line(self, value: str) -> Redacted:
        """One line or script for a shell, or a permission entry that holds one."""
        return self._settle(value, lambda line, given: line.line(given))

    def env_value(self, name: str, value: str) -> Redacted:
        """The value of an environment variable."""
        return self._settle(value, lambda line, given: line.env(clean(name), given), whole=True)

    def header_value(self, name: str, value: str) -> Redacted:
        """The value of an HTTP header."""
        return self._settle(value, lambda line, given: line.header(clean(name), given), whole=True)

    def value(self, key: str, value: Json) -> tuple[Json, tuple[Secret, ...]]:
        """A JSON value under a key. Keys decide first, at every depth; then the look of the values."""
        marker = self._blank.scratch()
        how = _Settled(self, marker)
        redacted = documents.document(how, MARK.sub("", clean(key)), value)
        return redacted, marker.secrets

    def _program(self, line: Line, program: str) -> str:
        if any(map(str.isspace, program)) and not re.match(r"[A-Za-z]:[\\/]|/", program):
            return line.line(program)
        return line.text(program, "command") if "://" in program else line.words([program], None, shell=False)[0]

    def _settle(
        self, value: str, step: Callable[[Line, str], str], whole: bool = False, longest: int = LONGEST
    ) -> Redacted:
        """Repeat `step` until nothing changes, so that redacting the result again changes nothing.

        `whole` values are hidden as one, so they need no cutting before, only after.
        """
        marker = self._blank.scratch()
        text = clean(value) if whole else _cut(clean(value))
        unchanged: set[tuple[str, ...]] = set()
        for _ in range(_ROUNDS):
            before = text
            text = _cut(vendors(marker, step(Line(marker, unchanged=unchanged), text), "text"), longest)
            if text == before:
                return Redacted(text, marker.secrets)
        return Redacted(marker.hide(MARK.sub("", text) or text, "text", "text"), marker.secrets)


class _Settled:
    """The redactor's own methods as treatments of a document: each value settles by itself."""

    def __init__(self, redactor: Redactor, marker: Marker) -> None:
        self._redactor = redactor
        self.marker = marker

    def _take(self, redacted: Redacted, place: str = "") -> str:
        for secret in redacted.secrets:
            self.marker.keep(secret, place if secret.place in ("text", "argument", "") and place else secret.place)
        return redacted.text

    def text(self, value: str, place: str) -> str:
        return self._take(self._redactor.text(value), place)

    def path(self, value: str, place: str) -> str:
        return self._take(self._redactor.path(value), place)

    def address(self, value: str, place: str) -> str:
        return self._take(self._redactor.url(value))

    def line(self, value: str) -> str:
        return self._take(self._redactor.command_line(value))

    def argv(self, words: list[str]) -> list[str]:
        found = self._redactor.argv(None, words)
        self._take(Redacted("", found.secrets))
        return list(found.args)

    def env(self, name: str, value: str) -> str:
        return self._take(self._redactor.env_value(name, value))

    def header(self, name: str, value: str) -> str:
        return self._take(self._redactor.header_value(name, value))


def _settled(text: str) -> bool:
    return not any(map(str.isalnum, MARK.sub("", text)))


def _cut(text: str, longest: int = LONGEST) -> str:
    """`text` of at most `longest` characters and a note of what is missing. Never ends inside a word or marker.

    Where there is no blank to cut at, as much is dropped as a secret may be long; redacted text needs no such care.
    """
    if len(text) <= longest:
        return text
    note = _CUT.search(text)
    missing = int(note.group(1)) if note else 0
    body = text[: note.start()] if note else text
    if len(body) <= longest:
        return text
    kept = body[:longest]
    reach = min(_LONGEST_SECRET, longest // 4)
    blank = max(kept.rfind(sign, longest - reach) for sign in " \n\t")
    if blank >= 0:
        kept = kept[: blank + 1]
    elif longest > LONGEST_NAME:
        kept = kept[: longest - _LONGEST_SECRET]
    opened = kept.rfind("[secret:")
    if opened >= 0 and not MARK.match(kept, opened):
        kept = kept[:opened]
    return f"{kept}[cut:{missing + len(body[len(kept) :].encode())} bytes]"
