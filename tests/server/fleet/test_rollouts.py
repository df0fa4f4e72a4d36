"""Which policy an endpoint obeys."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from spawngate.server.fleet import rollouts
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.rollouts import Rollout, chosen, share
from spawngate.server.fleet.tables import POLICIES, ROLLOUTS, TEAMS

EVERYWHERE = Rollout(1, 0, "", 10, "enforce", 100)
TEAM = Rollout(2, 3, "", 11, "monitor", 100)
GROUP = Rollout(3, 3, "laptops", 12, "ask", 100)
NEWER = Rollout(4, 3, "", 13, "enforce", 100)
ELSEWHERE = Rollout(5, 4, "", 14, "enforce", 100)
ALL = (EVERYWHERE, TEAM, GROUP, NEWER, ELSEWHERE)


@pytest.mark.parametrize(
    ("given_", "team", "group", "expected"),
    [
        (ALL, 3, "laptops", GROUP),
        (ALL, 3, "desktops", NEWER),
        (ALL, 3, "", NEWER),
        (ALL, 4, "laptops", ELSEWHERE),
        (ALL, 9, "", EVERYWHERE),
        ((TEAM,), 9, "", None),
        ((), 3, "", None),
        ((Rollout(6, 0, "laptops", 1, "ask", 100), TEAM), 3, "laptops", Rollout(6, 0, "laptops", 1, "ask", 100)),
    ],
)
def test_what_says_most_counts(given_: tuple[Rollout, ...], team: int, group: str, expected: Rollout | None) -> None:
    assert chosen(given_, "e1", team, group) == expected
    assert chosen(reversed(given_), "e1", team, group) == expected


@given(st.text(min_size=1), st.integers(0, 100))
def test_a_part_is_always_the_same_part(endpoint: str, percent: int) -> None:
    part = Rollout(9, 0, "", 2, "enforce", percent)
    found = chosen((EVERYWHERE, part), endpoint, 0, "")
    assert found == (part if share(endpoint) < percent else EVERYWHERE)


def test_parts_are_about_as_large_as_they_say() -> None:
    shares = [share(f"{number:032x}") for number in range(10_000)]
    assert (min(shares), max(shares)) == (0, 99)
    assert 900 < sum(each < 10 for each in shares) < 1_100


def test_those_that_have_not_ended_with_their_files(tmp_path: Path) -> None:
    at = "2026-11-21T12:00:00.000000Z"
    with open_fleet(tmp_path) as database:
        with database.begin() as connection:
            connection.execute(insert(TEAMS).values(id=3, name="red", created_at=at))
            made = {"digest": "", "state": "ready", "created_by": "", "created_at": at, "report": {}}
            connection.execute(insert(POLICIES).values(id=11, name="p", files={"a.cedar": "x"}, **made))
            given_ = {"policy": 11, "mode": "monitor", "created_by": "", "created_at": at, "team": 3}
            connection.execute(insert(ROLLOUTS).values(id=2, **given_))
            connection.execute(insert(ROLLOUTS).values(id=3, ended_at=at, **given_))
        with database.read() as connection:
            assert rollouts.in_force(connection) == (TEAM,)
            assert rollouts.files_of(connection, 11) == ("p", {"a.cedar": "x"})
            assert rollouts.files_of(connection, 12) == ("", {})
