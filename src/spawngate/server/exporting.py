"""Records of a query as one answer, oldest first, and behind them the manifest that the server signs.

Each record is a line, byte for byte as its endpoint wrote it; the last line is `{"manifest": ..., "problems": [...]}`.
What the server read itself it can sign: a manifest over what somebody else says they hold would prove nothing.
Must not be here: HTTP, who may see what (`management.events`), what a manifest is (`trail.manifest`).
"""

from collections.abc import Iterator

import msgspec

from spawngate.server.store.port import EventStore
from spawngate.trail.manifest import Making
from spawngate.trail.note import Signer
from spawngate.trail.query import Query

PAGE = 1_000
"""Records that are read at once."""


class Last(msgspec.Struct, frozen=True):
    """The last line."""

    manifest: str
    problems: tuple[str, ...] = ()
    """Days and files that could not be read: what is missing is not in the manifest either."""


def exported(events: EventStore, wanted: Query, asked: str, signer: Signer) -> Iterator[bytes]:
    """Parts of the answer. `asked`: the query as the manifest names it. Raises StoreError."""
    making = Making.begin()
    problems: dict[str, None] = {}
    cursor: str | None = None
    while True:
        page = events.query(wanted, cursor=cursor, limit=PAGE, newest_first=False)
        problems |= dict.fromkeys(page.problems)
        for entry in page.entries:
            making.add(entry.record)
        yield b"".join(entry.record + b"\n" for entry in page.entries)
        cursor = page.cursor
        if cursor is None:
            break
    yield msgspec.json.encode(Last(making.signed(asked, signer), tuple(problems))) + b"\n"
