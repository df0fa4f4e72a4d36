"""Views of what concerns all teams at once."""

from pathlib import Path

from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.whole import whole
from tests.server.fleetdata import services


def view(services: Services, filters: Filters, *, facets: bool = True) -> Listing[str]:
    return Listing((filters.text, str(facets)), None, (), 2)


def test_teams_narrow_nothing(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        for teams in (None, frozenset({1}), frozenset[int]()):
            assert whole(view)(parts, teams, Filters("some")).rows == ("some", "True")
            assert whole(view)(parts, teams, Filters("some"), facets=False).rows == ("some", "False")
