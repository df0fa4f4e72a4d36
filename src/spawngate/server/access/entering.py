"""SHELL. What every way in ends with: a session begun, its cookie, and where one goes on.

Every sign-in makes a new session and ends the one that the browser had.
Must not be here: how somebody proves who they are (`login`, `welcoming`).
"""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from spawngate.server.access import cookies
from spawngate.server.administration import recorded
from spawngate.server.fleet import sessions, users
from spawngate.server.services import Services


def entered(services: Services, request: Request, connection: Connection, user: int, target: str) -> Response:
    """Begin a session, record it, and send the browser on with its cookie. Raises StoreError."""
    secure = services.base.startswith("https:")
    name = users.get(connection, user).name
    before = cookies.read(request, cookies.SESSION, secure)
    recorded(
        services, name, kind="session", id=user, name=name, action="begun", detail={"address": address_of(request)}
    )
    word = sessions.begin(connection, user, services.now(), replaces=before)
    answer = RedirectResponse(target, 303)
    cookies.put(answer, cookies.SESSION, word, secure)
    return answer


def next_of(path: str) -> str:
    """Where to go on: a path of this server, and never another one."""
    if not path.startswith("/") or path.startswith(("//", "/login", "/logout")) or len(path) > 2_000:
        return "/"
    return path if path.isascii() and path.isprintable() and "\\" not in path else "/"


def address_of(request: Request) -> str:
    """Of the client, as far as trusted proxies tell it."""
    return request.client.host if request.client else ""
