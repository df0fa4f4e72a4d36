"""The list of the console's modules."""

from pathlib import Path

from starlette.routing import Route

from spawngate.server.access.guard import requirement_of
from spawngate.server.console import pages
from spawngate.server.console.navigation import NAVIGATION
from tests.server import fleetdata


def test_every_module_of_the_folder_is_a_page_or_shared() -> None:
    folder = Path(pages.__file__).parent
    found = {path.stem for path in folder.glob("*.py")}
    assert set(pages.MODULES) <= found
    assert len(set(pages.MODULES)) == len(pages.MODULES)


def test_every_route_is_guarded_and_there_is_a_first_page(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        found = [route for route in pages.routes(parts) if isinstance(route, Route)]
    assert [route.path for route in found if requirement_of(route) is None] == []
    assert "/" in {route.path for route in found}
    seen: set[tuple[str, str]] = set()
    for route in found:
        for method in route.methods or ():
            assert (route.path, method) not in seen
            seen.add((route.path, method))


def test_paths_of_the_side_bar_are_absolute() -> None:
    assert all(entry.path.startswith("/") for group in NAVIGATION for entry in group.entries)
