"""The pages of API tokens and of enrolment secrets and codes. Each text is shown once, where it was made.

Must not be here: what a token may (`access.roles`), what acts do (`server.administering`).
"""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import administering
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission, Role
from spawngate.server.console import lists, page
from spawngate.server.console.administration import once, role_of
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number_in, number_of
from spawngate.server.fleet import tokens
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.filters import Filters


def _making(
    services: Services, teams: frozenset[int] | None, filters: Filters, tab: str, **more: object
) -> dict[str, object]:
    """What a form needs that makes one: the teams that it may be of."""
    named = dict(page.team_names(services, teams))
    return {"tab": tab, "teams": named, "everywhere": teams is None, **more}


TOKENS = ListPage(
    path="/administration/tokens",
    name="tokens",
    title="API tokens · Administration",
    template="administration.html",
    permission=Permission.TOKENS_READ,
    facets=access.TOKEN_FACETS,
    row=access.TokenRow,
    ask=access.tokens_of,
    active="administration",
    more=partial(
        _making, tab="tokens", roles=list(Role), permissions=list(Permission), days=tokens.USUAL_DAYS,
        most=tokens.MOST_DAYS,
    ),
)  # fmt: skip
ENROLMENTS = ListPage(
    path="/administration/enrolments",
    name="enrolments",
    title="Enrolment · Administration",
    template="administration.html",
    permission=Permission.ENROLMENTS_READ,
    facets=access.ENROLMENT_FACETS,
    row=access.EnrolmentRow,
    ask=access.enrolments_of,
    active="administration",
    more=partial(_making, tab="enrolments"),
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/administration/tokens and /administration/enrolments with their exports and forms."""

    @require(Permission.TOKENS_WRITE)
    def create_token(request: Request) -> Response:
        form = form_of(request)
        fields = fields_of(form)
        try:
            scopes = [Permission(each) for each in form.getlist("scope") if isinstance(each, str)]
        except ValueError:
            raise UsageError("a scope is none") from None
        _, secret = administering.create_token(
            services,
            principal_of(request),
            fields.get("name", ""),
            team=number_in(fields, "team"),
            role=role_of(fields.get("role", "")) or Role.READER,
            scopes=scopes,
            days=number_in(fields, "days"),
        )
        return once(request, services, "tokens", "API token", secret, "Send it as “Authorization: Bearer”.")

    @require(Permission.TOKENS_WRITE)
    def revoke_token(request: Request) -> Response:
        administering.revoke_token(services, principal_of(request), number_of(request))
        return RedirectResponse("/administration/tokens", 303)

    @require(Permission.ENROLMENTS_WRITE)
    def create_enrolment(request: Request) -> Response:
        fields = fields_of(form_of(request))
        kind: Literal["secret", "code"] = "code" if fields.get("kind") == "code" else "secret"
        _, text = administering.create_enrolment(
            services,
            principal_of(request),
            fields.get("name", ""),
            kind=kind,
            team=number_in(fields, "team"),
            group=fields.get("group", ""),
            most=number_in(fields, "most", usual=0),
            days=number_in(fields, "days", usual=0),
        )
        what = "Enrolment code" if kind == "code" else "Enrolment secret"
        lead = "Once, within a day: spawngate enroll" if kind == "code" else "On each machine: spawngate enroll"
        return once(request, services, "enrolments", what, text, lead)

    @require(Permission.ENROLMENTS_WRITE)
    def revoke_enrolment(request: Request) -> Response:
        administering.revoke_enrolment(services, principal_of(request), number_of(request))
        return RedirectResponse("/administration/enrolments", 303)

    return [
        *lists.routes(services, TOKENS),
        *lists.routes(services, ENROLMENTS),
        Route("/administration/tokens", create_token, methods=["POST"]),
        Route("/administration/tokens/{number}/revoke", revoke_token, methods=["POST"]),
        Route("/administration/enrolments", create_enrolment, methods=["POST"]),
        Route("/administration/enrolments/{number}/revoke", revoke_enrolment, methods=["POST"]),
    ]
