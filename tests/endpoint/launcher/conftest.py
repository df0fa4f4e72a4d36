"""A launcher of each kind: `native`, and `python` for machines without a compiler."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import Place, place_in, serving


@pytest.fixture(params=["native", "python"])
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A launcher without a daemon."""
    if request.param == "native" and packaged("spawngate-launch") is None:
        pytest.skip("built without a C compiler")
    return place_in(tmp_path / "state", request.param)


@pytest.fixture
def place(alone: Place) -> Iterator[Place]:
    """A launcher and its daemon, which allows everything until a test says something else."""
    with serving(alone.socket_folder, alone.daemon):
        yield alone
