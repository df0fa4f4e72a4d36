"""SHELL. The hook client of this installation: put in its place, and told what to answer when it is left alone.

Must not be here: copying the program (`endpoint.client.place`), the file's text (`model.hookconf`), how an agent is
answered (`agents.hooks`).
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.dialect import Hook
from spawngate.endpoint.client.place import InstalledClient, install_client, installed_client
from spawngate.endpoint.client.settings import read_settings, write_settings
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.atomic import digest
from spawngate.model.call import HookReply
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.errors import StateError
from spawngate.model.hookconf import INFORMING, Failure, Fallback, HookConf
from spawngate.policy.settings import PolicySettings

MACHINE_FOLDERS = {
    "linux": "/usr/local/lib/spawngate",
    "macos": "/Library/Application Support/Spawngate",
    "windows": "/ProgramData/Spawngate",
}
"""Where the client lies that every user of a machine runs."""
RUNTIME = "/run/user"
"""Holds a folder of each user who is logged in."""
MACHINE_SOCKET = "/run/user/{uid}/spawngate/daemon.sock"
MACHINE_SPOOL = "/run/user/{uid}/spawngate/spool"

_NOT_JUDGED = (Failure.OVERSIZED, Failure.EMPTY)
"""Failures of the event and not of the daemon."""


def all_hooks() -> dict[str, Hook]:
    """The hooks of all agents, by id. Every one stands in hook.conf: an agent protected later needs no new file."""
    found: dict[str, Hook] = {}
    for agent in AGENTS:
        hook = load_agent(agent).hook
        if hook is not None:
            found[agent] = hook
    return found


def conf_for(hooks: Mapping[str, Hook], settings: PolicySettings, socket: str, spool: str) -> HookConf:
    """What the client answers alone. In monitor mode everything goes on; in enforce mode policy says so or not."""
    lines: list[Fallback] = []
    for agent, hook in sorted(hooks.items()):
        monitor = settings.mode_of(agent) is Mode.MONITOR
        closed = not monitor and settings.alone is Verdict.DENY
        lines.append(_line(agent, hook, closed=closed))
        if not monitor:
            lines.append(Fallback(agent=agent, reply=reply(hook, closed=False), closed=False, event=INFORMING))
        not_judged = not monitor and settings.not_understood is not Verdict.ALLOW
        if not_judged != closed:
            lines.extend(_line(agent, hook, closed=not_judged, failure=failure) for failure in _NOT_JUDGED)
        not_recorded = not monitor and settings.not_recorded is Verdict.DENY
        if not_recorded != closed:
            lines.append(_line(agent, hook, closed=not_recorded, failure=Failure.UNRECORDED))
    lines.append(_unknown(settings))
    environment = sorted({name for hook in hooks.values() for name in hook.environment})
    return HookConf(socket=socket, spool=spool, fallbacks=tuple(lines), environment=tuple(environment))


def _line(agent: str, hook: Hook, *, closed: bool, failure: str = "*") -> Fallback:
    return Fallback(agent=agent, reply=reply(hook, closed=closed), closed=closed, failure=str(failure))


def _unknown(settings: PolicySettings) -> Fallback:
    """The answer to a name that is no agent of ours: the form that most agents understand."""
    closed = settings.mode is Mode.ENFORCE and settings.alone is Verdict.DENY
    text = b"Spawngate could not judge this call, and policy says deny for what cannot be judged.\n"
    return Fallback(agent="*", reply=HookReply(stderr=text, exit_code=2) if closed else HookReply(), closed=closed)


def reply(hook: Hook, *, closed: bool) -> HookReply:
    """The answer of a client that is left alone, in its agent's own words."""
    if not closed:
        return hook.encode(Decision(Verdict.ALLOW, mode=Mode.MONITOR), None)
    return hook.encode(
        Decision(
            Verdict.DENY,
            ("spawngate-unreachable",),
            mode=Mode.ENFORCE,
            message="Spawngate's daemon did not judge this call, and policy says deny for what is not judged. "
            "A person can look with `spawngate status` and start it with `spawngate daemon start`",
        ),
        None,
    )


def install(state: Path, settings: PolicySettings) -> InstalledClient:
    """Put the client and hook.conf into the state folder. Raises StateError."""
    where = place(state)
    client = install_client(where.state)
    write_settings(where.state, conf_for(all_hooks(), settings, str(where.socket), str(where.spool)))
    return client


def renew(state: Path, settings: PolicySettings) -> bool:
    """Have hook.conf of a client that is installed say what policy says now; whether it had to be changed.

    Waits for nobody: the daemon calls this between two decisions. Raises StateError.
    """
    where = place(state)
    known = read_settings(where.state)
    if known is None:
        return False
    wanted = conf_for(all_hooks(), settings, known.socket, known.spool)
    wanted = replace(
        wanted,
        deadline_ms=known.deadline_ms,
        request_limit=known.request_limit,
        spool_limit=known.spool_limit,
    )
    if wanted == known:
        return False
    with journal.locked(where.state, 0.0):
        notes = journal.load(where.state)
        path = write_settings(where.state, wanted)
        if notes.client is not None and notes.client.conf == str(path):
            note = msgspec.structs.replace(notes.client, conf_digest=digest(path.read_bytes()))
            journal.save(where.state, msgspec.structs.replace(notes, client=note))
    return True


def install_for_machine(folder: Path, settings: PolicySettings, socket: str, spool: str) -> InstalledClient:
    """Put the client where every user can run it and only its owner can change it. Raises StateError."""
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        client = install_client(folder, shared=True)
        write_settings(folder, conf_for(all_hooks(), settings, socket, spool), shared=True)
    except (OSError, StateError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise StateError(f"{folder} cannot be used ({reason}); --scope managed needs an administrator") from None
    return client


def is_whole(state: Path) -> str:
    """What is wrong with the installed client; empty where it is what this package would install."""
    from spawngate.endpoint.client import hook_client
    from spawngate.endpoint.client.place import packaged_native

    try:
        client = installed_client(state)
        if client is None:
            return "the hook client is not there"
        if read_settings(state) is None:
            return "hook.conf is not there"
    except StateError as error:
        return str(error)
    native = packaged_native()
    source = native if client.kind == "native" else Path(hook_client.__file__)
    if source is None or digest(source.read_bytes()) != client.digest:
        return "the hook client is not the one of this version"
    if hasattr(os, "access") and client.kind == "native" and not os.access(client.program, os.X_OK):
        return "the hook client cannot be run"
    return ""
