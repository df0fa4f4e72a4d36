"""Where ClickHouse is, and how its tables are made: one address, so that it fits into one setting.

    clickhouse://user:password@host:8443/database?secure=1&cluster=main&replicated=1&distributed=1&ttl_days=400

`cluster` makes the tables ON CLUSTER; `replicated` makes them ReplicatedMergeTree; `distributed` puts a Distributed
table before the shards. `ttl_days` lets ClickHouse delete whole parts by itself: a last resort that knows of no legal
hold, and therefore off; retention drops partitions. Must not be here: the tables (`tables`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from spawngate.model.errors import UsageError

VARIABLE = "SPAWNGATE_CLICKHOUSE"
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"


@dataclass(frozen=True, slots=True)
class Settings:
    """One ClickHouse."""

    host: str = "localhost"
    port: int = 8123
    user: str = "default"
    password: str = ""
    database: str = "default"
    table: str = "spawngate_events"
    secure: bool = False
    cluster: str = ""
    replicated: bool = False
    distributed: bool = False
    ttl_days: int = 0
    path: str = ""
    """Folder of the engine in this process (`chdb`): for tests and benchmarks."""

    def __repr__(self) -> str:
        """Without the password."""
        return f"Settings({self.host}:{self.port}/{self.database}.{self.table})"


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings in `SPAWNGATE_CLICKHOUSE`. Raises UsageError; the message holds nothing of the address."""
    text = environment.get(VARIABLE, "")
    wrong = UsageError(f"{VARIABLE} is an address: clickhouse://user:password@host:port/database?cluster=...")
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme != "clickhouse" or not parts.hostname:
        raise wrong
    secure = _switch(options.pop("secure", "0"))
    found = Settings(
        host=parts.hostname,
        port=port or (8443 if secure else 8123),
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=_name(parts.path.strip("/") or "default"),
        secure=secure,
    )
    if "table" in options:
        found = replace(found, table=_name(options.pop("table")))
    if "cluster" in options:
        found = replace(found, cluster=_name(options.pop("cluster")))
    if "ttl_days" in options:
        days = options.pop("ttl_days")
        if not (days.isascii() and days.isdigit() and len(days) <= 5):
            raise UsageError(f"{VARIABLE}: ttl_days is a number of days, 0 for none")
        found = replace(found, ttl_days=int(days))
    found = replace(
        found,
        replicated=_switch(options.pop("replicated", "0")),
        distributed=_switch(options.pop("distributed", "0")),
    )
    if options:
        raise UsageError(f"{VARIABLE} has an option that is none: {sorted(options)[0][:40]!r}")
    if found.distributed and not found.cluster:
        raise UsageError(f"{VARIABLE}: distributed needs the name of the cluster")
    return found


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise UsageError(f"{VARIABLE}: a switch is 0 or 1")
    return text == "1"


def _name(text: str) -> str:
    if not text or len(text) > 100 or set(text) - set(_NAME):
        raise UsageError(f"{VARIABLE}: a name is of letters, digits, '_' and '-'")
    return text
