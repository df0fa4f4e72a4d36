"""A store from its setting: the embedded one of a folder, or the one that several servers share.

    ""                                        the embedded store of the folder
    postgresql://user@host/database           control data and events in PostgreSQL
    clickhouse+postgresql://user@host/...     control data in PostgreSQL, events in ClickHouse (`clickhouse.settings`)

The drivers of the databases are imported where they are needed. Must not be here: what a store does.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from spawngate.model.errors import UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.verify import Report
from spawngate.server.store.whole import Clock, Store, system_clock
from spawngate.trail.note import Verifier

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
CLICKHOUSE = "clickhouse+"


def open_store(
    address: str, folder: Path, environment: Mapping[str, str], *, schema: str = "store", clock: Clock = system_clock
) -> Store:
    """The store, open to be written. `folder`: what belongs to it and lies in no database (keys; everything, of an
    embedded one); `environment`: `SPAWNGATE_STORE_KEY`, and `SPAWNGATE_CLICKHOUSE*`.

    Raises UsageError for an address that is none, and for a driver that is not installed; StoreError.
    """
    if not address:
        return EmbeddedStore(folder, clock=clock)
    scheme, _, rest = address.partition("://")
    with_clickhouse = scheme.startswith(CLICKHOUSE)
    if scheme.removeprefix(CLICKHOUSE) not in SCHEMES or not rest:
        raise UsageError(
            "a store is a folder, or an address that begins with postgresql:// or clickhouse+postgresql://"
        )
    try:
        from spawngate.server.store.postgres.store import ServerStore
    except ImportError:
        raise UsageError("PostgreSQL needs its driver: pip install 'spawngate[postgres]'") from None
    plain = f"postgresql://{rest}"
    if not with_clickhouse:
        return ServerStore(plain, folder, environment, schema=schema, clock=clock)
    try:
        from spawngate.server.store.clickhouse.events import ClickHouseEvents
        from spawngate.server.store.clickhouse.settings import settings_of
    except ImportError:
        raise UsageError("ClickHouse needs its driver: pip install 'spawngate[clickhouse]'") from None
    events = ClickHouseEvents(plain, settings_of(environment), schema)
    return ServerStore(plain, folder, environment, schema=schema, clock=clock, events=events)


def verify_address(
    address: str,
    folder: Path,
    environment: Mapping[str, str],
    verifier: Verifier | None = None,
    noted: Sequence[str] = (),
    *,
    schema: str = "store",
) -> Report:
    """Check a store that several servers share: see `verify`. Raises UsageError, StoreError."""
    scheme, _, rest = address.partition("://")
    if scheme.removeprefix(CLICKHOUSE) not in SCHEMES or not rest:
        raise UsageError("the address of a shared store begins with postgresql:// or clickhouse+postgresql://")
    try:
        from spawngate.server.store.postgres.verify import Look, look_at_day, verify_server

        look_at: Look = look_at_day
        if scheme.startswith(CLICKHOUSE):
            from spawngate.server.store.clickhouse.settings import settings_of
            from spawngate.server.store.clickhouse.verify import look_with

            look_at = look_with(settings_of(environment))
    except ImportError:
        raise UsageError("its driver is not installed: pip install 'spawngate[postgres,clickhouse]'") from None
    plain = f"postgresql://{rest}"
    return verify_server(plain, folder, environment, verifier, noted, schema=schema, look_at=look_at)


def wanting(address: str) -> str:
    """What an administrator has to do so that a store answers quickly; empty where nothing. Raises StoreError."""
    scheme, _, rest = address.partition("://")
    if scheme not in SCHEMES or not rest:
        return ""
    try:
        from spawngate.server.store.postgres.connection import Pool
        from spawngate.server.store.postgres.texts import wanting as wanting_there
    except ImportError:
        raise UsageError("PostgreSQL needs its driver: pip install 'spawngate[postgres]'") from None
    pool = Pool(address)
    try:
        with pool.lent() as connection:
            return wanting_there(connection)
    finally:
        pool.close()
