"""Suppressions: what they cover, and when they end."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from spawngate.model.errors import UsageError
from spawngate.server.fleet import suppressions
from spawngate.server.fleet.suppressions import Covers, Suppression
from spawngate.server.fleet.tables import FINDINGS
from tests.server import fleetdata
from tests.server.fleetdata import NOW

LATER = "2026-11-22T00:00:00.000000Z"
GIVEN: dict[str, Any] = {"kind": "false-positive", "reason": "because", "by": "ada", "now": NOW}


@pytest.mark.parametrize(
    ("covers", "wanted"),
    [
        (Covers(0, "some-rule"), ["e1", "e2"]),
        (Covers(1, "some-rule"), ["e1", "e2"]),
        (Covers(2, "some-rule"), []),
        (Covers(1, "some-rule", endpoint="e2"), ["e2"]),
        (Covers(1, "some-rule", endpoint="e1", finding="f1"), ["e1"]),
        (Covers(0, "some-rule", name="files"), ["e1", "e2"]),
        (Covers(0, "some-rule", name="other"), []),
        (Covers(0, "other-rule", finding="f2"), ["e3"]),
    ],
)
def test_what_one_covers(tmp_path: Path, covers: Covers, wanted: list[str]) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            made = suppressions.add(connection, covers, **GIVEN)
        with parts.database.read() as connection:
            found = select(FINDINGS.c.endpoint).where(suppressions.covered("false-positive", NOW))
            other = select(FINDINGS.c.endpoint).where(suppressions.covered("accepted", NOW))
            assert sorted(connection.execute(found).scalars()) == wanted
            assert list(connection.execute(other).scalars()) == []
            rows = connection.execute(select(FINDINGS)).all()
            covering = {row.endpoint for row in rows if suppressions.covering(connection, row, NOW) == (made,)}
            assert sorted(covering) == wanted


def test_it_ends_by_itself_and_by_hand(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            one = suppressions.add(connection, Covers(1, "some-rule"), until=LATER, **GIVEN)
            two = suppressions.add(connection, Covers(2, "other-rule"), **GIVEN)
            assert one == Suppression(
                one.id, 1, "false-positive", "some-rule", "", "", "", "because", "ada", NOW, LATER, ""
            )
            with pytest.raises(UsageError, match="no such suppression"):
                suppressions.end(connection, two.id, frozenset({1}), NOW)
            suppressions.end(connection, two.id, None, NOW)
            with pytest.raises(UsageError, match="no such suppression"):
                suppressions.end(connection, two.id, None, NOW)
            every = suppressions.of(connection, [two.id, 99, one.id])
            after = select(FINDINGS.c.endpoint).where(suppressions.covered("false-positive", LATER))
            assert list(connection.execute(after).scalars()) == []
    assert [(each.id, each.live(NOW)) for each in every] == [(two.id, False), (one.id, True)]
    assert (one.live(NOW), one.live(LATER)) == (True, False)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "other"},
        {"reason": "  "},
        {"reason": "r" * 1_001},
        {"kind": "accepted"},
        {"until": NOW},
    ],
)
def test_what_is_refused(tmp_path: Path, given: dict[str, str]) -> None:
    with fleetdata.services(tmp_path) as parts, parts.database.begin() as connection:
        with pytest.raises(UsageError):
            suppressions.add(connection, Covers(0, "rule"), **(GIVEN | given))
        with pytest.raises(UsageError, match="one rule"):
            suppressions.add(connection, Covers(0, ""), **GIVEN)
