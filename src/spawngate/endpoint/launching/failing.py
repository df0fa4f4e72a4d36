"""SHELL. What the launcher does by itself when no daemon answers: as the policy in force says.

Must not be here: launch.conf's form (`model.launchconf`), installing (`endpoint.launcher.place`).
"""

from pathlib import Path

import msgspec

from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.launcher.place import CONF_NAME, LAUNCHER_FOLDER, read_launch_conf
from spawngate.endpoint.launching.store import notes_of
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.atomic import digest
from spawngate.model.decision import Mode, Verdict
from spawngate.model.launchconf import render
from spawngate.policy.settings import PolicySettings


def closed(settings: PolicySettings) -> bool:
    """Whether nothing starts without the daemon. One agent that is only watched does not open the launcher of all."""
    return settings.mode is Mode.ENFORCE and settings.alone is Verdict.DENY


def renew(state: Path, settings: PolicySettings) -> bool:
    """Have the launcher's configuration say what policy says now; whether it had to be changed.

    Waits for nobody: the daemon calls this between two decisions. Raises StateError.
    """
    known = read_launch_conf(state)
    if known is None or known.closed == closed(settings):
        return False
    known.closed = closed(settings)
    data = render(known)
    path = state / LAUNCHER_FOLDER / CONF_NAME
    own = notes_of(state)
    with journal.locked(state, 0.0):
        notes = journal.load(own)
        replace(path, data, 0o600)
        if notes.client is not None and notes.client.conf == str(path):
            note = msgspec.structs.replace(notes.client, conf_digest=digest(data))
            journal.save(own, msgspec.structs.replace(notes, client=note))
    return True
