"""SHELL. That endpoints were retired, let in again or moved: what a process remembers of them counts no more.

The number in the database tells every server process, and the one of this process tells it at once.
Must not be here: endpoints (`endpoints`), who remembers them (`intake.desk`).
"""

import itertools

from sqlalchemy import Connection

from spawngate.server.fleet.database import counter, raised

NAME = "endpoints-changed"
_numbers = itertools.count(1)
_here = 0


def change(connection: Connection) -> None:
    """Say so to every process, as soon as the transaction has ended."""
    raised(connection, NAME)


def of_all(connection: Connection) -> int:
    """The number of all processes."""
    return counter(connection, NAME)


def change_here() -> None:
    """Say so in this process, after the transaction has ended."""
    global _here
    _here = next(_numbers)


def here() -> int:
    """The number of this process."""
    return _here
