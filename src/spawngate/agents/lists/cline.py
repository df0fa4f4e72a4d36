"""Cline's `allowedMCPServers` in an organisation's remote configuration.

Source, read 2026-11: https://docs.cline.bot/enterprise-solutions/configuration/infrastructure-configuration/
control-other-cline-features/mcp-server-controls . No file of the machine holds it.
Must not be here: approvals, and files (`endpoint.launching.lists`).
"""

import json
from collections.abc import Iterable

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, listed


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    kept, _ = listed(servers, by_name=True)
    names = dict.fromkeys(server.name for server in kept)
    text = json.dumps({"allowedMCPServers": [{"id": name} for name in names]}, indent=2, ensure_ascii=False) + "\n"
    return CompiledList((), text=text, delivery="put it into the organisation's remote configuration")


LIST = AgentList(
    _compile,
    "name",
    ("the command line", "the address", "variables of the entry", "the working folder"),
    "https://docs.cline.bot/enterprise-solutions/configuration/infrastructure-configuration/control-other-cline-features/mcp-server-controls",
)
