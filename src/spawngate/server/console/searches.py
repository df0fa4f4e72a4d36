"""Saving and removing searches, from the menu of every list.

Must not be here: the searches themselves (`fleet.searches`), the page that lists all of them.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server.access.guard import Forbidden, fields_of, form_of, principal_of, signed_in
from spawngate.server.access.roles import Permission
from spawngate.server.console.navigation import back_to
from spawngate.server.fleet import searches
from spawngate.server.services import Services


def routes(services: Services) -> Sequence[BaseRoute]:
    """POST /searches (page, name, query, shared), POST /searches/remove (id); both go `back`."""

    @signed_in
    def save(request: Request) -> Response:
        form, viewer = fields_of(form_of(request)), principal_of(request)
        # Nobody's own: of `up`, where everything is one person's, and of tokens.
        everybody = bool(form.get("shared")) or viewer.user is None
        if everybody and not viewer.may(Permission.SEARCHES_SHARE):
            raise Forbidden(f"This needs the permission {Permission.SEARCHES_SHARE.value}.")
        user = None if everybody else viewer.user
        searches.save(services.database, user, form.get("page", "")[:50], form.get("name", ""), form.get("query", ""))
        return RedirectResponse(back_to(form.get("back", "")), 303)

    @signed_in
    def remove(request: Request) -> Response:
        form, viewer = fields_of(form_of(request)), principal_of(request)
        number = form.get("id", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise UsageError("`id` is the number of a saved search")
        searches.remove(services.database, viewer.user, int(number), shared=viewer.may(Permission.SEARCHES_SHARE))
        return RedirectResponse(back_to(form.get("back", "")), 303)

    return [
        Route("/searches", save, methods=["POST"]),
        Route("/searches/remove", remove, methods=["POST"]),
    ]
