"""From the spawns of a command to facts about each of them.

Belongs here: the order in which a spawn's facts are established, and what holds for every program: redirections,
variables, where the program lies, how it is spelled.
Must not be here: a program's own grammar (`command.tools`), what flows between spawns (`command.carried`), other
tools' calls (`command.calls`), and what facts mean (`rules`).
Total, pure and linear: any program gives facts, and what is not understood is said in `opaque`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from spawngate.command import guard
from spawngate.command.carried import carry, texts_before
from spawngate.command.completed import TAKES_PIPED, Completion
from spawngate.command.content import content_of
from spawngate.command.context import CallContext
from spawngate.command.dependency_files import dependency_content, edited_content, names_dependencies
from spawngate.command.environment import conventional, variables
from spawngate.command.package_settings import names_no_source, only_comments
from spawngate.command.package_sources import known_pages, package_sources
from spawngate.command.readers import reader_of
from spawngate.command.renamed import renamed
from spawngate.command.scene import Scene
from spawngate.command.servers import adds_to_agents, is_spoken_to, server_of, tool_of
from spawngate.command.spawn import Program, Spawn
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.command.switches import switches_in
from spawngate.command.tokens_elsewhere import sent_elsewhere
from spawngate.command.tools import databases
from spawngate.command.tools.interpreters import SHELLS, code_facts
from spawngate.launch.argv import word_set
from spawngate.launch.names import lookalike_program, odd_characters
from spawngate.launch.paths import program_path

__all__ = ["SpawnFacts", "program_facts", "spawn_facts"]

RUNNERS = word_set(
    "make gmake bmake ninja npm pnpm yarn bun pip pip3 tox nox go just task rake mvn mvnw"
    " run-s run-p npm-run-all npm-run-all2 gradle gradlew cargo composer poetry pipenv uv hatch pdm "
    "invoke doit ant sbt bundle rails mix lerna nx turbo deno grunt gulp pre-commit cmake"
    " scons meson bazel buck pants dotnet docker vagrant apt apt-get aptitude dpkg rpm dnf yum"
    " apk pacman brew snap installer gem"
)
"""Programs whose scripts and tasks stand in the project's own files."""
LONGEST_LINE = 400
"""Characters of a command line that facts keep for messages."""
_NOTHING: tuple[str, ...] = ()


def spawn_facts(program: Program, at: int, context: CallContext) -> SpawnFacts:
    """Facts about the spawn at one place of a program."""
    return program_facts(program, context)[at]


def program_facts(program: Program, context: CallContext) -> tuple[SpawnFacts, ...]:
    """Facts about every spawn of a program, in its order."""
    names = renamed(program)
    completion = Completion(program)
    scenes = [_scene(program, at, context, names.get(at, ""), completion) for at in range(len(program.spawns))]
    _bomb(program, scenes)
    ours = any(map(guard.concerns, scenes))
    if ours:
        for scene in scenes:
            guard.name(scene)
    carry(program, scenes)
    readers: dict[int, list[str]] = {}
    for scene in scenes:
        _conclude(scene, program)
        if ours:
            guard.judge(scene)
        for source in scene.spawn.reads_from:
            readers.setdefault(source, []).append(scene.program)
    upstream = _Upstream(program.spawns)
    return tuple(_frozen(program, at, scene, readers.get(at, []), upstream) for at, scene in enumerate(scenes))


_ASKS = (("--help",), ("--version",))
"""Arguments of a program that only tells of itself."""


