"""Our own launcher in a command line: `spawngate-launch --id ENTRY -- COMMAND ARGUMENTS`, written and read back.

Whoever looks at an entry that stands behind it has to see what the entry starts, so that protecting changes nothing in
what is known of it. A program that merely bears the name is not looked through: it may do anything.
Must not be here: where the launcher lies on a machine (`endpoint.launcher.place`), and agents' files.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spawngate.launch.argv import is_python, program
from spawngate.launch.paths import is_network, place, slashed

NATIVE, PYTHON = "spawngate-launch", "spawngate_launch.py"
OPTION = "--id"
RELAY = "/spawngate/endpoint/launcher/main.py"
"""End of the path of the program between the launcher and the server."""
_ISOLATED = ("-I", "-S", "-B")
_FOLDER = "/spawngate/launcher/"
"""Where the launcher lies below every state folder of the usual name, and below the machine's own folder."""


@dataclass(frozen=True, slots=True)
class Behind:
    """An entry that starts through a launcher."""

    id: str
    command: str
    args: tuple[str, ...]
    launcher: str
    """The launcher's file, as it is named."""


def written(launcher: Sequence[str], id_: str, command: str, args: Sequence[str]) -> tuple[str, ...]:
    """The words that start `command args` through a launcher, which is started by `launcher`."""
    return (*launcher, OPTION, id_, "--", command, *args)


def behind(command: str | None, args: Sequence[str]) -> Behind | None:
    """What a line starts that has the launcher's form, wherever that lies; None for every other line."""
    if not command:
        return None
    words = tuple(args)
    launcher = command
    if is_python(program(command)) and words[:3] == _ISOLATED and len(words) > 3:
        launcher, words = words[3], words[4:]
        if launcher.replace("\\", "/").rpartition("/")[2] != PYTHON:
            return None
    elif launcher.replace("\\", "/").rpartition("/")[2] != NATIVE:
        return None
    if len(words) < 4 or words[0] != OPTION or words[2] != "--" or not words[3]:
        return None
    return Behind(words[1], words[3], words[4:], launcher)


def is_ours(launcher: str, known: Collection[str] = ()) -> bool:
    """Whether a file of the launcher's name is surely ours: one of those known, or where only we put it.

    A folder that anybody may write, a project or a share is never such a place.
    """
    if launcher in known:
        return True
    if is_network(launcher) or "/../" in slashed(launcher) or "/./" in slashed(launcher):
        return False
    if not launcher.startswith("/") or _FOLDER not in slashed(launcher):
        return False
    return place(launcher) in ("home", "system", "application", "unknown")


def seen_through(
    command: str | None, args: Sequence[str], known: Collection[str] = ()
) -> tuple[str | None, tuple[str, ...], str]:
    """Command, arguments and id of what really starts; the same words and no id where no launcher of ours is in it."""
    found = behind(command, args)
    if found is None or not is_ours(found.launcher, known):
        return command, tuple(args), ""
    return found.command, found.args, found.id
