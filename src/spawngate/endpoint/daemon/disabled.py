"""SHELL. Server entries that were switched off in agents' files, kept so that an approval brings them back.

Belongs here: `<state>/disabled/`: a list of what was done, and the contents before it under their digests (0600).
Must not be here: which entries are switched off (`outside`), how a file is changed (`configuration.disabling`).
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError
from spawngate.configuration.disabling import Disabled, enable
from spawngate.endpoint import lock
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.protect import atomic
from spawngate.endpoint.protect.atomic import WriteError
from spawngate.model.errors import StateError

FOLDER = "disabled"
FILE = "entries.json"
MOST = 200
LOCK_SECONDS = 5.0
HELD = "another process of Spawngate changes what is switched off; try again"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry that is off, or was brought back."""

    path: str
    agent: str
    form: str
    at: str
    """RFC 3339."""
    disabled: Disabled
    before: str
    """SHA-256 of the content before, which is kept under that name."""
    after: str
    """SHA-256 of the content that we wrote."""
    enabled: str = ""
    """SHA-256 of the content with which it was brought back; empty while it is off."""


class Back(msgspec.Struct, frozen=True):
    """One entry that was to be brought back."""

    name: str
    agent: str
    path: str
    problem: str = ""


def load(state: Path) -> tuple[Kept, ...]:
    """All, oldest first; none where the list cannot be read."""
    try:
        data = (state / FOLDER / FILE).read_bytes()
        return msgspec.json.decode(data, type=tuple[Kept, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()


def remember(state: Path, before: bytes, kept: Sequence[Kept]) -> None:
    """Keep what is about to be done. Raises StateError, OSError."""
    folder = state / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    replace(folder / hashlib.sha256(before).hexdigest(), before, 0o600)
    with lock.locked(folder / "lock", LOCK_SECONDS, HELD):
        _save(state, [*load(state), *kept])


def bring_back(state: Path, word: str) -> list[Back]:
    """Switch on again what a server's name stands for. Raises StateError."""
    wanted = [each for each in load(state) if each.disabled.name == word and not each.enabled]
    found: list[Back] = []
    for one in reversed(wanted):
        try:
            held = atomic.hold(one.path)
            data = held.data or b""
            # The very bytes come back where nobody touched the file since and nothing else in it was switched off.
            alone = [each for each in load(state) if each.before == one.before and not each.enabled] == [one]
            after = _original(state, one) if alone and held.digest == one.after else None
            if after is None:
                after = enable(data, Format(one.form), one.disabled)
            done = msgspec.structs.replace(one, enabled=hashlib.sha256(after).hexdigest())
            # Before the file: the daemon that sees it change has to know by then that a person wanted it.
            with lock.locked(state / FOLDER / "lock", LOCK_SECONDS, HELD):
                _save(state, [done if each == one else each for each in load(state)])
            atomic.put(held, after)
            found.append(Back(one.disabled.name, one.agent, one.path))
        except (WriteError, EditError, OSError) as error:
            found.append(Back(one.disabled.name, one.agent, one.path, str(error)))
    return found


def is_brought_back(state: Path, path: str, digest: str) -> bool:
    """Whether this content is one with which a person brought an entry back."""
    return any(each.path == path and each.enabled == digest for each in load(state))


def _original(state: Path, one: Kept) -> bytes | None:
    try:
        data = (state / FOLDER / one.before).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == one.before else None


def _save(state: Path, kept: Sequence[Kept]) -> None:
    last = kept[-MOST:]
    folder = state / FOLDER
    replace(folder / FILE, msgspec.json.format(msgspec.json.encode(last), indent=1), 0o600)
    names = {each.before for each in last}
    for path in folder.iterdir():
        if len(path.name) == 64 and path.name not in names:
            try:
                os.unlink(path)
            except OSError as error:
                raise StateError(f"{path} cannot be removed ({error.strerror})") from None