def _scene(program: Program, at: int, context: CallContext, name: str, completion: Completion) -> Scene:
    spawn = program.spawns[at]
    scene = Scene(spawn, context)
    if name:
        scene.program = name
        scene.act("odd-spelling")
    if (
        spawn.appended
        or any("{}" in word or "$_" in word for word in scene.words)
        or (spawn.reads_from and scene.program in TAKES_PIPED)
    ):
        words = completion.words(at, scene.words, scene.program)
        if (
            words != scene.words
            and scene.program in ("rm", "unlink", "shred", "ri", "remove-item", "del")
            and any("**/" not in word for word in {*words}.difference(scene.words))
        ):
            # Everything below a folder, one by one.
            scene.act("delete-tree")
        scene.words = words
    _redirects(scene)
    _start(scene)
    reader = reader_of(scene.program) if scene.program else None
    if reader is not None:
        if scene.words not in _ASKS:
            reader(scene)
    elif scene.words:
        _unknown(scene)
    package_sources(scene)
    code_facts(scene)
    variables(scene)
    scene.server = server_of(scene)
    if scene.server:
        scene.act("mcp-server")
    elif tool_of(scene):
        scene.act("mcp-tool")
    elif spawn.argv and adds_to_agents(scene):
        scene.act("agent-plugin")
    return scene


def _conclude(scene: Scene, program: Program) -> None:
    """What follows from several facts together."""
    if not scene.server and (scene.spawn.reads_from or scene.texts):
        at = next((at for at, spawn in enumerate(program.spawns) if spawn is scene.spawn), 0)
        if is_spoken_to(scene, (*scene.texts, *texts_before(program.spawns, at))):
            scene.act("mcp-server")
    if "device" in scene.write_places:
        scene.act("disk-write")
    if "tls-off" in scene.acts and not _INSTALLS.isdisjoint(scene.acts):
        scene.act("package-unchecked")
    if (
        "package-source" in scene.acts
        and scene.hosts
        and (scene.host_kinds <= _PUBLIC_SOURCES or all(map(known_pages, scene.hosts)))
    ):
        scene.acts.pop("package-source")
    if scene.spawn.reads_from and not scene.spawn.code and databases.READERS.get(scene.program) is databases.client:
        for at in scene.spawn.reads_from:
            if 0 <= at < len(program.spawns) and program.spawns[at].program in ("echo", "printf", "cat"):
                databases.statement(scene, "\n".join((*program.spawns[at].words, *_given(program.spawns[at]))))
    if scene.hosts and sent_elsewhere((*scene.words, *_given(scene.spawn), scene.code), tuple(scene.hosts)):
        scene.act("token-elsewhere")
    if "package-config" in scene.write_places and names_no_source(_written(scene, program)):
        scene.write_places.discard("package-config")
    if "agent-config" in scene.write_places and _adds_comments(scene):
        scene.write_places -= {"agent-config", "agent-folder"}
    if "name-resolution" in scene.write_places:
        lines = _written(scene, program)
        if lines and all(map(_LOOPBACK_LINE.fullmatch, lines)) and not any(guard.NAME in line for line in lines):
            scene.write_places.discard("name-resolution")


_PUBLIC_SOURCES = frozenset({"registry", "loopback"})
_INSTALLS = frozenset({"package-install", "package-install-all", "package-run"})
_LOOPBACK_LINE = re.compile(r"\s*+(?:(?:127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)(?:\s++[\w.-]++)++\s*+|#.*+\s*+)?")


def _given(spawn: Spawn) -> list[str]:
    return [redirect.text for redirect in spawn.redirects if redirect.text]


def _adds_comments(scene: Scene) -> bool:
    """Whether all that a spawn does is to add lines of comment to a file."""
    words = [word for word in scene.spawn.words if not word.startswith("-")]
    return (
        scene.program == "echo"
        and len(words) == 1
        and not any(word.opaque for word in scene.spawn.argv)
        and only_comments(words[0].replace("\\n", "\n"))
        and {redirect.operator for redirect in scene.spawn.redirects} == {">>"}
    )


def _written(scene: Scene, program: Program) -> list[str]:
    """Lines that a spawn is given to write; empty where they are not known."""
    at = next((at for at, spawn in enumerate(program.spawns) if spawn is scene.spawn), 0)
    return _lines([*scene.texts, *texts_before(program.spawns, at)])


