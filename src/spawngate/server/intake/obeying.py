"""SHELL. What endpoints obey and ask for: their bundle, the advisories that it names, and requests for approvals.

Must not be here: what a bundle holds (`server.fleet.bundles`), deciding requests.
"""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.sync import bundle as signed
from spawngate.sync import messages
from spawngate.sync.messages import ADVISORIES, BUNDLE, LARGEST_MESSAGE, REQUESTS, Ask, Asked, MessageError, Problem
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, plain, subject_of


def routes(desk: Desk) -> list[Route]:
    """GET /api/v1/agent/bundle, GET .../advisories/DIGEST, POST .../requests."""

    def bundle(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return give(desk, endpoint, request.headers.get("if-none-match", ""))

    def advisories(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return records(desk, str(request.path_params["digest"]))

    def requests(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return answer(ask(desk, endpoint, body))

    return [
        Route(BUNDLE, desk.route(bundle, 0, 0), methods=["GET"]),
        Route(f"{ADVISORIES}/{{digest}}", desk.route(advisories, 0, 0), methods=["GET"]),
        Route(REQUESTS, desk.route(requests, LARGEST_MESSAGE, LARGEST_MESSAGE), methods=["POST"]),
    ]


def give(desk: Desk, endpoint: Endpoint, held: str) -> Response:
    """The newest bundle of an endpoint; 304 where its line is the one that the endpoint has. Raises StoreError."""
    services = desk.services
    with services.database.read() as connection:
        endpoint = endpoints.get(connection, endpoint.id) or endpoint  # its team may be another one since
        serial = bundles.serial(connection)
        content = bundles.content(connection, endpoint.id, endpoint.team, endpoint.group)
    line = signed.payload(content)
    tag = f'"{hashlib.sha256(line).hexdigest()}"'
    count("bundles")
    if held == tag:
        return Response(status_code=304, headers={"etag": tag})
    data = signed.signed(line, serial, endpoint.id, services.signer)
    return Response(data, headers={"etag": tag}, media_type="application/octet-stream")


def records(desk: Desk, digest: str) -> Response:
    """A set of advisories. Raises Refused, StoreError."""
    with desk.services.database.read() as connection:
        found = bundles.advisory_records(connection, digest)
    if found is None:
        raise Refused(404, Problem("there are no such advisories", "none"))
    return Response(found, headers={"content-encoding": "zstd"}, media_type="application/json")


def ask(desk: Desk, endpoint: Endpoint, body: bytes) -> Asked:
    """A request for an approval. Raises Refused, UsageError, StoreError."""
    services = desk.services
    try:
        message = messages.read(Ask, body)
    except MessageError as error:
        raise Refused(422, Problem(f"this is no request: {error}", "message")) from None
    with services.database.begin() as connection:
        endpoint = endpoints.get(connection, endpoint.id) or endpoint
        approval, fresh = approvals.ask(connection, endpoint, message, now=services.now())
        if fresh:
            _record(desk, endpoint, approval)
    count("requests")
    return Asked(approval.id, approval.state, f"{services.base}/approvals/{approval.id}")


def _record(desk: Desk, endpoint: Endpoint, approval: approvals.Approval) -> None:
    name = str(plain(approval.name))[:300]
    desk.services.record(
        [
            Event(
                type=EventType.APPROVAL,
                at=desk.services.now(),
                schema_version=SCHEMA_VERSION,
                channel="server",
                actor=Actor(user=approval.asked_by),
                subject=subject_of("approval", str(approval.id), name, "requested"),
                detail={
                    "what": "requested",
                    "endpoint": endpoint.id,
                    "fingerprint": approval.fingerprint,
                    "reason": approval.reason,
                },
                message=f"{approval.asked_by} asks for an approval of {name}",
            )
        ]
    )
