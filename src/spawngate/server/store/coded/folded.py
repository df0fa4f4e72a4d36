"""Words of a day in folded case, one a line: a text is looked for in all of them in one go, not row by row.

A line holds the texts of one word; lines of one column stand together, in the order of their codes. Signs that part
texts and lines are other ones where they stand in a text (`_TAKEN`), so that a text without control characters is found
where it is and nowhere else; whoever looks for another one looks at the words too. A day that is over has its texts in
one compressed piece (`Texts.packed`); of the open day's they grow as words come. For any thread.
Must not be here: SQL, what a hit means (`compile`).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Self

import msgspec
import zstandard

from spawngate.server.store.coded.columns import CODED

ROOM = 192 << 20
"""Bytes of texts that are kept; ninety days of a hundred thousand events each need 70 million."""
LARGEST = 256 << 20
"""Bytes of one day's texts, beyond which they are not kept in one piece."""
MOST_PARTS = 8
"""Pieces that came one by one before they are made one."""
_BETWEEN = "\x1f"
_TAKEN = "\x02"
"""Stands for a line break and for the sign between two texts where they are part of a text."""
_decode = msgspec.json.Decoder(list[tuple[str, ...]]).decode


class Run(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Lines that belong together: their codes ascend by one."""

    column: int
    """Place in `columns.CODED`."""
    code: int
    """Of the first line."""
    count: int
    begin: int
    """Byte at which the first line begins."""


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    runs: tuple[Run, ...]
    size: int


class Texts:
    """The words of one day as far as they are known."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Sequence[tuple[bytes, tuple[Run, ...]]] = ()) -> None:
        self._parts = list(parts)
        """Lines, each ended by a line break, and what they are."""

    def __len__(self) -> int:
        return sum(len(text) for text, _ in self._parts)

    def add(self, words: Iterable[tuple[int, int, str]]) -> None:
        """More words: place of the column, code, and the word as it is kept (a JSON array); both ascending.
        Raises ValueError for a word that is none."""
        pieces: list[bytes] = []
        runs: list[Run] = []
        at = 0
        for column, group in groupby(words, key=lambda word: word[0]):
            together = list(group)
            try:
                texts = _decode(f"[{','.join([value for _, _, value in together])}]")
            except msgspec.DecodeError:
                raise ValueError("a word is none") from None
            if len(texts) != len(together):
                raise ValueError("a word is none")
            start = 0
            for place in range(1, len(together) + 1):
                if place < len(together) and together[place][1] == together[place - 1][1] + 1:
                    continue
                lines = [_line(each) for each in texts[start:place]]
                piece = ("\n".join(lines).casefold() + "\n").encode()
                runs.append(Run(column, together[start][1], len(lines), at))
                pieces.append(piece)
                at += len(piece)
                start = place
        if pieces:
            self._parts.append((b"".join(pieces), tuple(runs)))
            if len(self._parts) > MOST_PARTS:
                self._parts = [_joined(self._parts)]

    def codes(self) -> dict[int, int]:
        """The highest code that is known of each column."""
        found: dict[int, int] = {}
        for _, runs in self._parts:
            for run in runs:
                found[run.column] = max(found.get(run.column, 0), run.code + run.count - 1)
        return found

    def holding(self, small: str, column: int | None = None) -> Iterator[tuple[int, int]]:
        """Column and code of each word that holds a text in folded case; with control characters, that may hold it."""
        needle = small.replace("\n", _TAKEN).replace(_BETWEEN, _TAKEN).encode(errors="surrogatepass")
        for text, runs in tuple(self._parts):
            for place, run in enumerate(runs):
                if column is not None and run.column != column:
                    continue
                if column is None and place:
                    break
                # A search through everything goes through all runs at once: most of them are short.
                end = len(text) if column is None or place + 1 == len(runs) else runs[place + 1].begin
                yield from _hits(text, needle, runs, place, end)

    def packed(self) -> bytes | None:
        """Everything in one piece; None where that would be too large."""
        text, runs = _joined(self._parts)
        if len(text) > LARGEST:
            return None
        head = msgspec.json.encode(_Packed(runs, len(text)))
        return head + b"\n" + zstandard.ZstdCompressor(3).compress(text)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """What `packed` gave. Raises ValueError for anything else."""
        head, _, body = data.partition(b"\n")
        try:
            packed = msgspec.json.decode(head, type=_Packed)
            if not 0 <= packed.size <= LARGEST or zstandard.frame_content_size(body) != packed.size:
                raise ValueError("texts of another size")
            text = zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False) if packed.size else b""
        except (msgspec.MsgspecError, zstandard.ZstdError, UnicodeDecodeError):
            raise ValueError("these are no texts") from None
        begins = [run.begin for run in packed.runs]
        if begins != sorted(begins) or (begins and (begins[0] != 0 or begins[-1] > len(text))):
            raise ValueError("texts in no order")
        if any(not 0 <= run.column < len(CODED) for run in packed.runs):
            raise ValueError("texts of no column")
        return cls([(text, packed.runs)])


