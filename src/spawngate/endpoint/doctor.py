"""SHELL. What is wrong with this installation, and what to do about it. It repairs nothing.

Each check is a function of the state folder that gives one `Check`; a check that itself fails is a fault that says so.
Must not be here: agents and their hooks one by one (`protect.standing`), repairs, output (`cli.doctor`).
"""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec

from spawngate import __version__
from spawngate.endpoint import shfmt
from spawngate.endpoint.client.place import installed_client, packaged_native
from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launcher.place import installed_launcher, packaged
from spawngate.endpoint.launching.kernel_walls import offered
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.standing import Stand, standing
from spawngate.endpoint.trail import reader
from spawngate.model.errors import SpawngateError

SCHEMA_VERSION = 1
LOW_SPACE = 256 << 20
"""Free bytes below which the trail may soon be unable to record, and then calls are refused."""
Level = Literal["ok", "note", "fault"]


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    level: Level
    """`note`: works, with less than this system or installation could give."""
    found: str
    todo: str = ""
    """What to do; empty where nothing is to be done."""


class Health(msgspec.Struct, frozen=True):
    """Everything that `spawngate doctor` tells."""

    schema_version: int
    version: str
    python: str
    system: str
    checks: list[Check]

    @property
    def works(self) -> bool:
        """No check found a fault."""
        return all(check.level != "fault" for check in self.checks)


