"""SHELL. Answers of the API: one envelope for pages and single things, and their schemas in the OpenAPI document.

The values are structs of fleet data and of views, so their schemas are made from these (msgspec), not written twice.
Must not be here: routes.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

import msgspec
from fastapi import APIRouter, Depends, FastAPI, Path, Query
from starlette.responses import Response

from spawngate.server.access.guard import GuardedRoute, principal_of
from spawngate.server.access.principal import Principal
from spawngate.server.fleet.rows import MOST, USUAL

PREFIX = "/api/v1"
SCHEMA_VERSION = 1
_REFERENCE = "#/components/schemas/{name}"

Who = Annotated[Principal, Depends(principal_of)]
"""Who asks; the guard has let them in."""
Cursor = Annotated[str, Query(max_length=4_000, description="`cursor` of the page before; empty for the first page.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Entries of the page.")]
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
"""The id of something."""
USUAL_LIMIT = USUAL


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused."""

    message: str


class Refusal(msgspec.Struct, frozen=True):
    """The answer to a request that was refused."""

    schema_version: int
    error: Problem


class Secret(msgspec.Struct, frozen=True):
    """Something that is shown this once: keep it now."""

    id: int
    secret: str


class Link(msgspec.Struct, frozen=True):
    """A link that works once."""

    id: int
    link: str


class Done(msgspec.Struct, frozen=True):
    """It was done."""

    done: bool = True


_TYPES: list[Any] = []
"""Every type that a route names, by its number in the references that `document` resolves: two types of one name get
longer names, which are known only when all are."""
_LATER = "type:"


def router(tag: str) -> APIRouter:
    """A part of the API whose routes all have a requirement and tell their refusals."""
    refusals = {
        status: {"description": what, "content": {"application/json": {"schema": _schema(Refusal)}}}
        for status, what in (
            (400, "The request is wrong."),
            (401, "Nobody is known by this token or session."),
            (403, "Not permitted."),
            (404, "Not there, or not for you."),
            (409, "Contradicts what is there."),
            (413, "Too long."),
            (422, "Does not fit the schema, or asks for too much at once."),
            (429, "Too many requests."),
            (503, "The stores cannot be used just now."),
        )
    }
    return APIRouter(
        prefix=PREFIX,
        route_class=GuardedRoute,
        tags=[tag],
        responses=cast(Any, refusals),
        default_response_class=Response,
        generate_unique_id_function=lambda route: route.name,
    )


def gives(kind: Any, what: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route that gives one of these."""
    schema = {
        "type": "object",
        "required": ["schema_version", "item"],
        "properties": {"schema_version": {"type": "integer"}, "item": _schema(kind)},
    }
    return {status: {"description": what, "content": {"application/json": {"schema": schema}}}}


def lists(kind: Any, what: str, **more: Mapping[str, Any]) -> dict[int | str, dict[str, Any]]:
    """`responses` of a route that gives a page of these. `more`: schemas of further members."""
    properties = {
        "schema_version": {"type": "integer"},
        "items": {"type": "array", "items": _schema(kind)},
        "cursor": {"type": ["string", "null"], "description": "Where the next page begins; null at the end."},
        **more,
    }
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {200: {"description": what, "content": {"application/json": {"schema": schema}}}}


def item_schema(kind: Any) -> dict[str, Any]:
    """The schema of a type, for a further member of an answer."""
    return _schema(kind)


def item(value: Any, status: int = 200) -> Response:
    """One thing."""
    return _json({"schema_version": SCHEMA_VERSION, "item": value}, status)


def items(values: Sequence[Any], cursor: str | None, **more: Any) -> Response:
    """A page."""
    return _json({"schema_version": SCHEMA_VERSION, "items": values, "cursor": cursor, **more})


def document(application: FastAPI) -> bytes:
    """The OpenAPI document, with the schemas of every type that routes name."""
    made = dict(application.openapi())
    schemas, components = msgspec.json.schema_components(_TYPES, ref_template=_REFERENCE)
    held = {**made.get("components", {})}
    held["schemas"] = {**held.get("schemas", {}), **components}
    held["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token: sgt_..."},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-spawngate"},
    }
    made["components"] = held
    made["security"] = [{"token": []}, {"session": []}]
    return msgspec.json.encode(_resolved(made, list(schemas)))


def _schema(kind: Any) -> dict[str, Any]:
    """A reference to the schema of a type, which `document` resolves."""
    if kind not in _TYPES:
        _TYPES.append(kind)
    return {"$ref": f"{_LATER}{_TYPES.index(kind)}"}


def _resolved(value: Any, schemas: Sequence[dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.startswith(_LATER):
            return schemas[int(reference.removeprefix(_LATER))]
        return {key: _resolved(each, schemas) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, schemas) for each in value]
    return value


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")
