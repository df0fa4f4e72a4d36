"""What a program hangs on an object of a framework, to find it again by its name: `fastify.decorate("mcp", service)`.

Belongs here: the calls and assignments that put it there. Not here: data that is kept so by a key (`slicer_variables`).

Sources: the manuals of Fastify (`decorate`), Vue (`provide`), Express (`app.locals`), Koa (`app.context`); MDN
(`globalThis`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name, root_name

_WORDS = ("decorate", "decorateRequest", "decorateReply", "provide", "defineProperty")
_holder_words = """
app fastify server instance ctx context c req request globalThis global window io socket locals state
"""
_HOLDERS = frozenset(_holder_words.split())
MAX_PLACES = 4
"""A name that is hung up in more places says nothing."""

Hung = tuple[ir.Expression, FunctionInfo]


def values(project: Project, node: ir.Attribute) -> list[Hung]:
    """What stands under `node.name` on an object of a framework, with the functions around it."""
    name = node.name
    if len(name) < 3 or name.startswith("__") or root_name(node) == "self":
        return []
    key = name, root_name(node) in _HOLDERS
    found = project.hung.get(key)
    if found is None:
        found = project.hung[key] = list(islice(_found(project, *key), MAX_PLACES + 1))
    return found if len(found) <= MAX_PLACES else []


def _found(project: Project, name: str, held: bool) -> Iterator[Hung]:
    files = set(project.files_with(name))
    for word in _WORDS:
        quoting = [path for path in project.texts.files_calling(word, "javascript") if path in files]
        quoting = [path for path in quoting if project.texts.hangs(path, word, name)]
        for module in project.modules(quoting):
            for call, around in module.calls.get(word, ()):
                place = 1 if word == "defineProperty" else 0
                given = [each.value for each in call.args]
                named = given[place] if len(given) > place + 1 else None
                own = place and last_name(given[0]) == "exports"  # what a compiler writes of a module
                if isinstance(named, ir.Literal) and named.value == name and not own:
                    yield given[place + 1], around
    if held:
        paths = [path for path in project.written_in(name) if project.texts.roots(path, name) & _HOLDERS]
        for module in project.modules(paths[:MAX_PLACES], "javascript"):
            for statement, target, around in module.writes.get(name, ()):
                ends = isinstance(target, ir.Attribute) and target.name == name and root_name(target) in _HOLDERS
                if ends and statement.value is not None and statement.target is target:
                    yield statement.value, around
