"""Requests to the registry, and its answers.

Must not be here: the form of one server (`registry.document`).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import or_, select
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.launch.identity import Identity
from spawngate.model.errors import UsageError
from spawngate.server.access.guard import principal_of, public, require
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.rows import closed, of_teams, opened
from spawngate.server.fleet.tables import APPROVALS
from spawngate.server.registry.document import Listed, Server, response_of, server_of
from spawngate.server.services import Services
from spawngate.trail import moment

USUAL, MOST = 30, 100
"""Servers of a page, as the official registry has them."""
LONGEST_SEARCH = 200
NAMESPACE = "local.spawngate"
"""Begins the names where the server has no address of its own."""
_SHARED = ("group", "team")
"""Reaches of approvals that are listed: what counts on one endpoint only is no offer to others."""


def routes(services: Services, *, is_public: bool = False) -> Sequence[BaseRoute]:
    """The routes. `is_public`: everybody may read what was approved for the whole organisation, because editors ask
    without a token; else a token or session with `registry:read` sees what counts in its teams."""
    guard = public("a list that the administrator made public") if is_public else require(Permission.REGISTRY_READ)

    def guarded(answer: Callable[[Request], Response]) -> Any:
        return guard(answer)

    def listed(request: Request) -> Response:
        found = _wanted(_servers(services, request, is_public), request.query_params)
        limit = _limit(request.query_params)
        cursor = request.query_params.get("cursor", "")
        if cursor:
            name, version = (str(each) for each in opened(cursor, 2))
            found = [each for each in found if (each.name, each.version) > (name, version)]
        page, more = found[:limit], len(found) > limit
        metadata: dict[str, Any] = {"count": len(page)}
        if more:
            metadata["nextCursor"] = closed([page[-1].name, page[-1].version])
        return _json({"servers": [response_of(each) for each in page], "metadata": metadata})

    def versions(request: Request) -> Response:
        found = _named(services, request, is_public)
        if not found:
            return _json({"error": "Server not found"}, 404)
        return _json({"servers": [response_of(each) for each in found], "metadata": {"count": len(found)}})

    def version(request: Request) -> Response:
        wanted = request.path_params["version"]
        for each in _named(services, request, is_public):
            if wanted in ("latest", each.version):
                return _json(response_of(each))
        return _json({"error": "Server not found"}, 404)

    return [
        Route("/v0.1/servers", guarded(listed)),
        Route("/v0.1/servers/{name:path}/versions/{version}", guarded(version)),
        Route("/v0.1/servers/{name:path}/versions", guarded(versions)),
    ]


def namespace_of(base: str) -> str:
    """What names begin with: the host of the server's address, from its end (`org.example.gate`)."""
    host = urlsplit(base).hostname or ""
    parts = [part for part in host.split(".") if part]
    if len(parts) < 2 or ":" in host or parts[-1].isdigit():
        return NAMESPACE
    return ".".join(reversed(parts))


def _servers(services: Services, request: Request, is_public: bool) -> list[Server]:
    """Every server of the list, by name and version: several approvals of one launch are one server."""
    table = APPROVALS
    counts = table.c.reach == "organisation"
    if not is_public:
        teams = principal_of(request).teams(Permission.REGISTRY_READ)
        counts = or_(counts, table.c.reach.in_(_SHARED) & of_teams(table.c.team, teams))
    statement = select(table).where(counts, table.c.state.in_(("approved", "revoked"))).order_by(table.c.id)
    now, namespace = services.now(), namespace_of(services.base)
    found: dict[tuple[str, str], Server] = {}
    with services.database.read() as connection:
        rows = connection.execute(statement).mappings().all()
    for row in rows:
        listed = _listed(dict(row), now)
        server = None if listed is None else _server_of(listed, namespace)
        if server is None:
            continue
        before = found.get((server.name, server.version))
        if before is None or before.is_deleted or not server.is_deleted:
            found[server.name, server.version] = server
    return [found[key] for key in sorted(found)]


_server_of = lru_cache(8_192)(server_of)
"""Understanding a launch takes far longer than all else of an answer, and where the list is public anybody may ask."""


def _listed(row: dict[str, Any], now: str) -> Listed | None:
    try:
        identity = msgspec.convert(row["launch"]["identity"], Identity)
    except (KeyError, TypeError, msgspec.ValidationError):
        return None
    ended = bool(row["expires_at"]) and row["expires_at"] <= now
    return Listed(
        id=row["id"],
        fingerprint=row["fingerprint"],
        name=row["name"],
        command=identity.command,
        args=identity.args,
        release=identity.release,
        environment=tuple(identity.environment),
        state="expired" if ended and row["state"] == "approved" else row["state"],
        published=row["asked_at"],
        updated=row["expires_at"] if ended else row["decided_at"] or row["asked_at"],
        expires=row["expires_at"],
    )


def _named(services: Services, request: Request, is_public: bool) -> list[Server]:
    name = request.path_params["name"]
    deleted = _flag(request.query_params, "include_deleted")
    found = (each for each in _servers(services, request, is_public) if each.name == name)
    return sorted((each for each in found if deleted or not each.is_deleted), key=_published, reverse=True)


def _published(server: Server) -> str:
    return server.published


def _wanted(servers: Sequence[Server], query: QueryParams) -> list[Server]:
    """Those that a list asks for. Raises UsageError."""
    search = query.get("search", "")[:LONGEST_SEARCH].casefold()
    since, version = query.get("updated_since", ""), query.get("version", "")
    deleted = _flag(query, "include_deleted")
    if since:
        try:
            since = moment.normal(since)
        except ValueError:
            raise UsageError("updated_since must be a time of RFC 3339 with a zone") from None
        deleted = True  # whoever follows the list has to learn what was taken from it
    return [
        each
        for each in servers
        if (deleted or not each.is_deleted)
        and search in f"{each.name} {each.document['title']}".casefold()
        and (not since or each.updated >= since)
        and version in ("", "latest", each.version)
    ]


def _limit(query: QueryParams) -> int:
    text = query.get("limit", str(USUAL))
    if not text.isascii() or not text.isdigit() or not int(text[:9]) > 0:
        raise UsageError("limit must be a number from 1 on")
    return min(int(text[:9]), MOST)


def _flag(query: QueryParams, name: str) -> bool:
    text = query.get(name, "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise UsageError(f"{name} must be true or false")
    return text in ("true", "1")


def _json(document: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")
