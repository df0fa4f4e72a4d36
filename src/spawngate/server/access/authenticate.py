"""SHELL. Who asks: the middleware that finds it out once for every request and puts it into `request.state.principal`.

A Bearer token counts before a cookie, and a wrong one is not mended by a cookie. Strangers who ask too often are sent
away, by their network; whoever is known passes beside them, so that nobody keeps out those behind the same address.
Nobody has more than a few requests under way: slow ones of one must leave threads to all others. Under `AGENT_PATHS`
endpoints are served, which have tokens of their own: nothing is looked up there.
Must not be here: what the principal may do (`guard`), how sessions begin (`login`).
"""

import secrets
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from spawngate.server.access import cookies
from spawngate.server.access.holding import held_by
from spawngate.server.access.limits import AT_ONCE, REQUESTS, STRANGERS, Limit, Room, network_of
from spawngate.server.access.principal import NOBODY, Kind, Principal
from spawngate.server.access.principal import local as local_principal
from spawngate.server.access.refusal import refusal
from spawngate.server.fleet import sessions, tokens, users
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError

AGENT_PATHS = "/api/v1/agent/"
UNCOUNTED = ("/static/", "/healthz", "/readyz")


class Authenticate:
    """Finds out who asks, and how often."""

    def __init__(self, app: ASGIApp, services: Services, *, local_user: str = "local") -> None:
        self._app, self._services = app, services
        self._secure = services.base.startswith("https:")
        self._local = local_principal(local_user, secrets.token_urlsafe(32)) if services.local else None
        self._requests, self._strangers, self._under_way = Limit(REQUESTS), Limit(STRANGERS), Room(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(AGENT_PATHS):
            scope.setdefault("state", {})["principal"] = NOBODY
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        network = network_of(scope["client"][0] if scope.get("client") else "")
        try:
            principal = self._local or await self._found(connection)
        except StoreError:
            await refusal(scope, 503, "The server cannot reach its database.", 5)(scope, receive, send)
            return
        if principal is NOBODY and (wait := self._strangers.wait(network)):
            await refusal(scope, 429, "Too many refused requests from your address.", wait)(scope, receive, send)
            return
        counted = not scope["path"].startswith(UNCOUNTED)
        key = ("network", network) if principal is NOBODY else _key(principal)
        if counted and (wait := self._requests.take(key)):
            await refusal(scope, 429, "Too many requests.", wait)(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal

        async def seen(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._strangers.take(network)
            await send(message)

        if not counted or principal is NOBODY:
            await self._app(scope, receive, seen)  # type: ignore[arg-type]  # a message is a mapping of this form
            return
        with self._under_way.entered(key) as fits:
            if not fits:
                await refusal(scope, 429, "Too many requests at once.", 1)(scope, receive, send)
                return
            await self._app(scope, receive, seen)  # type: ignore[arg-type]  # as above

    async def _found(self, connection: HTTPConnection) -> Principal:
        given = connection.headers.getlist("authorization")
        if given:
            scheme, _, secret = given[0].partition(" ")
            if len(given) > 1 or scheme.lower() != "bearer":
                return NOBODY
            return await run_in_threadpool(self._of_token, secret.strip())
        word = cookies.read(connection, cookies.SESSION, self._secure)
        return await run_in_threadpool(self._of_session, word) if word else NOBODY

    def _of_token(self, secret: str) -> Principal:
        database, now = self._services.database, self._services.now()
        with database.read() as connection:
            token = tokens.find(connection, secret, now)
            holder = None if token is None else held_by(connection, token, now)
        if token is None or holder is None:
            return NOBODY
        if tokens.is_stale(token, now):
            self._noted(lambda: self._token_used(token, now))
        return holder

    def _of_session(self, word: str) -> Principal:
        database, now = self._services.database, self._services.now()
        with database.read() as connection:
            session = sessions.find(connection, word, now)
            if session is None:
                return NOBODY
            user = users.get(connection, session.user)
        if sessions.is_stale(session, now):
            self._noted(lambda: self._session_seen(session.id, now))
        return Principal(user.name, Kind.USER, user.roles, user=user.id, session=session.id, csrf=session.csrf)

    def _token_used(self, token: tokens.Token, now: str) -> None:
        with self._services.database.begin() as connection:
            tokens.used(connection, token, now)

    def _session_seen(self, session: str, now: str) -> None:
        with self._services.database.begin() as connection:
            sessions.seen(connection, session, now)

    def _noted(self, note: Callable[[], None]) -> None:
        """Nobody is kept out because it cannot be noted that they were here."""
        try:
            note()
        except StoreError:
            return


def _key(principal: Principal) -> tuple[str, int | str]:
    if principal.token is not None:
        return "token", principal.token
    return "user", principal.user if principal.user is not None else principal.name
