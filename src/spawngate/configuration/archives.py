"""What is in an archive: names of its members, and contents of those that matter, read from its bytes.

Belongs here: tar (v7, ustar, GNU, pax) and zip, plain or compressed with gzip, bzip2 or xz, within bounds.
Must not be here: where members go when they are unpacked (`configuration.unpacking`), files.
Sources: POSIX.1-2024 pax, ustar and extended headers; GNU tar 1.35 manual, "Basic Tar Format"; PKWARE APPNOTE 6.3.10,
sections 4.3 to 4.5; RFC 1950 to 1952.
An archive is foreign: nothing of it is trusted to be consistent, and what cannot be read whole is not read at all.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from spawngate.configuration.files import LARGEST, Content, Unknown

MOST = 8 << 20
"""Bytes of a decompressed archive that are looked at."""
MOST_MEMBERS = 20_000
Form = Literal["tar", "zip"]
_BLOCK = 512
_LINK = frozenset(b"12")
_EOCD = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_UNICODE_PATH = b"\x75\x70"
"""Number of the extra field with another name (APPNOTE 4.6.9)."""
_LOCAL = struct.Struct("<4s5H3L2H")


class NotReadable(Exception):
    """The bytes are no archive that is read here, or more than is looked at."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive."""

    name: str
    """As the archive has it, with `/` between folders."""
    content: Content
    link: str = ""
    """Where it leads, for a link."""
    folder: bool = False


def members_of(data: bytes, form: Form | None = None) -> list[Member]:
    """The members of an archive in their order. Raises NotReadable, and nothing else.

    `form`: what the program takes every file for; without one the first bytes tell. One file can be both.
    """
    try:
        if form == "zip" or (form is None and data[:2] == b"PK"):
            return list(_zip(data))
        return list(_tar(_plain(data)))
    except (struct.error, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, IndexError) as error:
        raise NotReadable(type(error).__name__) from None


def decompressed(data: bytes) -> bytes:
    """The content of a file that is compressed by itself. Raises NotReadable."""
    try:
        return _plain(data)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise NotReadable(type(error).__name__) from None


def _plain(data: bytes) -> bytes:
    if data[:2] == b"\x1f\x8b":
        inflating = zlib.decompressobj(wbits=31)
        found = inflating.decompress(data, MOST)
        whole, behind = inflating.eof, inflating.unused_data
    elif data[:3] == b"BZh":
        unpacking = bz2.BZ2Decompressor()
        found = unpacking.decompress(data, MOST)
        whole, behind = unpacking.eof, unpacking.unused_data
    elif data[:6] == b"\xfd7zXZ\x00":
        expanding = lzma.LZMADecompressor(memlimit=256 << 20)
        found = expanding.decompress(data, MOST)
        whole, behind = expanding.eof, expanding.unused_data
    else:
        return data
    if not whole:
        raise NotReadable("longer than is looked at, or cut off")
    if any(behind):
        raise NotReadable("a second part, which programs read as well")
    return found


def _tar(data: bytes) -> Iterator[Member]:
    at = count = 0
    name = link = ""
    extended: dict[str, str] = {}
    common: dict[str, str] = {}
    if len(data) < _BLOCK:
        raise NotReadable("no tar")
    while at + _BLOCK <= len(data):
        head = data[at : at + _BLOCK]
        if not any(head):
            if any(data[at:]):
                raise NotReadable("something behind the end, which some programs read")
            return
        if _octal(_text(head[148:156])) != sum(head[:148]) + sum(head[156:]) + 8 * 32:
            raise NotReadable("no tar")
        size, kind = _number(head[124:136]), head[156:157]
        if kind not in b"LKxg" and int({**common, **extended}.get("size", size)) != size:
            raise NotReadable("two sizes")
        body = data[at + _BLOCK : at + _BLOCK + size]
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
        count += 1
        if len(body) != size or count > MOST_MEMBERS:
            raise NotReadable("cut off, or too many")
        if kind == b"L":
            name = _text(body)
        elif kind == b"K":
            link = _text(body)
        elif kind == b"x":
            extended = _records(body)
        elif kind == b"g":
            common = {**common, **_records(body)}
        else:
            said = {**common, **extended}
            prefix = _text(head[345:500]) if head[257:262] == b"ustar" and head[262:263] == b"\0" else ""
            plain = f"{prefix}/{_text(head[:100])}" if prefix else _text(head[:100])
            yield _member(
                said.get("path") or name or plain,
                said.get("linkpath") or link or _text(head[157:257]),
                kind,
                body,
                sparse=any(key.startswith("GNU.sparse") for key in said),
            )
            name = link = ""
            extended = {}