def _lines(texts: list[str]) -> list[str]:
    return [line for text in texts for line in text.replace("\\n", "\n").splitlines()]


def _bomb(program: Program, scenes: list[Scene]) -> None:
    """A function that starts itself twice, or in the background, without end."""
    again = [scene for scene in scenes if "recursion" in scene.spawn.opaque]
    if len(again) > 1 or any(scene.spawn.background for scene in again):
        for scene in again:
            scene.act("fork-bomb")


_TOUCHED = frozenset({"agent-config", "agent-managed", "agent-code", "spawngate", "authorized-keys", "shell-startup"})
_HELD = frozenset(
    {"private-key", "credentials", "cloud-credentials", "password-store", "browser-data", "account-secrets"}
)
_USES_KEYS = word_set(
    "ssh-add ssh-keygen ssh-agent step certbot ls stat test [ [[ cd pushd which file du diff cmp make"
    " chezmoi yadm stow rcup rcdn mackup dotbot homesick vcsh eza exa lsd glow mdcat jless gron fx hexyl delta difft"
    " tokei cloc scc dust ncdu markdownlint markdownlint-cli2 vale cspell codespell typos yamllint jsonlint"
    " check-jsonschema ajv actionlint shellcheck subl mate gedit kate"
)
"""Programs that are given keys for what they are for, look at a file's name alone, put a person's own files in place,
or only look."""


def _unknown(scene: Scene) -> None:
    """A program that nothing is known of: what it is given it may read, and a file that matters it may change."""
    scene.subcommand = " ".join(word for word in scene.words[:4] if not word.startswith("-"))
    if scene.program in _USES_KEYS:
        return
    for at, word in enumerate(scene.words[:40]):
        if (
            ("/" in word or "\\" in word or word.startswith((".", "~")))
            and not word.startswith("-")
            and not (at and scene.words[at - 1].startswith("-"))
        ):
            places = scene.places(word)
            if not places.isdisjoint(_TOUCHED):
                scene.write(word)
            if not places.isdisjoint(_HELD):
                scene.read(word)


def _redirects(scene: Scene) -> None:
    for redirect in scene.spawn.redirects:
        target = redirect.target.text
        if redirect.text:
            scene.texts.append(redirect.text)
        if not target or redirect.operator in ("<<", "<<<"):
            continue
        if re.fullmatch(r"\d+-?|-", target) and redirect.operator in (">&", "<&"):
            continue
        socket = re.match(r"/dev/(?:tcp|udp)/([^/]+)/", target)
        if socket:
            scene.host(socket[1])
            scene.act("connect")
            if "<" in redirect.operator:
                scene.outputs.add("download")
            if scene.program in SHELLS:
                scene.act("reverse-shell")
            elif redirect.operator in (">", ">>", "&>", ">&"):
                scene.act("send", "send-file")
        elif redirect.operator in ("<", "<&"):
            scene.read(target)
        else:
            if redirect.operator == "<>":
                scene.read(target)
            scene.write(target)
            if "device" in scene.places(target):
                scene.act("disk-write")
            if redirect.operator in (">", ">|") and (not scene.spawn.argv or scene.program in (":", "true")):
                scene.act("truncate")
                if "stream" not in scene.write_places:
                    scene.delete(target)


