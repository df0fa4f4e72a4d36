"""Strict JSON for lines of a protocol: decoded with the places of members, duplicates noticed; encoded as ASCII.

Belongs here: RFC 8259 text to values and back, on CPython's own scanner without the 12 ms that `import json` costs.
Must not be here: what a member means (`message`).

Stricter than `json.loads`: NaN, Infinity, numbers that a float or int cannot hold, invalid UTF-8 and a second byte
order mark are refused, because two readers would not agree on them.
"""

from __future__ import annotations

from _json import encode_basestring_ascii, make_encoder, make_scanner, scanstring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


BOM = b"\xef\xbb\xbf"
_SPACE = " \t\n\r"


class Unreadable(ValueError):
    """These bytes are not strict JSON that every reader reads alike. The message says why and quotes nothing."""


class Member:
    """One member of an object: its key, its value, and where the value's text stands."""

    __slots__ = ("end", "key", "repeats", "start", "value")

    def __init__(self, key: str, value: object, start: int, end: int, repeats: bool) -> None:
        self.key = key
        self.value = value
        self.start = start
        self.end = end
        self.repeats = repeats
        """Whether an object inside the value holds a key twice."""


class _Context:
    """What CPython's scanner asks of its maker: see `json.decoder.JSONDecoder`."""

    strict = True
    object_hook = None
    memo: dict[str, str]
    parse_int = int

    def __init__(self, repeats: list[bool]) -> None:
        def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
            value = dict(found)
            if len(value) != len(found):
                repeats.append(True)
            return value

        self.object_pairs_hook = pairs
        self.memo = {}

    @staticmethod
    def parse_float(text: str) -> float:
        value = float(text)
        if value in (_INFINITE, -_INFINITE):
            raise Unreadable("a number is too large")
        return value

    @staticmethod
    def parse_constant(_text: str) -> float:
        raise Unreadable("a number is not finite")


_INFINITE = float("inf")


class Reader:
    """Reads values of one text. Every method raises Unreadable where the text is not strict JSON there."""

    __slots__ = ("_repeats", "_scan", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._repeats: list[bool] = []
        self._scan: Callable[[str, int], tuple[object, int]] = make_scanner(_Context(self._repeats))  # type: ignore[arg-type]  # typeshed asks for JSONDecoder, the scanner for these attributes

    def space(self, at: int) -> int:
        """The first place from `at` on that is no white space."""
        text = self.text
        size = len(text)
        while at < size and text[at] in _SPACE:
            at += 1
        return at

    def value(self, at: int) -> tuple[object, int]:
        """The value that begins at `at`, and where it ends."""
        try:
            return self._scan(self.text, at)
        except Unreadable:
            raise
        except StopIteration:
            raise Unreadable("it ends too early or is no JSON") from None
        except RecursionError:
            raise Unreadable("it is nested too deeply") from None
        except ValueError:
            raise Unreadable("it is no JSON, or a number in it is too long") from None

    def members(self, at: int) -> tuple[list[Member], int]:
        """Members of the object whose `{` stands at `at`, in order and with repeated keys, and where it ends."""
        text = self.text
        found: list[Member] = []
        at = self.space(at + 1)
        if text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if text[at : at + 1] != '"':
                raise Unreadable("a key is missing")
            try:
                key, at = scanstring(text, at + 1, True)
            except ValueError:
                raise Unreadable("a key is no JSON string") from None
            at = self.space(at)
            if text[at : at + 1] != ":":
                raise Unreadable("a colon is missing")
            start = self.space(at + 1)
            before = len(self._repeats)
            value, end = self.value(start)
            found.append(Member(key, value, start, end, len(self._repeats) != before))
            at = self.space(end)
            mark = text[at : at + 1]
            if mark == "}":
                return found, at + 1
            if mark != ",":
                raise Unreadable("a comma is missing")
            at = self.space(at + 1)


def text_of(data: bytes, *, replace: bool = False) -> str:
    """Text of UTF-8 bytes without one byte order mark. Raises Unreadable for other bytes, unless they are replaced."""
    body = data[3:] if data.startswith(BOM) else data
    try:
        return body.decode("utf-8", "replace" if replace else "strict")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8") from None


def decode(data: bytes) -> object:
    """The value of `data`: dict, list, str, int, float, bool or None. Raises Unreadable."""
    reader = Reader(text_of(data))
    value, end = reader.value(reader.space(0))
    if reader.space(end) != len(reader.text):
        raise Unreadable("something follows the value")
    return value


def _unknown(value: object) -> object:
    raise TypeError(f"not JSON: {type(value).__name__}")


_chunks = make_encoder(None, _unknown, encode_basestring_ascii, None, ":", ",", False, False, False)


def encode(value: object) -> bytes:
    """JSON of a value of `decode`, without spaces and in pure ASCII, so that lone surrogates come through too.

    Raises TypeError for what is no JSON value, ValueError for a number that is not finite.
    """
    return "".join(_chunks(value, 0)).encode("ascii")
