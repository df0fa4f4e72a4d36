"""A server with two teams for tests of the API, and short ways to ask it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from spawngate.server.access.roles import Role
from tests.server.applied import World, world
from tests.server.fleetdata import fill_small


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    """Teams 1 (Core) and 2 (Web) with four endpoints: `fleetdata.fill_small`."""
    with world(tmp_path) as made:
        fill_small(made.parts)
        yield made


@pytest.fixture
def admin(server: World) -> TestClient:
    """A program of an administrator of the organisation."""
    return server.program(Role.ADMINISTRATOR)


@pytest.fixture
def core(server: World) -> TestClient:
    """A program of an administrator of team 1."""
    return server.program(Role.ADMINISTRATOR, 1)


def told(answer: Any, status: int = 200) -> Any:
    """The body of an answer with this status."""
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer: Any, status: int) -> str:
    """Why a request was refused."""
    assert answer.status_code == status, answer.text
    return str(answer.json()["error"]["message"])
