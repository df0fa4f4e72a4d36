"""Where a path written in a definition lies, judged by its spelling alone.

Must not be here: looking at a file system. Paths of all systems are read alike, because a definition may have been
written on another one.
"""

import re

from spawngate.launch.argv import is_python, program

_TEMPORARY = re.compile(
    r"(?:/private)?/(?:tmp|var/tmp|dev/shm|var/folders)(?:/|$)|[a-z]:/(?:windows/)?temp(?:/|$)|.*/appdata/local/temp(?:/|$)"
    r"|%te?mp%|\$\{?(?:tmpdir|temp|tmp)\b|\$env:te?mp|.*/\.cache/(?:tmp|temp)/",
)
_DOWNLOADS = re.compile(r"(?:.*/)?downloads?/")
_SYSTEM = re.compile(
    r"/(?:usr|bin|sbin|lib|lib64|opt|snap|nix|system|library/frameworks|etc)(?:/|$)"
    r"|[a-z]:/(?:windows|program files(?: \(x86\))?)(?:/|$)|%(?:systemroot|windir|programfiles[^%]*)%"
)
_APPLICATION = re.compile(r"/applications/|.*\.app/contents/|.*/appdata/local/programs/|/opt/[^/]+/|/snap/")
_HOME = re.compile(
    r"~|\$\{?home\b|\$env:userprofile|%userprofile%|%home(?:path)?%|\$\{userhome\}|/(?:home|users)/|/root/|[a-z]:/users/"
)
_BARE = re.compile(r"[A-Za-z0-9_.+-]+")
"""Most names of programs: nothing in them says where they lie."""
_PROJECT = re.compile(r"\$\{(?:workspace|project)\w*\}|\$\{claude_plugin_root\}|\$\{?pwd\b|%cd%")


def slashed(path: str) -> str:
    """The path with forward slashes and in lower case."""
    return path.replace("\\", "/").lower()


def is_network(path: str) -> bool:
    """UNC, device and other paths that are not plain local files (`\\\\host\\share`, `\\\\?\\`, `//host/share`)."""
    return path.startswith(("\\\\", "//", "\\??\\", "/\\", "\\/"))


def is_relative(path: str) -> bool:
    """Found through the working folder."""
    if path.startswith(("/", "\\", "~", "$", "%")) or re.match(r"[A-Za-z]:", path):
        return False
    return "://" not in path and not path.startswith("data:")


def program_path(command: str) -> str:
    """How a command is named: bare, absolute, relative, home, network, variable, none."""
    text = command.strip().strip("\"'")
    if not text:
        return "none"
    if _BARE.fullmatch(text):
        return "bare"
    if is_network(text):
        return "network"
    if text.startswith("~") or re.match(r"\$\{?HOME\b|%USERPROFILE%|\$env:USERPROFILE", text, re.IGNORECASE):
        return "home"
    if text.startswith(("$", "%")):
        return "variable"
    if text.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[\\/]", text):
        return "absolute"
    if re.search(r"[\\/]", text) or re.match(r"[A-Za-z]:", text):
        return "relative"
    return "bare"


def place(path: str) -> str:
    """temporary, downloads, project, home, system, network, application or unknown."""
    if is_network(path):
        return "network"
    text = slashed(path.strip().strip("\"'"))
    if _TEMPORARY.match(text):
        return "temporary"
    if _PROJECT.match(text) or is_relative(text):
        return "downloads" if _DOWNLOADS.match(text) else "project"
    if _HOME.match(text):
        return "downloads" if _DOWNLOADS.match(text) else "home"
    if _APPLICATION.match(text):
        return "application"
    return "system" if _SYSTEM.match(text) else "unknown"


def folder_place(path: str | None) -> str:
    """Where a stated working folder lies: none, absolute, relative, home, variable, temporary, network."""
    if not path or not path.strip():
        return "none"
    text = slashed(path.strip())
    if is_network(path):
        return "network"
    if _TEMPORARY.match(text):
        return "temporary"
    if text.startswith("~") or re.match(r"\$\{?home\b|%userprofile%|\$\{userhome\}", text):
        return "home"
    if text.startswith(("$", "%", "{")):
        return "variable"
    return "absolute" if text.startswith("/") or re.match(r"[a-z]:/", text) else "relative"


_BROAD = re.compile(
    r"/|/(?:home|root|users|etc|usr|var|run|var/run|opt|proc|sys|dev|boot|lib|bin|sbin|mnt|media|srv|private|host"
    r"|host_mnt|mnt/[a-z]|volumes|system|library)|/(?:home|users)/[^/]+|/mnt/[a-z]/users(?:/[^/]+)?"
    r"|[a-z]:|[a-z]:/(?:windows|users|program files|programdata)|[a-z]:/users/[^/]+|/[a-z]|/[a-z]/users(?:/[^/]+)?"
    r"|~|\$\{?home\}?|\$\{userhome\}|\$\{env:home\}|%userprofile%|%homedrive%|%systemdrive%|\$env:userprofile|\$\(home\)"
)
_SENSITIVE = re.compile(
    r".*/\.(?:ssh|aws|gnupg|kube|docker|azure|config/gcloud|config|netrc|npmrc|git-credentials|claude|cursor|codex)(?s:/.*)?"
    r"|/(?:etc|root|proc|sys|dev|boot)/(?s:.*)|/var/(?:lib/docker|lib/kubelet|spool/cron|log)(?s:/.*)?|.*/appdata(?s:/.*)?"
    r"|.*/library/keychains(?s:/.*)?"
)
_SOCKET = re.compile(
    r".*(?:docker|podman|containerd|crio|cri-dockerd|buildkitd)\.sock|.*[/.]pipe[/.]docker_engine\w*|.*/docker\.raw\.sock"
)


def is_engine_socket(path: str) -> bool:
    """A socket that controls a container engine."""
    return _SOCKET.fullmatch(slashed(path)) is not None


def is_broad(path: str) -> bool:
    """The root, a home, a system folder or a folder of credentials."""
    text = slashed(path.strip())
    root = "/" if text.startswith("/") else ""
    parts: list[str] = []
    for part in text.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    text = root + "/".join(parts)
    if not text:
        return False  # the working folder
    return _BROAD.fullmatch(text) is not None or _SENSITIVE.fullmatch(text) is not None


_SCRIPT = re.compile(
    r".*\.(?:[cm]?[jt]sx?|py[cwz]?|sh|bash|zsh|ps1|psm1|bat|cmd|rb|pl|pm|php|lua|jar|dll|exe|r|jl|exs?|vbs|wsf|hta)",
    re.IGNORECASE,
)


def looks_like_script(word: str) -> bool:
    """A path or a file name with the ending of a program text."""
    return re.search(r"[\\/]", word) is not None or _SCRIPT.fullmatch(word) is not None


def is_interpreter_name(name: str) -> bool:
    """A program that runs what is handed to it on standard input."""
    base = program(name)
    return base in _TAKES_STDIN or is_python(base)


_TAKES_STDIN = frozenset(
    [
        "sh",
        "bash",
        "dash",
        "zsh",
        "ksh",
        "ash",
        "fish",
        "busybox",
        "csh",
        "tcsh",
        "node",
        "nodejs",
        "bun",
        "deno",
        "perl",
        "ruby",
        "php",
        "lua",
        "osascript",
        "pwsh",
        "powershell",
        "cmd",
        "iex",
        "invoke-expression",
        "source",
        ".",
        "eval",
        "xargs",
        "parallel",
        "tclsh",
        "at",
        "crontab",
        "R",
    ]
)
