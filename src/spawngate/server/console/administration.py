"""The pages of teams and people: who belongs where, in which role, and who may sign in.

Must not be here: tokens and enrolment secrets (`credentials`), the audit (`audit`), what acts do
(`server.administering`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import administering
from spawngate.server.access.account import renewed
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission, Role
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number_in, number_of
from spawngate.server.fleet import sessions, teams, users
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import access
from spawngate.server.views.whole import whole

LIMIT = 200
TEAMS = ListPage(
    path="/administration",
    name="teams",
    title="Teams · Administration",
    template="administration.html",
    permission=Permission.MEMBERS_READ,
    facets=access.TEAM_FACETS,
    row=access.TeamRow,
    ask=access.teams_of,
    active="administration",
    more=lambda services, teams, filters: {"tab": "teams"},
)
PEOPLE = ListPage(
    path="/administration/people",
    name="people",
    title="People · Administration",
    template="administration.html",
    permission=Permission.USERS_READ,
    facets=access.PERSON_FACETS,
    row=access.PersonRow,
    ask=whole(access.people_of),
    active="administration",
    more=lambda services, teams, filters: {"tab": "people", "roles": list(Role)},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/administration and /administration/people with their exports, /administration/teams/NUMBER,
    /administration/people/NUMBER, and the forms of each."""
    database = services.database

    @require(Permission.TEAMS_WRITE)
    def create_team(request: Request) -> Response:
        made = administering.create_team(services, principal_of(request), fields_of(form_of(request)).get("name", ""))
        return RedirectResponse(f"/administration/teams/{made.id}", 303)

    @require(Permission.MEMBERS_READ)
    def one_team(request: Request) -> Response:
        viewer, number = principal_of(request), number_of(request)
        try:
            administering.within(viewer, Permission.MEMBERS_READ, number)
            with database.read() as connection:
                team = teams.get(connection, number)
                cursor = request.query_params.get("cursor", "")
                members, following = users.page(connection, number, cursor, LIMIT)
                known = users.page(connection, None, None, LIMIT)[0] if viewer.may(Permission.USERS_READ) else ()
        except MissingError:
            raise HTTPException(404, "There is no such team.") from None
        return page.render(
            request, services, "team.html", active="administration", title=team.name or "The organisation", team=team,
            members=members, following=following, known=[each for each in known if number not in each.roles],
            roles=list(Role), mine=viewer.may(Permission.MEMBERS_WRITE, number), organisation=number == ORGANISATION,
        )  # fmt: skip

    @require(Permission.TEAMS_WRITE)
    def change_team(request: Request) -> Response:
        fields, viewer, number = fields_of(form_of(request)), principal_of(request), number_of(request)
        if fields.get("act") == "remove":
            administering.remove_team(services, viewer, number)
            return RedirectResponse("/administration", 303)
        administering.rename_team(services, viewer, number, fields.get("name", ""))
        return RedirectResponse(f"/administration/teams/{number}", 303)

    @require(Permission.MEMBERS_WRITE)
    def set_role(request: Request) -> Response:
        fields, viewer, team = fields_of(form_of(request)), principal_of(request), number_of(request)
        administering.within(viewer, Permission.MEMBERS_WRITE, team)
        if fields.get("who"):
            with database.read() as connection:
                user = users.find(connection, fields["who"]).id
        else:
            user = number_in(fields, "user", "say who is meant")
        administering.set_role(services, viewer, user, team, role_of(fields.get("role", "")))
        return renewed(services, request, RedirectResponse(f"/administration/teams/{team}", 303), user)

    @require(Permission.USERS_WRITE)
    def create_user(request: Request) -> Response:
        fields = fields_of(form_of(request))
        role = role_of(fields.get("role", ""))
        user, link = administering.create_user(
            services,
            principal_of(request),
            fields.get("name", ""),
            email=fields.get("email", "").strip(),
            roles={} if role is None else {ORGANISATION: role},
            invite=bool(fields.get("invite")),
            base=base_of(services, request),
        )
        if not link:
            return RedirectResponse(f"/administration/people/{user}", 303)
        return once(request, services, "people", "Invitation", link, "They set their password by it, once.")

    @require(Permission.USERS_READ)
    def person(request: Request) -> Response:
        number = number_of(request)
        try:
            with database.read() as connection:
                found = users.get(connection, number)
                held = sessions.of(connection, number, services.now())
        except MissingError:
            raise HTTPException(404, "There is no such person.") from None
        return page.render(
            request, services, "person.html", active="administration", title=found.name, person=found, sessions=held,
            own=principal_of(request).session, teams=dict(page.team_names(services, None)),
        )  # fmt: skip

    @require(Permission.USERS_WRITE)
    def change_person(request: Request) -> Response:
        viewer, number = principal_of(request), number_of(request)
        act = fields_of(form_of(request)).get("act", "")
        if act == "invite":
            link = administering.invite_user(services, viewer, number, base_of(services, request))
            return once(request, services, "people", "Invitation", link, "They set their password by it, once.")
        if act == "disable":
            administering.disable_user(services, viewer, number)
        elif act == "enable":
            administering.enable_user(services, viewer, number)
        elif act == "end-sessions":
            administering.end_sessions(services, viewer, number)
        else:
            raise UsageError("say what is to be done")
        return RedirectResponse(f"/administration/people/{number}", 303)

    return [
        *lists.routes(services, TEAMS),
        *lists.routes(services, PEOPLE),
        Route("/administration/teams", create_team, methods=["POST"]),
        Route("/administration/teams/{number}", one_team),
        Route("/administration/teams/{number}", change_team, methods=["POST"]),
        Route("/administration/teams/{number}/members", set_role, methods=["POST"]),
        Route("/administration/people", create_user, methods=["POST"]),
        Route("/administration/people/{number}", person),
        Route("/administration/people/{number}", change_person, methods=["POST"]),
    ]


def role_of(given: str) -> Role | None:
    """A role of a form; None for none. Raises UsageError."""
    if not given:
        return None
    try:
        return Role(given)
    except ValueError:
        raise UsageError(f"a role is one of {', '.join(Role)}") from None


def once(request: Request, services: Services, tab: str, what: str, secret: str, lead: str) -> Response:
    """The page that shows a secret this once."""
    return page.render(
        request, services, "once.html", active="administration", title=what, secret=secret, lead=lead, tab=tab
    )


def base_of(services: Services, request: Request) -> str:
    """Where links begin."""
    return services.base or str(request.base_url).rstrip("/")
