"""SHELL. The doors: sign-in with a password or at a provider, sign-out. Those for who is new: `welcoming`.

    GET, POST /login            GET /login/provider, /login/callback        POST /logout        GET /sign-in.css

A wrong name takes as long as a wrong password. What strangers can have done here costs much (argon2, a provider that is
slow): it runs in threads apart.
Must not be here: how a provider is asked (`oidc`), what a sign-in makes (`entering`), what is kept (`fleet`).
"""

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from importlib.resources import files

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access import cookies, passwords, welcoming
from spawngate.server.access.entering import address_of, entered, next_of
from spawngate.server.access.guard import Apart, fields_of, form_of, principal_of, public, signed_in
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
from spawngate.server.administration import recorded
from spawngate.server.fleet import one_time, sessions, users
from spawngate.server.fleet.words import fresh
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError

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
        *welcoming.routes(services, apart),
        Route("/sign-in.css", css),
    ]
    if provider is not None:
        found += [
            Route("/login/provider", public("sign-in at the provider", apart=apart)(doors.to_provider)),
            Route("/login/callback", public("the way back from the provider", apart=apart)(doors.from_provider)),
        ]
    return found


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
            return entered(self._services, request, connection, held[0], target)

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
            answer = entered(self._services, request, connection, user, str(known["next"]))
        cookies.clear(answer, cookies.LOGIN, self._secure)
        return answer

    # Shared -------------------------------------------------------------------------------------------------------

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

    def _callback(self, request: Request) -> str:
        return f"{self._services.base or str(request.base_url).rstrip('/')}/login/callback"
