"""Whether a fingerprint stands for one launch."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from spawngate.server.fleet.database import Database, open_fleet
from spawngate.server.views.definitions import DIFFERENT, disagreement
from tests.server.fleetdata import add_artifact, add_endpoint, add_team

FILES = {"command": "/home/ada/bin/files", "args": ["--root", "/home/ada/x", "[secret:token:1234]"]}


def held(connection: Connection, *launches: Any) -> None:
    """Endpoints of teams 0 and 3 in turn, each with another launch under one fingerprint."""
    add_team(connection, 3, "red")
    for number, launch in enumerate(launches):
        team = 3 * (number % 2)
        add_endpoint(connection, f"e{number}", team=team)
        record = {"launch": launch} if launch is not None else {}
        add_artifact(connection, f"e{number}", "a", team=team, fingerprint="f", record=record)
    add_artifact(connection, "e0", "s", kind="skill", fingerprint="f", record={"launch": {"command": "other"}})
    add_artifact(connection, "e0", "b", fingerprint="g", record={"launch": {"command": "other"}})


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (FILES, ""),
        ({"command": "/Users/bob/bin/files", "args": ["--root", "/home/bob/x", "[secret:token:99]"]}, ""),
        (FILES | {"env": {}}, ""),
        (FILES | {"command": "/tmp/files"}, DIFFERENT),
        (FILES | {"args": ["--root", "/etc", "[secret:token:1234]"]}, DIFFERENT),
        (FILES | {"args": []}, DIFFERENT),
        (FILES | {"env": {"LD_PRELOAD": "/tmp/x.so"}}, DIFFERENT),
        ({"url": "https://evil.example/mcp"}, DIFFERENT),
        ({"command": 5, "args": {"a": 1}}, DIFFERENT),
        (None, DIFFERENT),
        ([1], DIFFERENT),
    ],
)
def test_every_endpoint_states_the_same(tmp_path: Path, other: Any, expected: str) -> None:
    with open_fleet(tmp_path) as database, database.begin() as connection:
        held(connection, FILES, other)
        assert disagreement(connection, "f", None) == expected
        assert disagreement(connection, "f", frozenset({0, 3})) == expected
        assert disagreement(connection, "f", frozenset({3})) == "", "one that is alone agrees with itself"
        assert disagreement(connection, "none", None) == ""


def test_the_same_on_postgresql(database: str) -> None:
    with Database(database) as there:
        there.migrate()
        with there.begin() as connection:
            held(connection, FILES, FILES | {"command": "/tmp/files"}, None, [1])
            assert disagreement(connection, "f", None) == DIFFERENT
            assert disagreement(connection, "g", None) == ""
