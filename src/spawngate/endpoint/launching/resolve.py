"""SHELL. What one start would really run on this machine: the files, the interpreters, the package's version.

Nothing is started, asked or written; no special file is opened, nothing on a network mount; bytes and time are bounded.
What cannot be known is named in `unknown`.
Must not be here: what a definition means (`launch.understand`), what a difference means (`launch.identity`).
"""

import os
import re
import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spawngate.endpoint import files
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.releases import Release, release_of, release_of_file, release_of_module
from spawngate.launch.argv import is_python, layers, program
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.identity import File, Resolved
from spawngate.launch.surroundings import NPMRC_KEYS, Surroundings

SECONDS = 1.0
"""For everything together: the relay waits 1.5 s for its answer."""
MAX_SHEBANGS = 4
MAX_FILES = 24
"""Files of one start whose digests are taken."""
MAX_NPMRC = 256 << 10
_HEAD = 512
_USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_BASES = ("--directory", "--project", "--cwd", "--prefix", "-C", "--chdir", "-w", "--workdir")
_REPOSITORY = {
    "npm-run": ("package.json",),
    "make": ("GNUmakefile", "makefile", "Makefile"),
    "gmake": ("GNUmakefile", "makefile", "Makefile"),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml"),
    "docker-compose": ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"),
    "docker": ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"),
    "deno": ("deno.json", "deno.jsonc"),
    "npm": ("package.json",),
    "pnpm": ("package.json",),
    "yarn": ("package.json",),
    "bun": ("package.json",),
}
"""Files of the working folder that say what a program of the repository does."""


_SHIM = re.compile(r"/(?:\.pyenv|\.rbenv|\.nodenv|\.goenv|\.asdf|asdf|mise|rtx)/shims/|/\.volta/bin/")


@dataclass(frozen=True, slots=True)
class Found:
    """What one start would run."""

    resolved: Resolved
    program: str = ""
    """The executable as it was found, links not followed: what a link is called may matter to it. Empty for none."""


@dataclass(slots=True)
class _Look:
    """One look around: what was found so far, and what is left of time and files."""

    digests: Digests
    mounts: files.Mounts
    cwd: str
    path: str
    until: float
    unknown: dict[str, None] = field(default_factory=dict)
    left: int = 0


def resolve(
    command: str,
    args: tuple[str, ...],
    cwd: str,
    env: Mapping[str, str],
    facts: LaunchFacts,
    surroundings: Surroundings,
    digests: Digests,
    *,
    seconds: float = SECONDS,
) -> Found:
    """What `command args` would run in `cwd` with `env`. Raises nothing."""
    cwd = cwd if os.path.isabs(cwd) else ""
    look = _Look(
        digests, files.network_mounts(), cwd, env.get("PATH", _USUAL_PATH), time.monotonic() + seconds, left=MAX_FILES
    )
    programs: dict[str, File] = {}
    first = ""
    for depth, (name, _) in enumerate(layers(command, args)):
        where = find(name, cwd, look.path)
        if not where:
            look.unknown[f"there is no program {_named(name)} in its place or on the PATH"] = None
            continue
        first = first or where
        _program(where, look, programs)
        if depth and time.monotonic() > look.until:
            break
    scripts = _scripts(args, env, facts, look)
    release = release_of(command, args, facts, cwd, env)
    if not release.version and not release.unknown:
        release = _release_of_files(args, facts, first, programs, scripts)
    if release.unknown:
        look.unknown[release.unknown] = None
    if facts.searches_cwd and not cwd:
        look.unknown["the working folder is not known"] = None
    resolved = Resolved(
        programs=tuple(programs.values()) if programs else None,
        scripts=scripts,
        release=release.version,
        release_from=release.source,
        release_digest=release.digest,
        settings={**_own_npmrc(facts, env), **surroundings.npmrc},
        shadows=tuple(sorted(surroundings.present)),
        unknown=tuple(look.unknown),
    )
    return Found(resolved, first)


def find(name: str, cwd: str, path: str) -> str:
    """Where the program lies that the system would start: the path as found, links not followed. Empty for none."""
    if "/" in name:
        candidates: Iterable[str] = (os.path.join(cwd, name),)
    else:
        # An empty part of PATH is the working folder (POSIX), and a relative part lies in it.
        candidates = (os.path.join(cwd, part, name) for part in path.split(":")) if name else ()
    for candidate in candidates:
        try:
            if os.path.isabs(candidate) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
                return os.path.abspath(candidate)
        except ValueError:
            return ""
    return ""


def _program(where: str, look: _Look, found: dict[str, File]) -> None:
    """The program, and the interpreters that it and they name in their first lines."""
    for _ in range(MAX_SHEBANGS):
        real = os.path.realpath(where)
        if real in found:
            return
        file = _file(real, look, where)
        if file is None:
            return
        found[real] = file
        if _SHIM.search(where):
            look.unknown[f"{where} is a shim: which program it starts is decided when it runs"] = None
        interpreter = _interpreter(real)
        if not interpreter:
            return
        words = interpreter.split(None, 1)
        if program(words[0]) == "env" and len(words) > 1:
            name = _behind_env(words[1])
            where = find(name, look.cwd, look.path) if name else ""
            if name and not where:
                look.unknown[
                    f"there is no program {_named(name)} on the PATH, which {os.path.basename(real)} needs"
                ] = None
        else:
            where = find(words[0], look.cwd, look.path)
        if not where:
            return


