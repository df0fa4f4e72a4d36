"""Revisions of policies."""

from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.policy.folder import Report
from spawngate.server.fleet import policies, rolling
from spawngate.server.fleet.database import ConflictError, MissingError
from tests.server.fleetdata import NOW, services

GOOD = Report(valid=True, revision="r", base="none", mode="enforce")
BAD = Report(problem="own.cedar: is no Cedar")


def test_drafts_become_ready_and_retire(tmp_path: Path) -> None:
    with services(tmp_path) as parts, parts.database.begin() as connection:
        first, fresh = policies.save(connection, "own", {"policy.toml": ""}, GOOD, comment=" a\nb ", by="Jo", now=NOW)
        assert (fresh, first.state, first.comment, first.report) == (True, "draft", "a b", GOOD)
        again = policies.save(connection, "own", {"policy.toml": ""}, GOOD, comment="x", by="Ed", now=NOW)
        assert again == (first, False)
        second, _ = policies.save(connection, "own", {"own.cedar": "("}, BAD, comment="", by="Jo", now=NOW)
        assert policies.newest(connection, "own") == second
        with pytest.raises(UsageError, match="cannot come into force: own"):
            policies.ready(connection, "own", second.id, BAD)
        assert policies.ready(connection, "own", first.id, GOOD).state == "ready"
        made, _ = rolling.start(connection, first.id, team=0, group="", mode="monitor", percent=10, by="Jo", now=NOW)
        with pytest.raises(ConflictError, match="in force"):
            policies.retire(connection, "own", first.id)
        rolling.end(connection, made.id, NOW)
        assert policies.retire(connection, "own", first.id).state == "retired"
        with pytest.raises(ConflictError, match="is retired"):
            policies.ready(connection, "own", first.id, GOOD)
        with pytest.raises(MissingError):
            policies.get(connection, "other", first.id)


@pytest.mark.parametrize("name", ["", "new", "Own", "../x", "a b", "-a", "a" * 101, "a\n"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with services(tmp_path) as parts, parts.database.begin() as connection, pytest.raises(UsageError):
        policies.save(connection, name, {}, GOOD, comment="", by="Jo", now=NOW)


def test_a_report_of_another_version_is_none() -> None:
    assert policies.report_of({"valid": "perhaps"}).obstacle == "it was checked by another version: save it again"
    assert policies.report_of({}).obstacle == ""
