"""A path as a command spells it, brought into one form without looking at any disk.

Belongs here: homes, drives, variables with a known meaning, `..`, and the folder that a relative path starts from.
Must not be here: what lies at a path (`command.places`).
Sources: https://learn.microsoft.com/windows/win32/shell/csidl and /dotnet/standard/io/file-path-formats; POSIX tilde
expansion; the XDG base directory specification.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\\\|%[A-Za-z_()0-9]+%|\$env:|(?:~|\$home|\.{1,2})\\", re.IGNORECASE)
_VARIABLE = re.compile(
    r"\$\{(?:env:)?([A-Za-z_]\w*)(?::?[-=?][^{}]*)?\}|\$env:([A-Za-z_]\w*)|\$([A-Za-z_]\w*)|%([A-Za-z_][\w()]*)%",
    re.IGNORECASE,
)
_KNOWN = {
    "home": "~",
    "userprofile": "~",
    "homepath": "~",
    "appdata": "~/AppData/Roaming",
    "localappdata": "~/AppData/Local",
    "xdg_config_home": "~/.config",
    "xdg_data_home": "~/.local/share",
    "xdg_cache_home": "~/.cache",
    "xdg_state_home": "~/.local/state",
    "xdg_runtime_dir": "/run/user/0",
    "tmpdir": "/tmp",  # noqa: S108 - a name in a table; nothing is opened
    "temp": "/tmp",  # noqa: S108 - as above
    "tmp": "/tmp",  # noqa: S108 - as above
    "pwd": ".",
    "cd": ".",
    "programdata": "/ProgramData",
    "allusersprofile": "/ProgramData",
    "programfiles": "/Program Files",
    "programfiles(x86)": "/Program Files (x86)",
    "systemroot": "/Windows",
    "windir": "/Windows",
    "systemdrive": "/",
    "public": "/Users/Public",
    "claude_config_dir": "~/.claude",
    "codex_home": "~/.codex",
    "copilot_home": "~/.copilot",
    "claude_project_dir": ".",
    "cargo_home": "~/.cargo",
    "gnupghome": "~/.gnupg",
    "zdotdir": "~",
    "kubeconfig": "~/.kube/config",
    "github_workspace": ".",
    "ssh_auth_sock": "/run/user/ssh-agent.socket",
    "psmodulepath": "~/Documents/PowerShell/Modules",
    "profile": "~/Documents/PowerShell/Microsoft.PowerShell_profile.ps1",
    "histfile": "~/.bash_history",
}
"""Variables whose meaning is the same nearly everywhere."""

_HOME = re.compile(r"(?:/home/|/users/|/export/home/)([^/]+)(?=/|$)|/(?:var/)?root(?=/|$)", re.IGNORECASE)
_MOUNTED_DRIVE = re.compile(r"/(?:mnt|cygdrive)/[a-z](?=/|$)|^/[a-z](?=/(?:users|windows|program))", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")
_SLASHES = re.compile(r"/{2,}")
_SHARE = re.compile(r"(?:\\\\|//)(?![?.][\\/])[^\\/]+[\\/]")


class Normal(NamedTuple):
    """A path in one form."""

    parts: tuple[str, ...]
    """Names from the root. `~` stands first for a home, `.` for the working folder where that is not known, `?` for a
    folder that only the run knows."""
    depth: int = -1
    """Names below the project's root: 0 for the root itself, -1 for what lies outside."""
    other_home: bool = False
    """Lies in the home of somebody else."""
    windows: bool = False
    """Spelled as on Windows."""
    share: bool = False
    """On a network share."""


def normal(
    path: str, home: str = "", base: str = "", project: str = "", *, cwd: str = "", windows: bool = False
) -> Normal:
    """The form of `path`, as named in `cwd`, which may itself be relative to `base`, the call's own folder. Nothing is
    raised, whatever the text."""
    if len(path) + len(cwd) + len(base) > _KEPT:
        return _normal(path, home, base, project, cwd, windows)
    return _remembered(path, home, base, project, cwd, windows)