def _behind_env(text: str) -> str:
    try:
        words = shlex.split(text.removeprefix("-S").removeprefix("--split-string"))
    except ValueError:
        return ""
    return next((word for word in words if "=" not in word and not word.startswith("-")), "")


def _interpreter(path: str) -> str:
    """What stands behind `#!` in a program's first line; empty for a program without one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError):
        return ""
    try:
        head = os.read(descriptor, _HEAD)
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    if not head.startswith(b"#!"):
        return ""
    return head[2:].split(b"\n", 1)[0].decode("utf-8", "surrogateescape").strip()


def _file(real: str, look: _Look, named: str = "") -> File | None:
    """One file with its digest. None where there are too many, which is said."""
    if look.left <= 0:
        look.unknown[f"more than {MAX_FILES} files would be run; the rest was not looked at"] = None
        return None
    look.left -= 1
    point = look.mounts.covers(real)
    if point is not None:
        digest, problem = "", "lies on a network mount"
    else:
        digest, problem = look.digests.take(real, look.mounts, look.until)
    if problem:
        look.unknown[f"{real} {problem}"] = None
    named = named if named != real else ""
    return File(real, digest, _is_system(real) and (not named or _is_system(named)), named)


def _is_system(path: str) -> bool:
    """Whether only the system can change the file: this user owns and may write neither it nor a folder above it."""
    user = os.geteuid()
    if user == 0:
        return False
    while True:
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return False
        if status.st_uid != 0 or os.access(path, os.W_OK):
            return False
        parent = os.path.dirname(path)
        if parent == path:
            return True
        path = parent


def _scripts(args: tuple[str, ...], env: Mapping[str, str], facts: LaunchFacts, look: _Look) -> tuple[File, ...]:
    """Local files that are run or loaded besides programs."""
    # An option that loads code is a fact together with its value: `--require ./hook.js`.
    loaded = (word.split(" ", 1)[-1] for word in facts.loads_code)
    wanted: dict[str, None] = dict.fromkeys(word for word in (facts.script, *loaded, *facts.relative_paths) if word)
    for name in facts.env_loads_code:
        wanted.update(dict.fromkeys(word for word in re.split(r"[\s=:;,\"']+", env.get(name, "")) if "/" in word))
    if facts.runs_repository_script:
        wanted.update(dict.fromkeys(_REPOSITORY.get(facts.launcher, ()) or _REPOSITORY.get(facts.inner_program, ())))
    bases = [base for base in (look.cwd, *(_value(args, option) for option in _BASES)) if "\0" not in base]
    found: dict[str, File] = {}
    for word in (each for each in wanted if "\0" not in each):
        for base in bases:
            if not base and not os.path.isabs(word):
                continue
            where = os.path.join(look.cwd, base, os.path.expanduser(word) if word.startswith("~/") else word)
            real = os.path.realpath(where)
            if real in found or not os.path.isfile(real):
                continue
            file = _file(real, look)
            if file is not None:
                found[real] = file
            break
        else:
            if word == facts.script:
                look.unknown[f"the script {_named(word)} is not there"] = None
    return tuple(found.values())


def _value(args: tuple[str, ...], option: str) -> str:
    for at, word in enumerate(args):
        if word == option and at + 1 < len(args):
            return args[at + 1]
        if option.startswith("--") and word.startswith(f"{option}="):
            return word[len(option) + 1 :]
    return ""


def _release_of_files(
    args: tuple[str, ...], facts: LaunchFacts, first: str, programs: Mapping[str, File], scripts: tuple[File, ...]
) -> Release:
    """The installed package that what is run belongs to."""
    for file in scripts:
        found = release_of_file(file.path)
        if found.version:
            return found
    if facts.launcher == "python" and "-m" in args[:-1] and is_python(program(first)):
        return release_of_module(args[args.index("-m") + 1], first)
    if not scripts and facts.source == "binary":
        for path in (first, *programs):
            found = release_of_file(path)
            if found.version:
                return found
    return Release()


def _own_npmrc(facts: LaunchFacts, env: Mapping[str, str]) -> dict[str, str]:
    """Settings of the user's own .npmrc that change what npm runs (the project's are in the surroundings)."""
    if "npx" not in facts.programs and "npm" not in facts.programs:
        return {}
    home = env.get("HOME") or os.path.expanduser("~")
    named = next((value for name, value in env.items() if name.lower() == "npm_config_userconfig" and value), "")
    try:
        text = files.read(named or os.path.join(home, ".npmrc"), MAX_NPMRC).decode("utf-8", "replace")
    except files.Unreadable:
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        name = key.strip().lower()
        if equals and not name.startswith((";", "#")) and (name in NPMRC_KEYS or name.endswith(":registry")):
            found[f"~/{name}"] = re.sub(r"//[^/@\s]*@", "//", value.strip())[:500]
    return found


def _named(text: str) -> str:
    return repr(text[:80])
