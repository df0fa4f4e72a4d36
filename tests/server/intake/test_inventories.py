"""Inventories that arrive."""

import gzip
import json
from typing import Any

import pytest
from sqlalchemy import select

from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS
from spawngate.sync.inventory import digest
from spawngate.sync.messages import INVENTORY
from tests.server.intake.enrolled import Fleet

DOCUMENT: dict[str, Any] = {
    "taken_at": "2026-11-21T10:00:00Z",
    "platform": "linux",
    "artifacts": [{"kind": "mcp_server", "id": "a1", "fingerprint": "f1", "name": "files", "agent": "cursor"}],
}


def test_an_inventory_is_held(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    data = json.dumps(DOCUMENT).encode()
    answer = fleet.send("PUT", INVENTORY, enrolled.token, gzip.compress(data), content_encoding="gzip")
    assert (answer.status_code, answer.json()) == (200, {"digest": digest(data), "artifacts": 1})
    with fleet.services.database.read() as connection:
        held = connection.execute(select(ENDPOINTS.c.inventory)).scalar_one()
        names = connection.execute(select(ARTIFACTS.c.name)).scalars().all()
    assert (held, names) == (digest(data), ["files"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{}", 422),
        (b"[" * 9_999, 422),
        (json.dumps(DOCUMENT | {"artifacts": [{"id": ""}]}).encode(), 422),
        (json.dumps(DOCUMENT | {"artifacts": [{"kind": "x", "id": "y" * 201, "fingerprint": ""}]}).encode(), 422),
        (b"x" * (9 << 20), 413),
    ],
)
def test_what_is_none_changes_nothing(fleet: Fleet, body: bytes, status: int) -> None:
    enrolled = fleet.enrolled()
    fleet.send("PUT", INVENTORY, enrolled.token, json.dumps(DOCUMENT).encode())
    assert fleet.send("PUT", INVENTORY, enrolled.token, body).status_code == status
    with fleet.services.database.read() as connection:
        assert connection.execute(select(ARTIFACTS.c.id)).scalars().all() == ["a1"]


def test_bombs_are_refused(fleet: Fleet) -> None:
    packed = gzip.compress(b" " * (64 << 20))
    answer = fleet.send("PUT", INVENTORY, fleet.enrolled().token, packed, content_encoding="gzip")
    assert answer.status_code == 413
