"""Programs by which something is made to run again: at a login, a start, a key, an event, or instead of another.

Must not be here: what other modules of `command.tools` read (cron, systemd, launchd: `processes`; Windows' own tools:
`windows`); each program stands in one of them only.
Sources: manual pages of gsettings, dconf, kwriteconfig, xfconf-query, loginctl, incrontab, sysv-rc-conf, dpkg-divert,
update-binfmts, dkms, bpftool, xdg-mime, pmset, profiles, sfltool; learn.microsoft.com on mofcomp and regedit; nssm.cc;
MITRE ATT&CK T1037, T1053, T1543, T1546, T1547, T1574.
"""

import re

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import Reader, readers

_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "gsettings": ((r"set\b.*(?:keybinding|media-keys|autostart|startup|default-applications)", "login-item"),),
    "dconf": ((r"(?:write|load)\b.*(?:keybinding|media-keys|autostart|startup)", "login-item"),),
    "gnome-extensions": ((r"(?:install|enable|pack)\b", "login-item"),),
    "kpackagetool5": ((r".*(?:-i|--install|-u|--upgrade)\b", "login-item"),),
    "kwriteconfig5": ((r".*(?:autostart|ksmserver|kglobalshortcuts|khotkeys|startup|TerminalApp)", "login-item"),),
    "xfconf-query": ((r".*(?:keyboard-shortcuts|session|startup).*(?:-s|--set|-n|--create)\b", "login-item"),),
    "kwriteconfig6": ((r".*(?:autostart|ksmserver|kglobalshortcuts|startup|script|TerminalApp)", "login-item"),),
    "gconftool-2": ((r".*(?:--set|-s)\b.*(?:command|session|keybinding)", "login-item"),),
    "fcrontab": ((r"(?!-l\b).", "schedule"),),
    "incrontab": ((r"(?!-l\b|--list\b).", "schedule"),),
    "anacron": ((r".*-t\b", "schedule"),),
    "loginctl": ((r"enable-linger\b", "service-create"),),
    "sysv-rc-conf": ((r".*\bon\b", "service-create"),),
    "insserv": ((r"(?!-r\b|--remove\b).", "service-create"),),
    "rcctl": ((r"enable\b", "service-create"),),
    "sysrc": ((r".*_enable\+?=[\"']?yes", "service-create"),),
    "svcadm": ((r"enable\b", "service-create"),),
    "svccfg": ((r".*\bimport\b", "service-create"),),
    "s6-rc": ((r".*\bchange\b", "service-create"),),
    "nssm": ((r"(?:install|set|edit)\b", "service-create"),),
    "winsw": ((r"(?:install|refresh)\b", "service-create"),),
    "srvany": ((r".", "service-create"),),
    "forever-service": ((r"install\b", "service-create"),),
    "sfltool": ((r"(?:add-item|resetbtm)\b", "login-item"),),
    "profiles": ((r".*(?:-I\b|install\b|-F\b)", "login-item"),),
    "pmset": ((r"(?:schedule|repeat|relative)\b", "schedule"),),
    "mofcomp": ((r".*\.mof\b", "event-subscription"),),
    "regedit": ((r".*(?:/s\b|\.reg\b)", "registry-write"),),
    "dkms": ((r"(?:install|add|build|autoinstall)\b", "kernel-module"),),
    "bpftool": ((r"(?:prog (?:load|loadall|attach)|net attach|cgroup attach|struct_ops register)\b", "kernel-module"),),
    "kldload": ((r".", "kernel-module"),),
    "kmutil": ((r"(?:load|install)\b", "kernel-module"),),
    "pam-auth-update": ((r".*--(?:enable|force|package|remove)\b", "integrity-off"),),
    "authconfig": ((r".*--enable", "integrity-off"),),
    "authselect": ((r"(?:select|enable-feature|apply-changes)\b", "integrity-off"),),
    "xdg-mime": ((r"(?:default|install)\b", "default-program"),),
    "xdg-settings": ((r"set\b", "default-program"),),
    "xdg-desktop-menu": ((r"install\b", "login-item"),),
    "duti": ((r".*-s\b", "default-program"),),
    "dpkg-divert": ((r"(?!--list|--remove|--listpackage|--truename).*--add|(?!-).", "default-program"),),
    "update-binfmts": ((r"--(?:install|import|enable)\b", "default-program"),),
    "assoc": ((r"\.\w+=\S", "default-program"),),
    "ftype": ((r"\w+=\S", "default-program"),),
}  # fmt: skip
"""Programs, and which of their words mean which act."""
_TABLE = {
    name: tuple((re.compile(pattern, re.IGNORECASE), act) for pattern, act in rows) for name, rows in _WORDS.items()
}


def made_to_run(scene: Scene) -> None:
    scene.arguments()
    text = " ".join(scene.words)[:4096]
    for pattern, act in _TABLE[scene.program]:
        if pattern.match(text):
            scene.act(act)
            scene.target(*scene.words[-1:])


def property_list(scene: Scene) -> None:
    """plutil and PlistBuddy: changes to a property list."""
    text = " ".join(scene.words)
    if re.search(r"(?i)-(?:create|insert|replace|remove|convert)\b|-c\s+(?:add|set|merge|delete|import|clear)\b", text):
        scene.write(*scene.words[-1:])
    else:
        scene.read(*scene.words[-1:])


READERS: dict[str, Reader] = readers((" ".join(_TABLE), made_to_run), ("plutil plistbuddy", property_list))
