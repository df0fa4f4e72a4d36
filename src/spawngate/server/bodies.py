"""SHELL. How long a request's body may be, by path; what is longer is refused before it is read to its end.

Must not be here: bodies of endpoints, which are counted again while they are unpacked (`server.intake`).
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spawngate.server.access.refusal import refusal

USUAL = 2 << 20
LONGER = (
    ("/api/v1/agent/", 0),
    ("/v1/", 16 << 20),
    ("/api/v1/projects", 64 << 20),
    ("/api/v1/advisories", 64 << 20),
    ("/api/v1/policies", 16 << 20),
    ("/policies", 16 << 20),
)
"""Bytes by the beginning of the path; 0: the endpoint counts for itself."""


def most(path: str) -> int:
    """Bytes of a body under a path; 0: not counted here."""
    return next((bytes_ for begin, bytes_ in LONGER if path.startswith(begin)), USUAL)


class BodyLimit:
    """Refuses bodies that are too long: by their stated length at once, else when they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = most(scope["path"]) if scope["type"] == "http" else 0
        if not limit:
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isascii() and stated.isdigit() and (len(stated) > 15 or int(stated) > limit):
            await refusal(scope, 413, f"The body is longer than {limit:,} bytes.")(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    raise HTTPException(413, f"The body is longer than {limit:,} bytes.")
            return message

        await self._app(scope, counted, send)
