"""Lock files of npm, Yarn, pnpm and Bun.

Sources: https://docs.npmjs.com/cli/configuring-npm/package-lock-json (versions 1 to 3); yarnpkg/yarn:src/lockfile
(classic); yarnpkg/berry:packages/yarnpkg-core (resolution `name@npm:version`); pnpm/spec:lockfile (5 to 9);
https://bun.sh/docs/pm/lockfile (the text form; `bun.lockb` is binary and not read).
Yarn's and pnpm's files are read line by line: they are written by a program in one fixed layout, and large.
Must not be here: other ecosystems, and `package.json`, which asks for ranges and locks nothing.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spawngate.advisories import pins
from spawngate.advisories.pins import Pin
from spawngate.agents.formats import Format, Problem
from spawngate.agents.formats.jsontext import parse_json

Rows = tuple[list[tuple[str, str, Pin]], list[Problem]]
_GITHUB = re.compile(r"github(?:\.com)?[/:]([\w-]+/[\w.-]+?)(?:\.git)?(?:#([\w.-]+)|/tar\.gz/([\w.-]+))?$", re.ASCII)


def _row(name: str, version: str) -> list[tuple[str, str, Pin]]:
    """One package; the repository instead where the version is one."""
    repository = _GITHUB.search(version) if "/" in version else None
    if repository:
        return [("GitHub", repository[1], pins.from_git(repository[2] or repository[3] or ""))]
    if not name or not version or version.startswith(("file:", "link:", "workspace:", "portal:")):
        return []
    return [("npm", name, pins.exact(version))]


def package_lock(text: str) -> Rows:
    """`package-lock.json` and its two other names."""
    value, problems = parse_json(text)
    rows: list[tuple[str, str, Pin]] = []
    root = value if isinstance(value, Mapping) else {}
    packages, old = root.get("packages"), root.get("dependencies")
    if isinstance(packages, Mapping):
        for place, entry in packages.items():
            if not place or not isinstance(entry, Mapping) or entry.get("link") is True:
                continue
            name = entry.get("name") or str(place).rpartition("node_modules/")[2]
            resolved = entry.get("resolved")
            git = isinstance(resolved, str) and resolved.startswith("git")
            rows.extend(_row(_text(name), _text(resolved) if git else _text(entry.get("version"))))
    elif isinstance(old, Mapping):
        todo: list[Mapping[str, Any]] = [old]
        while todo:
            for name, entry in todo.pop().items():
                if not isinstance(entry, Mapping):
                    continue
                version = _text(entry.get("version"))
                if version.startswith("npm:"):
                    name, _, version = version[4:].rpartition("@")
                rows.extend(_row(str(name), version))
                inner = entry.get("dependencies")
                if isinstance(inner, Mapping):
                    todo.append(inner)
    elif not problems:
        problems = (Problem("unknown-shape", "holds neither `packages` nor `dependencies`"),)
    return rows, list(problems)


def yarn_lock(text: str) -> Rows:
    """`yarn.lock` of Yarn classic and of Yarn 2 and later."""
    rows: list[tuple[str, str, Pin]] = []
    name = version = ""
    for line in text.splitlines():
        if line and not line[0].isspace() and line[0] != "#" and line.endswith(":"):
            name, version = _yarn_name(line[:-1].split(",")[0].strip().strip('"')), ""
        elif name and (match := re.match(r'  version:? "?([^"\s]+)"?', line)):
            version = match[1]
            if version != "0.0.0-use.local":
                rows.extend(_row(name, version))
        elif name and version and (match := re.match(r'  resol(?:ved|ution):? "?([^"]+)"?', line)):
            resolution = match[1]
            berry = re.fullmatch(r"(@?[^@]+)@npm:(.+)", resolution)
            if berry and berry[1] != name and rows:
                rows[-1] = ("npm", berry[1], rows[-1][2])
            elif _GITHUB.search(resolution.replace("#commit=", "#")) and rows:
                rows[-1:] = _row(name, resolution.replace("#commit=", "#"))
    problems = [] if rows or not text.strip() or "lockfile" in text[:200] or "__metadata" in text else [_nothing()]
    return rows, problems


def _yarn_name(specifier: str) -> str:
    alias = re.fullmatch(r"@?[^@]+@npm:(@?[^@]+)@.+", specifier)
    if alias:
        return alias[1]
    at = specifier.find("@", 1)
    return specifier[:at] if at > 0 else ""


def pnpm_lock(text: str) -> Rows:
    """`pnpm-lock.yaml`: the keys of `packages` and `snapshots`, which are name and version."""
    rows: list[tuple[str, str, Pin]] = []
    section = ""
    for line in text.splitlines():
        top = re.match(r"([A-Za-z]+):\s*$", line)
        if top or (line and not line[0].isspace()):
            section = top[1] if top else ""
            continue
        if section not in ("packages", "snapshots"):
            continue
        match = re.match(r"  ['\"]?/?([^\s'\"].*?)['\"]?:(?:\s|$)", line)
        if match:
            rows.extend(_pnpm_key(match[1]))
    problems = [] if rows or "lockfileVersion" in text or not text.strip() else [_nothing()]
    return rows, problems


def _pnpm_key(text: str) -> list[tuple[str, str, Pin]]:
    text = text.partition("(")[0]
    if "github.com" in text:
        return _row("x", text.removesuffix("'"))
    old = re.fullmatch(r"((?:@[^/]+/)?[^/@]+)/(\d[^_/]*)(?:_.*)?", text)
    if old:  # lock file version 5: /name/1.2.3_peer
        return _row(old[1], old[2])
    at = text.find("@", 1)
    return _row(text[:at], text[at + 1 :]) if at > 0 else []


def bun_lock(text: str) -> Rows:
    """`bun.lock`: JSON with trailing commas, `packages` with `name@version` first in each list."""
    value, problems = parse_json(text, Format.JSONC)
    packages = value.get("packages") if isinstance(value, Mapping) else None
    rows: list[tuple[str, str, Pin]] = []
    for entry in packages.values() if isinstance(packages, Mapping) else ():
        first = entry[0] if isinstance(entry, Sequence) and not isinstance(entry, str) and entry else None
        if isinstance(first, str):
            at = first.find("@", 1)
            rows.extend(_row(first[:at], first[at + 1 :]) if at > 0 else [])
    if packages is None and not problems:
        problems = (Problem("unknown-shape", "holds no `packages`"),)
    return rows, list(problems)


def _nothing() -> Problem:
    return Problem("unknown-shape", "holds no package in the layout of its program")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