def _line(texts: tuple[str, ...]) -> str:
    return _BETWEEN.join([text.replace("\n", _TAKEN).replace(_BETWEEN, _TAKEN) for text in texts])


def _joined(parts: Sequence[tuple[bytes, tuple[Run, ...]]]) -> tuple[bytes, tuple[Run, ...]]:
    """One piece of several, column by column."""
    found: list[tuple[Run, bytes]] = []
    for text, runs in parts:
        ends = [*(run.begin for run in runs[1:]), len(text)]
        found += [(run, text[run.begin : end]) for run, end in zip(runs, ends, strict=True)]
    found.sort(key=lambda each: (each[0].column, each[0].code))
    runs_: list[Run] = []
    at = 0
    for run, piece in found:
        last = runs_[-1] if runs_ else None
        if last is not None and (last.column, last.code + last.count) == (run.column, run.code):
            runs_[-1] = Run(last.column, last.code, last.count + run.count, last.begin)
        else:
            runs_.append(Run(run.column, run.code, run.count, at))
        at += len(piece)
    return b"".join([piece for _, piece in found]), tuple(runs_)


def _hits(text: bytes, needle: bytes, runs: Sequence[Run], place: int, until: int) -> Iterator[tuple[int, int]]:
    """Column and code of each line from a run on, up to a byte, that holds a text."""
    find, rfind, count = text.find, text.rfind, text.count
    run = runs[place]
    line, counted, following = 0, run.begin, runs[place + 1].begin if place + 1 < len(runs) else until
    at = find(needle, run.begin, until)
    while 0 <= at < until:
        while at >= following:
            place += 1
            run = runs[place]
            line, counted, following = 0, run.begin, runs[place + 1].begin if place + 1 < len(runs) else until
        start = max(rfind(b"\n", counted, at) + 1, counted)
        line += count(b"\n", counted, start)
        counted = start
        yield run.column, run.code + line
        end = find(b"\n", at)
        at = -1 if end < 0 else find(needle, end + 1, until)


class Folded:
    """The texts of closed days that were asked for last."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used = room, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Texts] = OrderedDict()

    def get(self, day: str) -> Texts | None:
        """The texts of a day, where they are kept."""
        with self._lock:
            found = self._kept.get(day)
            if found is not None:
                self._kept.move_to_end(day)
            return found

    def put(self, day: str, texts: Texts) -> None:
        """Keep them; the longest unused make room."""
        if len(texts) > self._room:
            return
        with self._lock:
            self._used -= len(self._kept.pop(day, ()))
            self._kept[day] = texts
            self._used += len(texts)
            while self._used > self._room:
                self._used -= len(self._kept.popitem(last=False)[1])

    def forget(self, day: str) -> None:
        """Let a day go."""
        with self._lock:
            self._used -= len(self._kept.pop(day, ()))
