"""Results of code scans as they are handed in."""

from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.report.code_json import render_json
from spawngate.server import scans
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.fleet.database import MissingError
from tests.codescan.findings import OUTCOME
from tests.server.fleetdata import add_team, services


def test_a_result_takes_the_place_of_the_one_before_in_its_team_alone(tmp_path: Path) -> None:
    document = render_json([OUTCOME])
    who = Principal("Kai", Kind.USER, {1: Role.ANALYST})
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "Core")
            add_team(connection, 2, "Web")
        first = scans.keep(parts, who, 1, "gateway", "r1", document)
        second = scans.keep(parts, who, 1, "gateway", "r2", document)
        assert (first.before, second.before, first.id) == ("", first.grade, second.id)
        for team in (0, 2, 9):
            with pytest.raises(MissingError, match=f"^there is no team {team}$"):
                scans.keep(parts, who, team, "gateway", "r1", document)
        for name in ("", "\x1b[31m", "x" * 301):
            with pytest.raises(UsageError, match="1 to 300 printable"):
                scans.keep(parts, who, 1, name, "", document)
        told = [each.event for each in parts.events.query(None, newest_first=False).entries]
        assert [(each.actor.user, each.detail["what"], each.detail["revision"]) for each in told] == [
            ("Kai", "project-scanned", "r1"), ("Kai", "project-scanned", "r2"),
        ]  # fmt: skip
