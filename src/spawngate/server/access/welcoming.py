"""SHELL. The doors for who is new: the first run, and invitations. Both set a password, by a word that works once.

    GET, POST /first-run        GET, POST /invitation

The link of the first run makes the owner, once, and only while nobody owns the organisation. No password is hashed for
a word that opens nothing.
Must not be here: sign-in (`login`), whom an invitation is for (`invitations`), what is kept (`fleet`).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server.access import passwords
from spawngate.server.access.entering import entered
from spawngate.server.access.guard import Apart, fields_of, form_of, public
from spawngate.server.access.invitations import invited
from spawngate.server.access.refusal import environment, refusal
from spawngate.server.access.roles import Role
from spawngate.server.administration import recorded
from spawngate.server.fleet import one_time, users
from spawngate.server.fleet.database import ConflictError, Database
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services

FIRST_RUN = timedelta(hours=24)


def routes(services: Services, apart: Apart) -> Sequence[BaseRoute]:
    """The doors. `apart`: the threads in which passwords are hashed."""
    doors = Doors(services)
    return [
        Route("/first-run", public("makes the first owner, with a word that works once")(doors.first_run)),
        Route(
            "/first-run", public("makes the first owner", door=True, apart=apart)(doors.make_owner), methods=["POST"]
        ),
        Route("/invitation", public("sets a password, with a word that works once")(doors.invitation)),
        Route("/invitation", public("sets a password", door=True, apart=apart)(doors.accept), methods=["POST"]),
    ]


def first_run_link(database: Database, now: str, base: str) -> str:
    """The link that makes the first owner; empty where somebody owns the organisation. Earlier links end with it."""
    with database.begin() as connection:
        if users.has_owner(connection):
            return ""
        one_time.withdraw(connection, "first-run")
        word = one_time.issue(connection, "first-run", {}, now, FIRST_RUN)
    return f"{base}/first-run?{urlencode({'word': word})}"


class Doors:
    """The endpoints, with what they share."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def first_run(self, request: Request) -> Response:
        """The form that makes the owner."""
        word = request.query_params.get("word", "")
        with self._services.database.read() as connection:
            known = one_time.peek(connection, "first-run", word, self._services.now())
            if known is None or users.has_owner(connection):
                return self._gone(request)
        return self._welcome_owner(word)

    def make_owner(self, request: Request) -> Response:
        """Make the owner, and sign them in."""
        given = fields_of(form_of(request))
        word, name = given.get("word", ""), given.get("name", "")

        def enter(connection: Connection, held: str) -> Response:
            taken = one_time.take(connection, "first-run", word, self._services.now())
            if taken is None or users.has_owner(connection):
                return self._gone(request)
            now = self._services.now()
            user = users.create(connection, name, now, password=held, roles={ORGANISATION: Role.OWNER})
            owner = users.get(connection, user)
            recorded(self._services, owner.name, kind="user", id=user, name=owner.name, action="created-first-owner")
            return entered(self._services, request, connection, user, "/")

        def known(connection: Connection) -> bool:
            held = one_time.peek(connection, "first-run", word, self._services.now())
            return held is not None and not users.has_owner(connection)

        return self._with_password(request, known, enter, lambda problem: self._welcome_owner(word, name, problem))

    def invitation(self, request: Request) -> Response:
        """The form in which somebody sets their password."""
        word = request.query_params.get("word", "")
        with self._services.database.read() as connection:
            known = one_time.peek(connection, "invitation", word, self._services.now())
            user = invited(connection, known, self._services.now())
        return self._gone(request) if user is None else self._welcome(word, user.name)

    def accept(self, request: Request) -> Response:
        """Set the password, end other sessions, and sign in."""
        given = fields_of(form_of(request))
        word = given.get("word", "")

        def enter(connection: Connection, held: str) -> Response:
            now = self._services.now()
            user = invited(connection, one_time.take(connection, "invitation", word, now), now)
            if user is None:
                return self._gone(request)
            one_time.withdraw(connection, "invitation", user=user.id)
            users.set_password(connection, user.id, held)
            recorded(self._services, user.name, kind="user", id=user.id, name=user.name, action="set-password")
            return entered(self._services, request, connection, user.id, "/")

        def known(connection: Connection) -> bool:
            now = self._services.now()
            return invited(connection, one_time.peek(connection, "invitation", word, now), now) is not None

        def again(problem: str) -> Response:
            return self._welcome(word, given.get("name", ""), problem)

        return self._with_password(request, known, enter, again)

    def _with_password(
        self,
        request: Request,
        known: Callable[[Connection], bool],
        enter: Callable[[Connection, str], Response],
        again: Callable[[str], Response],
    ) -> Response:
        """Check a new password, and do something with its hash; the form again where that is not possible.

        `known`: whether the word of the form opens anything, without using it.
        """
        given = fields_of(form_of(request))
        with self._services.database.read() as connection:
            if not known(connection):
                return self._gone(request)
        if given.get("password") != given.get("again"):
            return again("The two passwords are not the same.")
        try:
            held = passwords.hashed(given.get("password", ""))
            with self._services.database.begin() as connection:
                return enter(connection, held)
        except (UsageError, ConflictError) as error:
            return again(f"This is not possible: {error}.")

    def _welcome_owner(self, word: str, name: str = "", problem: str = "") -> Response:
        lead = "This server is new. Whoever fills in this form owns it: its policies, people and routes."
        return self._new_password(
            "Own this server", lead, "/first-run", word, name, problem, fixed=False, verb="Become the owner"
        )

    def _welcome(self, word: str, name: str, problem: str = "") -> Response:
        lead = "Choose the password with which you sign in from now on."
        return self._new_password(
            "Set your password", lead, "/invitation", word, name, problem, fixed=True, verb="Set the password"
        )

    def _new_password(
        self, title: str, lead: str, action: str, word: str, name: str, problem: str, *, fixed: bool, verb: str
    ) -> Response:
        text = (
            environment()
            .get_template("welcome.html")
            .render(
                title=title,
                lead=lead,
                action=action,
                word=word,
                name=name[:200],
                problem=problem,
                fixed=fixed,
                verb=verb,
                shortest=passwords.SHORTEST,
                longest=passwords.LONGEST,
            )
        )
        return HTMLResponse(text, 400 if problem else 200)

    def _gone(self, request: Request) -> Response:
        return refusal(request.scope, 410, "This link has been used, or is too old. Ask for a new one.")
