"""From a refusal to a request, its approval and a server that starts: real daemon, real launcher, real connection."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, select

from spawngate.endpoint.launching import approvals as local
from spawngate.server import deciding
from spawngate.server.fleet import approvals, bundles
from spawngate.server.fleet.tables import APPROVALS, ENDPOINTS, POLICIES, ROLLOUTS
from spawngate.trail.event import Event
from spawngate.trail.moment import stamp
from tests.cli.machines import Machine, until
from tests.endpoint.sync.serving import Served, serving
from tests.server import fleetdata


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "server", now=stamp(datetime.now(UTC)), interval=5) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.run("daemon", "stop")


def roll_out(served: Served, settings: str) -> None:
    now = served.services.now()
    with served.services.database.begin() as connection:
        made = {"name": "base", "digest": "", "state": "ready", "created_by": "ann", "created_at": now, "report": {}}
        key = connection.execute(insert(POLICIES).values(files={"policy.toml": settings}, **made)).inserted_primary_key
        assert key is not None
        given = {"policy": key[0], "mode": "enforce", "created_by": "ann", "created_at": now, "team": 0}
        connection.execute(insert(ROLLOUTS).values(**given))
        bundles.raise_serial(connection, now)


def test_from_the_refusal_to_the_effect(served: Served, machine: Machine) -> None:
    roll_out(served, "approvals = true\n")
    assert "team organisation" in machine.said(
        "enroll", "--server", served.address, "--code", served.secret(kind="code")
    )
    machine.said("daemon", "start", "--no-inventory")
    until(lambda: (machine.state / "policy" / "policy.toml").exists())
    time.sleep(1.5)  # the daemon looks at its policy every second

    refused = machine.launch()["error"]["message"]
    found = re.search(r"To ask for it: `spawngate request ([0-9a-f]{12}) --reason WHY`\.", refused)
    assert found is not None, refused
    with served.services.database.read() as connection:
        endpoint = connection.execute(select(ENDPOINTS.c.id)).scalar_one()
    # A refusal is at the server at once, not with the next sync.
    assert until(lambda: any(b'"verdict":"deny"' in line for line in served.stored(endpoint))) < 2.5

    assert machine.run("request", found[1]).returncode == 2
    assert machine.said("request", found[1], "--reason", "for work").startswith("request 1 pending:")
    with served.services.database.begin() as connection:
        approvals.decide(connection, 1, approve=True, by="ann", now=served.services.now(), note="fine")
    took = until(lambda: any(not each.revoked for each in local.load(machine.state)), 12)
    assert took < 8  # one sync of five seconds and its jitter
    assert machine.launch()["result"]["serverInfo"] == {"name": "tests", "version": "1"}
    assert "request 1 approved by ann" in machine.said("request", "--list")
    [listed] = json.loads(machine.said("approve", "--list", "--format", "json"))["approvals"]
    assert (listed["state"], listed["by"], listed["reason"]) == ("live", "ann", "for work")

    with served.services.database.begin() as connection:
        approvals.revoke(connection, 1, by="ann", now=served.services.now(), note="no longer")
    until(lambda: all(each.revoked for each in local.load(machine.state)), 12)
    assert "Its approval was revoked (no longer)." in machine.launch()["error"]["message"]

    # Without a request: what the record of the refusal holds is enough.
    def refusals() -> list[bytes]:
        return [line for line in served.stored(endpoint) if b'"verdict":"deny"' in line and b'"identity"' in line]

    until(lambda: len(refusals()) == 2)
    event = msgspec.json.decode(refusals()[-1], type=Event)
    given = deciding.approve_refused(
        served.services, fleetdata.OWNER, endpoint, event, reach="endpoint", reason="seen", expires=""
    )
    until(lambda: any(each.number == given.id and not each.revoked for each in local.load(machine.state)), 12)
    assert machine.launch()["result"]["serverInfo"] == {"name": "tests", "version": "1"}

    fleet = json.loads(machine.said("status", "--format", "json"))["fleet"]
    assert (fleet["server"], fleet["endpoint"], fleet["problem"], fleet["refused"]) == (
        served.address,
        endpoint,
        "",
        "",
    )
    assert f"fleet   {served.address} knows this endpoint as {endpoint}" in machine.said("status")

    machine.said("unenroll")
    assert not (machine.state / "policy").exists()
    records = [json.loads(line) for line in machine.said("audit", "export").splitlines()]
    kinds = [record["detail"].get("what") for record in records if record["type"] == "administration"]
    assert "bundle-applied" in kinds


def test_asked_while_the_server_is_away_and_approved_when_it_is_back(tmp_path: Path, machine: Machine) -> None:
    now = stamp(datetime.now(UTC))
    with serving(tmp_path / "server", now=now, interval=5) as served:
        roll_out(served, "approvals = true\n")
        machine.said("enroll", "--server", served.address, "--code", served.secret(kind="code"))
        machine.said("daemon", "start", "--no-inventory")
        until(lambda: (machine.state / "policy" / "policy.toml").exists())
        time.sleep(1.5)
        port = served.port
    refused = machine.launch()["error"]["message"]
    found = re.search(r"spawngate request ([0-9a-f]{12})", refused)
    assert found is not None
    told = machine.said("request", found[1], "--reason", "for work")
    assert "the server cannot take it now; the request waits" in told
    assert "request waits for the server" in machine.said("request", "--list")
    with serving(tmp_path / "server", now=now, interval=5, port=port) as served:

        def pending() -> bool:
            with served.services.database.read() as connection:
                return connection.execute(select(APPROVALS.c.id)).scalar() == 1

        until(pending, 60)
        with served.services.database.begin() as connection:
            approvals.decide(connection, 1, approve=True, by="ann", now=served.services.now())
        until(lambda: any(not each.revoked for each in local.load(machine.state)), 12)
        assert machine.launch()["result"]["serverInfo"] == {"name": "tests", "version": "1"}
        machine.said("daemon", "stop")


def test_nobody_to_ask(machine: Machine) -> None:
    done = machine.run("request", "0123456789ab", "--reason", "x")
    assert done.returncode == 2
    assert machine.run("request", "--list", "x").returncode == 2
    assert machine.run("request").returncode == 2
