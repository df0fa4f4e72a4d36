"""SHELL. Syncs: how an endpoint stands goes in, what it shall do next comes out.

Most syncs say little: that is noted for many at once, some seconds later. After a change of policy every endpoint obeys
another bundle within a minute, and a write of its own for each would keep all others waiting.
Must not be here: what an endpoint obeys (`obeying`).
"""

import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.server.fleet import bundles, endpoints
from spawngate.server.fleet.endpoints import Endpoint, Seen
from spawngate.server.intake.alarms import Alarms
from spawngate.server.intake.commanding import Commands
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.server.intake.runs import Runs
from spawngate.server.intake.shelf import Shelf
from spawngate.server.store.port import StoreBusyError
from spawngate.sync import bundle, messages
from spawngate.sync.messages import LARGEST_INLINE, LARGEST_MESSAGE, SYNC, MessageError, Orders, Problem, Told
from spawngate.trail import moment
from spawngate.trail.event import plain

FLUSH = 2.0
"""Seconds for which sightings are gathered."""
SERIAL = 1.0
"""Seconds for which the serial of bundles is taken to be as it was."""
SKEWED = 300
"""Seconds by which a clock is so wrong that it is told."""
TOKEN_DAYS = 30
RENEWED = 3_600
"""Seconds after which an endpoint gets a fresh note under what it has."""
TRIED = 5
"""Sightings that fail one after the other before the database is taken to be what fails."""


