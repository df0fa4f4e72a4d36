"""Where the agents keep their files, as rows for the table of places.

Belongs here: turning the locations that `agents` lists into path templates, by what they hold.
Must not be here: any agent's paths (`agents.<name>`), and what a class of places means (`command.places`).
"""

from collections.abc import Iterator, Mapping
from functools import cache

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import Agent, Location
from spawngate.agents.formats import Format
from spawngate.agents.places import FAMILY, SERVERS
from spawngate.model.artifact import Scope

_TEXT = (Format.TEXT, Format.FRONTMATTER)
_CODE = (Format.NONE, Format.ZIP)
_FOLDERS = {
    "{appdata}": ("~/.config", "~/Library/Application Support", "~/AppData/Roaming"),
    "%APPDATA%": ("~/AppData/Roaming",),
    "%LOCALAPPDATA%": ("~/AppData/Local",),
    "%USERPROFILE%": ("~",),
    "%PROGRAMDATA%": ("/ProgramData",),
    "%PROGRAMFILES%": ("/Program Files", "/Program Files (x86)"),
}
_APPDATA = _FOLDERS["{appdata}"]
_ORDINARY = frozenset({"config.toml", "package.json", "pyproject.toml", "settings.json", "crushrc", ".env"})
"""Names of project files that other programs have too: in a project's root they say nothing."""
_EDITOR = frozenset({"settings.json", "*.code-workspace", "devcontainer.json", ".devcontainer.json"})
"""Files of an editor that hold an agent's settings among many others."""


@cache
def agent_places() -> Mapping[str, tuple[str, ...]]:
    """Templates by class of places, from every agent and surface. `~/` lies in a home, `/` at the root, others
    anywhere."""
    found: dict[str, dict[str, None]] = {}
    for agent in (*map(load_agent, AGENTS), *map(load_surface, SURFACES)):
        for location in agent.locations:
            label = _label(agent, location)
            for template in _templates(location.template):
                found.setdefault(label, {})[template] = None
    return {label: tuple(rows) for label, rows in found.items()}


def _label(agent: Agent, location: Location) -> str:
    if location.template.startswith("{vscode_extensions}") or agent.id in ("chromium-extensions", "firefox-extensions"):
        return "agent-code"
    name = location.template.rpartition("/")[2]
    if name in _EDITOR and (
        "{vscode_user}" in location.template
        or "{project}/.vscode/" in location.template
        or "devcontainer" in location.template
        or "*" in name
    ):
        return "editor-settings"
    if location.format is Format.SQLITE:
        return "agent-state"
    if location.scope is Scope.MANAGED:
        return "agent-managed"
    if name.endswith(".env"):
        return "agent-config"
    if location.format in _TEXT:
        return "agent-instructions"
    return "agent-code" if location.format in _CODE else "agent-config"


def _templates(template: str) -> Iterator[str]:
    if template.startswith("{project}/"):
        rest = template.removeprefix("{project}/")
        if rest not in _ORDINARY:
            yield rest
        return
    if "{vscode_user}" in template:
        rest = template.partition("{vscode_user}/")[2]
        for product in FAMILY:
            for folder in _APPDATA:
                yield f"{folder}/{product.folder}/User/{rest}"
        for name, server in SERVERS:
            yield f"~/{server}/User/{rest}" if name == "code-server" else f"~/{server}/data/User/{rest}"
        return
    if "{vscode_extensions}" in template:
        rest = template.partition("{vscode_extensions}/")[2]
        for product in FAMILY:
            yield f"~/{product.extensions}/{rest}"
        for _, server in SERVERS:
            yield f"~/{server}/extensions/{rest}"
        return
    for name, folders in _FOLDERS.items():
        if template.startswith(name):
            for folder in folders:
                yield folder + template[len(name) :]
            return
    yield template
