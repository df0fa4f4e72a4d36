"""GitHub Copilot's managed list, for its command line, VS Code and its app.

Sources, read 2026-11: docs.github.com, "Enterprise managed settings"; microsoft/vscode pull request 321870 for the
files. Settings of the server or of device management come before the file and are not merged with it.
Must not be here: the entries, which others have too (`agents.lists.claude_shaped`).
"""

from collections.abc import Iterable

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, Place
from spawngate.agents.lists.claude_shaped import NOT_COMPARED, compiled

_PLACES = (
    Place("/etc/github-copilot/managed-settings.json", ("linux",)),
    Place("/Library/Application Support/GitHubCopilot/managed-settings.json", ("macos",)),
    Place("%PROGRAMFILES%/GitHubCopilot/managed-settings.json", ("windows",)),
)


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    return compiled(servers, _PLACES)


LIST = AgentList(
    _compile,
    "command-line",
    (*NOT_COMPARED, "anything, where server-side or device-management settings exist: they replace the file"),
    "https://docs.github.com/en/copilot/reference/enterprise-managed-settings-reference",
)
