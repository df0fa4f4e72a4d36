"""The agents that enforce a list of MCP servers themselves, and how approvals are compiled into each list.

Belongs here: the written table. Must not be here: an agent's format (its module), approvals (`policy`), and files.
"""

from spawngate.agents.lists import claude_code, cline, codex_cli, copilot_cli, gemini_cli, goose, qwen_code
from spawngate.agents.lists.allowed import AgentList

LISTS: dict[str, AgentList] = {
    "claude-code": claude_code.LIST,
    "cline": cline.LIST,
    "codex-cli": codex_cli.LIST,
    "copilot-cli": copilot_cli.LIST,
    "gemini-cli": gemini_cli.LIST,
    "goose": goose.LIST,
    "qwen-code": qwen_code.LIST,
}
