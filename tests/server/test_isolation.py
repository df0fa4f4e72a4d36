"""One team sees nothing of another: every route that reads, asked by everybody of one team for everything of the other.

What the other team has is marked; no answer to the first team may hold the mark. A role in the organisation sees it, so
the mark can be found.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from spawngate.server.access.limits import Limit
from spawngate.server.access.roles import Role
from spawngate.server.application import requirement, walked
from spawngate.server.fleet import enrolments, tokens, users
from spawngate.server.fleet.tables import APPROVALS, POLICIES, PROJECTS, ROLLOUTS, SEARCHES, SUPPRESSIONS
from spawngate.trail.event import Hit
from tests.server.applied import World, world
from tests.server.fleetdata import (
    NOW,
    add_artifact,
    add_endpoint,
    add_events,
    add_finding,
    add_match,
    add_server,
    decided,
)

MARK = "LEAKED"
"""Stands in what the other team has, and in no address that is asked."""
OURS, THEIRS = 1, 2
IDS = ("e-theirs", "a-theirs", "fp-theirs", "f-theirs", "CVE-theirs", "s-theirs", "skill", "1", "2")
FILLINGS: tuple[tuple[tuple[str, ...], ...], ...] = (
    ((),),
    tuple((each,) for each in IDS),
    (*(("e-theirs", each) for each in IDS), ("skill", "s-theirs"), ("1", "1"), ("2", "1")),
    (("e-theirs", "s1", "1"), ("e-theirs", "s1", "2"), ("2", "1", "1")),
)
"""What paths are filled with, by how many places they have."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("isolation")) as made:
        assert (made.team("Ours"), made.team(f"{MARK} team")) == (OURS, THEIRS)
        fill(made)
        yield made


def fill(server: World) -> None:
    """Something of everything for the other team, and an endpoint for the first."""
    with server.writing() as connection:
        add_endpoint(connection, "e-ours", team=OURS, host="our-host")
        add_endpoint(
            connection, "e-theirs", team=THEIRS, host=f"{MARK}-host", user_name=f"{MARK}-user", group=f"{MARK}-group",
            label=f"{MARK}-label",
        )  # fmt: skip
        common: dict[str, Any] = {"team": THEIRS, "path": f"/home/{MARK}", "name": f"{MARK}-name"}
        add_artifact(connection, "e-theirs", "a-theirs", fingerprint="fp-theirs", package=f"{MARK}-package", **common)
        add_artifact(connection, "e-theirs", "k-theirs", kind="skill", fingerprint="fp-skill", **common)
        add_artifact(
            connection, "e-theirs", "g-theirs", kind="agent", agent=f"{MARK}-agent", fingerprint="fp-agent", **common
        )
        add_artifact(
            connection, "e-theirs", "x-theirs", kind="secret", fingerprint="s-theirs", detail={"type": f"{MARK}-type"},
            **common,
        )  # fmt: skip
        add_server(connection, "fp-theirs", f"{MARK}-name", first_endpoint="e-theirs")
        add_finding(
            connection,
            "e-theirs",
            "f-theirs",
            team=THEIRS,
            rule=f"{MARK}-rule",
            name=f"{MARK}-name",
            owner=f"{MARK}-owner",
        )
        add_match(connection, "e-theirs", "CVE-theirs", "a-theirs", detail={"summary": f"{MARK}-summary", "id": MARK})
        connection.execute(
            insert(APPROVALS).values(
                team=THEIRS, endpoint="e-theirs", fingerprint="fp-theirs", name=f"{MARK}-approval", state="pending",
                launch={"identity": {"command": MARK, "args": [], "transport": "stdio"}, "command": MARK},
                asked_by=f"{MARK}-asker", asked_at=NOW, reason=f"{MARK}-reason",
            )
        )  # fmt: skip
        connection.execute(
            insert(SUPPRESSIONS).values(
                team=THEIRS,
                kind="accepted",
                rule=f"{MARK}-rule",
                reason=f"{MARK}-reason",
                created_by=MARK,
                created_at=NOW,
            )
        )
        connection.execute(
            insert(PROJECTS).values(
                team=THEIRS, name=f"{MARK}-project", scanned_at=NOW, result={"findings": [], "name": MARK}
            )
        )
        policy = connection.execute(
            insert(POLICIES).values(
                name="shared", files={}, digest="0" * 64, state="ready", created_by="x", created_at=NOW, report={}
            )
        ).inserted_primary_key
        assert policy is not None
        connection.execute(
            insert(ROLLOUTS).values(
                team=THEIRS,
                group=f"{MARK}-group",
                policy=policy[0],
                mode="monitor",
                created_by=f"{MARK}-by",
                created_at=NOW,
            )
        )
        someone = users.create(connection, f"{MARK} person", NOW, roles={THEIRS: Role.OWNER})
        connection.execute(insert(SEARCHES).values(user=someone, page="endpoints", name=f"{MARK}-search", query="q=x"))
        tokens.create(connection, name=f"{MARK}-token", team=THEIRS, role=Role.READER, by=f"{MARK}", now=NOW)
        enrolments.create(connection, kind="secret", name=f"{MARK}-enrolment", team=THEIRS, by=MARK, now=NOW)
    add_events(
        server.parts,
        "e-theirs",
        [decided("deny", f"curl {MARK}", hits=(Hit(f"{MARK}-rule", "high", "high"),)) for _ in range(3)],
    )
    add_events(server.parts, "e-ours", [decided("allow", "ls")])


