"""SHELL. Which places a confined process sees: the words for spawngate-confine.

Belongs here: the program, its package, caches and tool folders below the home, and what an answer grants.
Must not be here: the walls (native/jail.c), and who is confined.
A probed process sees an empty home. What it needs to start at all is shown: the interpreter behind a version manager,
packages that npm and uv fetched before (a copy that is thrown away, where the kernel can), the package that its words
name. Its working folder and folders that stand in its words are copies that are thrown away, because servers write
logs and databases while they start; folders of data are empty where the network is granted too, so that a server which
checks its arguments finds them and has nothing to tell. A granted server that stays confined is shown no
data but what its profile says; the folder in which its agent happens to be is none of that.
"""

from __future__ import annotations

import os

from spawngate.launch.hosts import loopback_ports, routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spawngate.endpoint.launcher.replies import Grant

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix/store", "/gnu/store", "/snap")
"""Shown anyway (native/jail.c)."""
_COPIES_TEXT = """
    .npm .cache/uv .cache/pip .cache/pnpm .cache/yarn .cache/deno .cache/node .cache/go-build .cache/bazelisk
    .cache/ms-playwright .bun/install .local/share/uv .local/share/pipx .local/share/pnpm
    .local/share/virtualenv .cargo/registry .m2/repository .gradle/caches .nuget/packages .gem go/pkg
"""
COPIES = tuple(_COPIES_TEXT.split())
"""Below the home: what package runners fetched, and write to while they start."""
_TOOLS_TEXT = """
    .local/bin .local/lib .local/share/fnm .local/share/mise .local/share/rtx .nvm .fnm .volta .asdf .pyenv
    .rbenv .nodenv .goenv .sdkman/candidates .jenv .cargo/bin .rustup/toolchains .bun/bin .deno/bin go/bin .go
    .dotnet .jdks miniconda3 anaconda3 miniforge3 mambaforge .conda/envs .nix-profile .juliaup .npm-global .pnpm
    .proto .pub-cache .composer/vendor .ghcup/bin .opam .luarocks
"""
TOOLS = tuple(_TOOLS_TEXT.split())
"""Below the home: interpreters and programs."""
_MARKS_TEXT = """
    package.json pyproject.toml setup.py setup.cfg requirements.txt Cargo.toml go.mod deno.json deno.jsonc
    pom.xml build.gradle build.gradle.kts composer.json Gemfile mix.exs node_modules .venv uv.lock
"""
MARKS = tuple(_MARKS_TEXT.split())
"""What a folder that holds a program's own files has in it."""
SHARED = (".local", ".local/share", ".cargo", ".config", ".cache", ".docker", ".kube", ".gradle", ".m2", ".nuget")
"""Below the home: folders of which only parts are shown."""
EGRESS = 4
"""Descriptor of the confining program on which it hands over what listens (`server`)."""
PORTS, ROUTES = 16, 32
"""Ports of the machine's loopback, and of hosts by their names, that a jail has at most (native/egress.h)."""
DEPTH = 8
"""Folders above a file that are searched for a mark."""


