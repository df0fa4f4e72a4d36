"""SHELL. The process beside the daemon that speaks with the server: records sent, standing told, bundles put in force.

Refusals and changes of the inventory are sent at once, the rest with the next sync. While the server is away everything
waits in the local trail, and attempts come at growing pauses. What the trail should know of it is said on stdout, one
line of JSON each, for the daemon, which alone writes the trail; ends when stdin ends.
Must not be here: the trail on its way (`sending`), what the server manages here (`governed`), what it commands
(`obeying`), how it is reached (`transport`).
"""

import contextlib
import os
import random
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from spawngate import __version__
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import applying, enrolling, kept, queue
from spawngate.endpoint.sync import enrolment as files
from spawngate.endpoint.sync.enrolment import Enrolment
from spawngate.endpoint.sync.glance import Glance, Looking
from spawngate.endpoint.sync.governed import Governed
from spawngate.endpoint.sync.obeying import Obeying
from spawngate.endpoint.sync.sending import Sending
from spawngate.endpoint.sync.transport import Answer, AwayError, RefusedError, Transport
from spawngate.endpoint.sync.voice import Voice
from spawngate.endpoint.sync.words import Status, Word
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import SpawngateError, StateError, UsageError
from spawngate.model.json import Json
from spawngate.sync import messages, timing
from spawngate.sync.messages import (
    INVENTORY,
    LEAVE,
    NDJSON,
    REQUESTS,
    SYNC,
    Asked,
    Held,
    Leave,
    MessageError,
    Orders,
    Taken,
    Told,
)
from spawngate.trail.moment import stamp

POLL = 0.5
"""Seconds between two looks at the trail: what is refused is at the server within two."""
WAITS = 512 << 10
"""Bytes that wait for no sync."""
WHOLE_EVERY = 30
"""Syncs after which everything is told again."""


