"""What programs of `command.tools.protections` do, by their arguments."""

import pytest

from spawngate.command.tools.protections import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("modprobe -n loop", ()),
    ("insmod x.ko", ("kernel-module",)),
    ("iptables -F", ("firewall-off",)),
    ("iptables -L", ()),
    ("ufw disable", ("firewall-off",)),
    ("ufw allow 22", ("firewall-change",)),
    ("setenforce 0", ("integrity-off",)),
    ("auditctl -e 0", ("audit-off",)),
    ("csrutil disable", ("integrity-off",)),
    ("journalctl --vacuum-time=1s", ("log-clear",)),
    ("journalctl -u x", ()),
    ("history -c", ("history-clear",)),
    ("nsenter -t 1 -m true", ("container-escape",)),
    ("sysctl -w kernel.randomize_va_space=0", ("integrity-off", "kernel-setting")),
    ("sysctl -a", ()),
    ("xattr -d com.apple.quarantine a", ("quarantine-remove",)),
    ("update-alternatives --set editor x", ("default-program",)),
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
