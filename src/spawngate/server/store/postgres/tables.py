"""Tables of the store in PostgreSQL, and the days that they are parted by.

An event's id is its place in the order of arrival: days after 1970 times 2**40, plus its number in the day from 1.
Every table of events is parted by the ranges of ids that are days, so that a day is detached and dropped whole, and no
index goes over all of them. `mark`, `tiles` and blocks are those of the embedded store (`sqlite.tables`). `runs` says
where a stream's events lie: one row for each stretch of following sequences that came together. `words` holds the coded
words of a day; several processes may give one word several codes, which does no harm.

Must not be here: what is asked, the meaning of columns (`coded.columns`).
"""

from datetime import date, timedelta

from spawngate.model.errors import UsageError
from spawngate.server.store.coded.columns import CODED, NUMBERS
from spawngate.server.store.coded.writing import FIXED, encoded
from spawngate.server.store.port import StoreDamagedError
from spawngate.server.store.postgres.connection import Connection, many, rows

FORMAT = "1"
TILE = 256
"""Leaves below a tile."""
_BITS = 40
MASK = (1 << _BITS) - 1
_EPOCH = date(1970, 1, 1)

CREATE = """
CREATE TABLE meta(name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE head(one boolean PRIMARY KEY DEFAULT true CHECK (one), day integer NOT NULL);
INSERT INTO head(day) VALUES(-1);
CREATE TABLE days(
  day integer PRIMARY KEY, size bigint NOT NULL, parts bytea NOT NULL, first bigint, last bigint,
  codes integer NOT NULL, closed boolean NOT NULL, note text NOT NULL) WITH (fillfactor=50);
CREATE TABLE streams(
  number integer GENERATED ALWAYS AS IDENTITY, endpoint text COLLATE "C", stream text COLLATE "C",
  last bigint NOT NULL, hash text NOT NULL, ranges text NOT NULL, PRIMARY KEY(endpoint, stream)) WITH (fillfactor=60);
CREATE UNIQUE INDEX streams_number ON streams(number);
CREATE TABLE runs(id bigint NOT NULL, stream integer NOT NULL, sequence bigint NOT NULL, count integer NOT NULL)
  PARTITION BY RANGE(id);
CREATE INDEX runs_stream ON runs(stream, sequence);
CREATE TABLE tiles(id bigint PRIMARY KEY, root bytea NOT NULL) PARTITION BY RANGE(id);
CREATE TABLE outbox(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, route text COLLATE "C" NOT NULL, event bigint NOT NULL,
  due text COLLATE "C" NOT NULL, worker text NOT NULL DEFAULT '', lease text COLLATE "C" NOT NULL DEFAULT '',
  attempts integer NOT NULL DEFAULT 0, UNIQUE(route, event))
  WITH (fillfactor=70, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000);
CREATE INDEX outbox_due ON outbox(due, id);
CREATE TABLE leases(
  name text PRIMARY KEY, holder text NOT NULL, until timestamptz NOT NULL, token bigint NOT NULL);
CREATE TABLE items(
  kind text COLLATE "C", name text COLLATE "C", value bytea NOT NULL, seal bytea NOT NULL, PRIMARY KEY(kind, name));
CREATE TABLE deliveries(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at text COLLATE "C" NOT NULL, route text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL, value bytea NOT NULL, seal bytea NOT NULL);
CREATE INDEX deliveries_route ON deliveries(route, number);
CREATE INDEX deliveries_at ON deliveries(at);
CREATE TABLE log(number bigint PRIMARY KEY, text text NOT NULL, seal bytea NOT NULL);
CREATE TABLE seals(name text PRIMARY KEY, rows bigint NOT NULL, total bytea NOT NULL);
"""
"""What both event stores need that number their events in PostgreSQL. Every text in it is ours."""

CREATE_EVENTS = f"""
CREATE TABLE events(
  id bigint NOT NULL, time bigint NOT NULL, received bigint NOT NULL, sequence bigint NOT NULL, mark bigint NOT NULL,
  {", ".join(f"{name} double precision" for name in NUMBERS)}, stream integer NOT NULL,
  {", ".join(f'"{name}" integer' for name in CODED)}) PARTITION BY RANGE(id);
CREATE UNIQUE INDEX events_id ON events(id);
CREATE INDEX events_time ON events USING brin(time) WITH (pages_per_range=16, autosummarize=on);
CREATE INDEX events_endpoint ON events(endpoint, time) WHERE endpoint IS NOT NULL;
CREATE INDEX events_fingerprint ON events(fingerprint, time) WHERE fingerprint IS NOT NULL;
CREATE INDEX events_rule ON events(rule, time) WHERE rule IS NOT NULL;
CREATE INDEX events_verdict ON events(verdict, time) WHERE verdict > 2;
CREATE TABLE blocks(id bigint PRIMARY KEY, count integer NOT NULL, data bytea NOT NULL) PARTITION BY RANGE(id);
CREATE TABLE words(
  id bigint PRIMARY KEY, field smallint NOT NULL, value text COLLATE "C" NOT NULL, folded text COLLATE "C")
  PARTITION BY RANGE(id);
CREATE INDEX words_field ON words(field);
CREATE TABLE counts(
  id bigint NOT NULL, field smallint NOT NULL, code integer NOT NULL, verdict integer, n bigint NOT NULL)
  PARTITION BY RANGE(id);
CREATE INDEX counts_field ON counts(field);
CREATE TABLE histogram(id bigint NOT NULL, bucket bigint NOT NULL, verdict integer, n bigint NOT NULL)
  PARTITION BY RANGE(id);
"""

