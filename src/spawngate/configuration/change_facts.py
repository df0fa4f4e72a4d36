"""Facts about one change of an agent's configuration: the closed vocabulary that rules about changes are written in.

A fact is what the comparison of two contents established, never a judgement. Every field has a neutral default.
Must not be here: how facts are established (`configuration.difference`) and what they mean (`rules`).
"""

from dataclasses import dataclass

LABELS = {
    "hooks-off": "hooks of the agent do not run any more",
    "ours": "Spawngate's own hook or launcher is taken out or passed by",
    "protection-off": "a protection of the agent is off",
    "protection-removed": "a setting that held a protection is gone",
    "unattended": "the agent acts without asking",
    "any-command": "any command is granted, or a family of them",
    "blanket": "a whole tool is granted",
    "servers-approved": "MCP servers are approved without a person's look",
    "trust": "a folder is trusted",
    "refusal-removed": "what was refused or asked about is not any more",
    "loads-code": "a variable that loads code",
    "redirects": "traffic goes through another host, or other certificates are trusted",
    "runs-command": "the agent runs a command by itself",
    "hidden-text": "characters that a person does not see",
    "orders": "orders against the user",
    "unnamed": "the file is named inside a patch or code alone",
    "folder": "a project's folder is filled with files that the call does not name",
    "fails-open": "a hook that fails lets the call through",
}
"""What a change amounts to, and its meaning."""

WHATS = (
    "server",
    "hook",
    "permission",
    "approval",
    "switch",
    "trust",
    "plugin",
    "policy",
    "instruction",
    "secret",
    "result",
)
"""What may change. `result`: it is not known what does."""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """What one change of an agent's configuration is."""

    what: str = "result"
    """server, hook, permission, approval, switch, trust, plugin, policy, instruction, secret, result."""
    change: str = "none"
    """added, changed, removed, unknown, none."""
    agent: str = ""
    """Name of the agent that owns the file."""
    agents: tuple[str, ...] = ()
    """Ids of all agents that read it."""
    scope: str = ""
    """managed, system, user, profile, project, local, plugin, extension, subagent."""
    path: str = ""
    """The file."""
    name: str = ""
    """Name of the server, hook, rule or switch."""
    line: str = ""
    """What would run, or the value."""
    was: str = ""
    """The same before, where it changes."""
    verdict: str = ""
    """Of a permission: allow, ask, deny."""
    known: bool = False
    """The same launch is configured or approved already."""
    off: bool = False
    """Defined and switched off."""
    labels: tuple[str, ...] = ()
    """What it amounts to; docs/rules.md lists the words."""
    reason: str = ""
    """Why a result is not known."""
