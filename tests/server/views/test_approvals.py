"""Requests and approvals as lists and pages."""

from pathlib import Path
from typing import Any

import msgspec

from spawngate.launch.identity import File, Identity
from spawngate.policy.confinement import Confinement
from spawngate.server.fleet import approvals as fleet
from spawngate.server.fleet import endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.services import Services
from spawngate.server.views.approvals import FACETS, Use, approval, approvals, waiting
from spawngate.server.views.filters import Filters
from spawngate.sync.messages import Ask
from tests.server.fleetdata import HOSTILE, NOW, fill_small, services

IDENTITY = Identity(
    "npx",
    ("-y", "some-server"),
    environment={"NODE_OPTIONS": "--inspect"},
    package="pkg:npm/some-server",
    programs=(File("/usr/bin/npx", "ab" * 32),),
    unknown=("the release",),
)


def asked(parts: Services, endpoint: str, name: str = "files", **more: Any) -> int:
    """A request of an endpoint."""
    about = Requested(IDENTITY, "cursor", "", "npx -y some-server", "community", ("some-rule",), ("read",))
    with parts.database.begin() as connection:
        row = endpoints.get(connection, endpoint)
        assert row is not None
        given = Ask(IDENTITY.fingerprint, msgspec.to_builtins(about), name, "ada", "for work", "", **more)
        return fleet.ask(connection, row, given, now=NOW)[0].id


def test_the_list_shows_what_waits_first_and_each_team_its_own(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        first, second = asked(parts, "e1"), asked(parts, "e3", HOSTILE)
        with parts.database.begin() as connection:
            fleet.decide(connection, first, approve=True, by="Jo", now=NOW, expires="2026-11-21T12:00:00.000000Z")
        listing = approvals(parts, None, Filters())
        assert [(each.id, each.state, each.host, each.team_name, each.command) for each in listing.rows] == [
            (second, "pending", "gamma", "Web", "npx -y some-server"),
            (first, "ended", "alpha", "Core", "npx -y some-server"),
        ]
        assert [facet.name for facet in listing.facets] == ["state", "team"]
        core = approvals(parts, frozenset({1}), Filters())
        assert [(each.id, each.rules, each.tier, each.agent) for each in core.rows] == [
            (first, ("some-rule",), "community", "cursor")
        ]
        assert approvals(parts, frozenset(), Filters()).rows == ()
        assert (waiting(parts, None), waiting(parts, frozenset({1})), waiting(parts, frozenset({2}))) == (1, 0, 1)


def test_words_facets_and_pages(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        numbers = [asked(parts, endpoint, f"server-{endpoint}") for endpoint in ("e1", "e2", "e3")]
        for pairs, expected in (
            ([("q", "some-server")], numbers),
            ([("q", "server-e2")], numbers[1:2]),
            ([("q", "state:pending server-e3")], numbers[2:]),
            ([("state", "approved")], []),
            ([("team", "1")], numbers[:2]),
        ):
            found = approvals(parts, None, Filters.of(pairs, FACETS))
            assert sorted(each.id for each in found.rows) == expected
        seen, cursor = [], ""
        while True:
            part = approvals(parts, None, Filters(limit=1, cursor=cursor), facets=False)
            seen += [each.id for each in part.rows]
            if part.cursor is None:
                break
            cursor = part.cursor
        assert seen == numbers[::-1]


def test_one_says_what_it_is_of_and_who_runs_it(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        number, other = asked(parts, "e1"), asked(parts, "e2")
        with parts.database.begin() as connection:
            fleet.decide(
                connection,
                other,
                approve=True,
                by="Jo",
                now=NOW,
                sandbox=Confinement(read=("~/src",), hosts=("a.test",)),
            )
        found = approval(parts, frozenset({1}), number)
        assert found is not None
        assert found.parts == (
            ("Command", "npx -y some-server"),
            ("Package", "pkg:npm/some-server"),
            ("Program", "/usr/bin/npx sha256:abababababababab…"),
            ("Variable", "NODE_OPTIONS=--inspect"),
        )
        assert (found.unknown, found.tools) == (("the release",), ("read",))
        assert [each.id for each in found.others] == [other]
        assert found.uses == (Use("fp-files", "files", 2, True, "npx -y some-server"),)
        granted = approval(parts, None, other)
        assert granted is not None
        assert granted.sandbox == (("Reads", "~/src"), ("Network", "a.test"))
        assert approval(parts, frozenset({2}), number) is None
        assert approval(parts, None, 999) is None


def test_what_an_endpoint_wrote_wrongly_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        number = asked(parts, "e1")
        with parts.database.begin() as connection:
            from sqlalchemy import update

            from spawngate.server.fleet.tables import APPROVALS

            wrong: Any = {"identity": {"command": 7, "programs": [3], "environment": []}, "tools": "x", "findings": 1}
            connection.execute(update(APPROVALS).where(APPROVALS.c.id == number).values(launch=wrong))
        found = approval(parts, None, number)
        assert found is not None
        assert (found.parts, found.tools, found.row.rules, found.row.command) == ((), (), (), "")