def _normal(path: str, home: str, base: str, project: str, cwd: str, windows: bool) -> Normal:
    windows = windows or _WINDOWS.match(path) is not None
    share = windows and _SHARE.match(path) is not None
    own = _flat(home, windows)
    text, unknown = _resolved(path.removeprefix("file://"), windows)
    if windows and re.match(r"[A-Za-z]:", text):
        text = text[2:] or "/"
        if not text.startswith(("/", "~")):
            text = "./" + text
    other = False
    if text.startswith("~"):
        head, slash, rest = text.partition("/")
        # `~` is one's own home and `~name` another's; `~+` is the working folder.
        if head == "~+":
            text = "./" + rest
        else:
            other = head != "~" and head != f"~{own.rpartition('/')[2]}"
            text = "~" + slash + rest
    elif not text.startswith("/") and not unknown:
        for folder in (cwd, base):
            if text.startswith(("/", "~")):
                break
            start, start_unknown = _resolved(folder, windows) if folder else (".", False)
            start = re.sub(r"^[A-Za-z]:", "", start) if windows else start
            text = "./" + text if start_unknown or not folder else f"{start.rstrip('/')}/{text}"
        if not text.startswith(("/", "~")):
            text = "./" + text
    if text.startswith("/"):
        text, other = _in_home(text, own, windows)
    parts = _parts(text, unknown)
    root_text = _flat(project or base, windows)
    depth = -1
    if root_text:
        root = _parts(_in_home(root_text, own, windows)[0] if root_text.startswith("/") else root_text, unknown=False)
        # A project whose root is a home or a drive is none: everything would lie in it.
        if root not in (("~",), ()) and parts[: len(root)] == root:
            depth = len(parts) - len(root)
    elif parts[:1] == (".",) and parts[1:2] != ("..",):
        depth = len(parts) - 1
    return Normal(parts, depth, other and depth < 0, windows, share)


_KEPT = 1_024
"""Characters of a path, with its folders, whose form is remembered: several parts ask for it during one call."""
_remembered = lru_cache(maxsize=512)(_normal)


def _flat(path: str, windows: bool) -> str:
    text = path.replace("\\", "/") if windows or _WINDOWS.match(path) else path
    return _DRIVE.sub("", text).rstrip("/") or ("/" if text else "")


def _resolved(path: str, windows: bool) -> tuple[str, bool]:
    """The text with variables of known meaning filled in, and whether it begins with something unknown."""
    text = path[:4096]
    unknown = False
    if "$" in text or "%" in text:

        def one(match: "re.Match[str]") -> str:
            name = (match[1] or match[2] or match[3] or match[4]).lower()
            return _KNOWN.get(name, match[0])

        if text[:8].lower() == "$profile":
            # `$PROFILE.AllUsersAllHosts` is a file of its own, and a start-up file all the same.
            text = re.sub(r"^(\$profile)\.\w+", r"\1", text, flags=re.IGNORECASE)
        text = _VARIABLE.sub(one, text)
        unknown = text.startswith(("$", "%", "`"))
    if windows:
        text = text.replace("\\", "/")
        text = re.sub(r"^//[?.]/", "", text)
    return (_SLASHES.sub("/", text) if "//" in text else text), unknown


def _in_home(text: str, own: str, windows: bool) -> tuple[str, bool]:
    """The path below `~` where it lies in a home, and whether that is somebody else's."""
    head = text[: len(own)]
    if (
        own
        and own != "/"
        and (head == own or (windows and head.lower() == own.lower()))
        and text[len(own) :][:1] in ("", "/")
    ):
        return "~" + text[len(own) :], False
    text = _MOUNTED_DRIVE.sub("", text) or "/"
    match = _HOME.match(text)
    if match and (match[1] or "").lower() not in ("shared", "public", "default"):
        # Without a known home, any home may be one's own.
        return "~" + text[match.end() :], bool(own)
    return text, False


def _parts(text: str, unknown: bool) -> tuple[str, ...]:
    found: list[str] = ["?"] if unknown else []
    names = text.split("/")
    if unknown:
        names = names[1:]
    for name in names:
        if name == "" or (name == "." and found):
            continue
        if name == "..":
            if found and found[-1] not in ("~", ".", "?", ".."):
                found.pop()
            elif found == ["~"]:
                found = ["home"]
            elif found:
                found.append("..")
            continue
        found.append(name)
    return tuple(found)
