"""SHELL. How a request is refused: JSON for programs, a page for browsers, in the same few words.

Must not be here: why.
"""

import math
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

API = ("/api/", "/v1/", "/v0.1/", "/metrics", "/healthz", "/readyz")
"""Paths that programs ask."""
TITLES = {
    400: "This request cannot be understood",
    401: "Sign in first",
    403: "Not permitted",
    404: "Not here",
    405: "Not possible",
    409: "This contradicts what is there",
    410: "This has been used, or has ended",
    413: "Too large",
    422: "Too much at once",
    429: "Too many requests",
    500: "Spawngate failed",
    503: "Not available just now",
}


def is_api(scope: Scope) -> bool:
    """Whether a program asks: by the path, or because it does not want a page."""
    if scope["path"].startswith(API):
        return True
    wanted = b",".join(value for name, value in scope["headers"] if name == b"accept").lower()
    return bool(wanted) and b"text/html" not in wanted and b"*/*" not in wanted


def refusal(
    scope: Scope,
    status: int,
    message: str,
    wait: float = 0,
    *,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, object] | None = None,
) -> Response:
    """The answer. `wait`: seconds until it is worth asking again; `more`: further members of the error's object."""
    given = dict(headers or {})
    if wait:
        given["retry-after"] = str(max(1, math.ceil(wait)))
    if is_api(scope):
        error = {"message": message, **(more or {})}
        data = msgspec.json.encode({"schema_version": 1, "error": error})
        return Response(data, status, given, "application/json")
    if status == 401 and scope["method"] in ("GET", "HEAD"):
        query = scope.get("query_string", b"").decode("latin-1")
        target = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"/login?next={quote(target)}" if target != "/" else "/login", 303)
    return notice(TITLES.get(status, "Refused"), message, status, given)


def notice(
    title: str, message: str, status: int, headers: Mapping[str, str] | None = None, *, back: bool = True
) -> Response:
    """A page that says one thing. `back`: whether a link to the first page leads anywhere."""
    text = environment().get_template("refusal.html").render(title=title, message=message, back=back)
    return HTMLResponse(text, status, headers)


@cache
def environment() -> Environment:
    """Templates of the pages before sign-in."""
    return Environment(
        loader=PackageLoader("spawngate.server.access"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
