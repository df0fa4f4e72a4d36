"""SHELL. Which version of a package a launcher would really run, as far as the files of this machine tell.

npm: a program of that name in `node_modules/.bin` of the working folder or above it comes first, then the folder of the
`_npx` cache whose name is the digest of what was asked for (npm/cli:workspaces/libnpmexec/lib/index.js). A name without
a version is asked of the registry again by every newer npm, so the cache says what ran last and not what will.
Python: an installed tool's own list of what was installed (packaging.python.org, `*.dist-info`); uv and pipx resolve
anew (docs.astral.sh/uv/concepts/tools, pipx docs), so without an exact version nothing is known.
Must not be here: files and their digests (`resolve`), the spelling of packages (`launch.purl`).
"""

import glob
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spawngate.endpoint import files
from spawngate.launch.argv import layers, program
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.package import launched

MAX_LEVELS = 40
MAX_LISTED = 2_000
"""Installed packages of one folder that are looked through."""
MAX_LIST = 1 << 20
"""Bytes of a package.json, or of a list of what was installed."""
MAX_LOCK = 16 << 20
_NPM = ("npx", "npm-exec")
_NODE = ("npx", "npm-exec", "pnpm-dlx", "yarn-dlx", "bunx")


@dataclass(frozen=True, slots=True)
class Release:
    """One version, and how it is known."""

    version: str = ""
    source: str = ""
    digest: str = ""
    folder: str = ""
    """Where the package lies."""
    unknown: str = ""
    """Why no version, or not surely this one, is known."""


def release_of(command: str, args: tuple[str, ...], facts: LaunchFacts, cwd: str, env: Mapping[str, str]) -> Release:
    """The release that a start would run. Starts nothing and asks nobody; raises nothing."""
    ecosystem = facts.package_ecosystem
    if ecosystem == "npm" and facts.launcher in _NODE:
        return _npm(command, args, facts, cwd, env)
    if ecosystem == "oci":
        if facts.pin == "digest":
            return Release(facts.package_version, "written", facts.package_version)
        return Release(unknown="an image without a digest may be another one at every start")
    if facts.package_name:
        if facts.pin in ("exact", "digest", "commit"):
            return Release(facts.package_version, "written")
        if facts.launcher in ("uvx", "pipx-run"):
            held = _tool(facts.package_name, env)
            if held is not None:
                return held
        return Release(unknown=f"which version {facts.launcher or 'the launcher'} takes is decided when it starts")
    return Release()


def _npm(command: str, args: tuple[str, ...], facts: LaunchFacts, cwd: str, env: Mapping[str, str]) -> Release:
    name = facts.package_name
    for folder in _above(cwd) if facts.launcher in (*_NPM, "bunx") else ():
        beside = os.path.join(folder, "node_modules", *name.split("/"))
        # npm runs what lies in the project only where it answers what was asked for; without a version it always does.
        found = _package(beside)
        if found and (facts.pin == "unversioned" or found[1] == facts.package_version):
            return Release(found[1], "node_modules of the working folder", _locked(folder, name), beside)
    specifier = _specifier(command, args)
    if facts.launcher in _NPM and specifier:
        folder = os.path.join(_npm_cache(env), "_npx", hashlib.sha512(specifier.encode()).hexdigest()[:16])
        lies = os.path.join(folder, "node_modules", *name.split("/"))
        found = _package(lies)
        if found:
            why = "" if facts.pin == "exact" else "npm takes a newer version where the registry has one"
            return Release(found[1], "npx cache", _locked(folder, name), lies, why)
    if facts.pin == "exact":
        return Release(facts.package_version, "written")
    return Release(unknown="no version of the package is in the cache, so the registry decides when it starts")


def _specifier(command: str, args: tuple[str, ...]) -> str:
    """What npx or npm was asked for, as written: the one package of `--package`, else the first word."""
    for name, words in layers(command, args):
        if program(name) not in ("npx", "npm"):
            continue
        named = [
            word.partition("=")[2] or (words[at + 1] if at + 1 < len(words) else "")
            for at, word in enumerate(words)
            if word.partition("=")[0] in (("--package", "-p") if program(name) == "npx" else ("--package",))
        ]
        if named:
            return "\n".join(sorted(named))
        rest = launched(name, words)
        return rest[0] if rest else ""
    return ""


def _npm_cache(env: Mapping[str, str]) -> str:
    for name, value in env.items():
        if name.lower().replace("-", "_") == "npm_config_cache" and value:
            return value
    return os.path.join(env.get("HOME") or os.path.expanduser("~"), ".npm")


