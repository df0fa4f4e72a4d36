"""SHELL. Spawngate inside programs that start MCP servers themselves: guards of the official SDKs, and a question."""