def _member(name: str, link: str, kind: bytes, body: bytes, *, sparse: bool) -> Member:
    if kind in (b"1", b"2"):
        return Member(name, Unknown("link"), link)
    if kind == b"5" or (kind in (b"0", b"\0") and name.endswith("/")):
        return Member(name, b"", folder=True)
    if sparse or kind not in (b"0", b"\0", b"7"):
        return Member(name, Unknown("archive"))
    return Member(name, body if len(body) <= LARGEST else Unknown("oversized"))


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    return _octal(_text(field))


def _octal(text: str) -> int:
    digits = text.strip(" ")
    if digits.strip("01234567"):
        raise NotReadable("no number")
    return int(digits or "0", 8)


def _records(body: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    while body:
        length = int(body.split(b" ", 1)[0])
        if not 3 < length <= len(body):
            raise NotReadable("a record that is none")
        key, _, value = body[:length].split(b" ", 1)[1].rstrip(b"\n").partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        body = body[length:]
    return found


def _zip(data: bytes) -> Iterator[Member]:
    end = data.rfind(b"PK\x05\x06", max(len(data) - 65_557, 0))
    if end < 0:
        raise NotReadable("no zip")
    _, disk, _, _, count, length, begin, comment = _EOCD.unpack_from(data, end)
    if begin + length != end or end + _EOCD.size + comment != len(data) or data[end - 20 : end - 16] == b"PK\x06\x07":
        # Readers differ in where they look for the list of members then.
        raise NotReadable("something in front, behind or between")
    if disk or count == 0xFFFF or begin == 0xFFFFFFFF or count > MOST_MEMBERS:
        raise NotReadable("larger than is looked at")
    at, left = begin, MOST
    for _ in range(count):
        entry = _CENTRAL.unpack_from(data, at)
        if entry[0] != b"PK\x01\x02":
            raise NotReadable("no zip")
        flags, method, packed, size, long, extra, comment, outer, start = (
            entry[n] for n in (3, 4, 8, 9, 10, 11, 12, 15, 16)
        )
        raw = data[at + _CENTRAL.size : at + _CENTRAL.size + long]
        behind = data[at + _CENTRAL.size + long : at + _CENTRAL.size + long + extra]
        if b"\0" in raw or _UNICODE_PATH in behind:
            raise NotReadable("two names")
        at += _CENTRAL.size + long + extra + comment
        name = raw.decode("utf-8" if flags & 0x800 else "cp437", "replace").replace("\\", "/")
        if name.endswith("/"):
            yield Member(name, b"", folder=True)
            continue
        left -= size
        if left < 0:
            raise NotReadable("longer than is looked at")
        content = _unzipped(data, start, flags, method, packed, size)
        if (outer >> 16) & 0o170000 == 0o120000:
            yield Member(
                name, Unknown("link"), content.decode("utf-8", "replace") if isinstance(content, bytes) else "?"
            )
        else:
            yield Member(name, content)


def _unzipped(data: bytes, start: int, flags: int, method: int, packed: int, size: int) -> Content:
    if flags & 1 or method not in (0, 8):
        return Unknown("archive")
    if size > LARGEST:
        return Unknown("oversized")
    head = _LOCAL.unpack_from(data, start)
    if head[0] != b"PK\x03\x04":
        raise NotReadable("no zip")
    begin = start + _LOCAL.size + head[9] + head[10]
    body = data[begin : begin + packed]
    found = body if method == 0 else zlib.decompressobj(wbits=-15).decompress(body, size + 1)
    # Another reader may go by the sizes before each member; where both say the same there is one content.
    return found if len(found) == size and len(body) == packed else Unknown("archive")
