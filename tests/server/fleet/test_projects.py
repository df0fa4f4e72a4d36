"""Results of code scans in the fleet's data."""

import json
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.report.code_json import render_json
from spawngate.server.fleet import projects
from spawngate.server.fleet.projects import Held
from tests.codescan.findings import OUTCOME
from tests.server.fleetdata import NOW, services

DOCUMENT = render_json([OUTCOME])


def test_a_result_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    tree = projects.read(DOCUMENT)
    with services(tmp_path) as parts, parts.database.begin() as connection:
        first = projects.hold(connection, 0, "gateway", "abc", tree, NOW)
        again = projects.hold(connection, 0, "gateway", "abd", tree, NOW)
        assert (first, again) == (Held(first.id, "high", ""), Held(first.id, "high", "high"))
        assert projects.forget(connection, 0, "gateway")
        assert not projects.forget(connection, 0, "gateway")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"schema_version":1,"tool":{"name":"x","version":"1"},"trees":[]}',
        json.dumps({**json.loads(DOCUMENT), "schema_version": 99}).encode(),
        render_json([OUTCOME, OUTCOME]),
        b"[" * 100_000,
    ],
)
def test_what_is_no_result_of_one_whole_scan(document: bytes) -> None:
    with pytest.raises(UsageError):
        projects.read(document)
