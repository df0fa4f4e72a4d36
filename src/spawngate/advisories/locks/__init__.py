"""Files that say which packages a project or an image uses: which there are, and the packages of one, as values.

Belongs here: names of files to the reader of each. Must not be here: finding and opening them (`endpoint.projects`).
A bad part of a file yields a problem and its good neighbours survive; no input raises.
"""

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass

from spawngate.advisories.locks import compiled, containers, javascript, python
from spawngate.advisories.pins import Pin
from spawngate.agents.formats import Problem


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a file."""

    ecosystem: str
    name: str
    pin: Pin


Rows = tuple[list[tuple[str, str, Pin]], list[Problem]]
_Reader = Callable[[str], Rows]

READERS: dict[str, _Reader] = {
    "package-lock.json": javascript.package_lock,
    "npm-shrinkwrap.json": javascript.package_lock,
    ".package-lock.json": javascript.package_lock,
    "yarn.lock": javascript.yarn_lock,
    "pnpm-lock.yaml": javascript.pnpm_lock,
    "bun.lock": javascript.bun_lock,
    "poetry.lock": python.toml_lock,
    "uv.lock": python.toml_lock,
    "pdm.lock": python.toml_lock,
    "pylock.toml": python.toml_lock,
    "pylock.*.toml": python.toml_lock,
    "Pipfile.lock": python.pipfile_lock,
    "requirements*.txt": python.requirements,
    "requirements*.lock": python.requirements,
    "Cargo.lock": compiled.cargo_lock,
    "go.mod": compiled.go_mod,
    "go.sum": compiled.go_sum,
    "pom.xml": compiled.pom,
    "gradle.lockfile": compiled.gradle_lock,
    "compose.yaml": containers.compose,
    "compose.yml": containers.compose,
    "compose.*.yaml": containers.compose,
    "compose.*.yml": containers.compose,
    "docker-compose*.yaml": containers.compose,
    "docker-compose*.yml": containers.compose,
    "devcontainer.json": containers.devcontainer,
    ".devcontainer.json": containers.devcontainer,
    "Dockerfile": containers.dockerfile,
    "Dockerfile.*": containers.dockerfile,
    "*.Dockerfile": containers.dockerfile,
    "Containerfile": containers.dockerfile,
}
"""Patterns of file names, and the reader of each."""

_EXACT = {name: read for name, read in READERS.items() if "*" not in name}
_WILD = [(name, read) for name, read in READERS.items() if "*" in name]


def reader(name: str) -> _Reader | None:
    """The reader of a file of this name; None where it is none of these files."""
    found = _EXACT.get(name)
    if found is None:
        found = next((read for pattern, read in _WILD if fnmatch.fnmatchcase(name, pattern)), None)
    return found


def read(name: str, text: str) -> tuple[tuple[Locked, ...], tuple[Problem, ...]]:
    """The packages that a file of this name holds, each once, and what could not be understood. Never raises."""
    read_file = reader(name)
    if read_file is None:
        return (), (Problem("unknown-shape", "is no lock file of a known kind"),)
    rows, problems = read_file(text.removeprefix("\ufeff"))
    return tuple(dict.fromkeys(Locked(*row) for row in rows)), tuple(problems[:20])
