"""What one spawn of a command carries to another: by pipes, substitutions, variables and files.

Belongs here: labels of data, and the acts that follow from what arrives where (something fetched is run, something
secret leaves).
Must not be here: what a single program does (`command.tools`), and the contents themselves (`command.flows`).
Labels are the classes of places that were read, and download, decoded, environment, secret, database, screen,
clipboard, memory, remote.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from spawngate.command.package_sources import KNOWN_OWNERS, owner_of
from spawngate.command.scene import Scene
from spawngate.command.spawn import Program, Spawn, Word
from spawngate.command.switches import switches_in
from spawngate.command.tools.interpreters import SHELLS
from spawngate.command.tools.network import WHOLE_NAME
from spawngate.command.tools.versioning import OWN
from spawngate.launch.argv import word_set

_SILENT = word_set(
    "wc md5sum sha1sum sha256sum sha512sum shasum cksum b2sum md5 test"
    " [ [[ true false : exit return sleep ls stat kill cd mkdir touch rm rmdir "
    "chmod chown which type command hash wait jobs cp mv ln install pushd popd read"
    " mapfile export unset alias file du df"
)
"""Programs whose output does not hold what they read."""
_NETWORK = word_set(
    "send send-file download connect dns-data remote-copy mail remote-shell code-send"
    " code-network list-network vcs-push-elsewhere "
    "listen cloud-copy-out"
)
_PLAIN = frozenset({"stream", "elsewhere", "unknown", "system", "disposable"})
_RUN = frozenset({"download", "decoded"})
_SETUP = word_set(
    "ssh-agent brew direnv pyenv rbenv nodenv goenv jenv conda mamba starship zoxide fnm"
    " nvm docker-machine minikube opam dircolors lesspipe keychain "
    "mise rtx asdf gpg-agent kubectl gh glab register-python-argcomplete thefuck atuin"
    " fzf luarocks perl pipx poetry npm pnpm pip uv rustup helm k9s "
    "terraform aws_completer az op teleport tsh basher anyenv plenv phpenv swiftenv"
    " scmpuff hub navi mcfly broot tmuxifier locale lessfile pip3 cargo"
)
"""Programs whose output is meant to be run by the shell."""
_COMPLETES = re.compile(r"(?:--)?(?:generate-|print-|show-)?(?:shell-)?completions?(?:=\w+)?")
"""What asks a program for its own completion."""
_SPOKEN = frozenset({"echo", "printf", "cat", ":", "true"})
_CLIENTS = frozenset({"psql", "mysql", "mariadb", "sqlite3", "mongorestore"})
_DUMPERS = word_set("pg_dump pg_dumpall mysqldump mariadb-dump mongodump sqlite3 zcat gunzip gzip xzcat zstdcat sed")
"""Programs whose output is made to be given to a client of a database."""
_INSTALLERS = frozenset({"npm", "pnpm", "yarn", "bun", "pip", "pip3", "uv", "poetry"})
_MOVERS = frozenset({"mv", "gmv", "move", "move-item", "mi", "ren", "rename-item", "rni"})
_EXTRACT = frozenset({"tar", "bsdtar", "unzip", "7z", "7za", "gunzip", "unxz", "cpio", "unrar", "git", "hg", "svn"})
_READS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for names, pattern in (
        ("make gmake", r"(?:GNU)?[Mm]akefile|.*\.mk"),
        ("npm pnpm yarn bun", r"package\.json"),
        ("docker docker-compose podman", r"(?:docker-)?compose[\w.-]*\.ya?ml|(?:Docker|Container)file"),
        ("just", r"\.?justfile"),
        ("task", r"Taskfile\.ya?ml"),
        ("rake", r"Rakefile"),
        ("vagrant", r"Vagrantfile"),
        ("gradle gradlew", r"(?:build|settings|init)\.gradle(?:\.kts)?"),
        ("mvn mvnw", r"pom\.xml"),
        ("cmake", r"CMakeLists\.txt"),
        ("terraform tofu", r".*\.tf"),
        ("tox nox", r"tox\.ini|noxfile\.py|pyproject\.toml"),
        ("cargo", r"Cargo\.toml|build\.rs"),
        ("pip pip3 uv poetry", r"setup\.py|pyproject\.toml"),
    )
    for name in names.split()
}
"""Programs, and the files of a folder whose orders they carry out without being told their names."""
_VARIABLE = re.compile(r"\$\{?(\w+)")
_LOOKUPS = frozenset({"dig", "nslookup", "host", "drill", "ping"})
_ORDINARY = _PLAIN | {
    "project",
    "temporary",
    "home-file",
    "system-config",
    "name-resolution",
    "machine-data",
    "download",
}
"""Labels of what names of hosts are kept in."""


def carry(program: Program, scenes: Sequence[Scene]) -> None:
    """Fills in what each scene carries, and the acts that follow. Scenes are in the order of the text."""
    flow = _Flow(program, scenes)
    for at, scene in enumerate(scenes):
        flow.arrive(scene)
        flow.assign(scene)
        flow.store(at, scene)
        flow.conclude(scene)


class _Flow:
    def __init__(self, program: Program, scenes: Sequence[Scene]) -> None:
        self.spawns = program.spawns
        self.scenes = scenes
        self.files: dict[str, set[str]] = {}
        self.switches: dict[str, set[str]] = {}
        self.variables: dict[str, set[str]] = {}
        self.written: set[str] = set()
        self.extracted: set[str] = set()
        self.cloned: set[str] = set()
        self.remotes: set[str] = set()
        self.made: set[str] = set()
        self.out: dict[int, set[str]] = {}
        self.busy: set[int] = set()

    def arrive(self, scene: Scene) -> None:
        spawn = scene.spawn
        for source in spawn.reads_from:
            scene.carries |= self.output(source)
        for word in _words(spawn):
            scene.carries |= self.word(word)
        for path in scene.reads:
            name = _name(path)
            scene.carries |= self.files.get(name, set())
            scene.switches |= self.switches.get(name, set())
        for path in scene.deletes:
            scene.switches |= self.switches.get(_name(path), set())
        scene.carries |= scene.read_places - _PLAIN

    def word(self, word: Word) -> set[str]:
        found: set[str] = set()
        for source in word.spawns:
            found |= self.output(source)
        if self.variables and "$" in word.text:
            for match in _VARIABLE.finditer(word.text):
                found |= self.variables.get(match[1], set())
        return found

    def output(self, at: int) -> set[str]:
        """Labels of what a spawn writes to its output. A pipe may run against the order of the text."""
        if at in self.out:
            return self.out[at]
        if not 0 <= at < len(self.scenes) or at in self.busy:
            return set()
        self.busy.add(at)
        scene = self.scenes[at]
        spawn = scene.spawn
        found = set(scene.outputs)
        if scene.program not in _SILENT:
            found |= scene.read_places - _PLAIN
            found |= scene.carries
            for source in spawn.reads_from:
                found |= self.output(source)
            for word in _words(spawn):
                found |= self.word(word)
            for path in scene.reads:
                found |= self.files.get(_name(path), set())
            if "decode" in scene.acts:
                found.add("decoded")
        self.busy.discard(at)
        self.out[at] = found
        return found

    def assign(self, scene: Scene) -> None:
        spawn = scene.spawn
        named = list(spawn.assignments)
        if spawn.program in ("export", "declare", "local", "readonly", "typeset"):
            named += [(item.text.partition("=")[0], item) for item in spawn.argv[1:] if "=" in item.text]
        for name, word in named:
            labels = self.word(word)
            if labels:
                self.variables.setdefault(name, set()).update(labels)
        if spawn.program in ("read", "mapfile", "readarray"):
            labels = {label for source in spawn.reads_from for label in self.output(source)} | (
                scene.read_places - _PLAIN
            )
            for redirect in spawn.redirects:
                labels |= self.word(redirect.target)
            for name in spawn.words:
                if not name.startswith("-") and labels:
                    self.variables.setdefault(name, set()).update(labels)

    def store(self, at: int, scene: Scene) -> None:
        if not scene.writes:
            return
        labels = self.output(at) | scene.carries | scene.outputs
        if scene.program in _MOVERS:
            labels |= scene.delete_places - _PLAIN
        switches = set(scene.switches)
        for text in (*scene.texts, *scene.words, *texts_before(self.spawns, at)):
            switches |= switches_in(text)
        for path in scene.writes:
            name = _name(path)
            self.written.add(name)
            if labels:
                self.files.setdefault(name, set()).update(labels)
            if switches:
                self.switches.setdefault(name, set()).update(switches)

    def conclude(self, scene: Scene) -> None:
        spawn = scene.spawn
        carried = scene.carries
        self.unpack(scene)
        for path in scene.runs:
            name = _name(path)
            _ran(scene, self.files.get(name, set()))
            if name in self.written:
                scene.act("runs-written")
        for source in _sources(scene):
            _ran(scene, self.output(source))
        if "program" in spawn.opaque and spawn.argv:
            _ran(scene, self.word(spawn.argv[0]))
        if scene.program == "git":
            self.push(scene)
        if "kill-all" in scene.acts and scene.program in ("stop-process", "spps") and self.named(spawn):
            scene.acts.pop("kill-all")
        if "runs-input" in scene.acts and spawn.reads_from and self.generated(spawn):
            scene.act("runs-generated")
        if "runs-opaque" in scene.acts and spawn.argv and self.set_up(spawn):
            scene.acts.pop("runs-opaque")
        if "package-local" in scene.acts and any(
            "download" in self.files.get(_name(path), set()) for path in scene.reads
        ):
            scene.act("installs-download")
        if self.files:
            self.fetched(scene)
        carries_out = any(word.spawns for word in spawn.argv[1:]) and carried
        if scene.program in _LOOKUPS and any(map(self.sends, spawn.argv[1:])):
            scene.act("dns-data")
        if "connect" in scene.acts and any(self._is_shell(source) for source in spawn.reads_from):
            scene.act("reverse-shell")
        if carries_out and "send" not in scene.acts and not _NETWORK.isdisjoint(scene.acts):
            scene.act("send")

    def fetched(self, scene: Scene) -> None:
        """A file that was just fetched is run by its bare name, or holds the orders of the program that starts."""
        spawn = scene.spawn
        text = spawn.argv[0].text if spawn.argv else ""
        if text and not spawn.builtin and "/" not in text:
            for name, labels in self.files.items():
                if name == text or (name.endswith(f"/{text}") and "bin/" in name):
                    _ran(scene, labels)
        orders = _READS.get(scene.program)
        if orders is None or (
            scene.program in _INSTALLERS and {"package-install-all", "package-local"}.isdisjoint(scene.acts)
        ):
            return
        if any(
            "download" in labels and orders.fullmatch(name.rpartition("/")[2]) for name, labels in self.files.items()
        ):
            scene.act("runs-extracted")

    def push(self, scene: Scene) -> None:
        """A push to an address that the same command made a remote of."""
        words = [word for word in scene.words if not word.startswith("-")]
        if scene.subcommand.startswith("init"):
            self.made.add("origin")
        if words[:2] in (["remote", "add"], ["remote", "set-url"]) and len(words) > 3:
            # A repository that this very command makes gets its first remote.
            if not (words[2] in self.made and words[1] == "add" and "code" in scene.host_kinds) and not OWN.match(
                words[3]
            ):
                self.remotes.add(words[2])
        elif "vcs-push" in scene.acts and (
            not self.remotes.isdisjoint(words) or ("origin" in self.remotes and len(words) == 1)
        ):
            scene.act("vcs-push-elsewhere", "send", "send-file")

    def unpack(self, scene: Scene) -> None:
        """What comes out of something fetched, and what then runs out of it."""
        labels = scene.carries
        if scene.program in _EXTRACT and ("download" in labels or "vcs-clone" in scene.acts):
            known = not scene.host_kinds.isdisjoint({"code", "known", "private", "loopback"})
            if "vcs-clone" not in scene.acts:
                self.extracted.add("")
            elif not known:
                self.extracted.update(_name(path) for path in scene.writes)
            elif "code" in scene.host_kinds and not any(owner_of(word) in KNOWN_OWNERS for word in scene.words):
                self.cloned.update(_name(path) for path in scene.writes)
        if scene.program in _EXTRACT or not (self.extracted or self.cloned):
            return
        folder = _name(scene.spawn.cwd)
        if any(
            _INSTALLER.search(path) and (_below(path, self.cloned) or ("/" not in path and _below(folder, self.cloned)))
            for path in map(_name, scene.runs)
        ):
            scene.act("runs-extracted")
        inside = "" in self.extracted or _below(folder, self.extracted)
        named = any(_below(path, self.extracted) for path in map(_name, (*scene.runs, *scene.reads)))
        runs = not {"project-script", "package-local", "package-install-all", "inline-build"}.isdisjoint(
            scene.acts
        ) or any(
            (not path.startswith("/") or _below(_name(path), self.extracted)) and _name(path) not in self.written
            for path in scene.runs
        )
        if runs and (named or (inside and ("" not in self.extracted or scene.runs))):
            scene.act("runs-extracted")

    def sends(self, word: Word) -> bool:
        """Whether a name that is looked up may hold data: below the name of somebody's domain, or by itself where what
        it is made of is worth sending."""
        if not word.spawns and "$" not in word.text:
            return False
        return WHOLE_NAME.fullmatch(word.text) is None or not self.word(word) <= _ORDINARY

    def named(self, spawn: Spawn) -> bool:
        """Whether what is read was asked for by name (`Get-Process node | Stop-Process`)."""
        return any(
            0 <= at < len(self.spawns) and any(not word.startswith("-") for word in self.spawns[at].words)
            for at in spawn.reads_from
        )

    def generated(self, spawn: Spawn) -> bool:
        """Whether what is run comes from anything but texts of the command and files."""
        waiting, seen = list(spawn.reads_from), set[int]()
        while waiting:
            at = waiting.pop()
            if at in seen or not 0 <= at < len(self.spawns):
                continue
            seen.add(at)
            source = self.spawns[at]
            spoken = source.program in _SPOKEN or (spawn.program in _CLIENTS and source.program in _DUMPERS)
            if source.remote or source.container or (source.program and not spoken):
                return True
            waiting.extend(source.reads_from)
        return False

    def set_up(self, spawn: Spawn) -> bool:
        """Whether what is run is the output of programs that are made for that (`eval "$(ssh-agent)"`)."""
        sources = [at for word in spawn.argv for at in word.spawns]
        return bool(sources) and all(
            0 <= at < len(self.spawns)
            and (self.spawns[at].program in _SETUP or any(map(_COMPLETES.fullmatch, self.spawns[at].words)))
            for at in sources
        )

    def _is_shell(self, at: int) -> bool:
        return 0 <= at < len(self.scenes) and "runs-input" in self.scenes[at].acts and self.scenes[at].program in SHELLS


_INSTALLER = re.compile(
    r"(?i)(?:^|/)(?:post-?)?(?:install|setup|bootstrap|provision)(?:er|[-_]\w+)?(?:\.(?:ba|z)?sh|\.ps1|\.py)?$"
)


def _below(path: str, folders: set[str]) -> bool:
    """Whether the path is one of the folders or lies below one."""
    return any(path == folder or path.startswith(folder + "/") for folder in folders if folder)


def _ran(scene: Scene, labels: set[str]) -> None:
    scene.carries |= labels & _RUN
    if "download" in labels:
        scene.act("runs-download")
    if "decoded" in labels:
        scene.act("runs-decoded")


_FEEDERS = frozenset({"xargs", "parallel"})


def _sources(scene: Scene) -> Iterator[int]:
    """Spawns whose output is run here."""
    spawn = scene.spawn
    if "runs-input" in scene.acts or "runs-opaque" in scene.acts:
        yield from spawn.reads_from
        for redirect in spawn.redirects:
            yield from redirect.target.spawns
    if "code" in spawn.opaque and not _FEEDERS.isdisjoint(spawn.wrappers):
        yield from spawn.reads_from
    if "runs-opaque" in scene.acts or scene.runs or "code" in spawn.opaque or "input" in spawn.opaque:
        for word in spawn.argv:
            yield from word.spawns


def _words(spawn: Spawn) -> Iterator[Word]:
    yield from spawn.argv
    for _, word in spawn.assignments:
        yield word
    for redirect in spawn.redirects:
        yield redirect.target


def texts_before(spawns: Sequence[Spawn], at: int) -> Iterator[str]:
    """Texts that the spawns whose output is read here were given."""
    for source in spawns[at].reads_from:
        if 0 <= source < len(spawns):
            spawn = spawns[source]
            yield " ".join(spawn.words)
            yield from (redirect.text for redirect in spawn.redirects if redirect.text)


def _name(path: str) -> str:
    path = path.replace("\\", "/") if "\\" in path else path
    while path.startswith("./"):
        path = path[2:].removeprefix("./")
    return path
