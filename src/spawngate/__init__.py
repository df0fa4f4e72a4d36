"""Spawngate: inventory, launch decisions and an audit trail for AI agents and their MCP servers."""

__version__ = "0.1.0"
