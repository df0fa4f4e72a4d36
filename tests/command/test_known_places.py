"""The table of known places."""

import pytest

from spawngate.command.known_places import KNOWN
from spawngate.command.places import places
from tests.command.told import HERE

ROWS = [(label, row) for label, rows in KNOWN.items() for row in rows]
PUBLIC = (".ssh/config", "~/.ssh/config")


@pytest.mark.parametrize(("label", "row"), ROWS, ids=lambda value: value)
def test_every_row_is_found_again(label: str, row: str) -> None:
    """A path made from the row is of the row's class, whatever else stands in the table."""
    path = row.rstrip("/").replace("**", "deep").replace("*", "some")
    if path.startswith(("~", "/")):
        assert label in places(path, HERE)
    else:
        assert label in places(f"src/{path}", HERE)
    if row.endswith("/"):
        below = f"{path}/below" if path.startswith(("~", "/")) else f"src/{path}/below"
        assert label in places(below, HERE)


def test_no_row_twice() -> None:
    assert [row for row in ROWS if ROWS.count(row) > 1] == []
