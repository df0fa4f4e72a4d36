"""SHELL. The cookies of sign-in, and nothing else about them.

Over TLS they are `__Host-` cookies: only our own host can set one, only over TLS, for all paths (RFC 6265bis). On plain
loopback, where browsers refuse that prefix, they have another name and no `Secure`.
Must not be here: what they hold.
"""

from http.cookies import CookieError, SimpleCookie

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION = "spawngate"
LOGIN = "spawngate-login"
"""Ties a login at a provider to the browser that began it."""


def name_of(name: str, secure: bool) -> str:
    """The cookie's name."""
    return f"__Host-{name}" if secure else f"{name}-plain"


def read(connection: HTTPConnection, name: str, secure: bool) -> str:
    """The cookie's value; empty where there is none, or two that differ: then somebody planted one."""
    wanted = name_of(name, secure)
    found: set[str] = set()
    for header in connection.headers.getlist("cookie"):
        for part in header.split(";"):
            key, _, value = part.strip().partition("=")
            if key == wanted:
                found.add(_unquoted(value))
    return found.pop() if len(found) == 1 else ""


def put(response: Response, name: str, value: str, secure: bool, seconds: int | None = None) -> None:
    """Set the cookie; without `seconds` until the browser is closed."""
    response.set_cookie(
        name_of(name, secure), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )


def clear(response: Response, name: str, secure: bool) -> None:
    """Delete the cookie."""
    response.delete_cookie(name_of(name, secure), path="/", secure=secure, httponly=True, samesite="lax")


def _unquoted(value: str) -> str:
    try:
        parsed = SimpleCookie(f"x={value}")
    except CookieError:
        return value
    return parsed["x"].value if "x" in parsed else value
