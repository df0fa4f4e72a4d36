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
from spawngate.endpoint.sync import applying
from spawngate.endpoint.sync import enrolment as files
from spawngate.endpoint.sync.enrolment import Enrolment, Reach
from spawngate.endpoint.sync.transport import Answer, AwayError, Transport
from spawngate.endpoint.system import this_platform
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError, UsageError
from spawngate.sync import messages, proof
from spawngate.sync.messages import ENROLL, REQUESTS, Ask, Asked, Enrol, Enrolled, MessageError, Problem
from spawngate.trail.moment import stamp

if TYPE_CHECKING:
    # Enrolling needs nothing of the evaluation.
    from spawngate.endpoint.launching.approving import Candidate

MAX_SECRET = 4_096


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
        user=_user(),
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
    (files.folder(state.folder) / files.POSITION).unlink(missing_ok=True)


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
        for name in (files.POSITION, files.STATUS):
            (where / name).unlink(missing_ok=True)
    return held


def _something_held(state: State) -> bool:
    return files.is_enrolled(state.folder) or applying.in_force(state.folder) != applying.Applied()


def ask(state: State, candidate: "Candidate", *, reason: str, expires: str) -> Asked:
    """Ask the server for an approval. Raises UsageError, StateError."""
    held = files.load(state.folder)
    if held is None:
        raise UsageError("this endpoint is not enrolled; `spawngate approve` approves here")
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
    message = Ask(identity.fingerprint, launch, candidate.name[:300], _user(), reason[:4_000], expires)
    answer = _sent(held.reach, "POST", REQUESTS, held.token, msgspec.json.encode(message))
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


def _sent(reach: Reach, method: str, path: str, token: str, body: bytes) -> Answer:
    transport = Transport(reach)
    try:
        return transport.send(method, path, token, body)
    except AwayError as error:
        raise StateError(f"the server {reach.server} cannot be reached: {error}") from None
    finally:
        transport.close()


def _user() -> str:
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