def options(
    grant: Grant,
    program: str,
    args: list[str],
    folder: str,
    environment: dict[bytes, bytes],
    *,
    probe: bool,
    seconds: float = 0,
    scratch: str = "",
) -> list[str]:
    """Words for spawngate-confine, up to its `--`. `folder` is the working folder, `seconds` the processor's time."""
    home = _text(environment.get(b"HOME", b"")) or "/nonexistent"
    if not home.startswith("/"):
        home = "/nonexistent"
    home = os.path.normpath(home)
    found: dict[str, str] = {}

    def add(kind: str, path: str) -> None:
        path = os.path.normpath(path)
        if path != "/" and (kind == "write" or not _under(path, SYSTEM)):
            rank = ("empty", "read", "copy", "write")
            if rank.index(kind) >= rank.index(found.get(path, "empty")):
                found[path] = kind

    for name in TOOLS:
        add("read", f"{home}/{name}")
    for name in COPIES:
        add("copy", f"{home}/{name}")
    for one in _programs(program, environment):
        for path in _program_places(one, home):
            add("read", path)
    script = os.path.realpath(program)
    for path in _modules_above(script, home):
        add("read", path)
    # A granted server has what was declared, whatever stands in its words; an empty folder would take what it writes.
    code = "copy" if probe else "read"
    data = "" if not probe else "empty" if grant.network or grant.hosts else "copy"
    for kind, path in _argument_places(args, folder, home, code, data):
        add(kind, path)
    if probe:
        for path in _places_to_be(args, folder, home):
            add("empty", path)
    if folder and not _is_home(folder, home):
        if probe:
            add(code if _marked(folder) else data, folder)
        for path in _modules_above(folder, home):
            add("read", path)
    for path in grant.read:
        # An empty home is what a probe is promised, whatever else is named.
        if not probe or not (_is_home(path, home) or _is_shared(path, home)):
            add("read", path)
    for path in grant.write:
        add("write", path)

    words = ["--jail", "--home", home]
    if scratch:
        words += ["--scratch", scratch]
    if folder:
        words += ["--folder", folder]
    if grant.network:
        words.append("--network")
    if grant.hosts:
        words += ["--egress", str(EGRESS)]
        for port in loopback_ports(grant.declared)[:PORTS]:
            words += ["--forward", str(port)]
        for name, port in routes(grant.declared)[:ROUTES]:
            words += ["--route", name, str(port)]
    if probe:
        words += ["--limits", "--cpu", str(max(1, int(seconds) + 1))]
    for path in sorted(found):
        if not _is_copied(path, found):
            words += _words(found[path], path)
    return words


def _is_copied(path: str, found: dict[str, str]) -> bool:
    """Whether a place to read is in a copy already, where it can be written too."""
    if found[path] != "read" or os.path.realpath(path) != path:
        return False
    above = os.path.dirname(path)
    while above != "/" and found.get(above) != "copy":
        above = os.path.dirname(above)
    try:
        return above != "/" and os.path.realpath(above) == above and os.stat(above).st_dev == os.stat(path).st_dev
    except OSError:
        return False


def _words(kind: str, path: str) -> list[str]:
    """One place; behind a symbolic link both the link and what it means."""
    if kind == "empty":
        return ["--empty", path]
    if not os.path.lexists(path):
        return []
    real = os.path.realpath(path)
    if real == path:
        return [f"--{kind}", path]
    if real == "/" or not os.path.exists(real):
        return []
    shown = [] if kind != "write" and _under(real, SYSTEM) else [f"--{kind}", real]
    return [*shown, "--link", path, real]


def _programs(program: str, environment: dict[bytes, bytes]) -> list[str]:
    """The program, what its first line names, and the folders that are searched for others."""
    found = [program]
    interpreter = _interpreter(program)
    if interpreter:
        found.append(interpreter)
    folders = _text(environment.get(b"PATH", b"")).split(":")
    found += [f"{folder}/." for folder in folders if folder.startswith("/") and os.path.isdir(folder)]
    return found


def _program_places(program: str, home: str) -> list[str]:
    """Folders that belong to a program: the tree around its `bin`, of its real file too, and its environment's base."""
    places: list[str] = []
    real = os.path.realpath(program) + ("/." if program.endswith("/.") else "")
    for path in dict.fromkeys((program, real)):
        folder = path[:-2] if path.endswith("/.") else os.path.dirname(path)
        tree = os.path.dirname(folder) if os.path.basename(folder) in ("bin", "sbin", "shims", "Scripts") else folder
        searched = path.endswith("/.")
        hidden = os.path.dirname(tree) == home and os.path.basename(tree).startswith(".")
        if _is_home(tree, home) or _is_shared(tree, home) or (searched and hidden):
            tree = folder
        if _is_home(tree, home):
            tree = path
        places.append(tree)
        base = _base_of(tree)
        if base and not _is_home(base, home):
            places += dict.fromkeys((base, os.path.realpath(base)))
    return places


def _argument_paths(args: list[str], folder: str, home: str) -> list[str]:
    """What stands in the words and could be a path, absolute; neither the home nor what is above it."""
    paths: list[str] = []
    for word in args:
        for part in dict.fromkeys((word, word.partition("=")[2])):
            if not part or len(part) > 4096 or "\0" in part or (part.startswith("-") and "/" not in part):
                continue
            path = os.path.normpath(os.path.join(folder or "/", part))
            if path != "/" and not _is_home(path, home):
                paths.append(path)
    return paths


