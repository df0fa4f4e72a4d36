"""Disks, volumes, file systems and backups.

Must not be here: what other modules of `command.tools` read; each program stands in one of them only.
Sources: manual pages of util-linux, e2fsprogs, lvm2, zfs, btrfs, cryptsetup; diskutil and tmutil of macOS; restic,
borg.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers
from spawngate.command.tools.senders import backup as kept_elsewhere


def format_disk(scene: Scene) -> None:
    values = ("-t", "-L", "-n", "-b", "-U", "-E", "-O", "-I", "-N", "-d", "-m", "-l")
    found = scene.arguments((*values, "-F") if "fat" in scene.program or "dos" in scene.program else values)
    paths = [word for word in found.rest if not word.isdigit()]
    if scene.program == "wipefs" and not found.has("-a", "--all", "-o"):
        return
    image = paths and all("device" not in scene.places(path) for path in paths)
    scene.write(*paths)
    if not image:
        scene.act("disk-format")


def partition(scene: Scene) -> None:
    found = scene.arguments(("-n", "-t", "-c", "-d", "-u", "-T", "-a"))
    if (
        found.has("-l", "--list", "-p", "--print", "--dump")
        or found.rest[-1:] == ("print",)
        or not found.rest
        or (scene.program == "sfdisk" and found.has("-d", "-J", "-V"))
    ):
        return
    scene.write(*(word for word in found.rest if word.startswith("/dev")))
    scene.act("disk-format")


def disk_utility(scene: Scene) -> None:
    verb = scene.words[0].lower() if scene.words else ""
    text = " ".join(scene.words)
    scene.subcommand = verb
    if re.match(r"(?i)erase|partitiondisk|zerodisk|randomdisk|secureerase|reformat", verb) or re.search(
        r"(?i)apfs delete(?:container|volume)|deletecontainer|cs delete", text
    ):
        scene.act("disk-format")


def volume(scene: Scene) -> None:
    text = " ".join(scene.words)
    scene.arguments()
    name = scene.program
    destroys = {
        "zfs": r"^destroy|^rollback",
        "zpool": r"^destroy|labelclear|^remove",
        "btrfs": r"subvolume delete|device (?:delete|remove)",
        "mdadm": r"--zero-superblock|--remove|--stop|-S\b",
        "cryptsetup": r"luksErase|erase|luksFormat|luksKillSlot|luksRemoveKey",
        "dmsetup": r"^remove",
        "blkdiscard": r".",
        "hdparm": r"security-erase|--trim-sector",
        "nvme": r"^format|sanitize",
        "sgdisk": r"-Z|--zap|-o",
        "losetup": r"^$^",
    }.get(name, r".")
    if re.search(destroys, text):
        if re.search(r"snapshot|@", text) and name in ("zfs", "btrfs"):
            scene.act("backup-delete")
        scene.act(
            "volume-delete"
            if name in ("zfs", "zpool", "btrfs", "mdadm", "dmsetup") or name.startswith(("lv", "vg", "pv"))
            else "disk-format"
        )


def backup(scene: Scene) -> None:
    if scene.program in ("restic", "borg", "duplicity", "kopia", "bup", "rdiff-backup"):
        kept_elsewhere(scene)
    text = " ".join(scene.words)
    name = scene.program
    scene.arguments()
    if (
        (name == "tmutil" and re.search(r"(?i)\bdelete|disable|\bthin|removedestination", text))
        or (name == "timeshift" and re.search(r"--delete", text))
        or (
            name in ("restic", "borg", "duplicity", "kopia", "snapper", "rsnapshot")
            and re.search(
                r"\b(?:delete|purge|remove-all|forget --prune --keep-last 0|remove-all-but|delete-all)\b", text
            )
        )
        or (name in _CATALOGUES and re.search(_CATALOGUES[name], text))
    ):
        scene.act("backup-delete")


_CATALOGUES = {
    "velero": r"^(?:backup|schedule|backup-location) delete\b|^delete (?:backup|schedule)",
    "pgbackrest": r"\bstanza-delete\b|\bexpire\b.*--set\b",
    "barman": r"^delete\b",
    "wal-g": r"\bdelete (?:everything|target|before|retain)\b",
    "duplicacy": r"^prune\b.*-exhaustive",
    "proxmox-backup-client": r"\bsnapshot forget\b|\bprune\b.*--keep-last[= ]0",
    "bup": r"^rm\b",
    "rdiff-backup": r"--remove-older-than|remove increments",
}
"""Programs that keep backups somewhere, and what takes them away."""


def mount(scene: Scene) -> None:
    found = scene.arguments(("-t", "-o", "-L", "-U", "--bind"))
    if found.rest:
        scene.act("mount")
        if re.search(r"remount.*(?:rw|exec)|suid", " ".join(scene.words)) or found.has("--bind", "-B"):
            scene.target(*found.rest)
        scene.host(*(word for word in found.rest if re.match(r"//|[\w.-]+:/", word)))


READERS: dict[str, Reader] = readers(
    (
        "mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs"
        " mkfs.f2fs mke2fs mkswap mkdosfs newfs newfs_apfs wipefs",
        format_disk,
    ),
    ("fdisk sfdisk cfdisk gdisk parted sgdisk", partition),
    ("diskutil", disk_utility),
    ("zfs zpool btrfs mdadm cryptsetup dmsetup blkdiscard hdparm nvme lvremove vgremove pvremove lvreduce", volume),
    ("tmutil timeshift restic borg duplicity kopia snapper rsnapshot", backup),
    (" ".join(_CATALOGUES), backup),
    ("mount umount losetup", mount),
)
