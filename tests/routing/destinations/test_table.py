"""The table of destinations and the folder, compared both ways."""

from pathlib import Path

import pytest

import spawngate.routing.destinations as table
from spawngate.model.errors import UsageError

FOLDER = Path(table.__file__).parent
SHARED = {"__init__"}
"""Modules in the folder that are no destination."""


def test_the_table_is_the_folder() -> None:
    assert set(table.DESTINATIONS.values()) == {path.stem for path in FOLDER.glob("*.py")} - SHARED


@pytest.mark.parametrize("name", sorted(table.DESTINATIONS))
def test_a_destination_has_the_name_of_its_row(name: str) -> None:
    assert table.destination(name).name == name


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UsageError, match="there is no destination of type 'slak'"):
        table.destination("slak")