def _places_to_be(args: list[str], folder: str, home: str) -> list[str]:
    """Folders in which a file that the words name does not exist yet: a server makes its database at its start."""
    above = [os.path.dirname(path) for path in _argument_paths(args, folder, home) if not os.path.lexists(path)]
    return [path for path in above if not _is_home(path, home) and os.path.isdir(path)]


def _argument_places(args: list[str], folder: str, home: str, code: str, data: str) -> list[tuple[str, str]]:
    """What exists of what the words name: files to read, folders of code and of data as these say, or not at all."""
    places: list[tuple[str, str]] = []
    for path in _argument_paths(args, folder, home):
        if not os.path.lexists(path):
            continue
        if os.path.isdir(path):
            if data or _marked(path):
                places.append((code if _marked(path) else data, path))
            continue
        for one in dict.fromkeys((path, os.path.realpath(path))):
            places += [("read", place) for place in (_package_of(one, home), *_modules_above(one, home))]
        interpreter = _interpreter(path)
        if interpreter:
            places += [("read", place) for place in _program_places(interpreter, home)]
    return places


def _package_of(path: str, home: str) -> str:
    """The folder around a file that is a package's, or the file itself."""
    folder = os.path.dirname(path)
    for _ in range(DEPTH):
        if folder == "/" or _is_home(folder, home):
            return path
        if _marked(folder):
            return folder
        folder = os.path.dirname(folder)
    return path


def _modules_above(path: str, home: str) -> list[str]:
    """Folders of packages in which a file's imports are searched: Node's in every folder above, Python's around it."""
    places: list[str] = []
    folder = os.path.dirname(path)
    for _ in range(2 * DEPTH):
        if folder == "/" or _is_home(folder, home):
            break
        if os.path.basename(folder) in ("node_modules", "site-packages", "dist-packages"):
            places.append(folder)
        elif os.path.isdir(f"{folder}/node_modules"):
            places.append(f"{folder}/node_modules")
        folder = os.path.dirname(folder)
    return places


def _marked(folder: str) -> bool:
    return any(os.path.lexists(f"{folder}/{mark}") for mark in MARKS)


def _is_home(path: str, home: str) -> bool:
    """Whether `path` is the home or above it."""
    return path == "/" or home == path or home.startswith(f"{path}/")


def _is_shared(path: str, home: str) -> bool:
    """Whether `path` is a folder of the home in which programs and credentials lie side by side."""
    return any(os.path.normpath(path) == f"{home}/{name}" for name in SHARED)


def _under(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _interpreter(program: str) -> str:
    """The program that a script's first line names; empty for none."""
    line = _first(program, 256)
    if not line.startswith(b"#!"):
        return ""
    words = line[2:].split(b"\n", 1)[0].split()
    return _text(words[0]) if words and words[0].startswith(b"/") else ""


def _base_of(tree: str) -> str:
    """The tree that a Python environment was made from (pyvenv.cfg, `home = .../bin`); empty for none."""
    for line in _first(f"{tree}/pyvenv.cfg", 4096).split(b"\n"):
        key, equals, value = line.partition(b"=")
        path = _text(value.strip())
        if equals and key.strip() == b"home" and path.startswith("/"):
            return os.path.dirname(path) if os.path.basename(path) == "bin" else path
    return ""


def _first(path: str, size: int) -> bytes:
    """The first bytes of a plain file; empty for anything else."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError:
        return b""
    try:
        return os.read(file, size) if os.fstat(file).st_mode & 0o170000 == 0o100000 else b""
    except OSError:
        return b""
    finally:
        os.close(file)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def make_scratch() -> str:
    """A new empty folder for a jail that has no root of its own; empty where there is none to be had."""
    for place in ("/tmp", "/var/tmp"):  # noqa: S108  made with a new name and 0700
        path = f"{place}/.spawngate-jail-{os.urandom(8).hex()}"
        try:
            os.mkdir(path, 0o700)
        except OSError:
            continue
        return path
    return ""


def remove_scratch(path: str) -> None:
    """A folder and all below it, without following links."""
    try:
        for entry in os.scandir(path):
            if entry.is_dir(follow_symlinks=False):
                remove_scratch(entry.path)
            else:
                os.unlink(entry.path)
        os.rmdir(path)
    except OSError:
        return
