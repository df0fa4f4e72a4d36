"""A state folder."""

from pathlib import Path

import pytest

from spawngate.endpoint.state import State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")
