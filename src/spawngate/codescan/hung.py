"""What a program hangs on an object of a framework, to find it again by its name: `fastify.decorate("mcp", service)`.

Belongs here: the calls and assignments that put it there. Not here: data that is kept so by a key (`slicer_objects`).

Sources: the manuals of Fastify (`decorate`), Vue (`provide`), Express (`app.locals`), Koa (`app.context`); MDN
(`globalThis`).
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.project import Project
from spawngate.codescan.walk import root_name

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
    if len(name) < 3 or root_name(node) == "self":
        return []
    out: list[Hung] = []
    files = set(project.files_with(name))
    for word in _WORDS:
        for path in project.files_with(word):
            module = project.module(path) if path in files else None
            for call, around in module.calls.get(word, ()) if module is not None else ():
                place = 1 if word == "defineProperty" else 0
                given = [each.value for each in call.args]
                named = given[place] if len(given) > place + 1 else None
                if isinstance(named, ir.Literal) and named.value == name:
                    out.append((given[place + 1], around))
    if root_name(node) in _HOLDERS:
        for path in project.written_in(name)[:MAX_PLACES]:
            module = project.module(path)
            if module is None or module.language != "javascript":
                continue
            for statement, target, around in module.writes.get(name, ()):
                ends = isinstance(target, ir.Attribute) and target.name == name and root_name(target) in _HOLDERS
                if ends and statement.value is not None and statement.target is target:
                    out.append((statement.value, around))
    return out if len(out) <= MAX_PLACES else []
