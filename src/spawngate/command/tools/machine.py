"""Questions about the machine and its network.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of coreutils, procps, iproute2.
"""

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers


def recon(scene: Scene) -> None:
    scene.arguments()
    scene.act("reconnaissance")


def network_list(scene: Scene) -> None:
    scene.arguments()
    scene.act("list-network")


READERS: dict[str, Reader] = readers(
    (
        "whoami id uname hostname hostnamectl uptime lscpu lsb_release sw_vers"
        " system_profiler dmidecode lspci lsusb lsblk df free arch nproc systeminfo ver",
        recon,
    ),
    ("netstat ss arp iwconfig nmcli iw traceroute tracepath mtr whois ipconfig tracert", network_list),
)
