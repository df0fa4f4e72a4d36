"""SHELL. The doors: sign-in with a password or at a provider, sign-out, the first run, invitations.

    GET, POST /login            GET /login/provider, /login/callback        POST /logout
    GET, POST /first-run        GET, POST /invitation                        GET /sign-in.css

Every sign-in makes a new session and ends the one that the browser had. A wrong name takes as long as a wrong password.
What strangers can have done here costs much (argon2, a provider that is slow): it runs in threads apart, and no
password is hashed for a word that opens nothing.
The link of the first run makes the owner, once, and only while nobody owns the organisation.
Must not be here: how a provider is asked (`oidc`), what is kept (`fleet`).
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib.resources import files
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server.access import cookies, passwords
from spawngate.server.access.guard import Apart, fields_of, form_of, principal_of, public, signed_in
from spawngate.server.access.invitations import invited
from spawngate.server.access.limits import (
    BEGUN,
    LOGINS,
    LOGINS_OF_NAME,
    WRONG_FROM_ADDRESS,
    Limit,
    network_of,
)
from spawngate.server.access.members import admitted
from spawngate.server.access.oidc import OidcError, Provider
from spawngate.server.access.principal import NOBODY
from spawngate.server.access.refusal import environment, notice, refusal
from spawngate.server.access.roles import Role
from spawngate.server.administration import recorded
from spawngate.server.fleet import one_time, sessions, users
from spawngate.server.fleet.database import ConflictError, Database
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.fleet.words import fresh
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError

FIRST_RUN = timedelta(hours=24)
AT_PROVIDER = timedelta(minutes=10)
WRONG = "Name or password is wrong."


def routes(services: Services, provider: Provider | None = None) -> Sequence[BaseRoute]:
    """The doors of a server."""
    doors, apart = Doors(services, provider), Apart()
    style = files("spawngate.server.access").joinpath("static", "sign-in.css").read_bytes()

    @public("the style of the pages before sign-in")
    def css(request: Request) -> Response:
        return Response(style, media_type="text/css; charset=utf-8")

    found: list[BaseRoute] = [
        Route("/login", public("sign-in")(doors.login)),
        Route("/login", public("sign-in", door=True, apart=apart)(doors.enter), methods=["POST"]),
        Route("/logout", signed_in(doors.leave), methods=["POST"]),
        Route("/first-run", public("makes the first owner, with a word that works once")(doors.first_run)),
        Route(
            "/first-run", public("makes the first owner", door=True, apart=apart)(doors.make_owner), methods=["POST"]
        ),
        Route("/invitation", public("sets a password, with a word that works once")(doors.invitation)),
        Route("/invitation", public("sets a password", door=True, apart=apart)(doors.accept), methods=["POST"]),
        Route("/sign-in.css", css),
    ]
    if provider is not None:
        found += [
            Route("/login/provider", public("sign-in at the provider", apart=apart)(doors.to_provider)),
            Route("/login/callback", public("the way back from the provider", apart=apart)(doors.from_provider)),
        ]
    return found


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

    def __init__(self, services: Services, provider: Provider | None) -> None:
        self._services, self._provider = services, provider
        self._secure = services.base.startswith("https:")
        self._by_both, self._by_name = Limit(LOGINS), Limit(LOGINS_OF_NAME)
        self._wrong_from, self._begun_from = Limit(WRONG_FROM_ADDRESS), Limit(BEGUN)

    # Password -----------------------------------------------------------------------------------------------------

    def login(self, request: Request) -> Response:
        """The form."""
        if principal_of(request) is not NOBODY:
            return RedirectResponse(next_of(request.query_params.get("next", "")), 303)
        with self._services.database.read() as connection:
            if not users.has_owner(connection) and self._provider is None:
                message = "Nobody owns this server yet. Open the link that it printed when it started, or have "
                message += "`spawngate server first-run` print a new one on its machine."
                return notice("This server is new", message, 403, back=False)
        return self._form(request, next_of(request.query_params.get("next", "")))

    def enter(self, request: Request) -> Response:
        """Sign in with a password."""
        given = fields_of(form_of(request))
        name, target = given.get("name", "")[:200], next_of(given.get("next", ""))
        network = network_of(address_of(request))
        # Counted before it is tried: of many at once each would else find that none was wrong yet.
        wait = self._wrong_from.take(network)
        wait = wait or self._by_both.take((name.lower(), network)) or self._by_name.take(name.lower())
        if wait:
            return self._form(request, target, name, "Too many attempts. Wait a minute, and try again.", 429, wait)
        return self._tried(request, name, given.get("password", ""), target)

    def _tried(self, request: Request, name: str, password: str, target: str) -> Response:
        with self._services.database.read() as connection:
            held = users.password_of(connection, name)
        if not passwords.fits(held[1] if held else None, password) or held is None:
            answer = self._form(request, target, name, WRONG, 401)
            if held is not None:
                # Behind the answer, whose time would else tell which names there are.
                answer.background = BackgroundTask(self._refused, held[0], name, address_of(request))
            return answer
        network = network_of(address_of(request))
        self._wrong_from.give_back(network)
        self._by_both.forget((name.lower(), network))
        with self._services.database.begin() as connection:
            if passwords.is_outdated(held[1]):
                users.set_password(connection, held[0], passwords.hashed(password))
            return self._entered(request, connection, held[0], target)

    def _refused(self, user: int, name: str, address: str) -> None:
        with suppress(StoreError):
            recorded(
                self._services, name, kind="session", id=user, name=name, action="refused",
                detail={"address": address},
            )  # fmt: skip

    def leave(self, request: Request) -> Response:
        """Sign out."""
        principal = principal_of(request)
        answer = RedirectResponse("/login", 303, {"clear-site-data": '"cache", "storage"'})
        if principal.session:
            with self._services.database.begin() as connection:
                recorded(
                    self._services, principal, kind="session", id=principal.user, name=principal.name, action="ended"
                )
                sessions.end(connection, principal.session)
            cookies.clear(answer, cookies.SESSION, self._secure)
        return answer

    # First run and invitations ------------------------------------------------------------------------------------

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
            return self._entered(request, connection, user, "/")

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
            return self._entered(request, connection, user.id, "/")

        def known(connection: Connection) -> bool:
            now = self._services.now()
            return invited(connection, one_time.peek(connection, "invitation", word, now), now) is not None

        def again(problem: str) -> Response:
            return self._welcome(word, given.get("name", ""), problem)

        return self._with_password(request, known, enter, again)

    # Provider -----------------------------------------------------------------------------------------------------

    def to_provider(self, request: Request) -> Response:
        """Send the browser to the provider, and remember that it was this browser."""
        assert self._provider is not None
        if wait := self._begun_from.take(network_of(address_of(request))):
            return refusal(request.scope, 429, "Too many sign-ins from your address.", wait)
        try:
            begun = self._provider.begin(self._callback(request))
        except OidcError as error:
            return refusal(request.scope, 503, f"Sign-in at the provider is not possible: {error}.")
        browser = fresh()
        detail = {
            "nonce": begun.nonce,
            "verifier": begun.verifier,
            "browser": hashlib.sha256(browser.encode()).hexdigest(),
            "next": next_of(request.query_params.get("next", "")),
        }
        with self._services.database.begin() as connection:
            one_time.issue(connection, "oidc-state", detail, self._services.now(), AT_PROVIDER, word=begun.state)
        answer = RedirectResponse(begun.url, 303)
        cookies.put(answer, cookies.LOGIN, browser, self._secure, int(AT_PROVIDER.total_seconds()))
        return answer

    def from_provider(self, request: Request) -> Response:
        """Believe the provider, find out who it is to us, and sign them in."""
        assert self._provider is not None
        query = request.query_params
        with self._services.database.begin() as connection:
            known = one_time.take(connection, "oidc-state", query.get("state", ""), self._services.now())
        browser = hashlib.sha256(cookies.read(request, cookies.LOGIN, self._secure).encode()).hexdigest()
        # A link to somebody else's login (login CSRF) has a state that another browser began.
        if known is None or not hmac.compare_digest(browser, str(known["browser"])):
            return refusal(request.scope, 403, "This sign-in was not begun here, or took too long. Begin again.")
        if "error" in query or "code" not in query:
            return refusal(request.scope, 403, "The provider did not let you in.")
        redirect = self._callback(request)
        try:
            person = self._provider.finish(
                query["code"], redirect, str(known["nonce"]), str(known["verifier"]), query.get("iss")
            )
        except OidcError as error:
            return refusal(request.scope, 403, f"Sign-in failed: {error}.")
        with self._services.database.begin() as connection:
            user = admitted(self._services, connection, self._provider.settings, person)
            if user is None:
                message = "You are known to the provider, but nobody has given you a role here. Ask an administrator."
                return refusal(request.scope, 403, message)
            answer = self._entered(request, connection, user, str(known["next"]))
        cookies.clear(answer, cookies.LOGIN, self._secure)
        return answer

    # Shared -------------------------------------------------------------------------------------------------------

    def _entered(self, request: Request, connection: Connection, user: int, target: str) -> Response:
        name = users.get(connection, user).name
        before = cookies.read(request, cookies.SESSION, self._secure)
        recorded(
            self._services, name, kind="session", id=user, name=name, action="begun",
            detail={"address": address_of(request)},
        )  # fmt: skip
        word = sessions.begin(connection, user, self._services.now(), replaces=before)
        answer = RedirectResponse(target, 303)
        cookies.put(answer, cookies.SESSION, word, self._secure)
        return answer

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

    def _form(
        self, request: Request, target: str, name: str = "", problem: str = "", status: int = 200, wait: float = 0
    ) -> Response:
        text = (
            environment()
            .get_template("login.html")
            .render(
                title="Sign in",
                next=target,
                name=name,
                problem=problem,
                provider=self._provider.settings.name if self._provider else "",
                passwords=True,
            )
        )
        return HTMLResponse(text, status, {"retry-after": str(int(wait) + 1)} if wait else None)

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

    def _callback(self, request: Request) -> str:
        return f"{self._services.base or str(request.base_url).rstrip('/')}/login/callback"


def next_of(path: str) -> str:
    """Where to go on: a path of this server, and never another one."""
    if not path.startswith("/") or path.startswith(("//", "/login", "/logout")) or len(path) > 2_000:
        return "/"
    return path if path.isascii() and path.isprintable() and "\\" not in path else "/"


def address_of(request: Request) -> str:
    """Of the client, as far as trusted proxies tell it."""
    return request.client.host if request.client else ""
