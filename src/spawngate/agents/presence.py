"""The agent itself as an artifact: installed or only configured, which version, when last used, what it may do.

Must not be here: looking for the evidence (`endpoint.detect`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.agents.agent import Agent
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic
from spawngate.model.setting import Setting

MAX_LISTED = 200
"""Entries of one list in an agent's detail; the count is always whole."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signs of one agent in one home."""

    binaries: tuple[tuple[str, str], ...] = ()
    """Path and version (empty where unknown) of its programs."""
    apps: tuple[str, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()
    """Id and version of editor extensions that are the agent."""
    paths: tuple[str, ...] = ()
    """Files and folders that only this agent makes."""
    last_used: str | None = None
    """RFC 3339."""

    @property
    def installed(self) -> bool:
        """Whether the program itself was found."""
        return bool(self.binaries or self.apps or self.extensions)

    @property
    def present(self) -> bool:
        """Whether there is any sign of it."""
        return self.installed or bool(self.paths)


def agent_artifact(agent: Agent, home: str, evidence: Evidence, configured: Sequence[str]) -> Observed:
    """The observation of an agent in one home."""
    detail: dict[str, Json] = {"vendor": agent.vendor}
    versions = [version for _, version in (*evidence.binaries, *evidence.extensions) if version]
    if versions:
        detail["version"] = versions[0]
    if evidence.binaries:
        detail["binaries"] = [{"path": path, "version": version} for path, version in evidence.binaries]
    if evidence.apps:
        detail["apps"] = list(evidence.apps)
    if evidence.extensions:
        detail["extensions"] = [{"id": name, "version": version} for name, version in evidence.extensions]
    if configured:
        detail["configured_files"] = sorted(set(configured))[:MAX_LISTED]
    if evidence.paths:
        detail["paths"] = list(evidence.paths)
    if evidence.last_used:
        detail["last_used"] = evidence.last_used
    return Observed(
        kind=Kind.AGENT,
        agent=agent.id,
        scope=Scope.USER,
        name=agent.name,
        path=home,
        status=Status.INSTALLED if evidence.installed else Status.CONFIGURED,
        detail=detail,
    )


_BLANKET = re.compile(
    r"\*|[A-Za-z_]+|[A-Za-z_]+\(\s*+(?:(?:\*\*?|:\*|/\*\*|\*:\*)\s*+)?\)|mcp__[^*]*(?:__\*)?|mcp__\*.*", re.ASCII
)
_BROAD_TOOLS = re.compile(
    r"\*|all|(?:bash|shell|exec|execute|run_shell_command|run_commands|terminal|command|powershell|write|edit|multiedit|"
    r"notebookedit|apply_patch|computer|mcp)(?:\(.*\))?|mcp__(?:\*.*|(?:(?!__).)+(?:__\*)?)",
    re.IGNORECASE,
)


def is_blanket(rule: str) -> bool:
    """Whether a grant is for a whole powerful tool: `Bash`, `Bash(*)`, `Write`, `*`, or for all tools of a server:
    `mcp__server`, `mcp__server__*`. One tool of a server, `mcp__server__search`, is none."""
    rule = rule.strip()
    return bool(_BLANKET.fullmatch(rule)) and bool(_BROAD_TOOLS.fullmatch(rule))


def describe_settings(settings: Sequence[Setting]) -> dict[str, Json]:
    """What an agent's files say about permissions, automatic approvals, switches and trust, for its detail."""
    permissions: list[Json] = []
    approvals: list[Json] = []
    switches: list[Json] = []
    trusted: list[Json] = []
    policies: list[Json] = []
    detail: dict[str, Json] = {}
    for setting in sorted(settings, key=lambda s: (s.topic.value, s.path, s.pointer, s.name, str(s.value))):
        base: dict[str, Json] = {"scope": setting.scope.value, "path": setting.path}
        if setting.project:
            base["project"] = setting.project
        match setting.topic:
            case Topic.PERMISSION:
                verdict = str(setting.value)
                permissions.append(
                    {"rule": setting.name, "verdict": verdict, **base}
                    | ({"blanket": True} if verdict == "allow" and is_blanket(setting.name) else {})
                )
            case Topic.AUTO_APPROVE:
                approvals.append({"name": setting.name, "value": setting.value, **base})
            case Topic.SWITCH:
                switches.append({"name": setting.name, "value": setting.value, **base})
            case Topic.TRUST:
                trusted.append({"name": setting.name, "value": setting.value is True})
            case Topic.SERVER_POLICY:
                policies.append({"name": setting.name, "value": setting.value, **base})
            case Topic.VERSION:
                detail.setdefault("version", setting.value)
            case Topic.LAST_USED:
                detail.setdefault("last_used", setting.value)
            case _:
                continue
    for key, items in (
        ("permissions", permissions),
        ("auto_approvals", approvals),
        ("switches", switches),
        ("trust", trusted),
        ("server_policies", policies),
    ):
        if items:
            detail[key] = items[:MAX_LISTED]
            if len(items) > MAX_LISTED:
                detail[f"{key}_total"] = len(items)
    remembered = sum(1 for setting in settings if setting.topic is Topic.PROJECT)
    if remembered:
        detail["projects"] = remembered
    return detail
