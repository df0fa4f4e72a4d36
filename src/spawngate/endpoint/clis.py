"""SHELL. AI command-line tools on PATH and in the usual folders, with version and origin. Starts nothing.

Belongs here: listing folders, following links, reading package metadata beside a program.
Must not be here: which tools there are and what a path means (`agents.clis`).
Sources for the folders: the installers' own documentation (npm prefix, nvm, fnm, Volta, pnpm PNPM_HOME, Bun, Deno,
Cargo, Go GOPATH, pipx, uv tool, Homebrew prefixes, Scoop shims). Metadata: npm package.json, PyPA core metadata in
`*.dist-info`, Cargo `.crates.toml`, Volta `tools/user/bins`.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from spawngate.agents import clis
from spawngate.agents.document import Platform
from spawngate.endpoint import files
from spawngate.endpoint.homes import flavour
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

MAX_ENTRIES = 20_000
"""Names of one folder that are looked at."""
MAX_DIGEST = 1 << 20
"""Bytes of a file whose digest is taken; larger ones are programs whose version says enough."""
MAX_METADATA = 1 << 20
MAX_SHIM = 16 << 10
MAX_DISTRIBUTIONS = 1_000
"""Distributions of one Python environment whose files are read to find a script's owner."""

_UNIX_HOME = (
    ".local/bin",
    "bin",
    ".npm-global/bin",
    ".npm-packages/bin",
    ".bun/bin",
    ".cargo/bin",
    ".deno/bin",
    ".volta/bin",
    ".yarn/bin",
    "go/bin",
    ".claude/local",
    ".opencode/bin",
    ".lmstudio/bin",
    ".cache/lm-studio/bin",
    ".amp/bin",
    ".grok/bin",
    ".local/share/pnpm",
    ".local/share/pnpm/bin",
    ".local/share/mise/shims",
    ".asdf/shims",
    ".nvm/versions/node/*/bin",
    ".local/share/fnm/node-versions/*/installation/bin",
    ".linuxbrew/bin",
)
_PER_HOME: dict[Platform, tuple[str, ...]] = {
    "linux": _UNIX_HOME,
    "macos": (*_UNIX_HOME, "Library/pnpm", "Library/pnpm/bin", "Library/Python/*/bin"),
    "windows": (
        ".local/bin",
        "AppData/Roaming/npm",
        "AppData/Local/pnpm",
        "AppData/Local/pnpm/bin",
        "AppData/Local/Volta/bin",
        "AppData/Roaming/Python/*/Scripts",
        "AppData/Local/Programs/Python/*/Scripts",
        "AppData/Local/Programs/Ollama",
        "AppData/Local/Microsoft/WinGet/Links",
        "AppData/Roaming/nvm/*",
        ".bun/bin",
        ".cargo/bin",
        ".deno/bin",
        "go/bin",
        "scoop/shims",
        ".claude/local",
        ".opencode/bin",
        ".lmstudio/bin",
    ),
}
_MACHINE: dict[Platform, tuple[str, ...]] = {
    "linux": ("/usr/local/bin", "/home/linuxbrew/.linuxbrew/bin", "/snap/bin", "/usr/bin"),
    "macos": ("/opt/homebrew/bin", "/usr/local/bin"),
    "windows": ("/Program Files/nodejs", "/ProgramData/chocolatey/bin"),
}
_SYSTEM_FOLDERS = ("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/snap/", "/usr/lib/")
_SHARED_PARTS = ("/home/", "/Users/", "/root/")
_SUFFIXES = (".exe", ".cmd", ".bat", ".ps1")
"""Of several files of one name in one Windows folder, the first of these is the one that counts."""