class Presence:
    """Who was seen and what it said in brief, gathered; and the serial of bundles."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._seen: dict[str, Seen] = {}
        self._flush_at = time.monotonic() + FLUSH
        self._serial = (0.0, 0)

    def seen(self, seen: Seen) -> None:
        """Note one; now and then write all. Raises StoreError: then they wait on."""
        with self._lock:
            self._seen[seen.endpoint] = seen
            due = time.monotonic() >= self._flush_at
        if due and self._writing.acquire(blocking=False):
            try:
                self.flush()
            finally:
                self._writing.release()

    def flush(self) -> None:
        """Write everything that was gathered. Raises StoreError."""
        with self._lock:
            batch, self._seen = self._seen, {}
            self._flush_at = time.monotonic() + FLUSH
        # In one order, so that two workers do not wait for each other's rows.
        ordered = [batch[name] for name in sorted(batch)]
        try:
            self._write(ordered)
        except StoreBusyError:
            with self._lock:
                self._seen = batch | self._seen
            raise
        except Exception:
            # INVARIANT: what one endpoint says never keeps what the others say from being noted.
            left = batch if not self._each(ordered) else {}
            with self._lock:
                self._seen = left | self._seen
            if left:
                raise

    def _write(self, batch: Sequence[Seen]) -> None:
        with self._desk.services.database.begin() as connection:
            endpoints.seen(connection, batch)

    def _each(self, batch: Sequence[Seen]) -> int:
        """Write one by one, until as many in a row fail as show that it is no fault of theirs; how many were."""
        written = failed = 0
        for seen in batch:
            try:
                self._write([seen])
            except Exception:  # noqa: BLE001  # that one says something that no row can hold: it is left out
                failed += 1
                if not written and failed >= TRIED:
                    break
                continue
            written += 1
        return written

    def forget(self, endpoint: str) -> None:
        """What was gathered of one is old: it is being written whole."""
        with self._lock:
            self._seen.pop(endpoint, None)

    def serial(self) -> int:
        """The serial of bundles, at most a second old."""
        until, found = self._serial
        if time.monotonic() >= until:
            with self._desk.services.database.read() as connection:
                found = bundles.serial(connection)
            self._serial = (time.monotonic() + SERIAL, found)
        return found

    def forget_serial(self) -> None:
        """Look it up again."""
        self._serial = (0.0, 0)


def route(desk: Desk, shelf: Shelf) -> Route:
    """POST /api/v1/agent/sync."""
    presence, alarms, commands, runs = Presence(desk), Alarms(desk.services), Commands(desk), Runs()

    def work(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        try:
            message = messages.read(Told, body)
        except MessageError as error:
            raise Refused(422, Problem(f"this is no sync: {error}", "message")) from None
        if runs.comes_back(endpoint.id, message.run):
            words = "two machines speak as this one in turn: its state folder was copied; enrol each by itself"
            alarms.tell(endpoint.id, "endpoint-copied", words, {"host": str(plain(message.host))})
        if message.outcomes:
            commands.settle(endpoint, message.outcomes, desk.services.now())
        orders = sync(desk, presence, alarms, shelf, endpoint, message)
        return answer(msgspec.structs.replace(orders, commands=commands.due(endpoint, desk.services.now())))

    return Route(SYNC, desk.route(work, LARGEST_MESSAGE, LARGEST_MESSAGE), methods=["POST"])


def sync(desk: Desk, presence: Presence, alarms: Alarms, shelf: Shelf, endpoint: Endpoint, message: Told) -> Orders:
    """One sync. Raises StoreError."""
    services = desk.services
    now = services.now()
    skew = ahead(message.clock, now)
    count("syncs")
    whole = message.enforcement is not None or message.integrity is not None
    if whole:
        presence.forget(endpoint.id)
        desk.gathering.write(lambda connection, _: endpoints.told(connection, endpoint.id, message, now=now, skew=skew))
        desk.forget(endpoint)
    else:
        presence.seen(endpoints.seen_of(endpoint.id, message, now=now, skew=skew))
    if abs(skew) >= SKEWED and abs(skew - endpoint.skew) >= SKEWED:
        words = f"its clock is {abs(skew)} seconds {'ahead' if skew > 0 else 'behind'}"
        alarms.tell(endpoint.id, "clock-skew", words, {"seconds": skew})
    serial = presence.serial()
    if message.bundle > serial:
        serial = _caught_up(desk, presence, alarms, endpoint, message.bundle, now)
    note, line = "", b""
    if message.takes_notes and serial:
        serial, note, line = _vouched(desk, shelf, endpoint, message, serial, now)
    return Orders(
        interval=desk.interval,
        inventory=bool(message.inventory) and message.inventory != endpoint.inventory,
        bundle=serial,
        whole=not whole and not endpoint.told,
        token=_next_token(desk, endpoint, now),
        clock=now,
        note=note,
        line=line,
    )


def _vouched(
    desk: Desk, shelf: Shelf, endpoint: Endpoint, message: Told, serial: int, now: str
) -> tuple[int, str, bytes]:
    """Serial, note and packed line of what the endpoint obeys: as far as it does not have them."""
    serial, digest = shelf.digest(endpoint, serial)
    same = message.line == digest.hex()
    recent = bool(message.issued) and abs(ahead(message.issued, now)) < RENEWED
    if same and recent and message.bundle == serial:
        return serial, "", b""
    note = bundle.vouched(digest, serial, endpoint.id, desk.services.signer, now)
    count("notes")
    if same or message.unfit == digest.hex():
        return serial, note, b""
    line = shelf.line(endpoint, serial)
    if line.digest != digest or len(line.packed) > LARGEST_INLINE:
        return serial, note, b""
    count("bundles")
    return serial, note, line.packed


def ahead(clock: str, now: str) -> int:
    """Seconds that a clock is ahead of ours; 0 where it says nothing that can be read."""
    try:
        seconds = (moment.microseconds(clock) - moment.microseconds(now)) // 1_000_000
    except ValueError:
        return 0
    return max(-(1 << 31), min(seconds, (1 << 31) - 1))


def _caught_up(desk: Desk, presence: Presence, alarms: Alarms, endpoint: Endpoint, claimed: int, now: str) -> int:
    """An endpoint obeys a newer bundle than there is: this database is an older copy. Serials go on behind the time,
    which is further than any that was given, and no further: an endpoint that makes one up changes nothing else."""
    alarms.tell(endpoint.id, "bundle-ahead", "it obeys a bundle that this server does not know", {"serial": claimed})
    if claimed <= moment.microseconds(now) // 1_000_000:
        with desk.services.database.begin() as connection:
            if bundles.serial(connection) < claimed:
                bundles.raise_serial(connection, now)
        presence.forget_serial()
    return presence.serial()


def _next_token(desk: Desk, endpoint: Endpoint, now: str) -> str:
    """Another token, where the one in use is old. The old one counts until the new one is used."""
    try:
        age = datetime.fromisoformat(now) - datetime.fromisoformat(endpoint.token_at)
    except ValueError:
        age = timedelta()
    if age < timedelta(days=TOKEN_DAYS):
        return ""
    token = endpoints.new_token()
    with desk.services.database.begin() as connection:
        endpoints.offer_token(connection, endpoint.id, endpoints.hashed(token))
    desk.forget(endpoint)
    return token
