"""The guard before every route: who may pass, and whether the request was made by a page of ours.

    @require(Permission.FINDINGS_WORK)          a Starlette endpoint, sync (run in a thread) or async
    @signed_in                                  anybody who has signed in: the own account
    @public("why")                              everybody: login, health, static files
    @by_endpoint                                endpoints, by a token of their own, which the endpoint checks itself

    router = APIRouter(route_class=GuardedRoute)        FastAPI: the same, `needs(Permission.X)` in place of `require`

A route that carries none of these is refused when the application is composed (`requirement_of`).
A request that changes something must come from our own origin (Sec-Fetch-Site, else Origin) and hold the principal's
CSRF token as the form's field `csrf` or the header `x-csrf-token`. A Bearer token needs neither: no browser sends it
by itself. Sources: Fetch Metadata (https://www.w3.org/TR/fetch-metadata/), OWASP's cheat sheet on CSRF.
Must not be here: who asks (`authenticate`), what a role may do (`roles`).
"""

import functools
import hmac
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spawngate.server.access.limits import DOORS_AT_ONCE, Room, network_of
from spawngate.server.access.principal import NOBODY, Kind, Principal
from spawngate.server.access.roles import Permission

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
FORM_FIELDS = 5_000
PART_BYTES = 1 << 20
FORM_FILES = 50

APART, WAITING = 4, 32
"""Threads of the doors of an application, and requests that wait for one."""

Endpoint = Callable[[Request], Any]
_MARK = "spawngate_requirement"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route asks for."""

    permission: Permission | None = None
    """In at least one team; which team's data may be seen or changed is the endpoint's to ask."""
    login: bool = False
    """Any signed-in principal."""
    endpoint: bool = False
    """The token of an endpoint, which the endpoint checks itself."""
    why: str = ""
    """Of a public one."""

    @property
    def is_public(self) -> bool:
        """Whether nobody is kept out."""
        return self.permission is None and not self.login and not self.endpoint


class NotSignedIn(HTTPException):
    """401: nobody is known, or the token or session has ended."""

    def __init__(self, detail: str = "Sign in first.") -> None:
        super().__init__(401, detail, {"www-authenticate": "Bearer"})


class Forbidden(HTTPException):
    """403: known, and may not."""

    def __init__(self, detail: str) -> None:
        super().__init__(403, detail)


class Apart:
    """Threads of their own for what strangers may ask and what costs much: passwords, a provider that is slow. However
    many ask, the threads that serve everybody else stay free, and no network has all of these. One of an application.
    """

    def __init__(self) -> None:
        self._limiter: CapacityLimiter | None = None
        self._under_way, self._of_network = 0, Room(DOORS_AT_ONCE)

    async def run(self, endpoint: Endpoint, request: Request) -> Any:
        """What the endpoint answers. Raises HTTPException where too many wait already."""
        network = network_of(request.client.host if request.client else "")
        with self._of_network.entered(network) as fits:
            if not fits:
                raise HTTPException(429, "Too many attempts at once. Try again in a moment.", {"retry-after": "1"})
            if self._under_way >= APART + WAITING:
                raise HTTPException(503, "Too many sign in just now. Try again in a moment.", {"retry-after": "5"})
            # Only in a running loop can one be made.
            self._limiter = self._limiter or CapacityLimiter(APART)
            self._under_way += 1
            try:
                return await to_thread.run_sync(endpoint, request, limiter=self._limiter)
            finally:
                self._under_way -= 1


def require(permission: Permission) -> Callable[[Endpoint], Callable[[Request], Awaitable[Response]]]:
    """Mark and guard a Starlette endpoint: only for principals that hold the permission in some team."""
    return _guarding(Requirement(permission=permission))


def signed_in(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Mark and guard a Starlette endpoint: for everybody who has signed in."""
    return _guarding(Requirement(login=True))(endpoint)


def public(
    why: str, *, door: bool = False, apart: Apart | None = None
) -> Callable[[Endpoint], Callable[[Request], Awaitable[Response]]]:
    """Mark a Starlette endpoint as everybody's. Forms are still taken from our own pages only.

    `door`: its form begins a session, so it holds no token of one, not even where the browser has one already;
    `apart`: the threads in which it runs.
    """
    return _guarding(Requirement(why=why), door, apart)


def by_endpoint(endpoint: Endpoint) -> Endpoint:
    """Mark a Starlette endpoint as the endpoints': it checks their token itself, and is called as it is."""
    setattr(endpoint, _MARK, Requirement(endpoint=True))
    return endpoint


