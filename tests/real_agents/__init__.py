"""Real agents with Spawngate's hook in front of their tool calls. Run by `make test-agents`, not by `make test`."""
