"""SHELL. Results of code scans as people and builds hand them in, the same from console and API, and its record.

Must not be here: HTTP, what is kept (`fleet.projects`), the scan (`codescan`).
"""

from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import recorded
from spawngate.server.fleet import projects
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.projects import Held
from spawngate.server.services import Services


def keep(services: Services, who: Principal, team: int, name: str, revision: str, document: bytes) -> Held:
    """Keep what `spawngate code --format json` wrote, in the place of the result before. Raises UsageError,
    MissingError for a team in which this may not be done."""
    theirs(who, team)
    if not name or len(name) > projects.LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a project has a name of 1 to {projects.LONGEST_NAME} printable characters")
    tree = projects.read(document)
    with services.database.begin() as connection:
        held = projects.hold(connection, team, name, revision, tree, services.now())
        detail: dict[str, Json] = {"team": team, "grade": held.grade, "before": held.before, "revision": revision}
        recorded(services, who, kind="project", id=held.id, name=name, action="scanned", detail=detail)
    return held


def theirs(who: Principal, team: int) -> None:
    """Raises MissingError for a team whose results somebody may not change: whether there is one is not told."""
    if not who.may(Permission.PROJECTS_WRITE, team):
        raise MissingError(f"there is no team {team}")
