"""Virtual machines: which are deleted, with their disks.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of virsh, VBoxManage, multipass, vagrant, qm of Proxmox, prlctl, limactl.
"""

import re
from collections.abc import Mapping

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

_DELETES: Mapping[str, str] = {
    "virsh": r"(?:undefine\b.*--(?:remove-all-storage|storage|wipe-storage|nvram)|vol-delete\b|vol-wipe\b|pool-delete\b"
    r"|snapshot-delete\b)",
    "vboxmanage": r"(?:unregistervm\b.*--delete|closemedium\b.*--delete|snapshot \S+ delete\b)",
    "multipass": r"(?:delete\b|purge\b)",
    "vagrant": r"destroy\b",
    "qm": r"destroy\b",
    "pct": r"destroy\b",
    "prlctl": r"(?:delete|unregister)\b",
    "limactl": r"(?:delete|rm|remove|factory-reset)\b",
}
"""What each is told when disks go with the machine."""


def virtual(scene: Scene) -> None:
    found = scene.arguments(("-c", "--connect", "--provider", "--log"))
    text = " ".join((*found.rest, *(word for word in scene.words if word.startswith("-"))))
    if re.match(_DELETES[scene.program], text):
        scene.act("vm-delete")


READERS: dict[str, Reader] = readers((" ".join(_DELETES), virtual))
