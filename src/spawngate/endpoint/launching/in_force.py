"""SHELL. Putting approvals in force when launches are protected, and taking it back: one line of the policy's settings.

A setting that somebody wrote himself stays as it is. Ours is known by a note beside the entries.
Must not be here: what approvals mean (`policy.approvals`), the settings' other lines (`protect.setup`).
"""

import tomllib
from pathlib import Path

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import apply as change
from spawngate.agents.formats.edit import edit
from spawngate.agents.formats.edit_toml import delete
from spawngate.agents.formats.edit_values import Operation
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launching.store import folder_of
from spawngate.endpoint.protect.atomic import hold
from spawngate.model.errors import UsageError
from spawngate.policy.settings import FILE

KEY = "approvals"
_NOTE = "approvals-in-force"


def put_in_force(state: Path) -> bool:
    """Launches need approvals from now on. Whether they did not before. Raises UsageError, StateError."""
    path = place(state).policy / FILE
    data = hold(str(path)).data or b""
    if KEY in _settings(path, data):
        return False
    done = edit(data, Format.TOML, [Operation((KEY,), value=True, how="set")], lambda entry: False)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace(path, done.data, 0o600)
    replace(folder_of(state) / _NOTE, b"", 0o600)
    return True


def take_back(state: Path) -> bool:
    """Undo `put_in_force`; nothing where somebody else wrote the setting. Whether something was done."""
    note = folder_of(state) / _NOTE
    if not note.exists():
        return False
    path = place(state).policy / FILE
    data = hold(str(path)).data or b""
    if _settings(path, data).get(KEY) is True:
        text = data.decode("utf-8")
        replace(path, change(text, delete(text, (KEY,), Format.TOML)).encode("utf-8"), 0o600)
    note.unlink()
    return True


def _settings(path: Path, data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except ValueError:
        raise UsageError(f"{path} is no TOML; `spawngate policy check` says where") from None