def _above(cwd: str) -> Iterator[str]:
    """The folder and those above it."""
    folder = cwd
    for _ in range(MAX_LEVELS):
        if not os.path.isabs(folder):
            return
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _package(folder: str) -> tuple[str, str] | None:
    """Name and version that the package.json of a folder states."""
    held = _json(os.path.join(folder, "package.json"), MAX_LIST)
    if not isinstance(held, dict) or not isinstance(held.get("version"), str):
        return None
    name = held.get("name")
    return (name if isinstance(name, str) else ""), held["version"]


def _locked(folder: str, name: str) -> str:
    """Integrity of a package as the lock of its tree states it."""
    for lock in ("node_modules/.package-lock.json", "package-lock.json"):
        held = _json(os.path.join(folder, lock), MAX_LOCK)
        packages = held.get("packages") if isinstance(held, dict) else None
        entry = packages.get(f"node_modules/{name}") if isinstance(packages, dict) else None
        integrity = entry.get("integrity") if isinstance(entry, dict) else None
        if isinstance(integrity, str) and len(integrity) < 512:
            return integrity
    return ""


def release_of_file(path: str) -> Release:
    """The installed package that a script or program belongs to; nothing where it belongs to none."""
    for folder in _above(os.path.dirname(path)):
        if os.path.basename(folder) in ("node_modules", "site-packages"):
            break
        if "/node_modules/" in folder:
            found = _package(folder)
            if found and found[0]:
                root = folder[: folder.rfind("/node_modules/")]
                return Release(found[1], f"{found[0]} in node_modules", _locked(root, found[0]), folder)
    return _console_script(path)


def release_of_module(module: str, interpreter: str) -> Release:
    """The installed Python package that has the top-level module, in the environment of an interpreter."""
    top = module.split(".")[0]
    if not re.fullmatch(r"\w+", top):
        return Release()
    for site in _sites(os.path.dirname(os.path.dirname(interpreter))):
        if not (os.path.isdir(os.path.join(site, top)) or os.path.isfile(os.path.join(site, f"{top}.py"))):
            continue
        for info in _infos(site):
            if _states(info, top):
                return _installed(info, "installed beside the interpreter")
    return Release(unknown=f"which package the module {top} belongs to")


def _states(info: str, top: str) -> bool:
    name = os.path.basename(info).split("-")[0]
    if re.sub(r"[-_.]+", "_", name).lower() == top.lower():
        return True
    return top in _text(os.path.join(info, "top_level.txt")).split()


def _console_script(path: str) -> Release:
    """The package whose entry points made a script in an environment's `bin`."""
    folder = os.path.dirname(path)
    if os.path.basename(folder) not in ("bin", "Scripts"):
        return Release()
    name = os.path.basename(path)
    wanted = re.compile(rf"^{re.escape(name)}\s*=", re.MULTILINE)
    for site in _sites(os.path.dirname(folder)):
        for info in _infos(site):
            if wanted.search(_text(os.path.join(info, "entry_points.txt"))):
                return _installed(info, "installed beside the program")
    return Release()


def _tool(name: str, env: Mapping[str, str]) -> Release | None:
    """An installed tool of uv, which `uvx` runs in place of a fresh one; pipx does the same with its own."""
    home = env.get("HOME") or os.path.expanduser("~")
    data = env.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    base = re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()
    for root in (env.get("UV_TOOL_DIR") or os.path.join(data, "uv", "tools"), os.path.join(data, "pipx", "venvs")):
        for site in _sites(os.path.join(root, base)):
            for info in _infos(site):
                if re.sub(r"[-_.]+", "-", os.path.basename(info).split("-")[0]).lower() == base:
                    return _installed(info, "installed as a tool")
    return None


def _sites(prefix: str) -> list[str]:
    pattern = os.path.join(glob.escape(prefix), "lib", "python3*", "site-packages")
    return sorted(glob.glob(pattern))[:8]


def _infos(site: str) -> list[str]:
    try:
        with os.scandir(site) as listed:
            names = [entry.name for _, entry in zip(range(MAX_LISTED * 4), listed, strict=False)]
    except OSError:
        return []
    return [os.path.join(site, name) for name in sorted(names) if name.endswith(".dist-info")][:MAX_LISTED]


def _installed(info: str, source: str) -> Release:
    version = os.path.basename(info).removesuffix(".dist-info").rpartition("-")[2]
    try:
        digest = "sha256:" + hashlib.sha256(files.read(os.path.join(info, "RECORD"), MAX_LOCK)).hexdigest()
    except files.Unreadable:
        digest = ""
    return Release(version, source, digest, os.path.dirname(info))


def _json(path: str, limit: int) -> object:
    try:
        return json.loads(files.read(path, limit))
    except (files.Unreadable, ValueError, RecursionError):
        return None


def _text(path: str) -> str:
    try:
        return files.read(path, MAX_LIST).decode("utf-8", "replace")
    except files.Unreadable:
        return ""