def find_clis(
    path_dirs: Sequence[str],
    *,
    home: str | None = None,
    system_root: str = "",
    platform: Platform | None = None,
    present: Collection[str] = (),
) -> list[Observed]:
    """AI command-line tools in the folders of a PATH, then in the usual folders of `home` and of the machine.

    For a home that is not the caller's, pass no `path_dirs`: nothing of this user's environment is looked at then.
    `system_root` is put before the machine's own folders. `platform` is what the home looks like where it is not
    given. `present` are the agents that are in use in `home`: in its own folders a name that other programs have too
    is theirs; in the machine's folders it stays in doubt, because anybody's package may have put it there. In the
    order of the search; a folder is listed once, also under another spelling. Raises nothing.
    """
    system = platform or (flavour(home) if home is not None else "linux")
    found: list[Observed] = []
    names: set[str] = set()
    listed: set[str] = set()
    for folder in (*path_dirs, *_usual(home, system_root, system)):
        if not os.path.isabs(folder) or folder.startswith(("//", "\\\\")):
            # A relative entry means another folder for everybody; a share could make us wait for a server.
            continue
        try:
            key = os.path.normcase(os.path.realpath(folder))
        except (OSError, ValueError):
            continue
        if key in listed:
            continue
        listed.add(key)
        candidates = _candidates(folder, system)
        observed = (_observe(file, home, file.binary in names, present) for file in candidates)
        found.extend(one for one in observed if one is not None)
        # What is not recognised takes the name as well: the shell starts the first file, whatever it is.
        names.update(file.binary for file in candidates)
    return found


def _usual(home: str | None, system_root: str, system: Platform) -> Iterator[str]:
    if home is not None:
        for relative in _PER_HOME[system]:
            before, star, after = relative.partition("*")
            if not star:
                yield f"{home.rstrip('/')}/{relative}"
                continue
            above = f"{home.rstrip('/')}/{before.rstrip('/')}"
            # Newest Node first: that is what nvm and fnm make the default far more often than the oldest.
            for name in sorted(_list(above), key=_numbers, reverse=True):
                yield f"{above}/{name}{after}"
    for folder in _MACHINE[system]:
        yield system_root.rstrip("/") + folder


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", name))


def _list(folder: str) -> list[str]:
    """Names in a folder; none where it cannot be listed."""
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found.append(entry.name)
                if len(found) >= MAX_ENTRIES:
                    break
    except (OSError, ValueError):
        return []
    return found


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    """As found, with forward slashes."""
    binary: str
    target: str
    """Resolved, with forward slashes."""
    size: int


def _candidates(folder: str, system: Platform) -> list[_File]:
    """Files of a folder that bear the name of a tool and can be run, by name."""
    windows = system == "windows"
    wanted: dict[str, list[str]] = {}
    for name in _list(folder):
        binary = clis.binary_name(name, windows)
        if binary in clis.BY_BINARY:
            wanted.setdefault(binary, []).append(name)
    found = []
    for binary, names in sorted(wanted.items()):
        for name in sorted(names, key=lambda name: _preference(name.lower())):
            file = _look(
                f"{folder.rstrip('/')}/{name}".replace("\\", "/") if windows else f"{folder}/{name}", binary, windows
            )
            if file is not None:
                found.append(file)
                break
    return found


def _preference(name: str) -> int:
    return next((at for at, suffix in enumerate(_SUFFIXES) if name.endswith(suffix)), len(_SUFFIXES))


def _look(path: str, binary: str, windows: bool) -> _File | None:
    """The file at `path`; None for what is no regular file that can be run. Opens nothing."""
    try:
        status = os.stat(path)
        target = os.path.realpath(path)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    if windows:
        if not path.lower().endswith(_SUFFIXES):
            return None
    elif not status.st_mode & 0o111:
        return None
    return _File(path, binary, target.replace("\\", "/") if windows else target, status.st_size)


@dataclass(frozen=True, slots=True)
class _Origin:
    """What is known about where a file comes from."""

    manager: str = ""
    package: str = ""
    version: str = ""
    evidence: tuple[str, ...] = ()
    """Packages as `agents.clis` names them."""


