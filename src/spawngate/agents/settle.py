"""Final states: what approvals, trust and precedence make of the definitions of one agent.

Works on redacted records, so that the result can be kept and computed again without the files.
Must not be here: what one agent does differently (its module's `settle`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

_SHARED = (Scope.PROJECT, Scope.LOCAL)
_HOOK_SWITCHES = ("disableAllHooks", "hooksDisabled")
_MANAGED_HOOKS_ONLY = ("allowManagedHooksOnly", "allow_managed_hooks_only", "requirements.allow_managed_hooks_only")
_ORGANISATION = (Scope.MANAGED, Scope.SYSTEM)
"""Scopes that only an administrator writes."""
_INERT = (Status.DISABLED, Status.BLOCKED, Status.UNREADABLE, Status.SHADOWED)


def settle(agent: Agent, artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> list[Artifact]:
    """The agent's artifacts with their states as the agent itself would decide them."""
    if agent.settle is not None:
        artifacts = agent.settle(artifacts, settings)
    else:
        artifacts = [_stored(agent, artifact, settings) for artifact in artifacts]
    artifacts = [_plugin(artifact, settings) for artifact in artifacts]
    artifacts = [_hooks_off(agent, artifact, settings) for artifact in artifacts]
    artifacts = [_managed_hooks_only(artifact, settings) for artifact in artifacts]
    artifacts = [_listed(artifact, settings) for artifact in artifacts]
    return shadow(agent, artifacts)


def project_of(artifact: Artifact) -> str | None:
    """Root of the project that the artifact belongs to."""
    project = artifact.detail.get("project")
    return project if isinstance(project, str) else None


