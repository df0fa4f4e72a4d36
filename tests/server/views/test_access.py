"""Teams, people, tokens and enrolment secrets as lists."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, update

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import users
from spawngate.server.fleet.tables import ENROLMENTS, TEAMS, TOKENS
from spawngate.server.services import Services
from spawngate.server.views.access import (
    EnrolmentRow,
    PersonRow,
    TeamRow,
    TokenRow,
    enrolments_of,
    people_of,
    teams_of,
    tokens_of,
)
from spawngate.server.views.filters import Filters
from tests.server.fleetdata import NOW, fill_small, services

SOON, GONE = "2026-12-01T00:00:00.000000Z", "2026-11-01T00:00:00.000000Z"
EARLY, LATE = "2026-10-01T00:00:00.000000Z", "2026-10-02T00:00:00.000000Z"


def fill_access(parts: Services) -> None:
    """People, tokens and secrets of the two teams of `fill_small`, in every state."""
    with parts.database.begin() as connection:
        connection.execute(update(TEAMS).where(TEAMS.c.id == 0).values(created_at=EARLY))
        ana = {"email": "ana@example.org", "password": "a hash"}
        users.create(connection, "Ana", EARLY, roles={0: Role.ANALYST, 1: Role.ADMINISTRATOR}, **ana)
        users.create(connection, "Bo", EARLY, issuer="https://id.example", subject="7", roles={1: Role.READER})
        cy = users.create(connection, "Cy", LATE, roles={2: Role.ANALYST})
        users.create(connection, "Di", LATE)
        users.disable(connection, cy, NOW)
        token = {"prefix": "sgt_abc", "role": "reader", "scopes": [], "created_by": "Ana", "created_at": EARLY}
        for number, more in enumerate(
            (
                {"name": "siem", "team": 0, "expires_at": SOON, "scopes": ["events:read"]},
                {"name": "old", "team": 1, "expires_at": GONE},
                {"name": "lost", "team": 1, "expires_at": SOON, "revoked_at": NOW, "role": "owner"},
                {"name": "web", "team": 2, "expires_at": SOON, "created_at": LATE, "created_by": "Bo"},
            )
        ):
            connection.execute(insert(TOKENS).values(**token | {"hash": str(number)} | more))
        secret = {"kind": "secret", "group": "", "created_by": "Ana", "created_at": EARLY}
        for number, more in enumerate(
            (
                {"name": "mdm", "team": 1, "group": "laptops"},
                {"name": "code", "team": 1, "kind": "code", "most": 1, "uses": 1},
                {"name": "past", "team": 2, "expires_at": GONE, "most": 5, "uses": 5},
                {"name": "taken", "team": 0, "revoked_at": NOW},
            )
        ):
            connection.execute(insert(ENROLMENTS).values(**secret | {"hash": str(number)} | more))


def test_teams_count_who_and_what_they_hold(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        found = teams_of(parts, None, Filters())
        rows = {each.id: each for each in found.rows}
        assert (rows[1].name, rows[1].members, rows[1].endpoints) == ("Core", 2, 2)
        assert (rows[2].members, rows[2].endpoints) == (1, 1), "one of its two endpoints is retired"
        assert rows[0] == TeamRow(0, "", EARLY, 1, 0)
        assert [each.id for each in teams_of(parts, frozenset({2}), Filters()).rows] == [2]
        assert [each.id for each in teams_of(parts, None, Filters(words=("cor",))).rows] == [1]


def test_people_by_state_role_and_team(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        found = people_of(parts, Filters())
        assert found.rows[:2] == (
            PersonRow(1, "Ana", "ana@example.org", "active", "password", EARLY,
                      ("analyst of the organisation", "administrator in Core")),
            PersonRow(2, "Bo", "", "active", "https://id.example", EARLY, ("reader in Core",)),
        )  # fmt: skip
        assert [(each.name, each.state) for each in found.rows[2:]] == [("Cy", "disabled"), ("Di", "invited")]
        counted = {each.name: {option.label: option.count for option in each.options} for each in found.facets}
        assert counted == {
            "state": {"active": 2, "invited": 1, "disabled": 1},
            "signs_in_by": {"https://id.example": 1, "password": 1},
            "role": {"analyst": 2, "administrator": 1, "reader": 1},
            "team": {"Core": 2, "Web": 1, "the organisation": 1},
        }

        def names(**chosen: tuple[str, ...]) -> list[str]:
            return [each.name for each in people_of(parts, Filters(chosen=chosen)).rows]

        assert names(role=("analyst",)) == ["Ana", "Cy"]
        assert names(team=("1",)) == ["Ana", "Bo"]
        assert names(team=("1; drop",)) == []
        assert names(state=("disabled", "invited")) == ["Cy", "Di"]


def test_tokens_by_state_and_team_and_never_their_hash(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        found = tokens_of(parts, None, Filters())
        assert [(each.name, each.team_name, each.state) for each in found.rows] == [
            ("web", "Web", "active"), ("lost", "Core", "revoked"), ("old", "Core", "ended"), ("siem", "", "active"),
        ]  # fmt: skip
        assert found.rows[3] == TokenRow(
            1, "sgt_abc", "siem", 0, "", "reader", (Permission.EVENTS_READ,), "reader", "active", "Ana",
            EARLY, SOON, "",
        )  # fmt: skip
        assert "hash" not in msgspec.to_builtins(found.rows[0])
        mine = tokens_of(parts, frozenset({1}), Filters())
        assert ([each.name for each in mine.rows], mine.total) == (["lost", "old"], 2)
        assert tokens_of(parts, frozenset(), Filters()).rows == ()
        assert [each.name for each in tokens_of(parts, None, Filters(chosen={"state": ("ended",)})).rows] == ["old"]
        assert [each.name for each in tokens_of(parts, None, Filters(sort="name", limit=2)).rows] == ["lost", "old"]


def test_secrets_by_state(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        found = enrolments_of(parts, None, Filters(sort="name"))
        assert [(each.name, each.team_name, each.state) for each in found.rows] == [
            ("code", "Core", "used up"), ("mdm", "Core", "active"), ("past", "Web", "ended"), ("taken", "", "revoked"),
        ]  # fmt: skip
        assert found.rows[1] == EnrolmentRow(
            1, "mdm", "secret", 1, "Core", "laptops", "active", 0, 0, "Ana", EARLY, "",
        )  # fmt: skip
        assert [each.name for each in enrolments_of(parts, frozenset({2}), Filters()).rows] == ["past"]


def test_pages_go_on_behind_a_key(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        seen, cursor = [], ""
        while True:
            part = people_of(parts, Filters(limit=1, cursor=cursor))
            seen += [each.name for each in part.rows]
            if part.cursor is None:
                break
            cursor = part.cursor
        assert seen == ["Ana", "Bo", "Cy", "Di"]
        with pytest.raises(UsageError):
            people_of(parts, Filters(cursor="none"))
