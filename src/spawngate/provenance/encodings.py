"""Texts that a text holds in another spelling: encoded, escaped, split up, compressed.

Belongs here: finding and undoing encodings, within bounds. Reversed text and ROT13 are not undone here: both are their
own inverse, so that whoever looks a token up asks for those spellings too (`provenance.session`).
Must not be here: tokens (`provenance.tokens`).
Sources: RFC 4648 (base64, base64url, base32, base16), RFC 3986 section 2.1 (percent), the HTML standard's character
references as Python's `html` knows them, ECMA-262 and Bash manual 3.1.2.4 (backslash escapes), RFC 1951/1952.
"""

import base64
import binascii
import contextlib
import html
import re
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain, groupby, islice
from urllib.parse import unquote

from spawngate.provenance.tokens import visible

DEPTH = 4
"""Encodings one inside the other that are undone."""
MOST = 96 << 10
"""Characters of decoded text that one text yields at most."""
MOST_RUNS = 2_048
MOST_PIECES = 512
MOST_WORDS = 8_192
"""Tokens of one text that may be encoded."""
MOST_WINDOW = 24 << 10
"""Places of one kind in one text that are looked at."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}|={1,2}[A-Za-z0-9+/_-]{10,}")
_LONG_RUN = re.compile(rb"[\x28-\xff]{1,400}[\x02-\xff]")
"""Lengths of tokens: the lines of a longer encoded text, and its last one."""
_BASE32 = re.compile(r"[A-Z2-7]{16,}={0,6}")
_HEX = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2}){6,})")
_CALLS = re.compile(
    r"(?:[cC][hH][rR]|[cC][hH][aA][rR](?:[cC]ode)?|\[char\])\s*+(?:\(\s*+)?(?:0x)?\d{2,3}"
    r"(?:[\s)+.,&]*+(?:[cC][hH][rR]|[cC][hH][aA][rR]|\[char\])?\s*+(?:\(\s*+)?(?:0x)?\d{2,3}){3,}"
)
_SHORT_RUN = re.compile(rb"\x01{6,}|[\x02-\x05]{5,}")
"""Lengths of tokens: characters, or numbers, one by one."""
_FIGURES = b"0123456789"
_POINTS = re.compile(r"[uU]\+[0-9a-fA-F]{4,6}(?:[\s,;]*[uU]\+[0-9a-fA-F]{4,6}){5,}")
_BINARY = re.compile(r"[01]{8}(?:[\s,;]+[01]{8}){5,}")
"""Characters as code points or in binary, one by one."""
_FILLED = re.compile(r"\$\{[^{}]*\}|#\{[^{}]*\}|\{\{?[\w.]*\}\}?|\$\w+|%s")
"""Where something is put into a text when it runs: what is put there stands among the pieces, too."""
_NUMBER = re.compile(r"(?:\\x|0x|%|x)?([0-9a-fA-F]{1,3})")
_APART = bytes(32 if byte in bytes(range(33)) + b"\"'`()[]{}<>,;|&$*^!?#\x7f" else byte for byte in range(256))
MOST_AROUND = 12 << 10
"""Characters of the neighbourhoods of one kind."""
_NEAR = 500
"""Characters around a place that are undone with it, where its line is longer."""
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|0?([0-3]?[0-7]{2}))"
)
_QUOTED = re.compile(r"\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|`([^`\n]{1,200})`|(?<=[=(])([^\s\"'`;|&()]{2,80})")
_ASSIGNED = re.compile(r"=\s{0,8}(?:\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'|`([^`\n]{1,200})`)")
_NAME = re.compile(r"(\w{1,40})\s{0,8}[:+]?\Z")
_USED = re.compile(
    r"\$\{(\w{1,40})\}|#\{(\w{1,40})\}|\{(\w{1,40})\}|\$(\w{1,40})|(?<=\+)\s*(\w{1,40})\b|\b(\w{1,40})\s*(?=\+)"
)
_INSIDE = re.compile(r"[\"'`\\^](?<=[\w@/-].)[\"'`]?(?=[\w@/-])|\*\*|__|\$@")
_JOINED = re.compile(r"([\"'`])\s*+(?:(?:\+|\.{1,2}|,|&|\|\||\\\r?\n)\s*+)?\1")
_BROKEN = re.compile(r"(?<=\w)([-/@_]|\\)\s{1,40}(?=\w)")
_TAG = re.compile(r"<[/!]?[A-Za-z][^<>]{0,300}>|<!--|-->")
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{6,}")


def hidden_texts(text: str, most: int = MOST, *, prose: bool = True) -> Iterator[str]:
    """Every text that `text` holds in another spelling, at most `most` characters together. Raises nothing.

    `prose`: also what white space breaks in two, which in a command parts words.
    """
    shown = visible(text)
    waiting = [(shown, 0)]
    seen = {text, shown}
    left = most
    for match in [] if text.isascii() else islice(_VARIATION.finditer(text), MOST_RUNS):
        varied = _varied(match)[:left]
        if varied and varied not in seen:
            seen.add(varied)
            left -= len(varied)
            yield varied
            waiting.append((varied, 1))
    while waiting and left > 0:
        current, depth = waiting.pop()
        windows = [text for text in _windows(current) if text not in seen] if depth == 0 else []
        # Of pieces put together only what they decode to is looked at again: together they are longer than the text.
        for found, again in chain(
            ((each, True) for each in _one_level(current, prose)),
            ((each, True) for window in windows for each in _encoded(window[:MOST_WINDOW])),
            ((each[:MOST_WINDOW], False) for each in windows),
        ):
            if found in seen or not found:
                continue
            if left <= 0:
                return
            seen.add(found)
            kept = found[:left]
            left -= len(kept)
            yield kept
            if again and depth + 1 < DEPTH:
                waiting.append((kept, depth + 1))


def _one_level(text: str, prose: bool) -> Iterator[str]:  # private, one caller
    yield from _encoded(text)
    if "\\" in text:
        yield _unescaped(_around(text, _ESCAPE))
    if "%" in text:
        yield unquote(_around(text, _PERCENT), errors="replace")
    if "&" in text:
        yield html.unescape(_around(text, _ENTITY))
    if "<" in text:
        yield _TAG.sub("", _around(text, _TAG))
    if prose:
        yield _BROKEN.sub(r"\1", _around(text, _BROKEN))
    if any(sign in text for sign in ("'", '"', "`", "=", "\\", "^", "**", "__")):
        yield from _pieces(text)


def _encoded(text: str) -> Iterator[str]:
    """What whole runs of letters and figures decode to."""
    for match in islice(_CALLS.finditer(text), MOST_RUNS):
        numbers = re.findall(r"0[xX][0-9a-fA-F]+|\d+", match.group())
        yield from _printable(_bytes_of([int(each, 16 if each[:2] in ("0x", "0X") else 10) for each in numbers]))
    yield from _points(text)
    words = text.encode("utf-8", "replace").translate(_APART).split()
    yield from _runs(words)
    long = [word.decode("ascii", "replace") for word in dict.fromkeys(words) if len(word) > 11 and _may_encode(word)]
    for word in long[:MOST_WORDS]:
        for match in _BASE64.finditer(word):
            yield from _base64(match.group())
        for match in _BASE32.finditer(word):
            yield from _printable(_unbase32(match.group()))
        for match in _HEX.finditer(word):
            yield from _printable(bytes.fromhex(match.group(1)))


def _points(text: str) -> Iterator[str]:
    """Characters that are written as code points or in binary."""
    found = [(_POINTS, 16)] if "U+" in text or "u+" in text else []
    for pattern, base in (*found, (_BINARY, 2)):
        for match in islice(pattern.finditer(text), MOST_RUNS):
            numbers = [int(each.lstrip("uU+"), base) for each in re.split(r"[\s,;]+", match.group())]
            if all(8 < number < 0x110000 and not 0xD800 <= number < 0xE000 for number in numbers):
                yield "".join(map(chr, numbers))


def _may_encode(word: bytes) -> bool:
    """Encoded bytes are hardly ever all small letters."""
    return not word.islower() or word.translate(None, _FIGURES) != word


def _runs(words: list[bytes]) -> Iterator[str]:
    """Texts that are written character by character, or as a row of numbers."""
    lengths = bytes([length if length < 255 else 255 for length in map(len, words)])
    for match in islice(_LONG_RUN.finditer(lengths), MOST_RUNS):
        run = b"".join(words[match.start() : match.end()]).decode("ascii", "replace")
        if _BASE64.fullmatch(run):
            yield from _base64(run)
    for match in islice(_SHORT_RUN.finditer(lengths), MOST_RUNS):
        signs = [word.decode("ascii", "replace") for word in words[match.start() : match.end()]]
        if len(signs[0]) == 1:
            # A word of one letter may stand before or after.
            yield from ("".join(signs), "".join(signs[1:]), "".join(signs[:-1]))
            continue
        for is_number, run_ in groupby(map(_NUMBER.fullmatch, signs), bool):
            digits = [number.group(1) for number in run_ if number] if is_number else []
            if len(digits) < 5:
                continue
            for base in (10, 16):
                if base == 16 or all(map(str.isdecimal, digits)):
                    yield from _printable(_bytes_of([int(each, base) for each in digits]))


def _bytes_of(numbers: list[int]) -> bytes:
    return bytes(numbers) if all(8 < number < 256 for number in numbers) else b""


def _unbase32(run: str) -> bytes:
    digits = run.rstrip("=")
    try:
        return base64.b32decode(digits + "=" * (-len(digits) % 8))
    except binascii.Error:
        return b""


def _around(text: str, pattern: re.Pattern[str]) -> str:
    """The lines that hold the pattern, of very long ones the neighbourhood; each place once."""
    parts: list[str] = []
    done = length = 0
    for match in islice(pattern.finditer(text), MOST_RUNS):
        if match.start() < done:
            continue
        start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _NEAR, done)
        end = text.find("\n", match.end(), match.end() + _NEAR)
        done = end if end >= 0 else min(len(text), match.end() + _NEAR)
        parts.append(text[start:done])
        length += done - start
        if length > MOST_AROUND:
            break
    return "\n".join(parts)


def _unescaped(text: str) -> str:
    raw: list[str] = []
    at = 0
    for match in _ESCAPE.finditer(text):
        raw.append(text[at : match.start()])
        octal = match.group(5)
        digits = next((group for group in match.groups()[:4] if group), None)
        number = int(octal, 8) if octal is not None else int(digits or "0", 16)
        raw.append(chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else " ")
        at = match.end()
    raw.append(text[at:])
    return "".join(raw)


def _pieces(text: str) -> Iterator[str]:
    """Texts whose pieces are quoted or assigned one by one."""
    values: dict[str, str] = {}
    for match in islice(_ASSIGNED.finditer(text), MOST_PIECES):
        name = _NAME.search(text, max(match.start() - 50, 0), match.start())
        if name is not None:
            values[name.group(1)] = next(group for group in match.groups() if group)
    if values:
        used = _around(text, _USED)
        found = _put_in(used, values)
        if found != used:
            yield found
    for pattern in (_INSIDE, _JOINED):
        found = _around(text, pattern)
        if found:
            yield pattern.sub("", found)


def _put_in(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of names in the places where they are used, within bounds."""
    left = MOST_WINDOW

    def value(match: re.Match[str]) -> str:
        nonlocal left
        name = next(group for group in match.groups() if group)
        found = values.get(name)
        if found is None or left < 0:
            return match.group()
        left -= len(found)
        return found if match.lastindex is not None and match.lastindex < 5 else f'"{found}"'

    return _USED.sub(value, text)


