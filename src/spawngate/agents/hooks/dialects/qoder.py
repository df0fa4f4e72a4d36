"""Qoder's hooks: Claude Code's schema, payloads and answers. Source: third-party readings of 2026-11.

Must not be here: the schema itself (`agents.hooks.forks`).
"""

from spawngate.agents.hooks.forks import fork

HOOK = fork("qoder", "~/.qoder/settings.json")