def _observe(file: _File, home: str | None, shadowed: bool, present: Collection[str]) -> Observed | None:
    origin = _origin(file)
    inside = home is not None and file.path.startswith(home.rstrip("/") + "/")
    # A file of another package is no agent's tool, whatever is in use here.
    near = present if inside and not origin.evidence else ()
    cli = clis.identify(file.binary, origin.evidence, file.target, near)
    if cli is None:
        return None
    known = {
        "version": origin.version or clis.version_in_path(file.target) or "",
        "package": origin.package,
        "package_manager": origin.manager or _place(file.target),
        "target": file.target if file.target != file.path else "",
    }
    detail: dict[str, Json] = {"cli": cli.id, "vendor": cli.vendor, "shadowed": shadowed}
    detail.update({key: value for key, value in known.items() if value})
    return Observed(
        kind=Kind.CLI,
        agent=cli.agent,
        scope=_scope(file.path, home),
        name=file.binary,
        path=file.path,
        status=Status.INSTALLED,
        detail=detail,
        content=(files.digest_of(file.target, MAX_DIGEST) or None) if file.size <= MAX_DIGEST else None,
    )


def _scope(path: str, home: str | None) -> Scope:
    if home is not None and path.startswith(home.rstrip("/") + "/"):
        return Scope.USER
    return Scope.USER if path.startswith(_SHARED_PARTS) and "/.linuxbrew/" not in path else Scope.SYSTEM


def _place(target: str) -> str:
    return "system" if target.startswith(_SYSTEM_FOLDERS) else "standalone"


def _origin(file: _File) -> _Origin:
    """Manager, package and version: Homebrew by place, npm by package.json, Python by metadata, Cargo by its list."""
    brew = clis.homebrew_package(file.target)
    found = _npm(file) or _volta(file) or _cargo(file)
    if found is None:
        found = _python(file)
    if brew is None:
        return found or _Origin()
    formula, version = brew
    if found is None:
        return _Origin("homebrew", formula, version, (f"homebrew:{formula}",))
    return _Origin("homebrew", found.package, found.version, (*found.evidence, f"homebrew:{formula}"))


def _text(path: str, limit: int) -> str | None:
    try:
        return files.read(path, limit).decode("utf-8", "replace")
    except files.Unreadable:
        return None


# -- npm ----------------------------------------------------------------------------------------------------------


def _npm(file: _File) -> _Origin | None:
    """The npm package around the resolved file, or around the file that a small start script names."""
    if "/node_modules/" in file.target:
        return _package_json(file.target)
    if file.size > MAX_SHIM:
        return None
    text = _text(file.target, MAX_SHIM)
    inside = clis.shim_target(text) if text and "node_modules" in text else None
    if inside is None:
        # A linked checkout (`npm link`) lies in no node_modules; its package.json names the program.
        return _package_json(file.target, file.binary) if file.target.endswith((".js", ".mjs", ".cjs")) else None
    absolute = inside if os.path.isabs(inside) or re.match(r"[A-Za-z]:/", inside) else None
    path = absolute or f"{file.target.rpartition('/')[0]}/{inside}"
    try:
        return _package_json(os.path.realpath(path).replace("\\", "/"))
    except (OSError, ValueError):
        return None


def _package_json(target: str, binary: str | None = None) -> _Origin | None:
    """The nearest package.json with a name above `target`. With `binary`, one that brings that program."""
    folder = target.rpartition("/")[0]
    for _ in range(12):
        if not folder or folder.endswith("/node_modules"):
            return None
        text = _text(f"{folder}/package.json", MAX_METADATA)
        if text is not None:
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, dict) and isinstance(value.get("name"), str) and value["name"]:
                if binary is not None and not _brings(value, binary):
                    return None
                version = value.get("version")
                name = value["name"]
                return _Origin("npm", name, version if isinstance(version, str) else "", (f"npm:{name}",))
        folder = folder.rpartition("/")[0]
    return None


def _brings(package: dict[str, Json], binary: str) -> bool:
    programs = package.get("bin")
    if isinstance(programs, dict):
        return binary in programs
    return isinstance(programs, str) and str(package["name"]).rpartition("/")[2] == binary


def _volta(file: _File) -> _Origin | None:
    """Volta puts one and the same program at every name; its own list says which package a name belongs to."""
    if file.target.rpartition("/")[2] not in ("volta-shim", "volta-shim.exe"):
        return None
    above = file.path.rpartition("/")[0].rpartition("/")[0]
    text = _text(f"{above}/tools/user/bins/{file.binary}.json", MAX_SHIM)
    try:
        value = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("package"), str):
        return None
    version = value.get("version")
    return _Origin("npm", value["package"], version if isinstance(version, str) else "", (f"npm:{value['package']}",))


