"""The same conversation with fleet data in PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from spawngate.server.fleet import approvals, bundles
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS, FINDINGS
from spawngate.server.intake import routes
from spawngate.sync import bundle
from spawngate.sync.messages import BUNDLE, INVENTORY, REQUESTS, SYNC
from tests.server import fleetdata
from tests.server.fleet.test_inventory import artifact, document, finding
from tests.server.intake.enrolled import Fleet
from tests.server.intake.test_obeying import ASK
from tests.server.intake.test_syncing import TOLD
from tests.server.postgres import cluster, database  # noqa: F401  # fixtures


@pytest.fixture
def fleet(tmp_path: Path, database: str) -> Iterator[Fleet]:  # noqa: F811  # the fixture
    with fleetdata.services(tmp_path) as services, Database(database) as there:
        there.migrate()
        services = replace(services, database=there)
        with TestClient(Starlette(routes=list(routes(services)))) as client:
            yield Fleet(services, client)


def test_enrolled_told_held_asked_and_obeyed(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert fleet.enrolled().endpoint == enrolled.endpoint
    token = fleet.enrolled().token
    assert fleet.send("POST", SYNC, token, msgspec.json.encode(TOLD)).json() == {"clock": fleetdata.NOW}
    hostile = artifact("a1", name="nul \0 and \u202e", agent="a" * 500)
    first = document([hostile, artifact("a2")], findings=[finding("x"), finding("y")])
    assert fleet.send("PUT", INVENTORY, token, first).json()["artifacts"] == 2
    assert fleet.send("PUT", INVENTORY, token, document([artifact("a1")], findings=[finding("y")])).status_code == 200
    assert fleet.send("POST", REQUESTS, token, msgspec.json.encode(ASK)).json()["state"] == "pending"
    with fleet.services.database.begin() as connection:
        approvals.decide(connection, 1, approve=True, by="bob", now=fleetdata.NOW)
        assert bundles.raise_serial(connection, fleetdata.NOW) > bundles.serial(connection) - 1
    with fleet.services.database.read() as connection:
        row = connection.execute(select(ENDPOINTS)).mappings().one()
        assert (row["mode"], row["dropped"], row["enforcement"][0]["agent"]) == (
            "enforce",
            {"decision:allow": 4},
            "claude-code",
        )
        assert connection.execute(select(ARTIFACTS.c.id)).scalars().all() == ["a1"]
        closed = connection.execute(select(FINDINGS.c.fingerprint, FINDINGS.c.closed_at)).all()
        assert sorted(map(tuple, closed)) == [("x", fleetdata.NOW), ("y", "")]
    data = fleet.send("GET", BUNDLE, token).content
    found = bundle.opened(data, enrolled.endpoint, fleet.services.signer.verifier)
    assert (found.serial, [each.by for each in found.bundle.approvals]) == (1_795_262_401, ["bob"])
