"""Owner, due date and state of findings."""

from pathlib import Path

import pytest
from sqlalchemy import select

from spawngate.model.errors import UsageError
from spawngate.model.snapshot import Difference
from spawngate.server.fleet import findings
from spawngate.server.fleet.findings import Work
from spawngate.server.fleet.tables import FINDINGS
from tests.server import fleetdata


def test_what_changed_is_told_and_others_teams_are_left_alone(tmp_path: Path) -> None:
    keys = [("e1", "f1"), ("e2", "f1"), ("e3", "f2"), ("e9", "no such")]
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            found = findings.change(connection, keys, frozenset({1}), Work(owner="ada", state="acknowledged"))
            rows = connection.execute(select(FINDINGS.c.endpoint, FINDINGS.c.owner, FINDINGS.c.state)).all()
    assert found == {
        ("e1", "f1"): (Difference("owner", "", "ada"), Difference("state", "open", "acknowledged")),
        ("e2", "f1"): (Difference("state", "open", "acknowledged"),),
    }
    assert sorted(tuple(row) for row in rows) == [
        ("e1", "ada", "acknowledged"),
        ("e2", "ada", "acknowledged"),
        ("e3", "", "open"),
        ("e4", "", "open"),
    ]


def test_many_at_once_have_an_end(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, parts.database.begin() as connection:
        with pytest.raises(UsageError, match="at most 5,000"):
            findings.change(connection, [("e", str(number)) for number in range(5_001)], None, Work(owner="a"))
        with pytest.raises(UsageError, match="nothing is to be set"):
            findings.change(connection, [("e", "f")], None, Work())


@pytest.mark.parametrize(
    ("fields", "whole", "wanted"),
    [
        ({"owner": " ada ", "due": "2026-12-31", "state": "resolved"}, False, Work("ada", "2026-12-31", "resolved")),
        ({"owner": "", "due": ""}, False, Work()),
        ({"owner": "-", "due": "-"}, False, Work("", "", None)),
        ({"owner": "", "due": "", "state": "open"}, True, Work("", "", "open")),
    ],
)
def test_what_a_form_says(fields: dict[str, str], whole: bool, wanted: Work) -> None:
    assert findings.work_of(fields, whole=whole) == wanted


@pytest.mark.parametrize(
    "fields",
    [{"due": "tomorrow"}, {"due": "2026-02-30"}, {"state": "closed"}, {"owner": "a" * 201}, {"owner": "a\x1b[31m"}],
)
def test_what_a_form_must_not_say(fields: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        findings.work_of(fields)
