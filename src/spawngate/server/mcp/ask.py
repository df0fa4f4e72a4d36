"""Requests to a server's API, for the tools. Reads only.

Must not be here: what is asked (`tools`).
"""

import json
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from spawngate.model.errors import StateError, UsageError

SECONDS = 30.0
LARGEST = 8 << 20
"""Bytes of an answer."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Asking:
    """One server's API. Use as an asynchronous context."""

    def __init__(self, server: str, token: str, *, ca: Path | None = None) -> None:
        """`server`: https://host, or http:// on loopback; `ca`: a file of certificates to trust. Raises UsageError."""
        self._base, local = base_of(server)
        context = ssl.create_default_context(cafile=ca)
        self._client = httpx2.AsyncClient(
            timeout=SECONDS,
            verify=context,
            # A proxy from the environment has no business between us and this machine.
            trust_env=not local,
            follow_redirects=False,
            headers={"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})},
        )

    async def __aenter__(self) -> "Asking":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, path: str) -> Any:
        """The document of an answer. Raises StateError where there is none, UsageError for a request that is wrong."""
        try:
            async with self._client.stream("GET", f"{self._base}{path}") as answer:
                body = b""
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise StateError("the answer is too large; ask for less at once")
        except httpx2.HTTPError as error:
            told = str(error) or type(error).__name__
            raise StateError(f"{self._base} cannot be asked ({told}); is the server running?") from None
        try:
            document = json.loads(body)
        except ValueError:
            raise StateError(f"{self._base}{path.partition('?')[0]} answered {answer.status_code}, no JSON") from None
        if answer.status_code == 200:
            return document
        raise refused(answer.status_code, document)


def base_of(server: str) -> tuple[str, bool]:
    """Where the API of a server begins, and whether that is on this machine. Raises UsageError."""
    try:
        parts = urlsplit(server)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"{server!r} is no address of a server") from None
    local = host in _LOOPBACK
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise UsageError(f"{server!r} is no address of a server")
    if parts.scheme == "http" and not local:
        raise UsageError("a token is sent over https only, but for a server on this machine")
    return f"{server.rstrip('/')}/api/v1/", local


def refused(status: int, document: object) -> UsageError | StateError:
    """What a refusal says."""
    problem = document.get("error") if isinstance(document, dict) else None
    message = problem.get("message") if isinstance(problem, dict) else None
    told = f"{status}: {message if isinstance(message, str) else 'refused'}"
    return UsageError(told) if status < 500 else StateError(told)
