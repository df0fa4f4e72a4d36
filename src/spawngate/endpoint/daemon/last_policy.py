"""SHELL. The last policy that could be used, kept so that a daemon which starts beside a broken one goes on with it.

Without it, whoever breaks a strict policy's file and ends the daemon would be decided about by the baseline.
Must not be here: reading policy folders (`endpoint.policy`), and what a policy means (`policy`).
"""

import contextlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from spawngate.endpoint.policy import InForce
from spawngate.model.errors import UsageError
from spawngate.policy.policies import load_policies
from spawngate.policy.settings import PolicySettings

FILE = "policy-last.json"


class _Kept(msgspec.Struct, frozen=True):
    folder: str
    """The folder that it was read from; another folder's policy is not gone on with."""
    texts: dict[str, str]
    settings: PolicySettings


def keep(state: Path, folder: Path, in_force: InForce) -> None:
    """Remember the policy of a folder. Failing to is no harm."""
    data = msgspec.json.encode(_Kept(os.fspath(folder), dict(in_force.policies.texts), in_force.settings))
    temporary = ""
    with contextlib.suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=state, prefix=".new-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, state / FILE)
        return
    if temporary:
        Path(temporary).unlink(missing_ok=True)


def recall(state: Path, folder: Path, now: datetime | None = None) -> InForce | None:
    """The policy of a folder that was remembered last; None where there is none that can be used."""
    try:
        kept = msgspec.json.decode((state / FILE).read_bytes(), type=_Kept)
        if kept.folder != os.fspath(folder):
            return None
        return InForce(load_policies(kept.texts, now or datetime.now(UTC)), kept.settings, {})
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, UsageError):
        return None
