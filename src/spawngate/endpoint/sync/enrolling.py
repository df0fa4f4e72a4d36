"""SHELL. Enrolling with a server, leaving it, and asking it for an approval: what the command line does.

Must not be here: the process that syncs (`run`).
"""

import contextlib
import getpass
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from spawngate import __version__
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import applying, queue
from spawngate.endpoint.sync import enrolment as files
from spawngate.endpoint.sync.enrolment import Enrolment, Reach
from spawngate.endpoint.sync.transport import TIMEOUT, Answer, AwayError, Transport
from spawngate.endpoint.system import this_platform
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError, UsageError
from spawngate.sync import messages, proof
from spawngate.sync.messages import (
    ENROLL,
    LEAVE,
    REQUESTS,
    Ask,
    Asked,
    Enrol,
    Enrolled,
    Leave,
    MessageError,
    Problem,
)
from spawngate.trail.moment import stamp

if TYPE_CHECKING:
    # Enrolling needs nothing of the evaluation.
    from spawngate.endpoint.launching.approving import Candidate

MAX_SECRET = 4_096
BRIEFLY = 5.0
"""Seconds for each step where somebody waits, and goes on without an answer."""


def enrol(state: State, reach: Reach, secret: str, *, secret_file: str = "", pinned: str = "") -> Enrolment:
    """Enrol, and keep what the server gives. Raises UsageError where it refuses, StateError where it is away.

    `pinned`: the key that signs this endpoint's bundles. Where nobody is asked, no other is taken: else whoever answers
    in the place of the server, with a certificate that is trusted, would name one.
    """
    seed = files.seed(state.folder)
    bare = Enrol(
        secret=secret,
        installation=state.endpoint(),
        key=proof.public_key(seed),
        proof="0" * 128,
        clock=stamp(now()),
        host=socket.gethostname()[:300],
        user=user(),
        platform=this_platform(),
        version=__version__,
    )
    message = msgspec.structs.replace(bare, proof=proof.sign(bare, seed))
    answer = _sent(reach, "POST", ENROLL, "", msgspec.json.encode(message))
    if answer.status != 200:
        raise UsageError(f"the server does not enrol this endpoint: {said(answer)}")
    try:
        given = messages.read(Enrolled, answer.body)
    except MessageError as error:
        raise StateError(f"the server's answer cannot be understood ({error}); is it a Spawngate server?") from None
    if pinned and given.server_key != pinned:
        raise UsageError("the server names another key than the one that was pinned; enrol by hand if that is right")
    if not given.token or not proof.is_answered(message, given, given.server_key):
        raise StateError("the server's answer is not signed by the key that it names")
    made = Enrolment(
        reach, given.endpoint, given.token, given.server_key, given.team, given.interval, stamp(now()), secret_file
    )
    with files.changing(state.folder):
        _change_fleet(state, made)
        files.save(state.folder, made)
    return made


def _change_fleet(state: State, made: Enrolment) -> None:
    """Give up what counts no more under a new enrolment. Raises StateError."""
    if not _something_held(state):
        return
    before = enrolled(state.folder)
    if before is not None and before.server_key == made.server_key:
        if before.endpoint == made.endpoint:
            return
        applying.stay(state.folder)
    else:
        applying.leave(state.folder, stamp(now()))
        queue.clear(state.folder)
    (files.folder(state.folder) / files.POSITION).unlink(missing_ok=True)


def tell_leaving(state: State) -> str:
    """Tell the server that this endpoint leaves; why it could not be told, empty where it was. Leaving does not wait
    for it: who is offline may leave too."""
    held = enrolled(state.folder)
    if held is None:
        return "the enrolment cannot be read"
    try:
        answer = _sent(held.reach, "POST", LEAVE, held.token, msgspec.json.encode(Leave(user())), BRIEFLY)
    except (StateError, UsageError) as error:
        return str(error)
    return "" if answer.status == 200 else said(answer)


