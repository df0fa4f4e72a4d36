"""What a granted server may reach where it stays confined: paths to read and to write, hosts, or the whole network.

Belongs here: the profile, which paths it may name, and how it is said. Must not be here: what a server needs to run at
all (`endpoint.launching.confining`), the walls (native/jail.c), files.
Absolute POSIX paths; `~` is the home of whoever's server it is. Hosts as `launch.hosts` reads them.
"""

import posixpath
from collections.abc import Collection, Sequence

import msgspec

from spawngate.launch.hosts import MOST_HOSTS
from spawngate.launch.hosts import problem as host_problem
from spawngate.model.errors import UsageError

MOST_PATHS = 64
LONGEST = 4_096
"""Characters of one path."""
_KERNEL = ("/proc", "/sys", "/dev")
"""No files of anybody: what lies there is other processes and the machine."""


class Confinement(msgspec.Struct, frozen=True, omit_defaults=True):
    """A profile. Raises ValueError for a path that cannot be part of one."""

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    """To read as well."""
    network: bool = False
    """The whole network."""
    hosts: tuple[str, ...] = ()
    """What of the network it may reach, where that is not the whole."""
    off: bool = False
    """Not confined at all, whatever the policy's default is."""

    def __post_init__(self) -> None:
        for what, paths in (("read", self.read), ("write", self.write)):
            if len(paths) > MOST_PATHS:
                raise ValueError(f"{what}: more than {MOST_PATHS} paths")
            for path in paths:
                wrong = problem(path)
                if wrong:
                    raise ValueError(f"{what}: {path[:200]!a} {wrong}")
        if len(self.hosts) > MOST_HOSTS:
            raise ValueError(f"hosts: more than {MOST_HOSTS}")
        for host in self.hosts:
            wrong = host_problem(host)
            if wrong:
                raise ValueError(f"hosts: {host[:200]!a} {wrong}")
        if self.network and self.hosts:
            raise ValueError("hosts: the whole network is given")
        if self.off and (self.read or self.write or self.network or self.hosts):
            raise ValueError("what is not confined has no profile")

    def at(self, home: str) -> "Confinement":
        """The same with absolute paths, each once, in order. `home` is absolute."""
        read, write = (tuple(sorted({_absolute(path, home) for path in paths})) for paths in (self.read, self.write))
        hosts = tuple(sorted({host.lower() for host in self.hosts}))
        return msgspec.structs.replace(self, read=read, write=write, hosts=hosts)

    def without(self, paths: Collection[str]) -> "Confinement":
        """The same without these paths."""
        read, write = (tuple(path for path in each if path not in paths) for each in (self.read, self.write))
        return msgspec.structs.replace(self, read=read, write=write)


def stated(
    read: Sequence[str], write: Sequence[str], hosts: Sequence[str] = (), *, network: bool, home: str
) -> Confinement:
    """The profile that somebody states, with absolute paths. Raises UsageError that names the option and the word."""
    for option, paths in (("--read", read), ("--write", write)):
        if len(paths) > MOST_PATHS:
            raise UsageError(f"{option}: there are more than {MOST_PATHS}; name the folders that hold them")
        for path in paths:
            wrong = problem(path)
            if wrong:
                raise UsageError(f"{option} {path[:200]}: {wrong}")
    if len(hosts) > MOST_HOSTS:
        raise UsageError(f"--host: there are more than {MOST_HOSTS}; name suffixes (*.example.org) that hold them")
    for host in hosts:
        wrong = host_problem(host)
        if wrong:
            raise UsageError(f"--host {host[:200]}: {wrong}")
    if network and hosts:
        raise UsageError("--network gives the whole network; leave it out where --host says which hosts")
    return Confinement(tuple(read), tuple(write), network=network, hosts=tuple(hosts)).at(home)


def problem(path: str) -> str:
    """Why a path cannot be part of a profile; empty where it can."""
    if not (path.startswith(("/", "~/")) or path == "~"):
        return "is not absolute; begin it with / or ~/"
    if len(path) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if any(each < " " or each == "\x7f" or "\ud800" <= each <= "\udfff" for each in path):
        return "holds characters that no path of a profile may hold"
    if ".." in path.split("/"):
        return "holds `..`; name the folder itself"
    if not path.strip("/."):
        return "is the whole file system; name folders in it"
    whole = _absolute(path, "~")
    if any(overlap(whole, place) for place in _KERNEL):
        return f"lies in {whole.split('/')[1]!r}, which holds no files; a server gets its own"
    return ""


def overlap(one: str, other: str) -> bool:
    """Whether one of two normal absolute paths holds the other, or they are the same."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def shown(confinement: Confinement) -> str:
    """One line that says it."""
    if confinement.off:
        return "not confined"
    parts = [f"reads {', '.join(confinement.read)}"] if confinement.read else []
    parts += [f"writes {', '.join(confinement.write)}"] if confinement.write else []
    if confinement.hosts:
        reached = f"reaches {', '.join(confinement.hosts)}"
    else:
        reached = "network" if confinement.network else "no network"
    return "; ".join((*(parts or ["no files of yours"]), reached))


def not_held(layers: Collection[str], profile: Confinement | None) -> tuple[str, ...]:
    """What the walls that hold (`layers`, as spawngate-confine names them) leave open of what a profile means."""
    if not layers or profile is None:
        return ()
    open_: list[str] = []
    if not any(each.startswith("landlock") for each in layers) and "mount" not in layers:
        open_.append("files")
    if "mount" not in layers:
        open_.append("names and sizes of files that may not be read")
    if "pid" not in layers:
        open_.append("that other processes are there can be seen")
    if profile.hosts and "ports" in layers:
        open_.append("every host can be reached by TCP on the ports that lead to declared hosts")
    if profile.hosts and "egress" not in layers:
        open_.append("declared hosts cannot be reached: they cannot be told apart here")
    return tuple(open_)


def _absolute(path: str, home: str) -> str:
    whole = home + path[1:] if path.startswith("~") else path
    normal = posixpath.normpath(whole)
    return "/" + normal.lstrip("/") if normal.startswith("//") else normal