def addresses(server: World) -> list[str]:
    """Every address of every route that reads, with all that its path can be filled with."""
    found: list[str] = []
    for path, route in walked(server.application.routes):
        asked = requirement(route)
        assert asked is not None
        if "GET" not in (getattr(route, "methods", None) or ()) or asked.is_public or asked.endpoint:
            continue
        names = re.findall(r"\{[^}]+\}", path)
        for values in FILLINGS[len(names)]:
            concrete = path
            for name, value in zip(names, values, strict=True):
                concrete = concrete.replace(name, quote(value), 1)
            found.append(concrete)
        if not names:
            found += [f"{path}{'&' if '?' in path else '?'}{more}" for more in NARROWED]
    return list(dict.fromkeys(found))


NARROWED = (
    f"team={THEIRS}",
    "q=theirs",
    "endpoint=e-theirs",
    "kind=skill",
    "by=endpoint",
    "by=rule",
    "query=deny",
    "span=90d",
    "state=pending",
)


@pytest.mark.parametrize("role", [Role.READER, Role.OWNER])
def test_no_answer_to_one_team_holds_anything_of_another(
    server: World, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Limit, "_left", lambda *_: 1e9)
    program = server.program(role, OURS)
    person = server.browser(server.person(f"Our {role.value}", {OURS: role})).client
    leaks, faults = [], []
    for address in addresses(server):
        client = program if address.startswith(("/api/", "/v")) else person
        answer = client.get(address)
        if MARK in answer.text or MARK in str(answer.headers):
            leaks.append(address)
        if answer.status_code >= 500:
            faults.append((address, answer.status_code))
    assert leaks == []
    assert faults == []


def test_the_mark_can_be_found(server: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the test before would prove nothing: the owner of the organisation sees it nearly everywhere."""
    monkeypatch.setattr(Limit, "_left", lambda *_: 1e9)
    client = server.browser(server.person("Owner", {0: Role.OWNER})).client
    shown = {re.split(r"[?]", address)[0] for address in addresses(server) if MARK in client.get(address).text}
    for path in (
        "/api/v1/teams",
        "/api/v1/users",
        "/api/v1/teams/2/members",
        "/api/v1/tokens",
        "/api/v1/enrolments",
        "/api/v1/endpoints",
        "/api/v1/endpoints/e-theirs",
        "/api/v1/servers",
        "/api/v1/servers/fp-theirs",
        "/api/v1/artifacts",
        "/api/v1/secrets",
        "/api/v1/advisories",
        "/api/v1/advisories/CVE-theirs",
        "/api/v1/findings",
        "/api/v1/findings/e-theirs/f-theirs",
        "/api/v1/suppressions",
        "/api/v1/approvals",
        "/api/v1/approvals/1",
        "/api/v1/events",
        "/api/v1/counts",
        "/endpoints",
        "/endpoints.csv",
        "/endpoints/e-theirs",
        "/servers",
        "/findings",
        "/decisions",
    ):
        assert path in shown, path
