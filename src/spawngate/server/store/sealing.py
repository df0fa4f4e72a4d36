"""Seals of control data: a keyed hash over every row, and over each table's number of rows and sum of seals.

A row that was altered, inserted, swapped or dropped by somebody without the key shows, and a total that was tampered
with is never put right by the changes that follow. Pure. Must not be here: any database, the key's file (`keys`).
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator

SUM = 32
"""Bytes of a sum of seals."""
MODULUS = 1 << (8 * SUM)


class Seals:
    """What is sealed with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, *parts: object) -> bytes:
        """The seal of a row: over its table and its values."""
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
        return digest.digest()

    def is_item(self, kind: str, name: str, value: bytes, seal: bytes) -> bool:
        """Whether an item is as it was written; who has no key cannot tell, and takes it to be."""
        return not self._key or hmac.compare_digest(seal, self.seal("items", kind, name, value))

    def total(self, table: str, rows: int, sum_: int) -> bytes:
        """The sum of a table's seals as it is written: with a seal of its own."""
        data = sum_.to_bytes(SUM, "big")
        return data + self.seal("seals", table, rows, data)

    def is_total(self, table: str, rows: object, total: bytes) -> bool:
        """Whether a total is as it was written for so many rows."""
        return isinstance(rows, int) and hmac.compare_digest(total, self.total(table, rows, kept_sum(total)))

    def faults(
        self, table: str, sealed: Iterable[tuple[str, bytes, bytes]], counted: tuple[int, bytes] | None
    ) -> Iterator[str]:
        """What is wrong in a table: of each row its name, its seal as it must be and as it is; and the total kept."""
        rows, total = 0, 0
        for name, expected, seal in sealed:
            if not hmac.compare_digest(expected, seal):
                yield f"{table}: {name} was altered or inserted: its seal does not match"
            rows += 1
            total = (total + int.from_bytes(seal, "big")) % MODULUS
        if counted is None:
            yield f"{table}: the count of its rows is missing"
        elif counted[0] != rows:
            what = "missing" if counted[0] > rows else "too many"
            yield f"{table}: {abs(counted[0] - rows)} of {counted[0]} rows {what}"
        elif counted[1][:SUM] != total.to_bytes(SUM, "big"):
            yield f"{table}: rows are other ones than were written"
        elif not hmac.compare_digest(counted[1], self.total(table, rows, total)):
            yield f"{table}: the count of its rows was altered: its seal does not match"


class Totals:
    """Changes of the tables' totals in one transaction."""

    def __init__(self) -> None:
        self.changes: dict[str, tuple[int, int]] = {}

    def __call__(self, table: str, before: bytes | None, now: bytes | None) -> None:
        """A row's seal was `before` and is `now`; None where there is no row."""
        rows, added = self.changes.get(table, (0, 0))
        for seal, sign in ((before, -1), (now, 1)):
            if seal is not None:
                rows += sign
                added += sign * int.from_bytes(seal, "big")
        self.changes[table] = rows, added


def kept_sum(total: bytes) -> int:
    """The sum in a total as it is written."""
    return int.from_bytes(total[:SUM], "big")
