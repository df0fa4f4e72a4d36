"""From a path to the agents' files that it is.

Belongs here: the table of all locations by their last name, and matching a path from its end.
Must not be here: the locations themselves (`agents.<name>`), how a path is spelled (`command.paths`), reading files.
A lookup costs microseconds: the table is built once, from what the agents' modules list.
"""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import Location
from spawngate.agents.places import FAMILY, SERVERS
from spawngate.command.context import CallContext
from spawngate.command.paths import Normal, normal

ORDINARY = frozenset({"config.toml", "package.json", "pyproject.toml", "settings.json", "crushrc", ".env"})
"""Names in a project's root that other programs have too: there they say nothing."""
LONGEST = 4_096
"""Characters of a path that is looked at."""
_APPDATA = ("~/.config", "~/Library/Application Support", "~/AppData/Roaming")
_FOLDERS = {
    "{appdata}": _APPDATA,
    "%APPDATA%": ("~/AppData/Roaming",),
    "%LOCALAPPDATA%": ("~/AppData/Local",),
    "%USERPROFILE%": ("~",),
    "%PROGRAMDATA%": ("/ProgramData",),
    "%PROGRAMFILES%": ("/Program Files", "/Program Files (x86)"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """One agent's file that a path is."""

    agent: str
    """Id of the agent or surface that reads it."""
    name: str
    """The agent's name as people know it."""
    location: Location
    product: str = ""
    """Id of the editor of the VS Code family in whose folder it lies."""
    project: str | None = None
    """Root of the project that it belongs to; None for files of a home or machine."""


@dataclass(frozen=True, slots=True)
class _Row:
    base: str
    """`home`, `root` or `project`."""
    parts: tuple[str, ...]
    known: Known
    first: str = ""
    """The first of the parts in lower case, which stands in every path that fits; empty where it is a pattern."""


@dataclass(frozen=True, slots=True)
class _Table:
    exact: dict[str, tuple[_Row, ...]]
    """By the last name in lower case."""
    globs: tuple[tuple[re.Pattern[str], tuple[_Row, ...]], ...]


def recognise(path: str, context: CallContext, cwd: str = "") -> tuple[Known, ...]:
    """The agents' files that `path` is, as named in `cwd`: absolute, with `~` or a variable for the home, or relative.

    Agents that own the file come before those that only read it too. Empty for any other path. Raises nothing.
    """
    if not path or len(path) > LONGEST or path.startswith("-"):
        return ()
    plain = _PLAIN_NAME.search(path)
    if plain is not None and not _is_last_name(plain[1].lower()):
        # Most paths end in a name that no agent's file has, and need no other look.
        return ()
    return _recognise(path, context.home, context.cwd, context.project, context.platform, cwd)


def lies_beside(folder: str, context: CallContext, cwd: str = "") -> bool:
    """Whether a file of an agent's own, outside of any project, would lie right in a folder."""
    last = folder.rstrip("/").rpartition("/")[2].lower()
    return any(
        known.project is None
        for name in (*_beside().get(last, ()), *_beside().get("*", ()))
        for known in recognise(f"{folder.rstrip('/')}/{name}", context, cwd)
    )


@cache
def _beside() -> dict[str, tuple[str, ...]]:
    """Last names of agents' own files by the name of the folder that they lie in, in lower case; `*` for a pattern."""
    found: dict[str, dict[str, None]] = {}
    for name, rows in _table().exact.items():
        for row in rows:
            if row.base != "project" and len(row.parts) > 1:
                folder = row.parts[-2].lower()
                found.setdefault("*" if _SIGNS.search(folder) else folder, {})[name] = None
    return {folder: tuple(names) for folder, names in found.items()}


_SIGNS = re.compile(r"[*?\[]")
MOST_MEANT = 32
"""Paths that a pattern stands for."""


def meant(path: str) -> tuple[str, ...]:
    """Paths with names of agents' files that a path may stand for whose last name is a pattern of the shell. One that
    begins with a sign of patterns stands for everything, and so for none of them."""
    folder, slash, last = path.rpartition("/")
    sign = _SIGNS.search(last)
    if sign is None or sign.start() < 2 or len(path) > LONGEST:
        return ()
    fits = re.compile(fnmatch.translate(last.lower())).match
    names = (rows[0].known.location.template.rpartition("/")[2] for name, rows in _table().exact.items() if fits(name))
    return tuple(f"{folder}{slash}{name}" for name in names)[:MOST_MEANT]


@lru_cache(maxsize=4096)
def _recognise(path: str, home: str, base: str, project: str, platform: str, cwd: str) -> tuple[Known, ...]:
    form = normal(path, home, base, project, cwd=cwd, windows=platform == "windows")
    found = list(_matches(form, fold=platform != "linux" or form.windows))
    if any(known.project is None for known in found):
        # The home is no project for those that read the file as one's own.
        found = [known for known in found if known.project not in _HOMES]
    return tuple(sorted(found, key=lambda known: known.location.shared))


_PLAIN_NAME = re.compile(r"(?:\A|/)([A-Za-z_][\w-]*(?:\.[A-Za-z0-9_][\w-]*)*)\Z", re.ASCII)
"""A last name that stays as it is, however the path before it is spelled."""


def _is_last_name(lowered: str) -> bool:
    table = _table()
    return lowered in table.exact or any(pattern.match(lowered) for pattern, _ in table.globs)


_HOMES = ("~", ".")


def _matches(form: Normal, *, fold: bool) -> Iterator[Known]:
    if not form.parts or form.parts[-1] in ("~", ".", "..", "?"):
        return
    table = _table()
    name = form.parts[-1]
    lowered = name.lower()
    rows = list(table.exact.get(lowered, ()))
    for pattern, more in table.globs:
        if pattern.match(lowered):
            rows.extend(more)
    seen: set[tuple[str, int, str]] = set()
    names = {part.lower() for part in form.parts}
    for row in rows:
        # Most rows of a pattern like `*.md` lie in a folder that the path has not.
        if row.first and row.first not in names:
            continue
        known = _matched(row, form, fold)
        if known is not None:
            key = (known.agent, id(known.location), known.product)
            if key not in seen:
                seen.add(key)
                yield known


def _matched(row: _Row, form: Normal, fold: bool) -> Known | None:
    parts = form.parts
    if row.base == "home":
        return row.known if parts[0] == "~" and _fits(row.parts, parts[1:], fold) else None
    if row.base == "root":
        return row.known if parts[0] not in ("~", ".", "..", "?") and _fits(row.parts, parts, fold) else None
    for at in _starts(row.parts, len(parts)):
        if _fits(row.parts, parts[at:], fold):
            known = row.known
            return Known(known.agent, known.name, known.location, known.product, _joined(parts[:at]))
    return None


def _starts(row: tuple[str, ...], length: int) -> Iterator[int]:
    """Where in a path of that many names a project may end."""
    if "**" in row:
        yield from range(max(0, length - len(row) + 2))
    elif length >= len(row):
        yield length - len(row)


def _joined(parts: tuple[str, ...]) -> str:
    return "/".join(parts) if parts[:1] in (("~",), (".",), ("..",), ("?",)) else "/" + "/".join(parts)


def _fits(row: tuple[str, ...], parts: tuple[str, ...], fold: bool) -> bool:
    if not row:
        return not parts
    if row[0] == "**":
        return any(_fits(row[1:], parts[at:], fold) for at in range(len(parts) + 1))
    return bool(parts) and _name_fits(row[0], parts[0], fold) and _fits(row[1:], parts[1:], fold)


def _name_fits(template: str, name: str, fold: bool) -> bool:
    if fold:
        template, name = template.lower(), name.lower()
    return template == name if "*" not in template else _pattern(template).match(name) is not None


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(glob))


@cache
def _table() -> _Table:
    exact: dict[str, list[_Row]] = {}
    globs: dict[str, list[_Row]] = {}
    for agent in (*map(load_agent, AGENTS), *map(load_surface, SURFACES)):
        for location in agent.locations:
            for base, parts, product in _rows(location.template):
                first = "" if "*" in parts[0] else parts[0].lower()
                row = _Row(base, parts, Known(agent.id, agent.name, location, product), first)
                last = parts[-1].lower()
                (globs if "*" in last else exact).setdefault(last, []).append(row)
    return _Table(
        {name: tuple(rows) for name, rows in exact.items()},
        tuple((_pattern(glob), tuple(rows)) for glob, rows in globs.items()),
    )


def _rows(template: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    if template.startswith("{project}/"):
        rest = template.removeprefix("{project}/")
        if rest not in ORDINARY:
            yield "project", tuple(rest.split("/")), ""
        return
    for path, product in _paths(template):
        names = tuple(name for name in path.split("/") if name)
        if names[:1] == ("~",):
            yield "home", names[1:], product
        else:
            yield "root", names, product


def _paths(template: str) -> Iterator[tuple[str, str]]:
    if "{vscode_user}" in template:
        rest = template.partition("{vscode_user}")[2]
        for product in FAMILY:
            for folder in _APPDATA:
                yield f"{folder}/{product.folder}/User{rest}", product.id
        for name, server in SERVERS:
            yield f"~/{server}/User{rest}" if name == "code-server" else f"~/{server}/data/User{rest}", name
        return
    if "{vscode_extensions}" in template:
        rest = template.partition("{vscode_extensions}")[2]
        for product in FAMILY:
            yield f"~/{product.extensions}{rest}", product.id
        for name, server in SERVERS:
            yield f"~/{server}/extensions{rest}", name
        return
    for name, folders in _FOLDERS.items():
        if template.startswith(name):
            for folder in folders:
                yield folder + template[len(name) :], ""
            return
    yield template, ""
