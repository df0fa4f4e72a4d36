"""That endpoints were retired, let in again or moved."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from spawngate.server.fleet import endpoints, generation, teams
from tests.server.fleet.fleet import NOW, connection, database
from tests.server.intake.enrolled import enrolment

__all__ = ["connection", "database"]


@pytest.mark.parametrize(
    ("act", "raised"),
    [
        (lambda connection, id_: endpoints.retire(connection, id_, NOW), 1),
        (lambda connection, id_: endpoints.restore(connection, id_), 1),
        (lambda connection, id_: endpoints.move(connection, id_, team=1, group="", now=NOW), 1),
        (lambda connection, id_: endpoints.label(connection, id_, "x"), 0),
    ],
)
def test_every_process_is_told_of_what_a_request_depends_on(
    connection: Connection, act: Callable[[Connection, str], None], raised: int
) -> None:
    teams.create(connection, "Core", NOW)
    id_, _, _ = endpoints.enrol(connection, enrolment("a secret"), team=0, group="", now=NOW)
    before = generation.of_all(connection)
    act(connection, id_)
    assert generation.of_all(connection) == before + raised


def test_this_process_is_told_at_once() -> None:
    before = generation.here()
    generation.change_here()
    assert generation.here() != before
