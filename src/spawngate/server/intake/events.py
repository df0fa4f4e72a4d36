"""SHELL. Batches of records into the event store: in order, once, with the chain verified, durable before the answer.

A batch is taken whole or not at all. What it tells about itself (gaps, altered records) becomes events of the server's
own stream: an endpoint that has something to hide is told of as well as heard.
Must not be here: what a batch is (`sync.batch`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.intake.alarms import Alarms
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.server.store.check import check_place
from spawngate.server.store.port import Entry
from spawngate.sync import batch as batches
from spawngate.sync.batch import Batch, BatchError, Broken, Sent
from spawngate.sync.messages import EVENTS, LARGEST_BATCH, MOST_RECORDS, Problem, Taken
from spawngate.trail.chain import Head

COMPARED = 50
"""Records of a batch that are there already and are compared with what is there."""
_LINES = MOST_RECORDS * 2 + 1
"""A gap may stand before every record."""


def route(desk: Desk) -> Route:
    """POST /api/v1/agent/events?stream=NAME."""
    alarms = Alarms(desk.services)

    def work(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        stream = request.query_params.get("stream", "")
        return answer(Taken(take(desk, alarms, endpoint, stream, body), desk.interval))

    return Route(EVENTS, desk.route(work, LARGEST_BATCH, LARGEST_BATCH, waits=True), methods=["POST"])


def take(desk: Desk, alarms: Alarms, endpoint: Endpoint, stream: str, body: bytes) -> int:
    """Store a batch; the last sequence of the stream that is accounted for. Raises Refused, UsageError, StoreError."""
    services = desk.services
    lines = _lines(body)
    _check_stream(endpoint.id, stream, services.now())
    try:
        found = batches.read(Head(stream, *services.events.head(endpoint.id, stream)), lines, endpoint.installation)
    except BatchError as error:
        problem = Problem(str(error), error.code, accepted=error.accepted, line=error.line)
        raise Refused(409 if error.code == "gap" else 422, problem) from None
    # INVARIANT: told before it is stored. A batch that comes again after a fault between the two tells of itself again
    # as long as its records are not there, and not once they are.
    _tell(desk, alarms, endpoint, found)
    received = services.now()
    entries = [_entry(endpoint.id, stream, each, received) for each in found.records]
    if entries:
        done = services.events.append(entries, services.outbox(entries))
        count("events", done.stored)
        count("repeated", done.duplicates)
    count("repeated", len(found.repeated))
    count("batches")
    return found.accepted


def _lines(body: bytes) -> Sequence[bytes]:
    if not body.endswith(b"\n"):
        raise Refused(422, Problem("a batch ends in a newline", "line"))
    lines = body[:-1].split(b"\n")
    if len(lines) > _LINES:
        raise Refused(413, Problem(f"a batch has at most {MOST_RECORDS} records", "too-large"))
    return lines


def _check_stream(endpoint: str, stream: str, now: str) -> None:
    try:
        check_place(Entry(endpoint, stream, 1, now, now, "x", b""))
    except UsageError:
        raise Refused(422, Problem("`stream` names the records' stream", "stream")) from None


def _entry(endpoint: str, stream: str, sent: Sent, received: str) -> Entry:
    return Entry(endpoint, stream, sent.sequence, sent.at or received, received, sent.type, sent.line)


def _tell(desk: Desk, alarms: Alarms, endpoint: Endpoint, found: Batch) -> None:
    for broken in (*found.broken, *_altered(desk, endpoint, found)):
        detail: dict[str, Json] = {"stream": found.stream, "sequence": broken.sequence}
        alarms.tell(endpoint.id, broken.what, broken.message, detail)
    for gap in found.gaps:
        span = f"records {gap.first} to {gap.last}" if gap.last > gap.first else f"record {gap.first}"
        what = "trail-given-up" if gap.reason == "given-up" else "trail-gap"
        alarms.tell(
            endpoint.id,
            what,
            f"{span} will not come ({gap.reason})",
            {
                "stream": found.stream,
                "first": gap.first,
                "last": gap.last,
                "reason": gap.reason,
                "counts": dict(gap.counts),
            },
        )


def _altered(desk: Desk, endpoint: Endpoint, found: Batch) -> list[Broken]:
    """Records that came before as others."""
    told: list[Broken] = []
    known = {each.sequence for each in found.broken}
    for each in found.repeated[:COMPARED]:
        there = desk.services.events.find((endpoint.id, found.stream, each.sequence))
        if there is not None and there[0].record != each.line and each.sequence not in known:
            message = f"record {each.sequence} is another one than was taken before"
            told.append(Broken("trail-altered", each.sequence, message))
            break
    return told
