"""Gemini CLI's list of names in the machine-wide settings.

Source, read 2026-11: google-gemini/gemini-cli docs/cli/enterprise.md.
Must not be here: the entries, which others have too (`agents.lists.named`).
"""

from collections.abc import Iterable

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, Place
from spawngate.agents.lists.named import NOT_COMPARED, compiled

_PLACES = (
    Place("/etc/gemini-cli/settings.json", ("linux",)),
    Place("/Library/Application Support/GeminiCli/settings.json", ("macos",)),
    Place("%PROGRAMDATA%/gemini-cli/settings.json", ("windows",)),
)


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    return compiled(servers, _PLACES)


LIST = AgentList(_compile, "name", NOT_COMPARED, "https://geminicli.com/docs/cli/enterprise")
