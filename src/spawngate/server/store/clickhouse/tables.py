"""The tables of events in ClickHouse, as text.

MergeTree, one partition a day of arrival, ordered by the event's own time. A field of the query language is a column
that holds all values that a record has for it; where their folded case is another text, `NAME_f` holds that, so that
conditions are answered exactly as `trail.query.match` does. `search` joins every text that free text is looked for in,
folded. `id` is the place in the order of arrival (`postgres.tables`).
Must not be here: connections, conditions (`compile`).
"""

from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.coded.columns import CODED, NUMBERS, REST

FIELDS = tuple(name for name in CODED if name != REST)
"""Columns of texts."""
MANY_VALUED = frozenset(
    ("user", "session", "fingerprint", "name", "package", "command", "path", "url", "cwd", "message")
)
"""Columns whose values are too many for a dictionary."""
COLUMNS = (
    "id", "day", "time", "received", "sender", "stream", "sequence", *(f"n_{name}" for name in NUMBERS),
    *(f"c_{name}" for name in FIELDS), *(f"f_{name}" for name in FIELDS), "search", "record",
)  # fmt: skip
"""In the order in which rows are inserted."""
GRANULE = 2048
"""Rows between two marks: a page reads single records, and a mark's worth of them for each."""
TEXTS = "search_texts search TYPE ngrambf_v1(4, 32768, 3, 0) GRANULARITY 1"
"""Which parts of four letters each granule's texts have: 16 bytes an event, and a rare text is read where it may be."""
WINDOW = 10_000
"""Inserted blocks whose tokens are remembered."""


def statements(settings: Settings) -> list[str]:
    """What makes the tables, where they are not there."""
    local = local_table(settings)
    cluster = f" ON CLUSTER `{settings.cluster}`" if settings.cluster else ""
    lines = [
        "id UInt64 CODEC(Delta, ZSTD(1))",
        "day Date",
        "time Int64 CODEC(Delta, ZSTD(1))",
        "received Int64 CODEC(Delta, ZSTD(1))",
        "sender LowCardinality(String)",
        "stream String CODEC(ZSTD(1))",
        "sequence UInt64 CODEC(Delta, ZSTD(1))",
        *(f"n_{name} Nullable(Float64) CODEC(ZSTD(1))" for name in NUMBERS),
        *(f"c_{name} {_type(name)}" for name in FIELDS),
        *(f"f_{name} {_type(name)}" for name in FIELDS),
        "search String CODEC(ZSTD(1))",
        "record String CODEC(ZSTD(3))",
        "at DateTime64(6, 'UTC') ALIAS fromUnixTimestamp64Micro(time)",
        "INDEX id_range id TYPE minmax GRANULARITY 1",
        f"INDEX {TEXTS}",
    ]
    ttl = f" TTL day + INTERVAL {settings.ttl_days:d} DAY" if settings.ttl_days else ""
    window = "replicated_deduplication_window" if settings.replicated else "non_replicated_deduplication_window"
    made = [
        f"CREATE TABLE IF NOT EXISTS {local}{cluster} ({', '.join(lines)}) ENGINE={_engine(settings)} "
        f"PARTITION BY day ORDER BY (time, id){ttl} SETTINGS ttl_only_drop_parts=1, "
        f"index_granularity={GRANULE}, {window}={WINDOW}"
    ]
    # Tables of before get it for what comes from now on.
    made.append(f"ALTER TABLE {local}{cluster} ADD INDEX IF NOT EXISTS {TEXTS}")
    if settings.distributed:
        made.append(
            f"CREATE TABLE IF NOT EXISTS {table(settings)}{cluster} AS {local} "
            f"ENGINE=Distributed(`{settings.cluster}`, `{settings.database}`, `{settings.table}_local`, cityHash64(id))"
        )
    return made


def table(settings: Settings) -> str:
    """The table that is asked and written."""
    return f"`{settings.database}`.`{settings.table}`"


def local_table(settings: Settings) -> str:
    """The table that holds the rows of one shard."""
    return f"`{settings.database}`.`{settings.table}_local`" if settings.distributed else table(settings)


def drop_partition(settings: Settings, day: str) -> str:
    """What deletes a day; `day` is one of ours: 2026-11-21."""
    cluster = f" ON CLUSTER `{settings.cluster}`" if settings.cluster else ""
    return f"ALTER TABLE {local_table(settings)}{cluster} DROP PARTITION '{day}'"


def _engine(settings: Settings) -> str:
    if not settings.replicated:
        return "MergeTree"
    return f"ReplicatedMergeTree('/clickhouse/tables/{{shard}}/{settings.database}/{settings.table}', '{{replica}}')"


def _type(name: str) -> str:
    return "Array(String) CODEC(ZSTD(1))" if name in MANY_VALUED else "Array(LowCardinality(String))"
