"""SHELL. Signs of an agent on the machine, found by looking and never by starting anything.

Must not be here: which signs an agent has (`agents.<name>`).
"""

import time
from collections.abc import Mapping, Sequence
from itertools import islice

from spawngate.agents.agent import Agent
from spawngate.agents.places import HomeContext, Machine, expand, moved
from spawngate.agents.presence import Evidence
from spawngate.endpoint.homes import Home
from spawngate.endpoint.tree import Tree
from spawngate.model.artifact import Artifact

MAX_SESSIONS = 2_000
"""Session files whose times are looked at."""


def find_evidence(
    tree: Tree,
    agent: Agent,
    home: Home,
    environment: Mapping[str, str],
    machine: Machine,
    clis: Sequence[Artifact],
    extensions: Sequence[Artifact],
) -> Evidence:
    """What shows that the agent is installed or was used in this home.

    `clis` are the command-line tools found for the home, `extensions` the editor extensions.
    """
    context = HomeContext(home.path, home.platform, environment)
    binaries = tuple((artifact.path, _text(artifact, "version")) for artifact in clis if artifact.agent == agent.id)
    wanted = {name.lower() for name in agent.detect.extension_ids}
    plugins = tuple(
        sorted(
            {
                (_text(artifact, "id"), _text(artifact, "version"))
                for artifact in extensions
                if _text(artifact, "id").lower() in wanted
            }
        )
    )
    apps = tuple(path for template in agent.detect.apps for path in _existing(tree, agent, template, context, machine))
    paths = tuple(
        path for template in agent.detect.paths for path in _existing(tree, agent, template, context, machine)
    )
    newest = 0.0
    for template in agent.detect.sessions:
        for pattern in expand(moved(agent, template, context.environment), context):
            for path in islice(tree.match(pattern.path), MAX_SESSIONS):
                status = tree.status(path)
                if status is not None:
                    newest = max(newest, status.st_mtime)
    last_used = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(newest)) if newest else None
    return Evidence(binaries, apps, plugins, paths, last_used)


def has_traces(tree: Tree, agent: Agent, home: Home, environment: Mapping[str, str]) -> bool:
    """Whether the home holds a folder or file that only this agent makes. Less work than all evidence."""
    context = HomeContext(home.path, home.platform, environment)
    return any(
        _present(tree, pattern.path)
        for template in agent.detect.paths
        if not template.startswith(("{project}", "/", "%PROGRAM"))
        for pattern in expand(moved(agent, template, environment), context)
    )


def _existing(tree: Tree, agent: Agent, template: str, context: HomeContext, machine: Machine) -> list[str]:
    if template.startswith("{project}"):
        return []
    if template.startswith(("/", "%PROGRAM")):
        name = template.replace("%PROGRAMFILES%", "/Program Files").replace("%PROGRAMDATA%", "/ProgramData")
        patterns = [machine.system_root.rstrip("/") + name]
    else:
        patterns = [pattern.path for pattern in expand(moved(agent, template, context.environment), context)]
    return [path for pattern in patterns for path in _present(tree, pattern)]


def _present(tree: Tree, pattern: str) -> list[str]:
    """A path as it is where it exists, file or folder; a pattern's first few matches."""
    if "*" not in pattern:
        return [pattern] if tree.status(pattern) is not None else []
    return list(islice(tree.match(pattern, folders=True), 8))


def _text(artifact: Artifact, key: str) -> str:
    value = artifact.detail.get(key)
    return value if isinstance(value, str) else ""
