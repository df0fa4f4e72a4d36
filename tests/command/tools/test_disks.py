"""What programs of `command.tools.disks` do, by their arguments."""

import pytest

from spawngate.command.tools.disks import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("mkfs.ext4 /dev/sda1", ("disk-format", "disk-write")),
    ("mkfs.ext4 disk.img", ()),
    ("wipefs /dev/sda", ()),
    ("fdisk -l", ()),
    ("parted /dev/sda mklabel gpt", ("disk-format", "disk-write")),
    ("diskutil eraseDisk JHFS+ X disk0", ("disk-format",)),
    ("zfs destroy tank/a", ("volume-delete",)),
    ("zfs list", ()),
    ("lvremove vg0/a", ("volume-delete",)),
    ("tmutil delete /x", ("backup-delete",)),
    ("mount /dev/sda1 /mnt", ("mount",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
