"""The parts over a synthetic fleet, gone afterwards."""

from pathlib import Path

import pytest

from spawngate.server.demo.serve import synthetic
from spawngate.server.views.endpoints import states


def test_parts_over_a_folder_that_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said: list[str] = []
    with synthetic({}, said.append, size=8) as parts:
        assert (parts.local, parts.synthetic) == (True, True)
        assert sum(states(parts, None).values()) == 8
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []
    assert said == []
