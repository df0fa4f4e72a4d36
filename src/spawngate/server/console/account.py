"""The page of the own account: roles, sessions, another password.

Must not be here: what changing it does (`access.account`), others' accounts (`administration`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import administering
from spawngate.server.access import account, passwords
from spawngate.server.access.guard import Forbidden, fields_of, form_of, principal_of, signed_in
from spawngate.server.access.principal import Kind
from spawngate.server.console import page
from spawngate.server.fleet import sessions, users
from spawngate.server.services import Services

DONE = {"password": "Your password is changed. You are signed in here and nowhere else.",
        "sessions": "You are signed in here and nowhere else."}  # fmt: skip


def routes(services: Services) -> Sequence[BaseRoute]:
    """/account; POST /account/password, /account/sessions."""

    def shown(request: Request, problem: str = "", status: int = 200) -> Response:
        viewer = principal_of(request)
        if viewer.user is None:
            raise HTTPException(404, "Only a person who has signed in has an account here.")
        with services.database.read() as connection:
            person = users.get(connection, viewer.user)
            held = sessions.of(connection, viewer.user, services.now())
        return page.render(
            request, services, "account.html", active="account", title="Your account", status=status, person=person,
            sessions=held, own=viewer.session, teams=dict(page.team_names(services, None)), problem=problem,
            shortest=passwords.SHORTEST, longest=passwords.LONGEST, done=DONE.get(request.query_params.get("done", "")),
        )  # fmt: skip

    @signed_in
    def own(request: Request) -> Response:
        return shown(request)

    @signed_in
    def password(request: Request) -> Response:
        given = fields_of(form_of(request))
        if given.get("new") != given.get("again"):
            return shown(request, "The two new passwords are not the same.", 400)
        try:
            word = account.change_password(services, principal_of(request), given.get("old", ""), given.get("new", ""))
        except (Forbidden, UsageError) as error:
            told = error.detail if isinstance(error, Forbidden) else f"This is not possible: {error}."
            return shown(request, told, 400)
        return account.signed_in_by(services, RedirectResponse("/account?done=password", 303), word)

    @signed_in
    def end(request: Request) -> Response:
        viewer = principal_of(request)
        if viewer.user is None or viewer.kind is not Kind.USER:
            raise Forbidden("Only a person who has signed in has sessions.")
        administering.end_sessions(services, viewer, viewer.user)
        return RedirectResponse("/account?done=sessions", 303)

    return [
        Route("/account", own),
        Route("/account/password", password, methods=["POST"]),
        Route("/account/sessions", end, methods=["POST"]),
    ]
