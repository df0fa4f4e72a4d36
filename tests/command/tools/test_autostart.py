"""What programs of `command.tools.autostart` do, by their arguments."""

import pytest

from spawngate.command.tools.autostart import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gsettings set org.gnome.settings-daemon.plugins.media-keys custom-keybindings x", ("login-item",)),
    ("gsettings get org.gnome.settings-daemon.plugins.media-keys custom-keybindings", ()),
    ("gsettings set org.gnome.desktop.interface color-scheme prefer-dark", ()),
    ("fcrontab x", ("schedule",)),
    ("fcrontab -l", ()),
    ("loginctl enable-linger dev", ("service-create",)),
    ("loginctl list-sessions", ()),
    ("nssm install x C:/x.exe", ("service-create",)),
    ("nssm status x", ()),
    ("sfltool add-item com.apple.LSSharedFileList.SessionLoginItems file:///tmp/x", ("login-item",)),
    ("mofcomp x.mof", ("event-subscription",)),
    ("regedit /s x.reg", ("registry-write",)),
    ("dkms install x/1.0", ("kernel-module",)),
    ("dkms status", ()),
    ("bpftool prog load x.o /sys/fs/bpf/x", ("kernel-module",)),
    ("bpftool prog show", ()),
    ("xdg-mime default x.desktop x-scheme-handler/https", ("default-program",)),
    ("xdg-mime query default text/html", ()),
    ("dpkg-divert --add --rename --divert /usr/bin/ssh.real /usr/bin/ssh", ("default-program",)),
    ("dpkg-divert --list", ()),
    ("pmset schedule wake x", ("schedule",)),
    ("pmset -g", ()),
    ("pam-auth-update --enable x", ("integrity-off",)),
    ("plutil -lint a.plist", ()),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in ((), ("-",), ("--",), ("", "\0", "*"), ("x",) * 5000):
            assert isinstance(tried(program, words), tuple)
