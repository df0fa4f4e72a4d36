"""SHELL. Whose homes there are on this machine.

Belongs here: this user's home, everybody's where we may read them, and the homes of the other system where Windows
and Linux share one machine (WSL).
Must not be here: what lies in a home (`endpoint.collect`).

Not found here, because nothing on this disk holds it: homes inside dev containers and other containers (only their
devcontainer.json is here), and homes of stopped WSL distributions: opening `\\\\wsl$\\NAME` would start the
distribution, and a scan starts nothing, so the caller names those that run.
Sources: passwd(5); https://learn.microsoft.com/windows/wsl/filesystems; login.defs(5) for UID_MIN.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spawngate.agents.document import Platform
from spawngate.endpoint import files

FIRST_USER_ID = 1000
MAX_PASSWD = 8 * 1024 * 1024
_NO_LOGIN = frozenset({"nologin", "false", "sync", "halt", "shutdown"})
_NOT_A_HOME = frozenset({"/", "/dev", "/proc", "/sys", "/nonexistent", "/var/empty", "/bin", "/sbin", "/usr/sbin"})
_NOBODY = frozenset({65534, 65535, 4294967294})
_NOT_A_USER = {
    "linux": frozenset({"lost+found", "linuxbrew", ".snapshots", ".ecryptfs"}),
    "macos": frozenset({"shared", "guest", ".localized", "deleted users"}),
    "windows": frozenset(
        {"public", "default", "default user", "all users", "defaultuser0", "defaultaccount", "wdagutilityaccount"}
    ),
}


@dataclass(frozen=True, slots=True)
class Home:
    """One user's home."""

    path: str
    """Absolute, with forward slashes."""
    user: str
    platform: Platform
    """What the files in it are laid out like, which under WSL need not be what this runs on."""


@dataclass(frozen=True, slots=True)
class Account:
    """The part of a passwd entry that matters here."""

    user: str
    uid: int
    home: str
    shell: str


def flavour(path: str) -> Platform:
    """What kind of home lies at `path`, by what only that system makes in it."""
    if os.path.isdir(f"{path}/AppData/Roaming"):
        return "windows"
    if os.path.isdir(f"{path}/Library/Application Support"):
        return "macos"
    return "linux"


def discover_homes(
    *,
    own: str | None = None,
    user: str | None = None,
    platform: Platform | None = None,
    administrator: bool | None = None,
    root: str = "",
    accounts: Sequence[Account] | None = None,
    wsl: bool | None = None,
    distributions: Sequence[str] = (),
) -> list[Home]:
    """This user's home first; as root or administrator then everybody's; then those of the other side of WSL.

    `root` is a prefix for every absolute path but `own` (a mounted image, a test). `accounts` replaces the passwd file.
    `distributions` names the running WSL distributions, on Windows. Everything left out is found out. Each folder
    is listed once, and only where it exists. Raises nothing.
    """
    system = platform or this_platform()
    found: dict[str, Home] = {}
    home = os.path.expanduser("~") if own is None else own
    _add(found, home, user or os.path.basename(home.rstrip("/\\")), system)
    if is_administrator() if administrator is None else administrator:
        for path, name in _everybody(system, root, accounts):
            _add(found, path, name, system)
    if system == "windows":
        for name in distributions:
            share = f"{root}//wsl$/{name}"
            for path in (*_folders(f"{share}/home", "linux"), f"{share}/root"):
                _add(found, path, os.path.basename(path), "linux")
    elif system == "linux" and (inside_wsl(root) if wsl is None else wsl):
        for path in _folders(f"{root}/mnt/c/Users", "windows"):
            if _may_list(path):
                _add(found, path, os.path.basename(path), "windows")
    return list(found.values())


def this_platform() -> Platform:
    """The platform this runs on."""
    return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "linux"


def is_administrator() -> bool:
    """Whether other users' homes may be read: root, or a Windows administrator with raised rights."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0


def inside_wsl(root: str = "") -> bool:
    """Whether this Linux runs under Windows: its kernel says so."""
    return "microsoft" in _read(f"{root}/proc/version", 4096).lower()


def parse_passwd(text: str) -> list[Account]:
    """The entries of a passwd file; lines that are no entry are left out."""
    found = []
    for line in text.splitlines():
        parts = line.split(":")
        if len(parts) == 7 and parts[2].isascii() and parts[2].isdigit() and parts[5].startswith("/"):
            found.append(Account(parts[0], int(parts[2]), parts[5], parts[6].strip()))
    return found


def is_person(account: Account) -> bool:
    """Whether someone works under the account: root, or a user id of people and a shell to log in with."""
    if account.home.rstrip("/") in _NOT_A_HOME or not account.home.strip("/"):
        return False
    if account.uid == 0:
        return account.user == "root"
    if account.uid < FIRST_USER_ID or account.uid in _NOBODY:
        return False
    return os.path.basename(account.shell) not in _NO_LOGIN


def _everybody(system: Platform, root: str, accounts: Sequence[Account] | None) -> Iterator[tuple[str, str]]:
    if system == "windows":
        drive = root or os.environ.get("SYSTEMDRIVE", "C:")
        for path in _folders(f"{drive}/Users", "windows"):
            yield path, os.path.basename(path)
    elif system == "macos":
        for path in (*_folders(f"{root}/Users", "macos"), f"{root}/var/root"):
            yield path, os.path.basename(path)
    else:
        known = parse_passwd(_read(f"{root}/etc/passwd", MAX_PASSWD)) if accounts is None else accounts
        for account in known:
            if is_person(account):
                yield root + account.home, account.user
        # People of a directory service (LDAP, Active Directory) are in no passwd file, their folders are here.
        taken = {root + account.home.rstrip("/") for account in known}
        for path in _folders(f"{root}/home", "linux"):
            if path not in taken:
                yield path, os.path.basename(path)


def _add(found: dict[str, Home], path: str, user: str, fallback: Platform) -> None:
    """Keep a home that exists and is not there yet, under another spelling or through a link either."""
    plain = path.replace("\\", "/")
    plain = plain.rstrip("/") or plain
    try:
        if not os.path.isdir(plain):
            return
        key = os.path.normcase(os.path.realpath(plain))
    except (OSError, ValueError):
        return
    if key not in found:
        platform = flavour(plain)
        # An empty home shows nothing; then it is what the place it was found in says.
        found[key] = Home(plain, user, platform if platform != "linux" else fallback)


def _folders(path: str, kind: Platform) -> list[str]:
    """The users' folders in a folder of homes, by name, without links and without what is no user's."""
    try:
        with os.scandir(path) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.name.lower() not in _NOT_A_USER[kind]
                and not entry.name.startswith(".")
                and entry.is_dir(follow_symlinks=False)
            ]
    except (OSError, ValueError):
        return []
    return [f"{path}/{name}" for name in sorted(names)]


def _may_list(path: str) -> bool:
    try:
        with os.scandir(path):
            return True
    except OSError:
        return False


def _read(path: str, limit: int) -> str:
    try:
        return files.read(path, limit).decode("utf-8", "replace")
    except files.Unreadable:
        return ""
