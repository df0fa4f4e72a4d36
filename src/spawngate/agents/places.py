"""From a location's template to the paths it may mean on one endpoint.

Belongs here: the syntax of templates, the folders of the VS Code family, and what environment variables move.
Must not be here: looking whether a path exists (`endpoint.collect`).
Sources: the VS Code family's folders from each product's documentation (reference agents.yaml, surfaces); Windows
known folders from https://learn.microsoft.com/windows/win32/shell/csidl.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Platform


@dataclass(frozen=True, slots=True)
class Product:
    """One editor of the VS Code family."""

    id: str
    folder: str
    """Its folder below the per-user application folder."""
    extensions: str
    """Its extension folder below the home."""


FAMILY: tuple[Product, ...] = (
    Product("vscode", "Code", ".vscode/extensions"),
    Product("vscode-insiders", "Code - Insiders", ".vscode-insiders/extensions"),
    Product("vscodium", "VSCodium", ".vscode-oss/extensions"),
    Product("cursor", "Cursor", ".cursor/extensions"),
    Product("windsurf", "Windsurf", ".windsurf/extensions"),
    Product("antigravity", "Antigravity", ".antigravity/extensions"),
    Product("kiro", "Kiro", ".kiro/extensions"),
    Product("trae", "Trae", ".trae/extensions"),
    Product("trae-cn", "Trae CN", ".trae-cn/extensions"),
    Product("positron", "Positron", ".positron/extensions"),
)
"""All editors built from VS Code that are known here; desktop installs."""

SERVERS: tuple[tuple[str, str], ...] = (
    ("vscode-server", ".vscode-server"),
    ("vscode-server-insiders", ".vscode-server-insiders"),
    ("cursor-server", ".cursor-server"),
    ("windsurf-server", ".windsurf-server"),
    ("code-server", ".local/share/code-server"),
)
"""Remote halves, as found on development hosts, in dev containers and in WSL."""

_APPDATA: Mapping[Platform, str] = {
    "linux": "~/.config",
    "macos": "~/Library/Application Support",
    "windows": "~/AppData/Roaming",
}
_WINDOWS_USER = {
    "%APPDATA%": "~/AppData/Roaming",
    "%LOCALAPPDATA%": "~/AppData/Local",
    "%USERPROFILE%": "~",
}
_WINDOWS_SYSTEM = {
    "%PROGRAMDATA%": "/ProgramData",
    "%PROGRAMFILES%": "/Program Files",
}


@dataclass(frozen=True, slots=True)
class Machine:
    """Where on one endpoint the parts of a template lie. Paths use forward slashes."""

    platform: Platform
    system_root: str = ""
    """Prefix of machine-wide paths; empty, or a mounted image's folder; `C:` on Windows."""


@dataclass(frozen=True, slots=True)
class HomeContext:
    """One home and what moves files inside it."""

    path: str
    platform: Platform
    environment: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Variables of the home's owner where they are known (only for the user who runs the scan)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One path, with wildcards still in it, that a location stands for."""

    path: str
    product: str = ""


def is_project(location: Location) -> bool:
    """Whether the location is relative to a project."""
    return location.template.startswith("{project}")


def is_system(location: Location) -> bool:
    """Whether the location is machine-wide."""
    return location.template.startswith(("/", *_WINDOWS_SYSTEM))


def home_patterns(agent: Agent, location: Location, home: HomeContext) -> Iterator[Pattern]:
    """Paths of a per-user location in one home; none where it is not per-user or not for that platform."""
    if is_project(location) or is_system(location) or home.platform not in location.on:
        return
    template = location.template.replace("{appdata}", _APPDATA[home.platform])
    yield from expand(moved(agent, template, home.environment), home)


def expand(template: str, home: HomeContext) -> Iterator[Pattern]:
    """Paths of a per-user template in one home."""
    if "{vscode_user}" in template:
        for product in FAMILY:
            folder = f"{_APPDATA[home.platform]}/{product.folder}/User"
            yield _below(template.replace("{vscode_user}", folder), home, product.id)
        if home.platform == "linux":
            for name, server in SERVERS:
                folder = f"~/{server}/User" if name == "code-server" else f"~/{server}/data/User"
                yield _below(template.replace("{vscode_user}", folder), home, name)
        return
    if "{vscode_extensions}" in template:
        for product in FAMILY:
            yield _below(template.replace("{vscode_extensions}", f"~/{product.extensions}"), home, product.id)
        for name, server in SERVERS:
            yield _below(template.replace("{vscode_extensions}", f"~/{server}/extensions"), home, name)
        return
    template = template.replace("{appdata}", _APPDATA[home.platform])
    for name, folder in _WINDOWS_USER.items():
        template = template.replace(name, folder)
    yield _below(template, home, "")


def _below(template: str, home: HomeContext, product: str) -> Pattern:
    if template == "~" or template.startswith("~/"):
        return Pattern(home.path.rstrip("/") + template[1:], product)
    return Pattern(template, product)


def moved(agent: Agent, template: str, environment: Mapping[str, str]) -> str:
    """The template after the agent's own variables and the XDG ones have moved it."""
    for move in agent.moved:
        value = environment.get(move.variable)
        if value and _starts(template, move.prefix):
            return move.to.replace("{value}", value.rstrip("/")) + template[len(move.prefix) :]
    for variable, prefix in (
        ("XDG_CONFIG_HOME", "~/.config"),
        ("XDG_DATA_HOME", "~/.local/share"),
        ("XDG_CACHE_HOME", "~/.cache"),
    ):
        value = environment.get(variable)
        if value and value.startswith("/") and _starts(template, prefix):
            return value.rstrip("/") + template[len(prefix) :]
    return template


def _starts(template: str, prefix: str) -> bool:
    return template == prefix or template.startswith(prefix + "/")


def system_patterns(location: Location, machine: Machine) -> Iterator[Pattern]:
    """Paths of a machine-wide location; none where it is not machine-wide or not for this platform."""
    if not is_system(location) or machine.platform not in location.on:
        return
    template = location.template
    for name, folder in _WINDOWS_SYSTEM.items():
        template = template.replace(name, folder)
    yield Pattern(machine.system_root.rstrip("/") + template)


def project_pattern(location: Location, project: str) -> Pattern:
    """Path of a project location in one project."""
    return Pattern(project.rstrip("/") + location.template.removeprefix("{project}"))


def first_name(location: Location) -> str:
    """First name below the project of a project location: what a folder must hold to be looked at closer."""
    return location.template.removeprefix("{project}/").split("/", 1)[0]