def _stored(agent: Agent, artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    if artifact.kind is not Kind.MCP_SERVER or artifact.status is not Status.ENABLED:
        return artifact
    project = project_of(artifact)
    stored = server_status(artifact, settings)
    if artifact.scope is Scope.PROJECT:
        if agent.project_approval == "pending":
            return replace(artifact, status=stored or Status.PENDING)
        if agent.project_approval == "trust":
            if stored in _INERT:
                return replace(artifact, status=stored)
            trusted = trust(project, settings)
            return replace(artifact, status=Status.APPROVED if trusted else Status.PENDING)
    return replace(artifact, status=stored) if stored is not None else artifact


def server_status(artifact: Artifact, settings: Sequence[Setting]) -> Status | None:
    """The state stored for a server: one naming it beats `*`, one refusing it beats one approving it."""
    project = project_of(artifact)
    found: dict[bool, list[Status]] = {True: [], False: []}
    for setting in settings:
        if setting.topic is not Topic.SERVER_STATUS or setting.name not in (artifact.name, "*"):
            continue
        if setting.name == "*" and artifact.scope not in _SHARED:
            continue
        if setting.project is not None and setting.project != project:
            continue
        # A repository must not approve its own servers: agents ignore that until the folder is trusted.
        by_repository = setting.scope is Scope.PROJECT and setting.value == Status.APPROVED
        if by_repository and not trust(project, settings):
            continue
        try:
            found[setting.name != "*"].append(Status(str(setting.value)))
        except ValueError:
            continue
    for states in (found[True], found[False]):
        if states:
            return next((state for state in states if state in _INERT), states[0])
    return None


def trust(project: str | None, settings: Iterable[Setting]) -> bool:
    """Whether the person trusts the project's folder or a folder above it; the nearest statement counts."""
    if project is None:
        return False
    project = project.replace("\\", "/")
    nearest, verdict = -1, False
    for setting in settings:
        if setting.topic is not Topic.TRUST:
            continue
        folder = setting.name.replace("\\", "/").rstrip("/")
        if (project == folder or project.startswith(folder + "/")) and len(folder) > nearest:
            nearest, verdict = len(folder), setting.value is True
    return verdict


def _plugin(artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    """A plugin that is switched off takes its parts with it."""
    if artifact.scope is not Scope.PLUGIN or artifact.status in _INERT:
        return artifact
    off = any(setting.value is False and _of_plugin(artifact, setting) for setting in settings)
    return replace(artifact, status=Status.DISABLED) if off else artifact


def _of_plugin(artifact: Artifact, setting: Setting) -> bool:
    """Whether the setting is about the plugin that the artifact is or lies in: `name` or `name@marketplace`."""
    if setting.topic is not Topic.PLUGIN_STATUS:
        return False
    folders = artifact.path.replace("\\", "/").split("/")
    name, _, market = setting.name.partition("@")
    names_it = artifact.kind is Kind.PLUGIN and artifact.name == name
    return (names_it or name in folders) and (not market or market in folders)


def _hooks_off(agent: Agent, artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    """A switch that turns all hooks off. Of the switches that reach a hook the strongest scope's counts.

    A project's or local switch reaches the hooks of that project only. The organisation's hooks are turned off by
    the organisation's own switch alone.
    Source: https://code.claude.com/docs/en/hooks#disable-or-remove-hooks.
    """
    if artifact.kind is not Kind.HOOK or artifact.status is not Status.ENABLED:
        return artifact
    project = project_of(artifact)
    reaching = [
        setting
        for setting in settings
        if setting.topic is Topic.SWITCH
        and setting.name in _HOOK_SWITCHES
        and isinstance(setting.value, bool)
        and (setting.project == project if setting.scope in _SHARED else setting.project in (None, project))
        and (artifact.scope is not Scope.MANAGED or setting.scope is Scope.MANAGED)
    ]
    rank = {scope: index for index, scope in enumerate(agent.precedence)}
    strongest = min((rank.get(setting.scope, len(rank)) for setting in reaching), default=None)
    off = any(setting.value is True for setting in reaching if rank.get(setting.scope, len(rank)) == strongest)
    return replace(artifact, status=Status.DISABLED) if off else artifact


def _managed_hooks_only(artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    """The organisation's switch that lets only its own hooks run, and those of plugins that it switched on itself.

    Machine-wide files count as the organisation's: only an administrator writes them.
    Sources: https://code.claude.com/docs/en/hooks, https://developers.openai.com/codex/hooks.
    """
    if artifact.kind is not Kind.HOOK or artifact.scope in _ORGANISATION or artifact.status in _INERT:
        return artifact
    managed = [setting for setting in settings if setting.scope is Scope.MANAGED]
    only = any(s.topic is Topic.SWITCH and s.name in _MANAGED_HOOKS_ONLY and s.value is True for s in managed)
    forced = artifact.scope is Scope.PLUGIN and any(s.value is True and _of_plugin(artifact, s) for s in managed)
    return replace(artifact, status=Status.BLOCKED) if only and not forced else artifact


def _listed(artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    """Lists of allowed and denied servers; deny wins, and where there are allow lists one of them must name the server.

    The organisation's lists block. Those of a person or a project switch off what they refuse; a project's and a local
    one reach the servers of that project only.
    """
    if artifact.kind is not Kind.MCP_SERVER or artifact.scope is Scope.MANAGED or artifact.status in _INERT:
        return artifact
    project = project_of(artifact)
    binding: list[Setting] = []
    own: list[Setting] = []
    for setting in settings:
        if setting.topic is not Topic.SERVER_POLICY:
            continue
        if setting.scope in _ORGANISATION:
            binding.append(setting)
        elif setting.project == project if setting.scope in _SHARED else setting.project in (None, project):
            own.append(setting)
    for entries, status in ((binding, Status.BLOCKED), (own, Status.DISABLED)):
        if _refused(artifact, entries):
            return replace(artifact, status=status)
    return artifact


def _refused(artifact: Artifact, entries: Sequence[Setting]) -> bool:
    allowed = [entry for entry in entries if entry.name == "allow"]
    denied = any(entry.name == "deny" and _names(entry.value, artifact) for entry in entries)
    return denied or bool(allowed and not any(_names(entry.value, artifact) for entry in allowed))


def _names(entry: Json, artifact: Artifact) -> bool:
    """Whether an entry of such a list is about the server: by name, exact command or address pattern."""
    if isinstance(entry, str):
        return _glob(entry, artifact.name)
    if not isinstance(entry, Mapping):
        return False
    launch = artifact.launch
    command = entry.get("serverCommand")
    if isinstance(command, Sequence) and not isinstance(command, str):
        return launch is not None and list(command) == [launch.command, *launch.args]
    address = entry.get("serverUrl")
    if isinstance(address, str):
        return launch is not None and launch.url is not None and _glob(address, launch.url)
    name = entry.get("serverName", entry.get("name"))
    return isinstance(name, str) and _glob(name, artifact.name)


def _glob(pattern: str, text: str) -> bool:
    """`*` stands for any characters; everything else for itself. Linear in the text for each `*`."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return pattern == text
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    at = len(parts[0])
    end = len(text) - len(parts[-1])
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end


def shadow(agent: Agent, artifacts: Sequence[Artifact]) -> list[Artifact]:
    """Of several servers of one name that would be in force together, the strongest scope stays."""
    rank = {scope: index for index, scope in enumerate(agent.precedence)}
    exclusive = {
        artifact.scope
        for artifact in artifacts
        if artifact.kind is Kind.MCP_SERVER and artifact.scope in agent.exclusive and artifact.status not in _INERT
    }
    groups: dict[str, list[Artifact]] = defaultdict(list)
    for artifact in artifacts:
        if artifact.kind is Kind.MCP_SERVER and artifact.status not in _INERT and artifact.scope in rank:
            groups[artifact.name].append(artifact)
    losers: set[str] = set()
    for group in groups.values():
        for artifact in group:
            project = project_of(artifact)
            for other in group:
                # A project's definition hides a user's only inside that project, so only a rival that is in
                # force everywhere this one is makes it ineffective.
                everywhere = project_of(other) is None or project_of(other) == project
                if everywhere and rank[other.scope] < rank[artifact.scope]:
                    losers.add(artifact.id)
    settled: list[Artifact] = []
    for artifact in artifacts:
        hidden = artifact.kind is Kind.MCP_SERVER and exclusive and artifact.scope not in exclusive
        if artifact.status not in _INERT and (artifact.id in losers or hidden):
            settled.append(replace(artifact, status=Status.SHADOWED))
        else:
            settled.append(artifact)
    return settled
