"""Inventories as rows: what is new, changed, gone; what people noted stays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select, update

from spawngate.server.fleet import inventory
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS, SERVERS
from spawngate.sync.inventory import InventoryError
from tests.server import fleetdata

FIRST, SECOND, THIRD = (f"2026-11-2{day}T12:00:00.000000Z" for day in (1, 2, 3))


def artifact(id_: str, fingerprint: str = "f1", **more: Any) -> dict[str, Any]:
    launch = {"transport": "stdio", "command": "npx", "package": "pkg:npm/server@1"}
    return {
        "kind": "mcp_server",
        "id": id_,
        "fingerprint": fingerprint,
        "agent": "cursor",
        "scope": "user",
        "name": "files",
        "path": "/home/ada/.cursor/mcp.json",
        "status": "enabled",
        "detail": {},
        "launch": launch,
        "tier": "community",
        "capabilities": ["filesystem"],
    } | more


def finding(fingerprint: str, **more: Any) -> dict[str, Any]:
    given = {"id": "rule-1", "severity": "high", "confidence": "medium", "fingerprint": fingerprint, "artifact": "a1"}
    return given | {"title": "T", "message": "m"} | more


def document(artifacts: list[Any] | None = None, **more: Any) -> bytes:
    given = {"taken_at": FIRST, "platform": "linux", "artifacts": [artifact("a1")] if artifacts is None else artifacts}
    return json.dumps(given | more).encode()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with open_fleet(tmp_path) as database, database.begin() as found:
        fleetdata.add_endpoint(found, "e1")
        fleetdata.add_endpoint(found, "e2")
        yield found


def hold(connection: Connection, data: bytes, now: str, endpoint: str = "e1") -> int:
    return inventory.hold(connection, endpoint, 0, data, digest="d", now=now)


def rows(connection: Connection, table: Table, *names: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in connection.execute(select(*(table.c[name] for name in names))))


def test_a_first_inventory(connection: Connection) -> None:
    assert hold(connection, document(), FIRST) == 1
    [row] = connection.execute(select(ARTIFACTS)).mappings()
    record = artifact("a1")
    assert dict(row) == {
        "endpoint": "e1",
        "id": "a1",
        "team": 0,
        "kind": "mcp_server",
        "name": "files",
        "agent": "cursor",
        "scope": "user",
        "path": "/home/ada/.cursor/mcp.json",
        "fingerprint": "f1",
        "status": "enabled",
        "tier": "community",
        "transport": "stdio",
        "package": "pkg:npm/server@1",
        "capabilities": ["filesystem"],
        "record": record,
        "first_seen": FIRST,
        "changed_at": FIRST,
    }
    assert rows(connection, ENDPOINTS, "id", "inventory", "scanned_at") == [("e1", "d", FIRST), ("e2", "", "")]
    assert rows(connection, SERVERS, "fingerprint", "first_seen", "first_endpoint") == [("f1", FIRST, "e1")]


def test_changed_gone_and_new(connection: Connection) -> None:
    hold(connection, document([artifact("a1"), artifact("a2"), artifact("a3")]), FIRST)
    later = [artifact("a1"), artifact("a2", "f2"), artifact("a4", "f3", kind="skill")]
    hold(connection, document(later), SECOND)
    expected = [("a1", "f1", FIRST, FIRST), ("a2", "f2", FIRST, SECOND), ("a4", "f3", SECOND, SECOND)]
    assert rows(connection, ARTIFACTS, "id", "fingerprint", "first_seen", "changed_at") == expected
    assert rows(connection, SERVERS, "fingerprint", "first_seen") == [("f1", FIRST), ("f2", SECOND)]


def test_what_runs_just_now_is_noted_and_no_change(connection: Connection) -> None:
    hold(connection, document(), FIRST)
    running = {"running": {"state": "running", "pids": [1]}}
    hold(connection, document([artifact("a1", detail=running)]), SECOND)
    [(record, changed)] = rows(connection, ARTIFACTS, "record", "changed_at")
    assert (record["detail"], changed) == (running, FIRST)


def test_endpoints_do_not_touch_each_other(connection: Connection) -> None:
    hold(connection, document(), FIRST)
    hold(connection, document(), SECOND, "e2")
    hold(connection, document([]), THIRD)
    assert rows(connection, ARTIFACTS, "endpoint", "id") == [("e2", "a1")]
    assert rows(connection, SERVERS, "first_seen", "first_endpoint") == [(FIRST, "e1")]


def test_findings_open_close_and_open_again(connection: Connection) -> None:
    hold(connection, document(findings=[finding("x"), finding("y")]), FIRST)
    connection.execute(update(FINDINGS).values(owner="bob", state="resolved", due="2026-12-01"))
    hold(connection, document(findings=[finding("y")]), SECOND)
    names = ("fingerprint", "opened_at", "closed_at", "state", "owner", "due")
    closed = [("x", FIRST, SECOND), ("y", FIRST, "")]
    assert rows(connection, FINDINGS, *names) == [(*each, "resolved", "bob", "2026-12-01") for each in closed]
    hold(connection, document(findings=[finding("x"), finding("y")]), THIRD)
    [first, _] = rows(connection, FINDINGS, *names)
    assert first == ("x", THIRD, "", "open", "bob", "2026-12-01")
    [(record, agent, name), _] = rows(connection, FINDINGS, "fingerprint", "agent", "name")
    assert (record, agent, name) == ("x", "cursor", "files")
    stored = connection.execute(select(FINDINGS.c.record)).scalars().first()
    given = {"rule": "rule-1", "severity": "high", "confidence": "medium", "title": "T", "message": "m"}
    assert stored == given | {"fingerprint": "x"}


def test_advisories_keep_when_they_were_first_seen(connection: Connection) -> None:
    match = {"id": "GHSA-1", "artifact": "a1", "answer": "affected", "package": "server"}
    hold(connection, document(advisories=[match]), FIRST)
    hold(connection, document(advisories=[match, match | {"id": "GHSA-2"}]), SECOND)
    expected = [("GHSA-1", "affected", FIRST), ("GHSA-2", "affected", SECOND)]
    assert rows(connection, ADVISORY_MATCHES, "advisory", "state", "first_seen") == expected
    hold(connection, document(), THIRD)
    assert rows(connection, ADVISORY_MATCHES, "advisory") == []


def test_of_two_of_one_id_the_first_counts(connection: Connection) -> None:
    same = [artifact("a1"), artifact("a1", "f9")]
    assert hold(connection, document(same, findings=[finding("x"), finding("x", severity="low")]), FIRST) == 1
    assert rows(connection, ARTIFACTS, "fingerprint") == [("f1",)]
    assert rows(connection, FINDINGS, "severity") == [("high",)]


def test_hostile_texts_are_cut_to_what_columns_hold(connection: Connection) -> None:
    hostile = artifact("a1", name="<script>\0" + "n" * 9_999, agent="a" * 500, tier="t" * 99, scope="s" * 99)
    hold(connection, document([hostile | {"capabilities": ["c" * 500] * 300}]), FIRST)
    [(name, agent, tier, capabilities)] = rows(connection, ARTIFACTS, "name", "agent", "tier", "capabilities")
    assert (name[:9], len(name), len(agent), len(tier), len(capabilities)) == ("<script>\ufffd", 300, 100, 20, 100)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        document(["x"]),
        document([{"id": "a"}]),
        document([artifact("")]),
        document([artifact("x" * 201)]),
        document([artifact("a1")], findings=[{"id": "r"}]),
        document([artifact("a1")], advisories=[1]),
        document([artifact(str(number)) for number in range(20_001)]),
        b"[" * 99_999,
    ],
)
def test_what_is_no_inventory(connection: Connection, data: bytes) -> None:
    with pytest.raises(InventoryError) as error:
        hold(connection, data, FIRST)
    assert len(str(error.value)) < 300


@given(st.binary(max_size=100))
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(InventoryError):
        inventory.read(data)


@pytest.mark.parametrize(
    "more",
    [
        {"artifacts": [artifact("\U0001f600" * 51)]},
        {"artifacts": [artifact("a1", "\U0001f600" * 26)]},
        {"findings": [finding("\U0001f600" * 26)]},
        {"advisories": [{"id": "GHSA-1", "artifact": "\U0001f600" * 51, "answer": "affected"}]},
    ],
)
def test_keys_that_fit_in_no_index_are_refused(connection: Connection, more: dict[str, Any]) -> None:
    """Bytes count in an index; what PostgreSQL refuses would come again and again."""
    with pytest.raises(InventoryError, match=r"more than (200|100) bytes"):
        hold(connection, document(**more), FIRST)


def test_what_no_database_holds_is_replaced_in_keys_too(connection: Connection) -> None:
    bad = artifact("a\0" + "1", "f\0" + "1", capabilities=["net\0work"])
    said = finding("p\0", artifact="a\0" + "1", id="rule\0")
    match = {"id": "CVE\0", "artifact": "a\0" + "1", "answer": "affected"}
    assert hold(connection, document([bad], findings=[said], advisories=[match]), FIRST) == 1
    assert rows(connection, ARTIFACTS, "id", "fingerprint", "capabilities") == [
        ("a\ufffd1", "f\ufffd1", ["net\ufffdwork"])
    ]
    assert rows(connection, FINDINGS, "fingerprint", "rule", "artifact", "name") == [
        ("p\ufffd", "rule\ufffd", "a\ufffd1", "files")
    ]
    assert rows(connection, ADVISORY_MATCHES, "advisory", "artifact") == [("CVE\ufffd", "a\ufffd1")]
