"""SHELL. `spawngate hook AGENT`: one hook call, asked of the daemon where there is one, else decided right here.

The clients that `protect` registers are smaller and faster; this one needs no daemon and no installation. Like them it
answers once, with nothing else on stdout, and every failure is a refusal in the agent's own words in enforce mode.
Must not be here: evaluation (`endpoint.daemon.service`).
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from spawngate.agents import AGENTS
from spawngate.endpoint.daemon.ask import NoAnswerError, ask
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.service import FAULT, find_hook
from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.trail.store import TrailError, TrailStore
from spawngate.model import wire
from spawngate.model.call import HookReply
from spawngate.model.decision import Decision, Verdict
from spawngate.model.errors import UsageError

LOCK_SECONDS = 1.0
"""How long to wait for another process that writes the trail right now."""


@click.command("hook")
@click.argument("agent")
@click.argument("event", required=False, default="")
def command(agent: str, event: str) -> None:
    """Decide about the tool call whose payload the AGENT gives on stdin, and answer in its dialect.

    EVENT is passed over: the payload names its own.
    """
    if agent not in AGENTS:
        raise UsageError(f"{agent}: no such agent; `spawngate doctor` lists them")
    try:
        reply = _reply(agent, event)
    except Exception as error:  # noqa: BLE001  # whatever goes wrong must not open the gate: the agent would go on
        reply = _refusal(agent, f"{type(error).__name__} inside Spawngate")
    _write(1, reply.stdout)
    _write(2, reply.stderr)
    # Straight out: nothing that runs at the interpreter's end may change what the agent reads.
    os._exit(reply.exit_code)


def _reply(agent: str, event: str) -> HookReply:
    payload = _stdin()
    hook = find_hook(agent)
    names = hook.environment if hook is not None else ()
    environment = {name: os.environ[name] for name in names if name in os.environ}
    folder = default_folder(os.environ)
    where = place(folder)
    try:
        return ask(where.socket, wire.Request(agent, event, os.getpid(), environment=environment, payload=payload))
    except NoAnswerError:
        return _here(folder, agent, payload, environment)


def _here(folder: Path, agent: str, payload: bytes, environment: Mapping[str, str]) -> HookReply:
    state = State(folder)
    service = assemble(state, place(state.folder)).service
    try:
        with TrailStore(place(state.folder).trail, endpoint=state.endpoint(), wait=LOCK_SECONDS) as store:
            return service.answer(store, agent, payload, environment)
    except TrailError:
        return service.unrecorded(service.prepare(agent, payload, environment))


def _refusal(agent: str, problem: str) -> HookReply:
    message = f"Spawngate could not judge this call ({problem}) and refuses it."
    try:
        hook = find_hook(agent)
        if hook is not None:
            return hook.encode(Decision(Verdict.DENY, (FAULT,), errors=(problem,), message=message), None)
    except Exception:  # noqa: BLE001, S110  # the plain refusal below needs nothing of the agent
        pass
    return HookReply(stderr=f"{message}\n".encode(), exit_code=2)


def _stdin() -> bytes:
    """The payload; what is over the limit is read and thrown away, so that the agent's write does not fail."""
    data = sys.stdin.buffer.read(wire.MAX_PAYLOAD + 1)
    if len(data) > wire.MAX_PAYLOAD:
        while sys.stdin.buffer.read(1 << 20):
            pass
        return b""
    return data


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
