"""Qwen Code's list of names in the machine-wide settings.

Source, read 2026-11: QwenLM/qwen-code docs/users/configuration/settings.md.
Must not be here: the entries, which others have too (`agents.lists.named`).
"""

from collections.abc import Iterable

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, Place
from spawngate.agents.lists.named import NOT_COMPARED, compiled

_PLACES = (
    Place("/etc/qwen-code/settings.json", ("linux",)),
    Place("/Library/Application Support/QwenCode/settings.json", ("macos",)),
    Place("%PROGRAMDATA%/qwen-code/settings.json", ("windows",)),
)


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    return compiled(servers, _PLACES)


LIST = AgentList(_compile, "name", NOT_COMPARED, "https://qwenlm.github.io/qwen-code-docs")
