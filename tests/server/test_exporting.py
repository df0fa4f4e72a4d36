"""An export with its manifest, made where the key is."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from spawngate.server import exporting
from spawngate.server.exporting import Last, exported
from spawngate.trail import manifest
from spawngate.trail.query import read
from tests.server.fleetdata import add_endpoint, add_events, decided, services

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("page", [1, 2, 3, 100])
def test_the_lines_are_as_the_manifest_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(exporting, "PAGE", page)
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_endpoint(connection, "e1", team=0)
        add_events(parts, "e1", [decided("deny", f"curl {number}") for number in range(4)])
        data = b"".join(exported(parts.events, read("curl", AT), "curl", parts.signer))
        *lines, last = data.splitlines()
        held = [entry.record for entry in parts.events.query(None, newest_first=False).entries]
        assert lines == held
        told = msgspec.json.decode(last, type=Last)
        key = [parts.signer.verifier]
        assert manifest.check(told.manifest, lines, key) == []
        assert "query curl" in told.manifest
        assert [each.kind for each in manifest.check(told.manifest, lines[1:], key)] == ["dropped"]
        assert [each.kind for each in manifest.check(told.manifest, [*lines[:1], lines[0]], key)][:1] == ["inserted"]


def test_nothing_that_matches_has_a_manifest_too(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        data = b"".join(exported(parts.events, read("nothing", AT), "nothing", parts.signer))
        told = msgspec.json.decode(data, type=Last)
        assert manifest.check(told.manifest, [], [parts.signer.verifier]) == []