def needs(permission: Permission | None) -> Callable[[Any], Any]:
    """Mark an endpoint of a `GuardedRoute`; None: anybody who has signed in."""

    def mark(endpoint: Any) -> Any:
        setattr(endpoint, _MARK, Requirement(permission=permission, login=permission is None))
        return endpoint

    return mark


class GuardedRoute(APIRoute):
    """A route of FastAPI that asks its requirement before anything of the request is read."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        if not hasattr(endpoint, _MARK):
            raise RuntimeError(f"{path} has no requirement")
        super().__init__(path, endpoint, **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler behind the guard."""
        handler = super().get_route_handler()
        requirement: Requirement = getattr(self.endpoint, _MARK)

        async def guarded(request: Request) -> Response:
            admit(request, requirement)
            if request.method not in SAFE:
                same_origin(request)
                _refuse_without_token(request, request.headers.get("x-csrf-token", ""))
            return await handler(request)

        return guarded


def requirement_of(route: object) -> Requirement | None:
    """What a route asks for; None for one that nobody thought about."""
    found = getattr(getattr(route, "endpoint", None), _MARK, None)
    if isinstance(route, APIRoute) and not isinstance(route, GuardedRoute):
        return None
    return cast("Requirement | None", found)


def principal_of(request: Request) -> Principal:
    """Who asks; NOBODY where nobody has signed in."""
    return cast(Principal, getattr(request.state, "principal", NOBODY))


def form_of(request: Request) -> FormData:
    """The form of a guarded request, read and checked before its endpoint was called; empty where there is none."""
    return cast(FormData, getattr(request.state, "form", None) or FormData())


def admit(request: Request, requirement: Requirement) -> None:
    """Raises NotSignedIn, Forbidden."""
    if requirement.is_public or requirement.endpoint:
        return
    principal = principal_of(request)
    if principal is NOBODY:
        raise NotSignedIn()
    if requirement.permission is not None and not principal.may_anywhere(requirement.permission):
        raise Forbidden(f"This needs the permission {requirement.permission.value}.")


def same_origin(request: Request) -> None:
    """Raises Forbidden for a request that a page of another origin had a browser make.

    A Bearer token is proof enough: nobody but its holder sends it.
    """
    if principal_of(request).kind is Kind.TOKEN:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        if site == "same-origin":
            return
    elif origin is not None and origin.lower() in _own_origins(request):
        return
    raise Forbidden("This request does not come from a page of this server.")


def _own_origins(request: Request) -> frozenset[str]:
    """The address at which people reach the console, or, where none is set, the one that was asked."""
    base: str = getattr(request.app.state, "base", "")
    if base:
        parts = urlsplit(base)
        return frozenset({f"{parts.scheme}://{parts.netloc}".lower()})
    return frozenset({f"{request.url.scheme}://{request.headers.get('host', '')}".lower()})


def _refuse_without_token(request: Request, given: str) -> None:
    principal = principal_of(request)
    if principal.kind is Kind.TOKEN or principal is NOBODY:
        return
    if not principal.csrf or not hmac.compare_digest(given.encode(), principal.csrf.encode()):
        raise Forbidden("The form has expired. Load the page again, and send it once more.")


def _guarding(
    requirement: Requirement, door: bool = False, apart: Apart | None = None
) -> Callable[[Endpoint], Callable[[Request], Awaitable[Response]]]:
    def guard(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        is_async = inspect.iscoroutinefunction(endpoint)

        @functools.wraps(endpoint)
        async def guarded(request: Request) -> Response:
            admit(request, requirement)
            try:
                if request.method not in SAFE:
                    same_origin(request)
                    await _read_form(request, door)
                if apart is not None:
                    return cast(Response, await apart.run(endpoint, request))
                answer = await (endpoint(request) if is_async else run_in_threadpool(endpoint, request))
                return cast(Response, answer)
            finally:
                await request.close()

        setattr(guarded, _MARK, requirement)
        return guarded

    return guard


async def _read_form(request: Request, door: bool) -> None:
    """Read a form into `request.state.form`, and refuse it without its token. Other bodies are the endpoint's."""
    given = request.headers.get("x-csrf-token", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.form(max_files=FORM_FILES, max_fields=FORM_FIELDS, max_part_size=PART_BYTES)
        request.state.form = form
        field = form.get("csrf")
        given = given or (field if isinstance(field, str) else "")
    if not door:
        _refuse_without_token(request, given)


def fields_of(form: FormData) -> Mapping[str, str]:
    """The text fields of a form, the last of each name; files are left out."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}
