"""SHELL. What endpoints obey and ask for: their bundle, the advisories that it names, and requests for approvals.

Must not be here: what a bundle holds (`server.fleet.bundles`), deciding requests.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.server.intake.shelf import Shelf
from spawngate.sync import bundle as signed
from spawngate.sync import messages
from spawngate.sync.messages import (
    ADVISORIES,
    BUNDLE,
    LARGEST_MESSAGE,
    LINES,
    REQUESTS,
    Ask,
    Asked,
    MessageError,
    Problem,
)
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, plain, subject_of


def routes(desk: Desk, shelf: Shelf) -> list[Route]:
    """GET /api/v1/agent/bundle, GET .../lines/DIGEST, GET .../advisories/DIGEST, POST .../requests."""

    def bundle(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return give(desk, shelf, endpoint, request.headers.get("if-none-match", ""))

    def line(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        packs = "zstd" in request.headers.get("accept-encoding", "")
        return give_line(desk, shelf, endpoint, str(request.path_params["digest"]), packs=packs)

    def advisories(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return records(shelf, str(request.path_params["digest"]))

    def requests(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        return answer(ask(desk, endpoint, body))

    return [
        Route(BUNDLE, desk.route(bundle, 0, 0, bulk=True), methods=["GET"]),
        Route(f"{LINES}/{{digest}}", desk.route(line, 0, 0, bulk=True), methods=["GET"]),
        Route(f"{ADVISORIES}/{{digest}}", desk.route(advisories, 0, 0, bulk=True), methods=["GET"]),
        Route(REQUESTS, desk.route(requests, LARGEST_MESSAGE, LARGEST_MESSAGE), methods=["POST"]),
    ]


def give(desk: Desk, shelf: Shelf, endpoint: Endpoint, held: str) -> Response:
    """The newest bundle of an endpoint; 304 where its line is the one that the endpoint has. Raises StoreError."""
    services = desk.services
    with services.database.read() as connection:
        endpoint = endpoints.get(connection, endpoint.id) or endpoint  # its team may be another one since
        serial = bundles.serial(connection)
    line = shelf.line(endpoint, serial)
    tag = f'"{line.digest.hex()}"'
    count("bundles")
    if held == tag:
        return Response(status_code=304, headers={"etag": tag})
    note = signed.vouched(line.digest, line.serial, endpoint.id, services.signer, services.now())
    return Response(
        b"%b\n%b" % (line.data, note.encode()), headers={"etag": tag}, media_type="application/octet-stream"
    )


def give_line(desk: Desk, shelf: Shelf, endpoint: Endpoint, digest: str, *, packs: bool) -> Response:
    """The line that the endpoint's last note is for. Raises Refused where it obeys another one by now, StoreError."""
    with desk.services.database.read() as connection:
        serial = bundles.serial(connection)
    line = shelf.line(endpoint, serial)
    if line.digest.hex() != digest:
        raise Refused(404, Problem("this endpoint obeys no such bundle", "none"))
    count("bundles")
    headers = {"content-encoding": "zstd"} if packs else {}
    return Response(line.packed if packs else line.data, headers=headers, media_type="application/octet-stream")


def records(shelf: Shelf, digest: str) -> Response:
    """A set of advisories. Raises Refused, StoreError."""
    found = shelf.records(digest)
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
