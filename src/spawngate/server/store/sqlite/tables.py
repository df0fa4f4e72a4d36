"""Tables of a day file.

`events` is narrow, so that it can be scanned; the records lie beside it in `blocks` (`packing`). `mark` is the first 8
bytes of a record's leaf hash: by it `verify` names the event that was altered, and a reader sees that a block gave it
another record than was stored. `tiles` are roots of whole subtrees of 256 leaves, so that proofs need not read the day.
A closed day has counts: of each value by verdict (`counts`), by type, agent and verdict (`counts_by`), of what has few
values by the hour (`hours`), and by verdict in smaller steps (`histogram`). In `texts` it has its words as they are
searched (`coded.folded`).
`streams` and `outbox` are handed on to the next day when that begins: they are those of the whole store.

Must not be here: connections, the meaning of columns (`columns`).
"""

from collections.abc import Sequence

from spawngate.server.store.coded.columns import CODED, NUMBERS

TILE = 256
"""Leaves below a tile."""

CREATE = f"""
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE streams(
  number INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, stream TEXT NOT NULL,
  last INTEGER NOT NULL, hash TEXT NOT NULL, ranges TEXT NOT NULL, UNIQUE(endpoint, stream));
CREATE TABLE words(field INTEGER, code INTEGER, value TEXT NOT NULL, PRIMARY KEY(field, code)) WITHOUT ROWID;
CREATE TABLE events(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, received INTEGER NOT NULL, stream INTEGER NOT NULL,
  sequence INTEGER NOT NULL, mark INTEGER NOT NULL, {", ".join(NUMBERS)}, {", ".join(CODED)});
CREATE INDEX events_time ON events(time);
CREATE INDEX events_endpoint ON events(endpoint, time) WHERE endpoint IS NOT NULL;
CREATE INDEX events_fingerprint ON events(fingerprint, time) WHERE fingerprint IS NOT NULL;
CREATE INDEX events_rule ON events(rule, time) WHERE rule IS NOT NULL;
CREATE INDEX events_verdict ON events(verdict, time) WHERE verdict > 2;
CREATE TABLE blocks(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE tiles(number INTEGER PRIMARY KEY, root BLOB NOT NULL);
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, route TEXT NOT NULL, endpoint TEXT NOT NULL, stream TEXT NOT NULL,
  sequence INTEGER NOT NULL, day TEXT NOT NULL, event INTEGER NOT NULL, due TEXT NOT NULL,
  worker TEXT NOT NULL DEFAULT '', lease TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
  UNIQUE(route, endpoint, stream, sequence));
CREATE INDEX outbox_due ON outbox(due);
"""

INSERT = f"INSERT INTO events VALUES({','.join('?' * (6 + len(NUMBERS) + len(CODED)))})"

WORDS = "SELECT field, code, value FROM words ORDER BY field, code"

INDEXED = (
    "endpoint", "user", "session", "fingerprint", "rule", "server", "program", "command", "path", "url", "message",
    "rest",
)  # fmt: skip
"""Columns that a closed day has an index for. The open one has fewer: each costs a commit microseconds an event."""
COUNTED = (
    "type", "endpoint", "channel", "agent", "user", "mode", "verdict", "severity", "kind", "tool", "server", "program",
    "rule", "reason", "fingerprint", "package", "route", "destination", "state",
)  # fmt: skip
"""Columns whose values a closed day has counted."""
BY = ("type", "agent", "verdict")
"""What `counts_by` tells apart."""
HOURLY = ("type", "channel", "agent", "mode", "verdict", "severity", "kind", "moment")
"""What `hours` tells apart: columns of few values, so that a day has some thousand rows."""
HOUR = 3_600_000_000
"""Microseconds."""
BUCKET = 300_000_000
"""Microseconds of the smallest part of a closed day's histogram."""


def counted(step: int, columns: Sequence[str], only: str = "") -> str:
    """A question: how many events each step of time (microseconds) has, by the values of columns."""
    names = ", ".join(columns)
    begin = f"time - (time % {step} + {step}) % {step}"
    return f"SELECT {begin}, {names}, COUNT(*) FROM events {only} GROUP BY 1, {names}"  # noqa: S608  # our own names


CLOSE = "\n".join(
    [
        "CREATE UNIQUE INDEX IF NOT EXISTS events_key ON events(stream, sequence);",
        *(
            f"CREATE INDEX IF NOT EXISTS events_{name} ON events({name}, time) WHERE {name} IS NOT NULL;"
            for name in INDEXED
        ),
        "CREATE INDEX IF NOT EXISTS events_verdict ON events(verdict, time) WHERE verdict > 2;",
        "CREATE TABLE IF NOT EXISTS counts(field INTEGER, code INTEGER, verdict INTEGER, n INTEGER NOT NULL);",
        f"CREATE TABLE IF NOT EXISTS counts_by(field INTEGER, code INTEGER, {', '.join(BY)}, n INTEGER NOT NULL);",
        f"CREATE TABLE IF NOT EXISTS hours(hour INTEGER, {', '.join(HOURLY)}, n INTEGER NOT NULL);",
        "CREATE TABLE IF NOT EXISTS histogram(bucket INTEGER, verdict INTEGER, n INTEGER NOT NULL);",
        "CREATE TABLE IF NOT EXISTS texts(data BLOB NOT NULL);",
        "CREATE INDEX IF NOT EXISTS counts_by_field ON counts_by(field);",
        "DELETE FROM counts;",
        "DELETE FROM counts_by;",
        "DELETE FROM hours;",
        "DELETE FROM histogram;",
        *(
            f"INSERT INTO counts_by SELECT {CODED.index(name)}, {name}, {', '.join(BY)}, COUNT(*) FROM events "  # noqa: S608  # ours
            f"WHERE {name} IS NOT NULL GROUP BY {', '.join(dict.fromkeys((name, *BY)))};"
            for name in COUNTED
        ),
        "INSERT INTO counts SELECT field, code, verdict, SUM(n) FROM counts_by GROUP BY field, code, verdict;",
        f"INSERT INTO hours {counted(HOUR, HOURLY)};",
        f"INSERT INTO histogram {counted(BUCKET, ('verdict',))};",
        "PRAGMA analysis_limit=1000;",
        "ANALYZE;",
    ]
)
"""Makes a closed day quick to ask. May be broken off and run again. Every text in it is ours."""
