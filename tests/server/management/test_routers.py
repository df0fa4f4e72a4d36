"""The written list of the API's parts."""

from pathlib import Path

from spawngate.server import management
from spawngate.server.management.routers import MODULES


def test_the_list_is_the_folder() -> None:
    files = {path.stem for path in Path(management.__file__ or "").parent.glob("*.py")}
    assert files - {"__init__", "answers", "listed", "routers"} == set(MODULES)
