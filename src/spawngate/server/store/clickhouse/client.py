"""The connection to one ClickHouse, errors in the words of the port.

A message names the kind of error and never what the server said of it, which may hold values. The engine in this
process (`chdb`) is asked by one thread at a time. Must not be here: what is asked.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.port import StoreError, StoreFullError, StoreReadOnlyError

_CODE = re.compile(r"\b[Cc]ode: (\d{1,5})")
_FULL = {"243"}
"""NOT_ENOUGH_SPACE."""
_READ_ONLY = {"164", "242", "497"}
"""READONLY, TABLE_IS_READ_ONLY, ACCESS_DENIED."""
_ON_REPLICAS = {"insert_quorum": "auto", "insert_quorum_parallel": 0, "select_sequential_consistency": 1}
"""What was inserted is seen by who asks next, on whichever replica."""


class Client:
    """One ClickHouse. For any thread."""

    def __init__(self, settings: Settings) -> None:
        """Connects when it is first asked."""
        self.settings = settings
        self._client: Any = None
        self._lock = threading.RLock()

    def rows(self, statement: str, parameters: dict[str, Any] | None = None) -> Sequence[Sequence[Any]]:
        """Rows of one question. Raises StoreError."""
        with self._asking() as client:
            found: Sequence[Sequence[Any]] = client.query(statement, parameters=parameters or {}).result_rows
            return found

    def command(self, statement: str) -> None:
        """One statement without an answer. Raises StoreError."""
        with self._asking() as client:
            client.command(statement)

    def insert(self, table: str, rows: Sequence[Sequence[Any]], columns: Sequence[str], token: str) -> None:
        """One block, once however often it is inserted under one token. Raises StoreError."""
        settings: dict[str, Any] = {
            "insert_deduplication_token": token,
            "insert_deduplicate": 1,
            "async_insert": 0,
        }
        if self.settings.distributed:
            settings["distributed_foreground_insert"] = 1  # an answer means: every shard has its rows
        with self._asking() as client:
            client.insert(table, rows, column_names=columns, settings=settings)

    def close(self) -> None:
        """Let it go."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        try:
            client = self._connected()
            if self.settings.path:
                with self._lock:
                    yield client
            else:
                yield client
        except ClickHouseError as error:
            found = _CODE.search(str(error))
            code = found[1] if found else ""
            what = f"ClickHouse: {type(error).__name__}" + (f" (code {code})" if code else "")
            kind = StoreFullError if code in _FULL else StoreReadOnlyError if code in _READ_ONLY else StoreError
            raise kind(what) from None
        except (OSError, RuntimeError) as error:
            raise StoreError(f"ClickHouse: {type(error).__name__}") from None

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                given = self.settings
                if given.path:
                    self._client = clickhouse_connect.get_client(interface="chdb", path=given.path)
                else:
                    self._client = clickhouse_connect.get_client(
                        host=given.host,
                        port=given.port,
                        username=given.user,
                        password=given.password,
                        database=given.database,
                        secure=given.secure,
                        connect_timeout=10,
                        send_receive_timeout=120,
                        autogenerate_session_id=False,
                        settings=_ON_REPLICAS if given.replicated else {},
                    )
            return self._client
