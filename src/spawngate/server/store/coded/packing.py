"""Records in blocks: compressed together, without what can be computed.

A record ends in its own hash, and names the hash of the one before; the first is computed again when a block is opened,
the second too where the record before stands in the same block. A line of a block is

    0<record>                     as it stands
    1<record without its hash>
    2<n>:<record without its hash and without the hash of the one before, which stands n lines further up>

Blocks are Zstandard frames (RFC 8878) without checksum and without the id of a dictionary, made with the text below as
their raw dictionary, which is part of the format. Blocks of stores that were written before are raw DEFLATE (RFC 1951)
with the same text preset; none of them can begin with Zstandard's magic number, which would be a stored block of two
lengths that contradict each other. A block that was altered may open all the same: whoever opens one holds its records
against their marks. Of one that does not open, what stands before the last 128 KiB can be had.

Must not be here: SQL, what a record says.
"""

import re
import threading
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256

import zstandard

MOST = 64
"""Records of a block."""
LARGEST = 4 << 20
"""Bytes of the records of a block, beyond its first."""
_LEVEL = 1
"""Higher ones are slower and, over blocks as small as these, no smaller."""
_STEP = 64
"""Bytes that are opened at a time where a block breaks off."""
_MAGIC = b"\x28\xb5\x2f\xfd"
_TAIL = len(b',"hash":"') + 64 + 2
PREVIOUS = re.compile(rb'"previous":"([0-9a-f]{64})"')
_NAME = b'"previous":"'
_HOLE = b'"previous":""'
_BACK = re.compile(rb"2(\d{1,3}):")

_DICTIONARY = (
    b'{"actor":{"agent":"","user":""},"artifact":{"agent":"","fingerprint":"","id":"","kind":"mcp_server","launch":'
    b'{"args":["-y","-m"],"command":"npx","package":"pkg:npm/","transport":"stdio"},"name":"","path":"/home/",'
    b'"scope":"user","status":"ok"},"channel":"inventory","type":"artifact-changed","differences":[{"new":"","old":""'
    b',"path":"launch.args"}],"detail":{"what":"","path":"","fingerprint":"","agent":"","outcome":""},"type":'
    b'"self-protection","message":"","counts":{},"finding":{"rule":"","severity":"high","title":""},"delivery":'
    b'{"destination":"","route":"","state":"delivered"},"hits":[{"confidence":"high","pack":"","rule":"","severity":'
    b'"medium"}],"reasons":[""],"severity":"critical","verdict":"deny"},"arguments":{"urls":["https://"],"server":"",'
    b'"server_tool":"","tool":"mcp__","kind":"mcp","question":{"action":"mcp","package":"","read":"write","edit":""'
    b'"kind":"write","tool":"Write"},"kind":"edit","tool":"Edit"},"verdict":"ask"},"verdict":"log"},"mode":"monitor",'
    b'{"actor":{"agent":"codex-cli","permission_mode":"acceptEdits","session":"","user":""},"at":"2026-'
    b'{"actor":{"agent":"claude-code","permission_mode":"default","session":"","user":""},"at":"2026-11-21T12:00:00.'
    b'000000Z","call":{"cwd":"/home/dev/","id":"toolu_","kind":"read","moment":"before-tool","paths":["/home/dev/src/'
    b'"],"tool":"Read"},"channel":"hook","decision":{"latency_us":500,"mode":"enforce","policy":"","verdict":"allow"},'
    b'"endpoint":"","previous":"","question":{"action":"read","labels":["untrusted_repository","untrusted_web"],"path"'
    b':"","reads":["project"]},"schema_version":1,"sequence":,"stream":"","type":"decision"\n'
    b'10:{"actor":{"agent":"claude-code","permission_mode":"default","session":"","user":""},"at":"2026-11-21T10:00:00.'
    b'000000Z","call":{"commands":["git status && npm test"],"cwd":"/home/dev/","id":"toolu_","kind":"shell","moment":'
    b'"before-tool","programs":["git","npm"],"tool":"Bash"},"channel":"hook","decision":{"latency_us":,"mode":'
    b'"enforce","policy":"","reasons":[""],"verdict":"allow"},"endpoint":"","previous":"","question":{"action":"shell"'
    b'},"schema_version":1,"sequence":,"stream":"","type":"decision"\n21:{"actor":{"agent":"claude-code","permission_'
)


class BlockError(Exception):
    """The bytes are no block. `good` holds the records before the place at which they stop being one."""

    def __init__(self, good: list[bytes]) -> None:
        super().__init__("this is no block of records")
        self.good = good


