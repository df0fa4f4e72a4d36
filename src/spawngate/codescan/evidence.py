"""Whether a project has to do with MCP, and the lines that say so.

Belongs here: the cheap gate by the text, and what counts as evidence: an import of an SDK or wrapper, a file or key in
which agents keep their servers, a class of that shape. Not here: launches (`sinks`), manifests (`sdk`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from spawngate.codescan.definitions import ModuleInfo
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.project import Project
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.sinks import SPEAKS, within

MOST = 10
"""Lines that are told."""
_SPOKEN = re.compile(rb"\bprotocolVersion\b|tools/(?:list|call)\b")
"""Beside `jsonrpc`: the protocol is spoken by hand, and not that of language servers."""
_CONFIGURES = re.compile(
    rb"[\"'/]((?:\.?mcp|mcp[_-]?(?:config|settings|servers)|cline_mcp_settings|claude_desktop_config)\.(?:json|toml|ya?ml))"
    rb"|[\"']mcp_?[sS]ervers[\"']|\.mcpServers\b|\bmcpServers:"
)
"""Files and keys in which agents keep their servers."""
_SHAPED = re.compile(
    rb"(?:class|interface|struct|enum|trait|record|impl)\b[^{;:\n]{0,200}?(?:mcp|stdio)", re.IGNORECASE
)
"""A class may be named after MCP or stdio."""
_FIRST = re.compile(r"\w+")


def mentions(source: bytes) -> bool:
    """The cheap gate: whether a text says MCP at all."""
    lower = source.lower()
    if b"mcp" in lower or b"modelcontext" in lower:
        return True
    return b"jsonrpc" in lower and _SPOKEN.search(source) is not None


def evidence(project: Project, resolver: Resolver, knowledge: Mapping[str, Knowledge]) -> Iterator[str]:
    """Lines `path:line text`, at most MOST, each of another file.

    A file is lowered only where its text lets one expect something.
    """
    roots = {language: _roots(each) for language, each in knowledge.items()}
    count = 0
    for path, source in project.sources.items():
        if count >= MOST:
            return
        if not mentions(source):
            continue
        language = project.texts.languages[path]
        named = _in_full(source, language, knowledge[language].near)
        told = _CONFIGURES.search(source) or SPEAKS.search(source) or named
        imports = project.texts.imports_from(path, roots[language])
        if not (imports or told or _SHAPED.search(source)):
            continue
        module = project.module(path)
        line = _line(module, resolver, knowledge) if module is not None else 0
        if not line and told is not None:
            line = source.count(b"\n", 0, told.start()) + 1
        line = line or _shaped(module)
        if line:
            count += 1
            yield f"{path}:{line} {project.text(path, line)}"


def _roots(knowledge: Knowledge) -> frozenset[str]:
    """First words of what is near MCP, and of the other names that models give it."""
    names = [*knowledge.near, *knowledge.aliases]
    return frozenset(found.group() for name in names if (found := _FIRST.search(name)) is not None)


def _line(module: ModuleInfo, resolver: Resolver, knowledge: Mapping[str, Knowledge]) -> int:
    """The line of an import of an SDK or a wrapper; 0 where there is none."""
    near = knowledge[module.language].near
    bound = resolver.names(module).bound
    for local, imports in module.imports.items():
        names = (*bound.get(local, ()), *(each.module for each in imports))
        if any(within(name, prefix) for name in names for prefix in near):
            return imports[0].line
    return next((each.line for each in module.stars if any(within(each.module, prefix) for prefix in near)), 0)


def _in_full(source: bytes, language: str, near: Iterable[str]) -> re.Match[bytes] | None:
    """Something of an SDK that is named in full, without an import: `rmcp::transport::TokioChildProcess`."""
    if language not in ("rust", "java"):
        return None
    joint = rb"::" if language == "rust" else rb"\."
    named = b"|".join(re.escape(each.rstrip(":.").encode()) for each in near if each.encode() in source)
    return re.search(rb"(?<![\w.:])(?:" + named + rb")" + joint + rb"\w", source) if named else None


def _shaped(module: ModuleInfo | None) -> int:
    """The line of a class whose name is of MCP's shape; 0 where there is none."""
    for name, classes in module.classes.items() if module is not None else ():
        lowered = name.lower()
        if "mcp" in lowered or ("stdio" in lowered and ("transport" in lowered or "client" in lowered)):
            return classes[0].node.line
    return 0
