"""Events on their way, without ClickHouse: what is staged comes back, and what a row of it holds."""

from datetime import date
from typing import Any

import msgspec
import pytest

from spawngate.server.store.clickhouse import staging
from spawngate.server.store.clickhouse.tables import COLUMNS
from spawngate.server.store.coded.columns import LONGEST
from spawngate.server.store.port import Entry, StoreDamagedError
from spawngate.server.store.postgres import tables
from spawngate.server.store.postgres.connection import Pool
from tests.server.store.conformance import DAY, Source, decision, stamp

LOW = 20776 << 40


def test_what_is_staged_comes_back(database: str) -> None:
    pool = Pool(database)
    entries = Source().entries(1201)
    with pool.lent() as connection:
        tables.create(connection, pool.schema, tables.CREATE + staging.CREATE)
        staging.stage(connection, LOW + 1, entries)
    found = staging.staged(pool)
    assert list(found.items()) == [(LOW + number, entry) for number, entry in enumerate(entries, 1)]
    assert staging.staged(pool, LOW + 499, LOW + 502) == {LOW + n: entries[n - 1] for n in range(499, 503)}
    assert staging.staged(pool, LOW + 2000) == {}
    pool.all("UPDATE staged SET data='x' WHERE id=%s", LOW + 1)
    with pytest.raises(StoreDamagedError):
        staging.staged(pool)
    pool.close()


def row(**fields: Any) -> dict[str, object]:
    entry = Source().entry(**fields)
    return dict(zip(COLUMNS, staging.row_of(LOW + 7, entry), strict=True))


def test_a_row() -> None:
    found = row(**decision("deny", "Rm -rf /", "git STATUS", rules=("one", "one")))
    assert (found["id"], found["day"], found["sender"], found["sequence"]) == (LOW + 7, date(2026, 11, 19), "laptop", 1)
    assert (found["c_command"], found["f_command"]) == (["Rm -rf /", "git STATUS"], ["rm -rf /", "git status"])
    assert (found["c_rule"], found["f_rule"], found["n_latency"]) == (["one"], [], 2)
    assert "git status" in str(found["search"]).split("\0")
    assert "STATUS" not in str(found["search"])


def test_free_text_is_searched_to_its_end() -> None:
    long = "x" * LONGEST + "END"
    assert str(row(detail={"a": "b", "text": long})["search"]).split("\0")[3].endswith("xend")


def test_foreign_records_have_rows() -> None:
    for record in (b'{"type":"x"}', b'{"type":"x","actor":[1],"call":null,"m":"\\u0000"}'):
        entry = Entry("e", "s", 1, stamp(DAY), stamp(DAY), "x", record)
        assert staging.row_of(LOW + 1, entry)[-1] == record.decode()
        assert msgspec.json.decode(record)["type"] == "x"