# -- Cargo --------------------------------------------------------------------------------------------------------


def _cargo(file: _File) -> _Origin | None:
    """The crate that Cargo's own list gives for the program's name."""
    folder = file.path.rpartition("/")[0]
    if not folder.endswith("/.cargo/bin"):
        return None
    text = _text(f"{folder.rpartition('/')[0]}/.crates.toml", MAX_METADATA)
    try:
        value = tomllib.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None
    crates = value.get("v1")
    for crate, programs in crates.items() if isinstance(crates, dict) else ():
        named = re.match(r"(\S+) (\S+) ", crate + " ")
        if (
            named
            and isinstance(programs, list)
            and file.binary in [str(name).removesuffix(".exe") for name in programs]
        ):
            return _Origin("cargo", named[1], named[2], (f"cargo:{named[1]}",))
    return None


# -- Python -------------------------------------------------------------------------------------------------------


def _python(file: _File) -> _Origin | None:
    """The distribution that brings a console script: of the environment that the script's first line names, else
    of the one it lies in."""
    tool = clis.venv_package(file.target)
    wanted = {
        name.partition(":")[2]
        for cli in clis.BY_BINARY[file.binary]
        for name in cli.packages
        if name.startswith("pypi:")
    }
    if not wanted and tool is None:
        return None
    for folder in _site_packages(file):
        found = _distribution(folder, file.binary, wanted | ({tool[1]} if tool else set()))
        if found is not None:
            name, version = found
            return _Origin(tool[0] if tool else "pip", name, version, (f"pypi:{clis.python_name(name)}",))
    if tool is not None:
        return _Origin(tool[0], tool[1], "", (f"pypi:{clis.python_name(tool[1])}",))
    return None


def _site_packages(file: _File) -> Iterator[str]:
    folder = file.target.rpartition("/")[0]
    prefixes = []
    head = _head(file.target)
    interpreter = clis.shebang(head) if head else None
    if interpreter and os.path.isabs(interpreter):
        # Not resolved: the link's place, not the interpreter's, is the environment.
        prefixes.append(os.path.normpath(interpreter).rpartition("/")[0].rpartition("/")[0])
    if not head.startswith(b"#!") and not file.target.lower().endswith(".exe"):
        return
    prefixes.append(folder.rpartition("/")[0])
    seen = set()
    for prefix in prefixes:
        for name in ("lib", "Lib", "lib64"):
            for below in sorted(_list(f"{prefix}/{name}"), key=_numbers, reverse=True):
                if below == "site-packages":
                    paths = [f"{prefix}/{name}/{below}"]
                elif re.fullmatch(r"(?:python|pypy)3(?:\.\d+)?t?", below):
                    paths = [f"{prefix}/{name}/{below}/{last}" for last in ("site-packages", "dist-packages")]
                else:
                    continue
                for path in paths:
                    if path not in seen:
                        seen.add(path)
                        yield path


def _head(path: str) -> bytes:
    """The first bytes of a small file; empty for a large one, which is no script."""
    try:
        return files.read(path, MAX_SHIM)[:1024]
    except files.Unreadable:
        return b""


def _distribution(folder: str, binary: str, wanted: set[str]) -> tuple[str, str] | None:
    """Name and version of the distribution in `folder` that brings the script: the expected ones first."""
    infos = [name for name in _list(folder) if name.endswith(".dist-info")]
    expected = {clis.python_name(name) for name in wanted}
    infos.sort(key=lambda name: (clis.python_name(name.split("-")[0]) not in expected, name))
    for name in infos[:MAX_DISTRIBUTIONS]:
        place = f"{folder}/{name}"
        entry_points = _text(f"{place}/entry_points.txt", MAX_METADATA) or ""
        record = ""
        if not entry_points and clis.python_name(name.split("-")[0]) in expected:
            record = _text(f"{place}/RECORD", MAX_METADATA) or ""
        if clis.owns_script(entry_points, record, binary):
            return clis.distribution(_text(f"{place}/METADATA", MAX_METADATA) or "")
    return None
