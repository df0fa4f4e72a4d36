"""Wrappers that change the user."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "sudo rm x": ["sudo", "rm x | user=root"],
    "sudo -u bob -n rm x": ["sudo", "rm x | user=bob"],
    "sudo -ubob rm x": ["sudo", "rm x | user=bob"],
    "sudo --user=bob rm x": ["sudo", "rm x | user=bob"],
    "sudo --us bob rm x": ["sudo", "rm x | user=bob"],
    "sudo A=1 -E B=2 rm x": ["sudo", "rm x | A=1 B=2 user=root"],
    "sudo -- rm x": ["sudo", "rm x | user=root"],
    "sudo -i": ["sudo", "sh | user=root"],
    "sudo -s": ["sudo", "sh | user=root"],
    "sudo -i rm x": ["sudo", "rm x | user=root"],
    "sudo -D /tmp -b rm x": ["sudo", "rm x | cwd=/tmp user=root background"],
    "sudo -l": None,
    "sudo -v": None,
    "sudo -k": None,
    "sudo -k rm x": ["sudo", "rm x | user=root"],
    "sudo -e /etc/hosts": None,
    "sudo -Hnu bob rm x": ["sudo", "rm x | user=bob"],
    "sudo -h host rm x": ["sudo", "rm x | user=root"],
    "sudo --weird value rm x": ["sudo", "value rm x | user=root opaque=options", "rm x | user=root opaque=options"],
    "sudo --weird rm x": ["sudo", "rm x | user=root opaque=options"],
    "sudo $OPTS rm x": ["sudo", "~'$OPTS' rm x | user=root", "rm x | user=root opaque=options"],
    "sudo": None,
    "doas rm x": ["doas", "rm x | user=root"],
    "doas -u bob -n rm x": ["doas", "rm x | user=bob"],
    "doas -s": ["doas", "sh | user=root"],
    "doas -C f": None,
    "pkexec rm x": ["pkexec", "rm x | user=root"],
    "pkexec --user bob rm x": ["pkexec", "rm x | user=bob"],
    "pkexec": ["pkexec", "sh | user=root"],
    "pkexec --version": None,
    "su": ["su", "sh | user=root"],
    "su - bob": ["su", "sh | user=bob"],
    "su -c 'rm x'": ["su", "$ rm x | (su) user=root"],
    "su bob -c 'rm x' a": ["su", "$ rm x | (su a) user=bob"],
    "su - bob -c 'rm x'": ["su", "$ rm x | (su) user=bob"],
    "su -l bob --command='rm x'": ["su", "$ rm x | (su) user=bob"],
    "su -s /bin/bash -c 'rm x' bob": ["su", "$ rm x | (su) user=bob"],
    "su bob -s /bin/zsh": ["su", "/bin/zsh | user=bob"],
    "su bob -- -c 'rm x'": ["su", "sh -c 'rm x' | user=bob"],
    "su --help": None,
    "runuser -u bob -- rm x": ["runuser", "rm x | user=bob"],
    "runuser -u bob rm -rf x": ["runuser", "rm -rf x | user=bob"],
    "runuser -l bob -c 'rm x'": ["runuser", "$ rm x | (runuser) user=bob"],
    "runuser bob -c 'rm x'": ["runuser", "$ rm x | (runuser) user=bob"],
    "sg users 'rm x'": ["sg", "$ rm x"],
    "sg users -c 'rm x'": ["sg", "$ rm x"],
    "sg - users -c 'rm x'": ["sg", "$ rm x"],
    "sg users": ["sg", "sh"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
