"""Artifacts by kind and name, and secrets by type and fingerprint."""

from pathlib import Path

from spawngate.server.views import artifacts
from spawngate.server.views.artifacts import ArtifactRow, SecretRow
from spawngate.server.views.filters import Filters
from tests.server import fleetdata

SEEN = "2026-11-02T09:00:00.000000Z"


def test_names_of_one_kind(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = artifacts.artifacts(parts, None, "skill", Filters())
        counts = artifacts.kind_counts(parts, frozenset({1}))
    assert found.rows == (
        ArtifactRow("skill", "notes", 2, 1, ("cursor",), ("1", "2"), SEEN),
        ArtifactRow("skill", fleetdata.HOSTILE, 1, 1, ("cursor",), (), SEEN),
    )
    assert counts == {"agent": 1, "mcp_server": 1, "secret": 1, "skill": 1}


def test_a_secret_is_known_by_what_it_is_and_not_by_its_value(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = artifacts.secrets(parts, None, Filters())
        none = artifacts.secrets(parts, None, Filters(chosen={"type": ("aws-key",)}))
        mine = artifacts.secrets(parts, frozenset({2}), Filters())
    assert found.rows == (SecretRow("secret-1", "github-token", 2, 2, "files: TOKEN", SEEN),)
    assert (none.rows, none.total) == ((), 0)
    assert [(each.endpoints, each.places) for each in mine.rows] == [(1, 1)]


def test_where_something_is(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found, endpoints = artifacts.instances(parts, None, "skill", name="notes")
        secret, _ = artifacts.instances(parts, frozenset({1}), "secret", fingerprint="secret-1")
        nothing = artifacts.instances(parts, frozenset({1}), "skill", name=fleetdata.HOSTILE)
    assert [(each.endpoint, each.state, each.detail) for each in found] == [
        ("e1", "online", {"version": "1"}),
        ("e3", "offline", {"version": "2"}),
    ]
    assert endpoints == 2
    assert [each.endpoint for each in secret] == ["e1"]
    assert nothing == ((), 0)