def unenrol(state: State) -> Enrolment | None:
    """Leave the fleet: forget the server, its policy and its approvals, also where the enrolment is damaged or a leave
    was cut off; the enrolment, where it could be read. Raises UsageError where there is none."""
    if not _something_held(state):
        raise UsageError("this endpoint is not enrolled")
    held = enrolled(state.folder)
    where = files.folder(state.folder)
    with files.changing(state.folder):
        # First, so that the process beside the daemon stops putting right what is taken back now.
        (where / files.ENROLMENT).unlink(missing_ok=True)
        applying.leave(state.folder, stamp(now()))
        queue.clear(state.folder)
        for name in (files.POSITION, files.STATUS, files.COMMANDS):
            (where / name).unlink(missing_ok=True)
    return held


def _something_held(state: State) -> bool:
    return files.is_enrolled(state.folder) or applying.in_force(state.folder) != applying.Applied()


class ServerAwayError(StateError):
    """The server is not there just now, or can take nothing; later it may."""


def ask(state: State, candidate: "Candidate", *, reason: str, expires: str) -> Asked | None:
    """Ask the server for an approval; None where it is away: then the request is kept, and sent when it is back.

    Raises UsageError, StateError.
    """
    held = files.load(state.folder)
    if held is None:
        raise UsageError("this endpoint is not enrolled; `spawngate approve` approves here")
    message = request_of(candidate, reason=reason, expires=expires)
    try:
        return _asked(held, message)
    except ServerAwayError:
        queue.put(state.folder, message)
        return None


def request_of(candidate: "Candidate", *, reason: str, expires: str) -> Ask:
    """The request of a launch."""
    identity = candidate.identity.anywhere() if candidate.entry else candidate.identity
    launch = {
        "identity": msgspec.to_builtins(identity),
        "agent": candidate.agent,
        "entry": candidate.entry,
        "command": " ".join((identity.command, *identity.args))[:4_000],
        "tier": candidate.tier,
        "findings": list(candidate.findings),
        "tools": list(candidate.tools),
    }
    return Ask(identity.fingerprint, launch, candidate.name[:300], user(), reason[:4_000], expires)


def _asked(held: Enrolment, message: Ask) -> Asked:
    """Raises ServerAwayError, UsageError, StateError."""
    answer = _sent(held.reach, "POST", REQUESTS, held.token, msgspec.json.encode(message))
    if answer.status in (401, 408, 429) or answer.status >= 500:
        raise ServerAwayError(said(answer))
    if answer.status != 200:
        raise UsageError(f"the server does not take the request: {said(answer)}")
    try:
        return messages.read(Asked, answer.body)
    except MessageError as error:
        raise StateError(f"the server's answer cannot be understood ({error})") from None


def secret_of(path: str) -> str:
    """The secret that a file holds. Raises UsageError."""
    try:
        return one_word(read(path, MAX_SECRET), path)
    except Unreadable as error:
        raise UsageError(f"{path} {error.message}") from None


def one_word(data: bytes, where: str) -> str:
    """The secret that bytes are, found `where`. Raises UsageError."""
    try:
        found = data.decode("utf-8").split()
    except UnicodeDecodeError:
        raise UsageError(f"{where} cannot be read (it is no text)") from None
    if len(found) != 1:
        raise UsageError(f"{where} holds no secret: one word is wanted")
    return found[0]


def said(answer: Answer) -> str:
    """Why a server refused, in its own words."""
    with contextlib.suppress(MessageError):
        return messages.read(Problem, answer.body).error
    return f"it answers with status {answer.status}"


def _sent(reach: Reach, method: str, path: str, token: str, body: bytes, timeout: float = TIMEOUT) -> Answer:
    transport = Transport(reach, timeout=timeout)
    try:
        return transport.send(method, path, token, body)
    except AwayError as error:
        raise ServerAwayError(f"the server {reach.server} cannot be reached: {error}") from None
    finally:
        transport.close()


def user() -> str:
    """Who this is, for people who read it."""
    try:
        return getpass.getuser()[:300]
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def enrolled(state: Path) -> Enrolment | None:
    """The enrolment; None also where it is damaged."""
    try:
        return files.load(state)
    except StateError:
        return None
