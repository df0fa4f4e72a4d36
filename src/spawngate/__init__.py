"""Spawngate: inventory, launch decisions and an audit trail for AI agents and their MCP servers."""

TYPE_CHECKING = False  # `typing` would cost the launcher's relay, which imports us before every server, 9 ms
if TYPE_CHECKING:
    from spawngate.endpoint.library.check import Checked, check_launch
    from spawngate.endpoint.library.launcher import LaunchRefusedError

__all__ = ["Checked", "LaunchRefusedError", "__version__", "check_launch"]
__version__ = "0.1.0"

_LIBRARY = {
    "Checked": "spawngate.endpoint.library.check",
    "check_launch": "spawngate.endpoint.library.check",
    "LaunchRefusedError": "spawngate.endpoint.library.launcher",
}
"""What programs use of us, and where it stands: imported when it is asked for, since every start of ours pays."""


def __getattr__(name: str) -> object:
    if name not in _LIBRARY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_LIBRARY[name]), name)
    return found