SHARED = ("runs", "tiles")
EVENTS = ("events", "blocks", "words", "counts", "histogram")
COLUMNS = ("id", "time", "received", "sequence", "mark", *NUMBERS, "stream", *CODED)
"""Of `events`, in the order in which rows are copied."""


def create(connection: Connection, schema: str, statements: str) -> bool:
    """Make what is not there; whether it was made now. Any number of processes may try at once. Raises psycopg.Error,
    StoreDamagedError for tables of another release."""
    with connection.transaction():
        rows(connection, "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261121))", schema)
        rows(connection, f"CREATE SCHEMA IF NOT EXISTS {schema}")
        if rows(connection, "SELECT 1 FROM pg_tables WHERE schemaname=%s AND tablename='meta'", schema):
            (found,) = rows(connection, "SELECT value FROM meta WHERE name='format'")
            if found[0] != FORMAT:
                raise StoreDamagedError(f"the store: its tables are of another release ({found[0]})")
            return False
        for statement in statements.split(";\n"):
            if statement.strip():
                rows(connection, statement)
        rows(connection, "INSERT INTO meta VALUES('format', %s)", FORMAT)
    return True


def keeps(connection: Connection, where: str, table: str) -> None:
    """Note where this schema's events are kept, and refuse a schema that keeps them elsewhere.

    Raises StoreDamagedError, psycopg.Error."""
    rows(connection, "INSERT INTO meta VALUES('events', %s) ON CONFLICT(name) DO NOTHING", where)
    ((known,),) = rows(connection, "SELECT value FROM meta WHERE name='events'")
    if known != where or rows(connection, "SELECT to_regclass(%s)::text", table)[0][0] is None:
        raise StoreDamagedError(f"the store: this schema keeps its events in {known}, and not as this server would")


def number_of(day: str) -> int:
    """Days after 1970 of 2026-11-21. Raises UsageError."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise UsageError("a day is written as 2026-11-21") from None
    if found < _EPOCH or found.isoformat() != day:
        raise UsageError("a day is written as 2026-11-21, from 1970 on")
    return (found - _EPOCH).days


def name_of(number: int) -> str:
    """2026-11-21 of its days after 1970."""
    return (_EPOCH + timedelta(days=number)).isoformat()


def first_id(day: int) -> int:
    """The id before the first of a day: an event's id is this and its number."""
    return day << _BITS


def day_and_number(event: int) -> tuple[int, int]:
    """Day and number of an event's id."""
    return event >> _BITS, event & MASK


def table_of(parent: str, day: int) -> str:
    """Name of a day's part of a table."""
    return f"{parent}_{name_of(day).replace('-', '')}"


def make_day(connection: Connection, day: int, parents: tuple[str, ...]) -> None:
    """Make a day's parts where they are not there. Inside a transaction that holds the lane. Raises psycopg.Error.

    Attached, not made as partitions: that would lock out everybody who reads another day.
    """
    for parent in parents:
        name = table_of(parent, day)
        if rows(connection, "SELECT to_regclass(%s)::text", name)[0][0] is not None:
            continue
        low, high = first_id(day), first_id(day + 1)
        rows(connection, f"CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS, CHECK (id>={low} AND id<{high}))")
        rows(connection, f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})")
        if parent == "blocks":
            rows(connection, f"ALTER TABLE {name} ALTER data SET STORAGE EXTERNAL")  # they are compressed already
        if parent == "events":
            rows(connection, f"ALTER TABLE {name} SET (autovacuum_freeze_min_age=0)")
        if parent == "words":
            fixed = [(CODED.index(column), encoded((word,))) for column, words in FIXED.items() for word in words]
            many(
                connection,
                f"INSERT INTO {name}(id, field, value) VALUES(%s,%s,%s)",
                [(low + code, field, word) for code, (field, word) in enumerate(fixed, 1)],
            )


FIXED_CODES = sum(map(len, FIXED.values()))
"""The first codes of a day are these."""


def drop_day(connection: Connection, day: int, parents: tuple[str, ...]) -> None:
    """Detach and delete a day's parts. Inside a transaction that holds the lane. Raises psycopg.Error."""
    rows(connection, "SET LOCAL lock_timeout='5s'")
    for parent in parents:
        name = table_of(parent, day)
        if rows(connection, "SELECT to_regclass(%s)::text", name)[0][0] is not None:
            rows(connection, f"ALTER TABLE {parent} DETACH PARTITION {name}")
            rows(connection, f"DROP TABLE {name}")
