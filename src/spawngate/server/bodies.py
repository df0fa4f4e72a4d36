"""SHELL. How long a request's body may be, by path, and how long it may take; what is longer is refused before it is
read to its end, and who sends a byte now and then holds no place for ever.

Must not be here: bodies of endpoints, which are counted again while they are unpacked (`server.intake`).
"""

import asyncio
import time

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

GRACE = 30.0
"""Seconds in which a body begins to come."""
SLOWEST = 8 << 10
"""Bytes a second that come from then on, over the whole of it: a tenth of a slow line."""


def most(path: str) -> int:
    """Bytes of a body under a path; 0: not counted here."""
    return next((bytes_ for begin, bytes_ in LONGER if path.startswith(begin)), USUAL)


class BodyLimit:
    """Refuses bodies that are too long: by their stated length at once, else when they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = most(scope["path"])
        stated = Headers(scope=scope).get("content-length", "")
        if limit and stated.isascii() and stated.isdigit() and (len(stated) > 15 or int(stated) > limit):
            await refusal(scope, 413, f"The body is longer than {limit:,} bytes.")(scope, receive, send)
            return
        begun, read, is_whole = time.monotonic(), 0, False

        async def counted() -> Message:
            nonlocal read, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout(begun + GRACE + read / SLOWEST - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "The body comes too slowly.", {"connection": "close"}) from None
            is_whole = not message.get("more_body", False)
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if limit and read > limit:
                    raise HTTPException(413, f"The body is longer than {limit:,} bytes.")
            return message

        await self._app(scope, counted, send)
