"""One spawn while its facts are collected: what its tools' readers say about it.

Belongs here: the collector that every reader of `command.tools` writes to, and the filling in of classes of places
and hosts.
Must not be here: any tool's grammar, and what flows between spawns (`command.carried`).
"""

from collections.abc import Iterable

from spawngate.command.arguments import Arguments, read_arguments
from spawngate.command.budget import MAX_WORDS
from spawngate.command.context import CallContext
from spawngate.command.hosts import Host, host_of, is_plain
from spawngate.command.places import places
from spawngate.command.spawn import Spawn

MOST = MAX_WORDS
"""Paths, hosts or packages of one kind that are looked at: as many as a command has words. With fewer, what decides
could be put behind enough of what does not (`rm a1 a2 ... ~`)."""


class Scene:
    """Facts of one spawn in the making."""

    __slots__ = (
        "acts",
        "carries",
        "code",
        "context",
        "delete_places",
        "deletes",
        "host_kinds",
        "hosts",
        "language",
        "lookalike",
        "manager",
        "mode",
        "mode_places",
        "odd",
        "outputs",
        "packages",
        "plain_http",
        "program",
        "read_places",
        "reads",
        "registries",
        "run_places",
        "runs",
        "server",
        "spawn",
        "subcommand",
        "switches",
        "targets",
        "texts",
        "variables",
        "words",
        "write_places",
        "writes",
    )

    def __init__(self, spawn: Spawn, context: CallContext) -> None:
        self.spawn = spawn
        self.context = context
        self.program = spawn.program.replace("`", "") if "`" in spawn.program else spawn.program
        self.words = spawn.words
        self.subcommand = ""
        self.code = spawn.code
        self.language = spawn.code_language
        self.acts: dict[str, None] = {}
        self.reads: dict[str, None] = {}
        self.read_places: set[str] = set()
        self.writes: dict[str, None] = {}
        self.write_places: set[str] = set()
        self.deletes: dict[str, None] = {}
        self.delete_places: set[str] = set()
        self.runs: dict[str, None] = {}
        self.run_places: set[str] = set()
        self.hosts: dict[str, None] = {}
        self.host_kinds: set[str] = set()
        self.plain_http = False
        self.carries: set[str] = set()
        self.outputs: set[str] = set()
        """Labels of what it writes to its output that come from itself."""
        self.packages: dict[str, None] = {}
        self.manager = ""
        self.registries: dict[str, None] = {}
        self.lookalike = ""
        self.targets: dict[str, None] = {}
        self.mode = ""
        self.mode_places: set[str] = set()
        self.variables: dict[str, None] = {}
        self.switches: set[str] = set()
        self.texts: list[str] = []
        """Texts that it writes somewhere."""
        self.server = ""
        self.odd: dict[str, None] = {}

    @property
    def windows(self) -> bool:
        return self.context.platform == "windows"

    def arguments(self, values: Iterable[str] = (), *, long: bool = True, ends: bool = False) -> Arguments:
        """Its arguments, as `read_arguments` reads them; the sub-command is taken from them where none is set yet."""
        found = read_arguments(self.words, values, long=long, ends=ends)
        if not self.subcommand:
            self.subcommand = " ".join(found.rest[:2])
        return found

    def act(self, *names: str) -> None:
        for name in names:
            self.acts[name] = None

    def places(self, path: str) -> frozenset[str]:
        return places(path, self.context, self.spawn.cwd)

    def read(self, *paths: str) -> None:
        for path in paths:
            if path and len(self.reads) < MOST:
                self.reads[path] = None
                self.read_places |= self.places(path)

    def write(self, *paths: str) -> None:
        for path in paths:
            if path and len(self.writes) < MOST:
                self.writes[path] = None
                self.write_places |= self.places(path)

    def delete(self, *paths: str) -> None:
        for path in paths:
            if path and len(self.deletes) < MOST:
                self.deletes[path] = None
                self.delete_places |= self.places(path)

    def run(self, *paths: str) -> None:
        for path in paths:
            if path and len(self.runs) < MOST:
                self.runs[path] = None
                self.run_places |= self.places(path)

    def host(self, *words: str) -> None:
        """Addresses, `user@host:path`, `host:port` or host names."""
        for word in words:
            found = host_of(word) if word and len(self.hosts) < MOST else None
            if found is not None:
                self._host(found)
                self.plain_http = self.plain_http or is_plain(word)

    def _host(self, found: Host) -> None:
        self.hosts[found.name] = None
        self.host_kinds |= found.kinds

    def package(self, *specifiers: str) -> None:
        for specifier in specifiers:
            if specifier and len(self.packages) < MOST:
                self.packages[specifier] = None

    def target(self, *names: str) -> None:
        for name in names:
            if name and len(self.targets) < MOST:
                self.targets[name] = None
