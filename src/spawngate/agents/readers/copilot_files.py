"""Prompt and agent files of GitHub Copilot, which say what they are before the extension: `name.prompt.md`.

Sources: https://code.visualstudio.com/docs/copilot/customization/{prompt-files,custom-agents} and
https://docs.github.com/en/copilot/reference/custom-agents-configuration (`mcp-servers` of an agent).
Must not be here: where the files lie.
"""

from collections.abc import Iterable
from dataclasses import replace

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.servers import Fields, servers
from spawngate.agents.readers.texts import COMMAND, SUBAGENT
from spawngate.model.artifact import Kind, Scope
from spawngate.model.observed import Observed

_FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), include_tools=("tools",))
_SUFFIXES = (".prompt", ".agent", ".chatmode")


def read_prompt(document: Document) -> Iterable[Sighting]:
    """A prompt file: a command, named without `.prompt`."""
    yield from map(_named, COMMAND(document))


def read_agent(document: Document) -> Iterable[Sighting]:
    """A custom agent or chat mode, named without its suffix, with the servers of its own."""
    yield from map(_named, SUBAGENT(document))
    yield from servers(document, document.map().get("mcp-servers"), "mcp-servers", _FIELDS, scope=Scope.SUBAGENT)


def _named(sighting: Sighting) -> Sighting:
    if isinstance(sighting, Observed) and sighting.kind in (Kind.SKILL, Kind.INSTRUCTION):
        for suffix in _SUFFIXES:
            if sighting.name.endswith(suffix) and sighting.name != suffix:
                return replace(sighting, name=sighting.name.removesuffix(suffix))
    return sighting