def schema() -> dict[str, Any]:
    """JSON Schema of the document that `spawngate doctor --format json` prints."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Health)}


def examine(around: Surroundings) -> Health:
    """Run every check. Raises nothing."""
    checks = [_held(name, check, around) for name, check in CHECKS]
    python = f"{platform.python_version()} ({sys.executable})"
    return Health(SCHEMA_VERSION, __version__, python, f"{platform.system()} {platform.release()}", checks)


def _held(name: str, check: "Callable[[Surroundings], Check]", around: Surroundings) -> Check:
    try:
        return check(around)
    except (SpawngateError, OSError) as error:
        return Check(name, "fault", str(error))


def _state(around: Surroundings) -> Check:
    state = around.state
    try:
        status = state.stat()
    except FileNotFoundError:
        return Check("state folder", "note", f"{state} is not there yet", "it is made by the first scan or protect")
    mode = stat.S_IMODE(status.st_mode)
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return Check("state folder", "fault", f"{state} belongs to another user", "set SPAWNGATE_STATE_DIR")
    if mode & 0o077:
        return Check("state folder", "fault", f"{state} is open to others ({mode:04o})", f"chmod 700 {state}")
    if not os.access(state, os.W_OK | os.X_OK):
        return Check("state folder", "fault", f"{state} cannot be written", "give its user the right to write")
    free = shutil.disk_usage(state).free
    if free < LOW_SPACE:
        return Check("state folder", "fault", f"{free >> 20} MB are free below {state}", "free some space")
    return Check("state folder", "ok", f"{state}, {free >> 30} GB free")


def _programs(around: Surroundings) -> Check:
    missing = [name for name in ("spawngate-launch", "spawngate-confine") if packaged(name) is None]
    if packaged_native() is None:
        missing.insert(0, "spawngate-hook")
    if not missing:
        return Check("native programs", "ok", "hook client, launcher and jail were built with this installation")
    return Check(
        "native programs",
        "note",
        f"not built: {', '.join(missing)}; Python twins serve, slower and open to LD_PRELOAD, and nothing is confined",
        "install a C compiler, then install Spawngate again",
    )


def _installed(around: Surroundings) -> Check:
    """What `protect` put into the state folder against the programs of this installation: an upgrade leaves the old."""
    client, launcher = installed_client(around.state), installed_launcher(around.state)
    pairs = [
        (client.program if client and client.kind == "native" else None, packaged_native()),
        (launcher.program if launcher and launcher.kind == "native" else None, packaged("spawngate-launch")),
        (launcher.confine if launcher else None, packaged("spawngate-confine")),
    ]
    old = [there.name for there, ours in pairs if there and ours and there.read_bytes() != ours.read_bytes()]
    if old:
        words = "spawngate protect" + (" --launches" if launcher else "")
        return Check("installed programs", "fault", f"of another version: {', '.join(old)}", words)
    if client is None and launcher is None:
        return Check("installed programs", "note", "nothing is installed for agents yet", "spawngate protect")
    return Check("installed programs", "ok", "hook client and launcher are those of this version")


def _parser(around: Surroundings) -> Check:
    found = shfmt.program()
    if found is not None:
        return Check("second shell parser", "ok", str(found))
    todo = "install Spawngate again; shfmt is one of its dependencies"
    return Check("second shell parser", "fault", "shfmt is missing: odd shell texts stay unread and are opaque", todo)


def _policy(around: Surroundings) -> Check:
    folder = place(around.state).policy
    held = load_folder(folder if folder.is_dir() else None)
    source = str(folder) if folder.is_dir() else "no folder of your own"
    return Check("policy", "ok", f"{held.settings.base} and {source}, {held.settings.mode.value}")


def _daemon(around: Surroundings) -> Check:
    found = control.status(around.state)
    if found is None and installed_client(around.state) is None and installed_launcher(around.state) is None:
        return Check("daemon", "note", "none runs, and nothing needs it yet", "spawngate protect starts it")
    if found is None:
        what = "none runs: hooks and launchers decide alone, as they were told to"
        return Check("daemon", "fault", what, "spawngate daemon start")
    version = found.get("version")
    if version != __version__:
        return Check(
            "daemon", "fault", f"it is version {version}, this is {__version__}", "spawngate daemon stop, then start"
        )
    return Check("daemon", "ok", f"process {found.get('pid')}, version {version}")


def _trail(around: Surroundings) -> Check:
    folder = place(around.state).trail
    if not folder.is_dir():
        return Check("trail", "note", "nothing is recorded yet", "it begins with the daemon")
    found = reader.verify(folder)
    if found.fault is not None:
        return Check(
            "trail", "fault", f"{found.records:,} records are whole, then: {found.fault}", "spawngate audit verify"
        )
    return Check("trail", "ok", f"{found.records:,} records, unbroken")


def _walls(around: Surroundings) -> Check:
    found = offered(packaged("spawngate-confine"))
    if found:
        return Check("sandbox", "ok", ", ".join(found))
    return Check(
        "sandbox",
        "note",
        "this system offers none: probation ends as no-sandbox, and policy chooses",
        "allow unprivileged user namespaces, or use a kernel with Landlock (5.13)",
    )


def _agents(around: Surroundings) -> Check:
    found = standing(around, (os.getcwd(),))
    bad = (Stand.TAMPERED, Stand.OFF, Stand.INACTIVE, Stand.PARTLY)
    wrong = [agent.agent for agent in found.agents if Stand(agent.state) in bad]
    open_ = [agent.agent for agent in found.agents if Stand(agent.state) is Stand.UNPROTECTED]
    if wrong or found.tampered:
        return Check("hooks", "fault", f"not in order: {', '.join(wrong) or 'client or policy'}", "spawngate status")
    if open_:
        return Check("hooks", "note", f"not protected: {', '.join(open_)}", "spawngate protect")
    return Check("hooks", "ok", f"{len(found.agents)} agents are here, each in order")


CHECKS: Sequence[tuple[str, Callable[[Surroundings], Check]]] = (
    ("state folder", _state),
    ("native programs", _programs),
    ("installed programs", _installed),
    ("second shell parser", _parser),
    ("sandbox", _walls),
    ("policy", _policy),
    ("daemon", _daemon),
    ("trail", _trail),
    ("hooks", _agents),
)
"""What is looked at, in the order in which one needs the other."""