def _start(scene: Scene) -> None:
    """What holds for every program: who runs it, where it lies, how it is spelled."""
    spawn = scene.spawn
    if spawn.user in ("root", "0", "#0", "administrator", "SYSTEM"):
        scene.act("privileged")
    if "input" in spawn.opaque or ("code" in spawn.opaque and not spawn.argv):
        scene.act("runs-input")
    if "program" in spawn.opaque and spawn.argv:
        named = (
            not spawn.argv[0].opaque
            or "loads-code" in scene.acts
            or (spawn.via == "script" and spawn.wrappers[-1:] and spawn.wrappers[-1] in RUNNERS)
        )
        if named and spawn.wrappers:
            scene.act("project-script")
        elif not conventional(spawn):
            scene.act("runs-opaque")
    if "encoded" in spawn.opaque:
        scene.act("runs-decoded")
        scene.odd["encoded"] = None
    if not spawn.argv:
        return
    first = spawn.argv[0]
    if first.glob or "glob" in spawn.opaque:
        scene.odd["path-pattern"] = None
        scene.act("odd-spelling")
    if not spawn.builtin and re.search(r"[\\/]", first.text) and "program" not in spawn.opaque:
        scene.run(first.text)
        if "temporary" in scene.run_places and "project" not in scene.run_places:
            scene.act("runs-temporary")
    if not first.text.isprintable():
        scene.act("odd-spelling")
    odd = odd_characters(first.text, scene.words) if not _plain(first.text, scene.words) else ()
    for name in odd:
        if name not in ("newline-argument", "white-space"):
            scene.odd[name] = None
    if (
        scene.odd.keys() & {"bidirectional", "invisible", "non-ascii-program", "mixed-script"}
        and not scene.odd.keys() <= {"mixed-script", "invisible"}
    ) or "non-ascii-program" in scene.odd:
        scene.act("odd-spelling")
    imitated = (
        lookalike_program(scene.program)
        if scene.program and not spawn.builtin and reader_of(scene.program) is None
        else ""
    )
    if imitated:
        scene.lookalike = imitated
    if scene.program in SHELLS and not scene.words and spawn.wrappers and spawn.wrappers[-1] in _ESCAPES:
        scene.act("shell-escape")
    if spawn.user and not spawn.remote and scene.program in SHELLS and not scene.words and not spawn.reads_from:
        scene.act("root-shell")


_ESCAPES = word_set(
    """
    vim vi nvim view ex ed emacs nano less more man awk gawk mawk nawk find fd tar zip rsync git ftp gdb lldb sed
    split sort xargs nmap
    mysql psql sqlite3 perl python python3 ruby php lua node irb expect tclsh make busybox flock strace ltrace taskset
    ionice nice
    openvpn pip npm gem composer cargo journalctl systemctl crontab at
    """
)
"""Programs that have other work: one that starts a shell without a command was made to."""


def _plain(program: str, words: tuple[str, ...]) -> bool:
    return program.isascii() and program.isprintable() and "".join(words).isascii()


