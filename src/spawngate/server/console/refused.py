"""A refusal inside the console's frame, for somebody who has signed in: what was wrong, and ways on.

Only people get it: programs get JSON, who has not signed in a page that knows nothing (`access.refusal`). Nothing is on
it but what the refusal says anyway and the frame, which is the viewer's own.
Must not be here: why something is refused.
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from spawngate.model.errors import SpawngateError
from spawngate.server.access.guard import principal_of
from spawngate.server.access.principal import NOBODY, Kind
from spawngate.server.access.refusal import TITLES, is_api
from spawngate.server.access.roles import ORGANISATION_WIDE, Permission, Role, may
from spawngate.server.console import page
from spawngate.server.console.navigation import NAVIGATION, Entry
from spawngate.server.services import Services

PLAIN = frozenset((401, 429, 503))
"""Answered without asking anything of the stores: nobody is known, or there is too much to do already."""
WAYS = {
    400: "Go back, and change what you asked or typed.",
    403: "Somebody with that role in your organisation can do it, or give it to you.",
    404: "It may be gone, or belong to a team that you do not see.",
    409: "Load the page again to see how it stands now.",
    500: "What happened is in the server's log.",
}
"""What to do, by status."""


def is_framed(request: Request, status: int) -> bool:
    """Whether somebody who has signed in asks for a page, and it can be made: not programs, not nobody."""
    viewer = principal_of(request)
    return not (status in PLAIN or is_api(request.scope) or viewer is NOBODY or viewer.kind is Kind.TOKEN)


def framed(request: Request, services: Services, status: int, message: str) -> Response | None:
    """The page; None where the stores fail, and a plain answer is right."""
    entry = entry_of(request.url.path)
    if entry is not None and not entry.any_of & principal_of(request).permissions:
        entry = None
    try:
        return page.render(
            request, services, "refused.html", active=entry.name if entry else "",
            title=TITLES.get(status, "Refused"), status=status, message=message, way=way_of(status, message),
            entry=entry, again=bool(request.url.query) and request.method in ("GET", "HEAD"),
        )  # fmt: skip
    except SpawngateError:
        return None


def way_of(status: int, message: str) -> str:
    """What to do: where a permission is missing, by whom it can be had."""
    named = re.search(r"\bpermission ([a-z:]+)\.$", message) if status == 403 else None
    found = [each for each in Permission if named is not None and each.value == named[1]]
    if not found:
        return WAYS.get(status, "")
    least = min((role for role in Role if may(role, found[0])), key=lambda role: role.rank)
    where = "of the organisation" if found[0] in ORGANISATION_WIDE else "of a team, or of the organisation"
    article = "An" if least.value[0] in "aeiou" else "A"
    return f"{article} {least.value} {where} may do it. Your own roles are on the page of your account."


def entry_of(path: str) -> Entry | None:
    """The entry of the side bar that a path belongs to: the one whose own path is the longest begin of it."""
    entries = [entry for group in NAVIGATION for entry in group.entries]
    fitting = [each for each in entries if path == each.path or (each.path != "/" and path.startswith(f"{each.path}/"))]
    return max(fitting, key=lambda each: len(each.path), default=None)