def _windows(text: str) -> Iterator[str]:
    """Two to four pieces that follow each other, put together."""
    if not any(sign in text for sign in "\"'`="):
        return
    pieces = [next(group for group in match.groups() if group) for match in islice(_QUOTED.finditer(text), MOST_PIECES)]
    short = [_FILLED.sub("", piece) for piece in pieces if len(piece) <= 80]
    for size in (2, 3, 4):
        yield "\n".join(["".join(short[at : at + size]) for at in range(len(short) - size + 1)])


def _base64(run: str) -> Iterator[str]:
    packed = run[::-1] if run[:1] == "=" else run
    if not (re.search(r"[0-9+/_=]", packed) or (packed != packed.lower() and packed != packed.upper())):
        return
    digits = packed.rstrip("=").replace("-", "+").replace("_", "/")
    for spelled in (digits, digits[::-1]):
        usable = spelled[:-1] if len(spelled) % 4 == 1 else spelled
        found = tuple(_printable(binascii.a2b_base64(usable + "=" * (-len(usable) % 4))))
        if found:
            yield from found
            return


def _printable(data: bytes) -> Iterator[str]:
    """Decoded bytes where they are text, decompressed where they are compressed."""
    if data[:2] == b"\x1f\x8b" or data[:1] == b"\x78":
        with contextlib.suppress(zlib.error):
            data = zlib.decompressobj(wbits=47).decompress(data, MOST)
    if len(data) >= 8 and data[1::2].count(0) == len(data) // 2:
        data = data[::2]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    shown = sum(sign.isprintable() or sign in "\r\n\t" for sign in text)
    if len(text) >= 4 and shown >= 0.95 * len(text):
        yield text


def _varied(match: re.Match[str]) -> str:
    """Bytes that are written as variation selectors: the first 16 and the 240 supplementary ones."""
    numbers = (ord(sign) for sign in match.group())
    return bytes(n - 0xFE00 if n < 0xFE10 else n - 0xE0100 + 16 for n in numbers).decode("utf-8", "replace")
