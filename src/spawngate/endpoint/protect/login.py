"""SHELL. Whether the system starts the daemon again when the user logs in next.

Only looks: units are written by `spawngate daemon unit` and switched on by the system's own commands.
Must not be here: the units (`endpoint.daemon.units`).
"""

import os
import sys

from spawngate.endpoint.daemon.units import LABEL, NAME
from spawngate.endpoint.protect.present import Surroundings

ADVICE = (
    "after the next login the daemon has to run again, or calls are refused: have the system start it "
    "(`spawngate daemon unit`, docs/daemon.md), or run `spawngate daemon start`"
)


def is_set_up(around: Surroundings) -> bool:
    """Whether a unit of the daemon is switched on for this user, or for every user of the machine."""
    if sys.platform == "darwin":
        return os.path.exists(f"{around.home}/Library/LaunchAgents/{LABEL}.plist")
    environment = around.machinery.home.environment
    own = environment.get("XDG_CONFIG_HOME") or f"{around.home}/.config"
    wants = [
        f"{folder}/systemd/user/{target}.wants/{NAME}.{kind}"
        for folder in (own, f"{around.system_root}/etc", f"{around.system_root}/usr/lib", f"{around.system_root}/lib")
        for target, kind in (("sockets.target", "socket"), ("default.target", "service"))
    ]
    return any(os.path.lexists(path) for path in wants)
