"""Saving and removing searches, from the menu of every list; and the list of all of them.

Must not be here: the searches themselves (`fleet.searches`).
"""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import Forbidden, fields_of, form_of, principal_of, signed_in
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import NAVIGATION, back_to
from spawngate.server.console.numbers import number_in
from spawngate.server.fleet import searches
from spawngate.server.services import Services
from spawngate.server.views import artifacts, names
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.small import narrowed

_FURTHER = (
    ("server-names", "MCP servers by name", "/servers/names"),
    ("findings-rules", "Findings by rule", "/findings/rules"),
    ("suggested", "Suggested allowlist", "/approvals/suggested"),
    ("dead-letters", "Dead letters", "/deliveries/dead"),
    ("audit", "Audit", "/administration/audit"),
    ("destinations", "Destinations", "/destinations"),
    ("suppressions", "Suppressions", "/findings/suppressions"),
    ("rollouts", "Roll-outs", "/rollouts"),
    *((f"artifacts-{kind}", names.kinds(kind), f"/artifacts/{kind}") for kind in artifacts.KINDS),
    ("teams", "Teams", "/administration"),
    ("people", "People", "/administration/people"),
    ("tokens", "API tokens", "/administration/tokens"),
    ("enrolments", "Enrolment", "/administration/enrolments"),
    ("searches", "Saved searches", "/searches"),
)
"""Lists that the side bar does not name: name, title, path."""
_TITLES = {"of": "Of", "whose": "Whose"}


class SearchRow(msgspec.Struct, frozen=True):
    """One saved search."""

    id: int
    name: str
    of: str
    """Title of the list."""
    whose: str
    """yours or everybody’s."""
    query: str
    """What is behind the question mark of its address."""
    address: str


def searches_of(services: Services, viewer: Principal, filters: Filters, *, facets: bool = True) -> Listing[SearchRow]:
    """The searches that somebody sees, by list and name. Raises StoreError."""
    paths = {entry.name: (entry.title, entry.path) for group in NAVIGATION for entry in group.entries}
    paths |= {name: (title, path) for name, title, path in _FURTHER}
    found = [
        SearchRow(
            each.id, each.name, paths[each.page][0], "everybody’s" if each.shared else "yours", each.query,
            f"{paths[each.page][1]}?{each.query}",
        )
        for each in searches.of_user(services.database, viewer.user)
        if each.page in paths
    ]  # fmt: skip
    return narrowed(
        found,
        filters,
        _TITLES,
        facets,
        lambda each: (each.name, each.of, each.query),
        lambda each: (each.of, each.name, each.id),
    )


SEARCHES = ListPage(
    path="/searches",
    name="searches",
    title="Saved searches",
    template="searches.html",
    permission=None,
    facets=tuple(_TITLES),
    row=SearchRow,
    ask=searches_of,
    own=True,
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/searches with its exports; POST /searches (page, name, query, shared), POST /searches/remove (id), which both go
    `back`."""

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
        number = number_in(form, "id", "`id` is the number of a saved search")
        searches.remove(services.database, viewer.user, number, shared=viewer.may(Permission.SEARCHES_SHARE))
        return RedirectResponse(back_to(form.get("back", "")), 303)

    return [
        *lists.routes(services, SEARCHES),
        Route("/searches", save, methods=["POST"]),
        Route("/searches/remove", remove, methods=["POST"]),
    ]