def _frozen(
    program: Program, at: int, scene: Scene, readers: list[str], upstream: Callable[[int], frozenset[str]]
) -> SpawnFacts:
    spawn = scene.spawn
    first = spawn.argv[0].text if spawn.argv else ""
    if scene.write_places.isdisjoint(_CONFIGURATION) and "agent-config-change" not in scene.acts:
        scene.switches.clear()
    else:
        for text in (*scene.texts, *texts_before(program.spawns, at)):
            scene.switches |= switches_in(text)
        if scene.language or scene.program in (
            "jq",
            "yq",
            "sed",
            "gsed",
            "perl",
            "ruby",
            "awk",
            "python",
            "python3",
            "node",
        ):
            scene.switches |= switches_in(" ".join(scene.words))
    content = frozenset[str]()
    if scene.writes or "vcs-commit" in scene.acts:
        named = [path for path in scene.writes if names_dependencies(path)]
        for text in (*scene.texts, *texts_before(program.spawns, at)):
            content |= content_of(text)
            for path in named:
                content |= dependency_content(path, text)
        for path in named if scene.program in _EDITS else ():
            content |= edited_content(path, " ".join((*scene.words, *texts_before(program.spawns, at))))
    if scene.program in ("jq", "yq") and any("=" in word for word in scene.words):
        for path in filter(names_dependencies, scene.reads):
            content |= edited_content(path, " ".join(scene.words))
    path = program_path(first) if first and "program" not in spawn.opaque else "none"
    return SpawnFacts(
        program=scene.program,
        program_path=path,
        program_places=_sorted(scene.places(first)) if path not in ("bare", "none") else _NOTHING,
        subcommand=scene.subcommand,
        words=spawn.words,
        options=tuple(dict.fromkeys(_options(spawn.words))) if len(spawn.argv) > 1 else _NOTHING,
        line=_line(spawn),
        builtin=spawn.builtin,
        wrappers=spawn.wrappers,
        via=spawn.via,
        language=scene.language,
        code=scene.code,
        privileged="privileged" in scene.acts,
        user=spawn.user,
        remote=spawn.remote,
        container=spawn.container,
        background=spawn.background,
        repeated=spawn.repeated,
        appended=spawn.appended,
        from_programs=_sorted(upstream(at)) if spawn.reads_from else _NOTHING,
        to_programs=_sorted({name for name in readers if name}) if readers else _NOTHING,
        acts=_sorted(scene.acts),
        reads=tuple(scene.reads),
        read_places=_sorted(scene.read_places),
        writes=tuple(scene.writes),
        write_places=_sorted(scene.write_places),
        deletes=tuple(scene.deletes),
        delete_places=_sorted(scene.delete_places),
        runs=tuple(scene.runs),
        run_places=_sorted(scene.run_places),
        hosts=tuple(scene.hosts),
        host_kinds=_sorted(scene.host_kinds),
        plain_http=scene.plain_http,
        carries=_sorted(scene.carries),
        packages=tuple(scene.packages),
        manager=scene.manager,
        registries=tuple(scene.registries),
        lookalike_of=scene.lookalike,
        targets=tuple(scene.targets),
        mode=scene.mode,
        mode_places=_sorted(scene.mode_places),
        variables=tuple(scene.variables),
        switches=_sorted(scene.switches),
        content=_sorted(content),
        server=scene.server,
        opaque=spawn.opaque,
        odd=tuple(scene.odd),
    )


_CONFIGURATION = frozenset(
    {"agent-config", "agent-managed", "agent-code", "agent-folder", "editor-settings", "agent-credentials", "env-file"}
)


_EDITS = word_set("sed gsed perl ruby awk gawk jq yq sponge tee ed ex python python3 echo printf")
"""Programs that write into a file what their own words, or those of the program before them, say."""


def _sorted(names: Collection[str]) -> tuple[str, ...]:
    """Names in order; most spawns have none of most kinds."""
    return tuple(sorted(names)) if names else _NOTHING


def _options(words: tuple[str, ...]) -> Iterator[str]:
    for text in dict.fromkeys(words):
        if text.startswith("--") and len(text) > 2:
            yield text.partition("=")[0]
        elif text.startswith("-") and len(text) > 1:
            yield text
            if text[1:].isalpha() and len(text) < 9:
                yield from (f"-{letter}" for letter in text[1:])
        if text == "--":
            return


def _line(spawn: Spawn) -> str:
    text = " ".join(word.text for word in spawn.argv)
    if not text:
        text = " ".join(f"{redirect.operator} {redirect.target.text}" for redirect in spawn.redirects)
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "..."


class _Upstream:
    """Programs whose output reaches a spawn, directly or through others. What reaches an earlier one is known when a
    later one asks, so that a long pipeline takes no longer than its length."""

    def __init__(self, spawns: Sequence[Spawn]) -> None:
        self._spawns = spawns
        self._known: dict[int, frozenset[str]] = {}

    def __call__(self, at: int) -> frozenset[str]:
        found: set[str] = set()
        seen: set[int] = set()
        waiting = list(self._spawns[at].reads_from)
        while waiting:
            source = waiting.pop()
            if source in seen or not 0 <= source < len(self._spawns):
                continue
            seen.add(source)
            spawn = self._spawns[source]
            if spawn.program:
                found.add(spawn.program)
            known = self._known.get(source)
            if known is None:
                waiting.extend(spawn.reads_from)
            else:
                found |= known
        self._known[at] = frozenset(found)
        return self._known[at]
