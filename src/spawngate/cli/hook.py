"""SHELL. `spawngate hook AGENT`: one hook call, asked of the daemon where there is one, else decided right here.

The clients that `protect` registers are smaller and faster; this one needs no daemon and no installation. Like them it
answers once, with nothing else on stdout, and every failure is a refusal in the agent's own words in enforce mode.
Must not be here: evaluation (`endpoint.daemon.service`).

Everything of ours is imported inside the functions: an installation that is damaged refuses like every other failure,
where an import at the top would end with an exit code that agents take for consent.
"""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from spawngate.model.call import HookReply

LOCK_SECONDS = 1.0
"""How long to wait for another process that writes the trail right now."""
MAX_PAYLOAD = 16 << 20
"""Bytes of an event."""
REFUSED = 2
"""Exit code that most agents take for a refusal."""


@click.command("hook")
@click.argument("agent")
@click.argument("event", required=False, default="")
def command(agent: str, event: str) -> None:
    """Decide about the tool call whose payload the AGENT gives on stdin, and answer in its dialect.

    EVENT is passed on as the registered command names it; the payload's own name of it counts.
    """
    payload = _stdin()
    try:
        reply = _reply(agent, event, payload)
        answer = reply.stdout, reply.stderr, reply.exit_code
    except Exception as error:  # noqa: BLE001  # whatever goes wrong must not open the gate: the agent would go on
        answer = _refusal(agent, f"{type(error).__name__} inside Spawngate")
    _write(1, answer[0])
    _write(2, answer[1])
    # Straight out: nothing that runs at the interpreter's end may change what the agent reads.
    os._exit(answer[2])


def _reply(agent: str, event: str, payload: bytes) -> "HookReply":
    from spawngate.endpoint.daemon.ask import NoAnswerError, ask
    from spawngate.endpoint.daemon.place import place
    from spawngate.endpoint.daemon.service import find_hook
    from spawngate.endpoint.state import default_folder
    from spawngate.model import wire

    hook = find_hook(agent)
    names = hook.environment if hook is not None else ()
    environment = {name: os.environ[name] for name in names if name in os.environ}
    folder = default_folder(os.environ)
    try:
        request = wire.Request(agent, event, os.getpid(), os.getppid(), environment=environment, payload=payload)
        return ask(place(folder).socket, request)
    except NoAnswerError:
        return _here(folder, agent, payload, environment)


def _here(folder: "Path", agent: str, payload: bytes, environment: Mapping[str, str]) -> "HookReply":
    from spawngate.endpoint.daemon.assemble import assemble
    from spawngate.endpoint.daemon.place import place
    from spawngate.endpoint.state import State
    from spawngate.endpoint.trail.store import TrailError, TrailStore

    state = State(folder)
    service = assemble(state, place(state.folder)).service
    try:
        with TrailStore(place(state.folder).trail, endpoint=state.endpoint(), wait=LOCK_SECONDS) as store:
            return service.answer(store, agent, payload, environment)
    except TrailError:
        return service.unrecorded(service.prepare(agent, payload, environment))


def _refusal(agent: str, problem: str) -> tuple[bytes, bytes, int]:
    """A refusal in the agent's words, or in the plainest form where even those cannot be had."""
    if _monitors(agent):
        return b"", b"", 0
    message = f"Spawngate could not judge this call ({problem}) and refuses it."
    try:
        from spawngate.endpoint.daemon.service import FAULT, find_hook
        from spawngate.model.decision import Decision, Verdict

        hook = find_hook(agent)
        if hook is not None:
            reply = hook.encode(Decision(Verdict.DENY, (FAULT,), errors=(problem,), message=message), None)
            return reply.stdout, reply.stderr, reply.exit_code
    except Exception:  # noqa: BLE001, S110  # the plain refusal below needs nothing of ours
        pass
    return b"", f"{message}\n".encode(), REFUSED


def _monitors(agent: str) -> bool:
    """Whether the state folder's own policy says that nothing is refused. Only what can be read for sure counts."""
    try:
        import tomllib

        from spawngate.endpoint.state import default_folder

        table = tomllib.loads((default_folder(os.environ) / "policy" / "policy.toml").read_text(encoding="utf-8"))
        return bool(table.get("modes", {}).get(agent, table.get("mode")) == "monitor")
    except Exception:  # noqa: BLE001  # no policy, or none that can be read: then it refuses
        return False


def _stdin() -> bytes:
    """The payload; nothing where it is over the limit: that is read to its end, so that the agent's write succeeds."""
    try:
        data = sys.stdin.buffer.read(MAX_PAYLOAD + 1)
        if len(data) <= MAX_PAYLOAD:
            return data
        while sys.stdin.buffer.read(1 << 20):
            pass
    except (OSError, ValueError, AttributeError):
        # Closed or unreadable: an empty payload, which is refused as one that cannot be understood.
        pass
    return b""


def _write(descriptor: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        # Nobody reads; the exit code is all that is left to say.
        return
