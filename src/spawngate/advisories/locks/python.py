"""Lock files and lists of requirements of Python projects.

Sources: https://python-poetry.org/docs (poetry.lock), astral-sh/uv:crates/uv-resolver (uv.lock),
https://pdm-project.org (pdm.lock), https://packaging.python.org/specifications/pylock-toml, pypa/pipenv
(Pipfile.lock), https://pip.pypa.io/en/stable/reference/requirements-file-format.
Must not be here: `pyproject.toml`, which asks for ranges and locks nothing, and following `-r` to another file: the
walk finds that file by itself.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spawngate.advisories import pins
from spawngate.advisories.pins import Pin
from spawngate.agents.formats import Problem
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.toml import parse_toml

Rows = tuple[list[tuple[str, str, Pin]], list[Problem]]
_GITHUB = re.compile(r"github\.com[/:]([\w-]+/[\w.-]+?)(?:\.git)?(?:@([\w./-]+))?(?:[?#].*)?$", re.ASCII)
_REQUIREMENT = re.compile(
    r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*((?:(?:===?|[~!<>]=|<|>)\s*[^\s;,#]+\s*,?\s*)*)"
    r"(?:;.*|\s--hash.*|\s#.*|\s*)?"
)


def toml_lock(text: str) -> Rows:
    """poetry.lock, uv.lock, pdm.lock (`[[package]]`) and pylock.toml (`[[packages]]`)."""
    value, problems = parse_toml(text)
    root = value if isinstance(value, Mapping) else {}
    listed = root.get("package", root.get("packages"))
    rows: list[tuple[str, str, Pin]] = []
    for entry in listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ():
        if not isinstance(entry, Mapping):
            continue
        name, version = entry.get("name"), entry.get("version")
        source = entry.get("source", entry.get("vcs"))
        address = _git(source if isinstance(source, Mapping) else entry)
        if address is not None:
            rows.append(address)
        elif isinstance(name, str) and isinstance(version, str) and not _is_local(source):
            rows.append(("PyPI", name, pins.exact(version)))
    if not isinstance(listed, Sequence) and not problems and text.strip():
        problems = (Problem("unknown-shape", "holds no list of packages"),)
    return rows, list(problems)


def _is_local(source: Any) -> bool:
    return isinstance(source, Mapping) and any(key in source for key in ("virtual", "editable", "directory"))


def _git(source: Mapping[str, Any]) -> tuple[str, str, Pin] | None:
    for key in ("git", "url"):
        url = source.get(key)
        if not isinstance(url, str) or (key == "url" and not url.endswith(".git") and "type" not in source):
            continue
        match = _GITHUB.search(url)
        if match:
            query = re.search(r"[?&](?:rev|tag|branch)=([\w./-]+)", url)
            stated = source.get("reference") or source.get("requested-revision") or source.get("ref")
            named = query[1] if query else match[2] or (stated if isinstance(stated, str) else "")
            return "GitHub", match[1], pins.from_git(named or "")
    return None


def pipfile_lock(text: str) -> Rows:
    """`Pipfile.lock`: `default`, `develop` and any other group."""
    value, problems = parse_json(text)
    rows: list[tuple[str, str, Pin]] = []
    for group, packages in value.items() if isinstance(value, Mapping) else ():
        if group == "_meta" or not isinstance(packages, Mapping):
            continue
        for name, entry in packages.items():
            if not isinstance(entry, Mapping):
                continue
            address = _git(entry)
            version = entry.get("version")
            if address is not None:
                rows.append(address)
            elif isinstance(version, str):
                rows.append(("PyPI", name, pins.from_pypi(version)))
    return rows, list(problems)


def requirements(text: str) -> Rows:
    """`requirements*.txt`: pinned lines, and the unpinned ones as what they are."""
    rows: list[tuple[str, str, Pin]] = []
    unreadable = 0
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        repository = _GITHUB.search(line.split(" #")[0].strip())
        if repository and "git" in line.partition("github.com")[0]:
            rows.append(("GitHub", repository[1], pins.from_git(repository[2] or "")))
            continue
        if line.startswith(("-", ".", "/")) or "://" in line:
            continue
        match = _REQUIREMENT.fullmatch(line)
        if match is None:
            unreadable += 1
            continue
        rows.append(("PyPI", match[1], pins.from_pypi(re.sub(r"\s+", "", match[2]).rstrip(","))))
    problems = [Problem("unknown-shape", f"{unreadable} lines are no requirements")] if unreadable else []
    return rows, problems