class Syncing:
    """One endpoint's conversation with its server. For one thread."""

    def __init__(
        self,
        state: State,
        say: Callable[[Word], None],
        *,
        look: Looking | None = None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._state, self._voice, self._clock, self._chance = state, Voice(say), clock, chance
        self._trail = place(state.folder).trail
        self._looking = look or Looking(state.folder)
        self._glance = Glance(self._trail)
        self._enrolment: Enrolment | None = None
        self._stamp: object = None
        self._transport: Transport | None = None
        self._sending: Sending | None = None
        self._interval = messages.INTERVAL
        self._failures = 0
        self._again_at = self._sync_at = self._mend_at = 0.0
        self._syncs = 0
        self._told: object = None
        self._looked = self._looking.found
        self._obeying = Obeying(state, self._looking, say, clock)
        self._run = secrets.token_hex(8)
        self._governed = Governed(state.folder, self._ask, self._voice, clock)
        self.status = Status()

    def step(self) -> float:
        """Do what is due; seconds until something may be due again. Raises nothing that the world does to us."""
        try:
            self._renew()
            if self._enrolment is None:
                return POLL * 4
            self._looking.round()
            before = self._obeying.outcomes
            self._obeying.round()
            if self._obeying.outcomes != before:
                self._sync_at = self._clock()  # somebody at the server waits for it
            if self._looking.found is not self._looked:
                # A new look at the machine is told soon, and not with all others at once.
                self._looked = self._looking.found
                self._sync_at = min(self._sync_at, self._clock() + timing.first_sync(self._chance()))
            self._glance.look()
            if self._clock() < self._again_at:
                return POLL
            due = self._clock() >= self._sync_at
            leaves = self._obeying.leaving is not None
            if due or leaves or self._glance.urgent or self._glance.waiting >= WAITS:
                self._speak(due)
        except (AwayError, RefusedError, StateError, UsageError) as error:
            self._failed(error)
        return POLL

    def close(self) -> None:
        """Let everything go."""
        self._looking.close()
        if self._transport is not None:
            self._transport.close()

    # The conversation ------------------------------------------------------------------------------------------------

    def _speak(self, due: bool) -> None:
        if self._obeying.leaving is not None:
            self._leave(self._obeying.leaving)
            return
        assert self._enrolment is not None
        self._governed.mend(self._enrolment)
        kept_back: RefusedError | StateError | None = None
        try:
            self._send()
        except (RefusedError, StateError) as error:
            # What is wrong with our trail, or with the server's disk, keeps nobody from what is to be obeyed.
            if not due or (isinstance(error, RefusedError) and error.answer.status == 401):
                raise
            kept_back = error
        if due:
            self._sync()
            self._requests()
            self._sync_at = self._clock() + timing.next_sync(self._interval, self._chance())
            self._note(last_contact=stamp(now()))
        if kept_back is not None:
            raise kept_back
        self._failures, self._again_at = 0, 0.0
        self._note(problem="", last_contact=stamp(now()))

    def _send(self) -> None:
        """Everything of the trail that is not sent yet. Raises AwayError, RefusedError, StateError."""
        assert self._sending is not None
        self._glance.sent()
        try:
            self._sending.everything(self._governed.settings.spool_bytes)
        finally:
            self._note(backlog=self._sending.backlog())

    def _batch(self, path: str, body: bytes) -> None:
        self._take(Taken, self._ask("POST", path, body, {"Content-Type": NDJSON}))

    def _given_up(self, counts: Mapping[str, int]) -> None:
        dropped = dict(self.status.dropped)
        for name, count in counts.items():
            dropped[name] = dropped.get(name, 0) + count
        self._note(dropped=dropped)
        words = "the spool was full: records were given up, and stay in the local trail"
        self._voice.say(Word("self-protection", {"what": "spool-full"}, words, dict(counts)))

    def _sync(self) -> None:
        """Tell how we stand, and do what the server wants. Raises AwayError, RefusedError, StateError."""
        assert self._enrolment is not None
        applied = applying.in_force(self._state.folder)
        self._governed.renew(self._enrolment)  # what somebody took away here comes again
        found = self._looking.found
        standing = None if found is None else (found.enforcement, found.integrity)
        whole = standing is not None and (standing != self._told or self._syncs % WHOLE_EVERY == 0)
        told = Told(
            version=__version__,
            clock=stamp(now()),
            enforcement=found.enforcement if found is not None and whole else None,
            integrity=found.integrity if found is not None and whole else None,
            inventory="" if found is None else found.inventory,
            bundle=applied.serial,
            mode=applied.mode or ("" if found is None else found.mode),
            policy="" if found is None else found.policy,
            problem=self.status.refused,
            dropped=self.status.dropped,
            backlog=self.status.backlog,
            outcomes=self._obeying.outcomes,
            run=self._run,
            takes_notes=True,
            line=self._governed.line,
            issued=self._governed.issued,
            unfit=self._governed.unfit,
            host=socket.gethostname()[:300],
        )
        orders = self._take(Orders, self._ask("POST", SYNC, msgspec.json.encode(told)))
        self._obeying.known(told.outcomes)
        self._syncs += 1
        self._told = None if orders.whole else standing if whole else self._told
        self._interval = timing.interval(orders.interval)
        self._obey(orders, applied.serial)

    def _obey(self, orders: Orders, serial: int) -> None:
        assert self._enrolment is not None
        if orders.token:
            self._exchange(orders.token)
        if problem := self._obeying.take(orders.commands, self._enrolment):
            self._voice.once("command", problem, "command-refused", problem)
        if orders.note:
            self._note(**self._governed.take(self._enrolment, orders.note, orders.line))
        elif orders.bundle and orders.bundle != serial:
            self._note(**self._governed.fetch(self._enrolment))
        if orders.inventory and (document := self._looking.document()):
            self._inventory(document)

    def _leave(self, message: Leave) -> None:
        """Leave the fleet, as the server commanded. Raises AwayError, RefusedError, StateError: then it is tried
        again."""
        try:
            self._send()
            self._ask("POST", LEAVE, msgspec.json.encode(message))
        except RefusedError as error:
            if error.answer.status != 401 and not error.is_of_itself:
                raise  # else it lets us in no more already
        enrolling.unenrol(self._state)
        self._obeying = Obeying(self._state, self._looking, self._voice.say, self._clock)
        self._voice.say(
            Word("administration", {"what": "unenrolled"}, "this endpoint left the fleet, as the server said")
        )

    def _requests(self) -> None:
        """Send the requests for approvals that were made while the server was away. Raises AwayError, RefusedError."""
        for message in queue.waiting(self._state.folder):
            try:
                asked = self._take(Asked, self._ask("POST", REQUESTS, msgspec.json.encode(message)))
                words = f"request {asked.id} of {message.user} was sent: {message.name} ({asked.state})"
            except RefusedError as error:
                if not error.is_of_itself:
                    raise
                words = f"the server does not take the request of {message.user} for {message.name}: {error}"
            queue.forget(self._state.folder, message)
            detail: dict[str, Json] = {"what": "request-sent", "fingerprint": message.fingerprint}
            self._voice.say(Word("administration", detail, words))

    def _exchange(self, token: str) -> None:
        """Use another token from now on. Raises StateError where the enrolment is another one, or gone."""
        assert self._enrolment is not None
        with files.changing(self._state.folder):
            if kept.stamp(self._state.folder) != self._stamp:
                raise StateError("the enrolment is another one now")
            self._enrolment = msgspec.structs.replace(self._enrolment, token=token)
            files.save(self._state.folder, self._enrolment)
            self._stamp = kept.stamp(self._state.folder)

    def _inventory(self, document: bytes) -> None:
        """Send the inventory. One that the server does not take keeps nothing else back."""
        try:
            held = self._take(Held, self._ask("PUT", INVENTORY, document))
        except RefusedError as error:
            if not error.is_of_itself:
                raise
            words = f"the server does not take the inventory: {error.problem.error}"
            self._voice.once("inventory", error.problem.code, "inventory-refused", words)
            return
        self._voice.settled("inventory")
        self._note(inventory=held.digest)

    # How it goes -----------------------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        assert self._enrolment is not None
        if self._transport is None:
            self._transport = Transport(self._enrolment.reach)
        answer = self._transport.send(method, path, self._enrolment.token, body, headers)
        if not 200 <= answer.status < 300:
            raise RefusedError(answer)
        return answer

    def _take(self, type_: type[messages.T], answer: Answer) -> messages.T:
        try:
            return messages.read(type_, answer.body)
        except MessageError as error:
            raise AwayError(f"its answer cannot be understood ({error})") from None

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._glance.urgent = True  # what could not wait still cannot
        asked = 0.0
        if isinstance(error, RefusedError):
            asked = error.answer.after
            if error.answer.status == 401:
                self._rejected(error)
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        self._again_at = max(self._again_at, self._clock() + timing.pause(self._failures, self._chance(), asked))
        self._note(problem=str(error))

    def _rejected(self, error: RefusedError) -> None:
        """The token is not known (any more): enrol again where device management left us the means, else wait."""
        assert self._enrolment is not None
        words = f"the server lets this endpoint in no more: {error.problem.error}"
        self._voice.once("rejected", error.problem.code, "sync-rejected", words)
        if error.problem.reenroll and self._enrolment.secret_file:
            try:
                secret = enrolling.secret_of(self._enrolment.secret_file)
                pinned = self._enrolment
                enrolling.enrol(
                    self._state, pinned.reach, secret, secret_file=pinned.secret_file, pinned=pinned.server_key
                )
                self._voice.settled("rejected")
                self._voice.say(Word("administration", {"what": "enrolled-again"}, "this endpoint was enrolled again"))
                return
            except SpawngateError as problem:
                # Another key in the place of the pinned one is no accident that passes.
                self._voice.once("reenrol", str(problem), "sync-rejected", str(problem))
        self._again_at = self._clock() + timing.REJECTED * (0.5 + self._chance() / 2)

    # What is kept ----------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        """Read the enrolment again where its file is another one. Raises StateError."""
        found = kept.stamp(self._state.folder)
        if found == self._stamp:
            return
        self._stamp = found
        self._enrolment = files.load(self._state.folder)
        if self._transport is not None:
            self._transport.close()
            self._transport = None
        if self._enrolment is None:
            return
        self._interval = self._enrolment.interval
        self._sending = Sending(self._state.folder, self._trail, self._batch, self._given_up)
        self._governed.renew(self._enrolment)
        self._failures, self._again_at, self._told = 0, 0.0, None
        self._sync_at = self._clock() + timing.first_sync(self._chance())
        self.status = msgspec.structs.replace(
            kept.status(self._state.folder), server=self._enrolment.reach.server, endpoint=self._enrolment.endpoint
        )

    def _note(self, **more: object) -> None:
        fresh = msgspec.structs.replace(self.status, **more)
        if fresh != self.status:
            self.status = fresh
            with contextlib.suppress(StateError):  # a full disk keeps nothing from being sent
                kept.keep_status(self._state.folder, fresh)


def main(folder: str) -> int:
    """Sync until stdin ends."""
    ended = threading.Event()

    def listen() -> None:
        while sys.stdin.buffer.readline():
            pass
        ended.set()

    def say(word: Word) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(word) + b"\n")
        sys.stdout.buffer.flush()

    threading.Thread(target=listen, name="stdin", daemon=True).start()
    state = State(Path(folder))
    while not ended.wait(0.2):
        # One that a daemon left behind ends with its last request; until then this one waits.
        with contextlib.suppress(StateError), files.syncing(state.folder):
            syncing = Syncing(state, say)
            try:
                while not ended.wait(syncing.step()):
                    pass
            finally:
                syncing.close()
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    code = main(sys.argv[1])
    # A request that is on its way need not be waited for.
    os._exit(code)
