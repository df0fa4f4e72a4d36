"""What kind of place a path is: credentials, an agent's configuration, shell start-up, system, project, ...

Belongs here: the classes of places and the matching of a path against the table of them.
Must not be here: the table itself (`command.known_places`, and the agents' own locations through
`command.agent_places`), how a path is spelled (`command.paths`), and what is done there (`command.facts`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from spawngate.command.context import CallContext
from spawngate.command.known_places import DEVICES, DISPOSABLE, HARMLESS_NAMES, TOP_FOLDERS
from spawngate.command.path_tree import GLOB, matched, pattern
from spawngate.command.paths import Normal, normal
from spawngate.launch.argv import word_set

PLACES: Mapping[str, str] = {
    "root": "the root of the file system, a drive, or everything directly in it",
    "home": "a home folder itself, or everything directly in it",
    "home-top": "a folder directly below a home",
    "home-file": "something below a home that is not otherwise known",
    "other-home": "below the home of another user",
    "project": "in the project",
    "project-root": "the project itself, or everything directly in it",
    "parent": "above the working folder",
    "temporary": "a temporary folder",
    "disposable": "made anew by the next build or install: node_modules, dist, target, caches",
    "system": "programs and libraries of the system",
    "system-config": "configuration of the system",
    "machine-data": "data of the machine: /srv, /var/www, mounted disks, a folder of its own below the root",
    "machine-programs": "programs and caches that were added to the machine: /opt, /usr/local, /var/cache",
    "secrets-below": "a folder below which keys, passwords or logins lie",
    "system-top": "a folder directly below the root",
    "boot": "what the machine starts from",
    "device": "a disk or another raw device",
    "stream": "a terminal, standard stream, or a device that is always empty or endless",
    "proc": "the kernel's files about processes",
    "process-secrets": "memory or environment of a process",
    "kernel": "settings of the kernel",
    "logs": "logs",
    "account-secrets": "hashes of passwords, and the list of who may become whom",
    "accounts": "users, passwords, who may become whom, how people log in",
    "preload": "loaded into every program",
    "name-resolution": "hosts and name servers",
    "certificates": "certificates that the system trusts",
    "credentials": "keys, tokens, passwords",
    "private-key": "a private key",
    "authorized-keys": "who may log in by key",
    "ssh-config": "configuration of SSH",
    "cloud-credentials": "keys of a cloud, a cluster or a registry",
    "browser-data": "a browser's or chat program's logins, cookies and history",
    "password-store": "a keychain, password manager or wallet",
    "env-file": "a file of environment variables that usually holds secrets",
    "history": "what somebody typed",
    "shell-startup": "read by every new shell or login",
    "app-startup": "read and run by a program whenever it starts: editors, terminals, window managers, interpreters",
    "persistence": "started by the system without being asked: cron, systemd, launchd, autostart",
    "vcs": "inside .git and its like",
    "vcs-hooks": "programs that version control starts",
    "vcs-config": "configuration of version control",
    "ci": "what continuous integration runs",
    "build-files": "what a build or install of the project runs",
    "editor-tasks": "what an editor runs when the folder is opened",
    "editor-settings": "settings of an editor",
    "installed-package": "a package that was installed, or the cache that packages are installed from",
    "package-config": "where packages come from",
    "program-folder": "a folder of programs that is searched before the system's",
    "agent-config": "configuration of an AI agent",
    "agent-code": "hooks, plugins and tools that an AI agent loads",
    "agent-instructions": "instructions, skills and commands of an AI agent",
    "agent-folder": "a folder that holds an AI agent's configuration",
    "agent-global": "an AI agent's files in a home, which count in every project",
    "agent-managed": "an AI agent's settings for the whole machine",
    "agent-credentials": "where an AI agent keeps its login",
    "agent-state": "an AI agent's sessions and memory",
    "spawngate": "files of Spawngate",
    "container-engine": "the socket of a container engine",
    "share": "a network share",
    "elsewhere": "none of these",
    "unknown": "known only when the command runs",
}
"""All classes of places. One path may be of several."""


def places(path: str, context: CallContext, cwd: str = "") -> frozenset[str]:
    """Classes of the path that a command names, started in `cwd`; never empty for a path that says something."""
    return _places(path, context.home, cwd, context.cwd, context.project, context.platform)


@lru_cache(maxsize=4096)
def _places(path: str, home: str, cwd: str, base: str, project: str, platform: str) -> frozenset[str]:
    if not path or path == "-":
        return frozenset({"stream"}) if path else frozenset()
    if re.match(r"[a-z][a-z0-9+.-]+://", path, re.IGNORECASE) and not path.startswith("file://"):
        return frozenset()
    form = normal(path, home, base, project, cwd=cwd, windows=platform == "windows")
    found = _general(form) | frozenset(matched(form, fold=platform != "linux" or form.windows))
    if (
        "agent-config" in found
        and not _FIXTURES.isdisjoint(form.parts)
        and not any(part[:1] == "." and len(part) > 1 for part in form.parts)
    ):
        # What lies among a project's test data is read by no agent.
        found -= {"agent-config", "agent-managed"}
    if "agent-config" in found:
        # Amazon Q keeps its servers among the keys of the cloud.
        found -= {"cloud-credentials"}
    return _without_public(form.parts[-1] if form.parts else "", found)


_FIXTURES = word_set(
    "fixtures fixture testdata __fixtures__ examples example samples tests test spec specs __tests__ templates docs"
)


def _without_public(name: str, found: frozenset[str]) -> frozenset[str]:
    """The classes without those that the name takes back: the public half of a key, an example, a list of hosts."""
    lowered = name.lower()
    if _CERTIFICATE.fullmatch(lowered):
        found -= {"credentials"}
    if lowered.startswith("known_hosts"):
        found -= {"credentials", "ssh-config"}
    if (
        name.endswith((".pub", ".example", ".sample", ".template", ".dist"))
        or ("ssh-config" in found and not name.endswith("_key"))
        or "authorized-keys" in found
    ):
        found -= {"credentials", "private-key", "cloud-credentials", "env-file"}
    return found


def _general(form: Normal) -> frozenset[str]:
    """Classes that follow from where a path lies, not from its name."""
    found: set[str] = set()
    parts = form.parts
    everything = bool(parts) and parts[-1] in _EVERYTHING
    lower = tuple(part.lower() for part in (parts[:-1] if everything else parts))
    if form.share:
        found.add("share")
    if form.other_home:
        found.add("other-home")
    if lower[:1] == ("?",):
        return frozenset(found | {"unknown"})
    temporary = any(lower[: len(each)] == each for each in _TEMPORARY)
    if temporary:
        found.add("temporary")
    inside = form.depth >= 0
    if inside:
        found.add("project")
        if form.depth == (1 if everything else 0):
            found.add("project-root")
    disposable = (inside or lower[:1] == ("~",)) and any(part in DISPOSABLE for part in lower[1:])
    disposable = disposable or (lower[:1] == ("~",) and lower[1:2] in _CACHES)
    if disposable:
        found.add("disposable")
    if lower == ("~",):
        found.add("home")
    elif lower[:1] == ("~",) and not inside:
        found.add("home-top" if len(lower) == 2 and not disposable and lower[1] not in HARMLESS_NAMES else "home-file")
    elif lower == ():
        found.add("root")
    elif lower[:1] == ("..",) or (lower[0] == "." and lower[1:2] == ("..",)):
        found.add("parent")
    elif lower in (("home",), ("users",)):
        found.add("home")
    elif lower[0] == "dev" and not temporary:
        found.add("stream" if lower[1:2] and lower[1] in DEVICES else "device")
    elif len(lower) == 1 and GLOB.search(lower[0]) and any(map(pattern(lower[0]).match, TOP_FOLDERS)):
        found.add("system-top")
    elif lower[0] in TOP_FOLDERS and not temporary and not inside and not form.share:
        if len(lower) == 1:
            found.add("system-top")
        if lower[0] in _LOOSE or lower[:2] in _LOOSE_BELOW or lower[:3] == ("var", "lib", "apt"):
            found.add("machine-programs")
        elif lower[0] in _DATA or lower[:2] in _DATA_BELOW:
            found.add("machine-data")
        else:
            found.add("system-config" if "etc" in lower[:2] else "system")
    elif len(lower) == 1 and not temporary and not inside and not form.share:
        found.add("machine-data")
    return frozenset(found or {"elsewhere"})


_EVERYTHING = frozenset({"*", ".*", ".[!.]*", ".??*", "*.*", "**", "{*,.*}"})
_CERTIFICATE = re.compile(
    r"(?:ca|ca[-_.]\w*|cert|certificate|server-cert|client-cert|chain|fullchain|public\w*"
    r"|pub|.*[-_.](?:cert|crt|ca|pub|public|chain)|cacerts?)\.(?:pem|key)"
)
_LOOSE = frozenset({"opt", "snap", "nix"})
_DATA = frozenset({"srv", "mnt", "media", "volumes"})
_DATA_BELOW = (("var", "www"), ("var", "backups"), ("var", "mail"), ("var", "spool"))
_LOOSE_BELOW = (("usr", "local"), ("usr", "src"), ("var", "cache"), ("var", "opt"))
_CACHES = ((".cache",), (".npm",), (".gradle",), (".m2",))
_TEMPORARY = (
    ("tmp",),
    ("var", "tmp"),
    ("dev", "shm"),
    ("private", "tmp"),
    ("private", "var", "folders"),
    ("var", "folders"),
    ("windows", "temp"),
    ("~", "appdata", "local", "temp"),
)