class _Zstandard(threading.local):
    """A compressor and a decompressor of each thread: neither may be used by two at once."""

    def __init__(self) -> None:
        known = zstandard.ZstdCompressionDict(_DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self.pack = zstandard.ZstdCompressor(_LEVEL, known, write_dict_id=False).compress
        self.opener = zstandard.ZstdDecompressor(known, max_window_size=LARGEST)


_zstandard = _Zstandard()


def pack(records: Sequence[bytes]) -> bytes:
    """One block of records, none of which holds a newline."""
    lines: list[bytes] = []
    hashes: dict[bytes, int] = {}
    for place, record in enumerate(records):
        body = record[:-_TAIL]
        digest = sha256(body + b"}").hexdigest().encode()
        if record[-_TAIL:] != b',"hash":"%b"}' % digest:
            lines.append(b"0" + record)
            continue
        start = body.rfind(_NAME) + len(_NAME)
        end = start + 64
        before = hashes.get(body[start:end]) if body.startswith(b'"', end) else None
        if before is None or _HOLE in body or not body.startswith(_NAME, start - len(_NAME)):
            lines.append(b"1" + body)
        else:
            lines.append(b"2%d:%b%b" % (place - before, body[:start], body[end:]))
        hashes[digest] = place
    return _zstandard.pack(b"\n".join(lines))


class Block:
    """A block that was opened: gives one record without making the others, as far as it does not need them."""

    __slots__ = ("_hashes", "_lines", "_records", "whole")

    def __init__(self, block: bytes, count: int) -> None:
        # One record may be of any size the store takes; a block that claims to be larger than all of them is none.
        room = LARGEST + count * (1 << 21)
        data, self.whole = _opened(block, room) if block.startswith(_MAGIC) else _inflated(block, room)
        lines = data.split(b"\n") if data or count else []
        self.whole = self.whole and len(lines) == count
        """It is a block of that many lines. Where it is not, the lines before the place where it breaks off are had."""
        self._lines = lines[:count] if self.whole else lines[:count][:-1]
        self._records: dict[int, bytes] = {}
        self._hashes: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def record(self, place: int) -> bytes | None:
        """One record; None where its line is none."""
        known = self._records.get(place)
        if known is not None:
            return known
        wanted = [place]
        while (back := self._back(wanted[-1])) and back <= wanted[-1] and wanted[-1] - back not in self._records:
            wanted.append(wanted[-1] - back)
        for each in reversed(wanted):
            made = self._make(each)
            if made is None:
                return None
            self._records[each] = made
        return self._records[place]

    def _back(self, place: int) -> int:
        """How far up the line stands whose hash this one needs; 0 for one that needs none."""
        match = _BACK.match(self._lines[place])
        return 0 if match is None else int(match[1])

    def _make(self, place: int) -> bytes | None:
        line = self._lines[place]
        body = line[1:]
        match line[:1]:
            case b"0":
                return body
            case b"1":
                pass
            case b"2":
                match = _BACK.match(line)
                before = None if match is None else self._hashes.get(place - int(match[1]))
                hole = line.find(_HOLE)
                if match is None or before is None or hole < 0:
                    return None
                hole += len(_HOLE) - 1
                body = b"%b%b%b" % (line[match.end() : hole], before, line[hole:])
            case _:
                return None
        digest = self._hashes[place] = sha256(body + b"}").hexdigest().encode()
        return b'%b,"hash":"%b"}' % (body, digest)


def unpack(block: bytes, count: int) -> list[bytes]:
    """The `count` records of a block. Raises BlockError."""
    opened = Block(block, count)
    records: list[bytes] = []
    for place in range(len(opened)):
        record = opened.record(place)
        if record is None:
            raise BlockError(records)
        records.append(record)
    if not opened.whole:
        raise BlockError(records)
    return records


def _opened(block: bytes, room: int) -> tuple[bytes, bool]:
    """What is in a frame, up to `room` bytes, and whether that is all."""
    opener = _zstandard.opener
    try:
        # Asked before: the library makes room for as much as a frame says that it holds.
        if 0 <= zstandard.frame_content_size(block) <= room:
            return opener.decompress(block, allow_extra_data=False), True
    except zstandard.ZstdError:
        pass
    part = opener.decompressobj(write_size=_STEP)
    return _start_of(lambda data, _: part.decompress(data), block, room), False


def _inflated(block: bytes, room: int) -> tuple[bytes, bool]:
    """The same of a block as it was written before."""
    whole = zlib.decompressobj(-15, _DICTIONARY)
    try:
        return whole.decompress(block, room), whole.eof and not whole.unused_data
    except zlib.error:
        part = zlib.decompressobj(-15, _DICTIONARY)
        return _start_of(part.decompress, block, room), False


def _start_of(part: Callable[[bytes, int], bytes], block: bytes, room: int) -> bytes:
    """What can be had of a block that breaks off somewhere."""
    data = bytearray()
    try:
        for at in range(0, len(block), _STEP):
            data += part(block[at : at + _STEP], room - len(data))
            if len(data) >= room:
                break
    except (zlib.error, zstandard.ZstdError, EOFError):
        pass
    return bytes(data)
