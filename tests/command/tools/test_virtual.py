"""What programs of `command.tools.virtual` do, by their arguments."""

import pytest

from spawngate.command.tools.virtual import READERS
from tests.command.told import acts, tried


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("virsh undefine prod-vm --remove-all-storage", ("vm-delete",)),
        ("virsh -c qemu:///system vol-delete disk --pool default", ("vm-delete",)),
        ("virsh undefine prod-vm", ()),
        ("virsh list --all", ()),
        ("VBoxManage unregistervm prod --delete", ("vm-delete",)),
        ("VBoxManage list vms", ()),
        ("vagrant destroy -f", ("vm-delete",)),
        ("vagrant up", ()),
        ("qm destroy 100 --purge", ("vm-delete",)),
        ("multipass delete --purge a", ("vm-delete",)),
        ("multipass info a", ()),
        ("limactl delete default", ("vm-delete",)),
    ],
)
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in ((), ("-",), ("--",), ("-x", "-x"), ("=", ":", "@"), ("-" * 9, "$x", "*")):
            assert tried(program, words) == tried(program, words)
