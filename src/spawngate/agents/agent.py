"""What Spawngate knows about one agent, as a value: where its files lie and how each is read.

Belongs here: the types that every `agents.<name>` module fills in.
Must not be here: facts about a particular agent, expansion of templates (`agents.places`), and file access.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spawngate.agents.document import Platform, Reader
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsonlarge import Path
from spawngate.agents.hooks.dialect import Hook
from spawngate.model.artifact import Artifact, Scope
from spawngate.model.setting import Setting

ANY: tuple[Platform, ...] = ("linux", "macos", "windows")
UNIX: tuple[Platform, ...] = ("linux", "macos")


@dataclass(frozen=True, slots=True)
class Location:
    """One place where an agent keeps something.

    Templates: `~` is the home, `{project}` a project's root, `{appdata}` the per-user application folder of the
    platform (`~/.config`, `~/Library/Application Support`, `%APPDATA%`), `{vscode_user}` and `{vscode_extensions}`
    every product of the VS Code family, `%APPDATA%` `%LOCALAPPDATA%` `%PROGRAMDATA%` `%PROGRAMFILES%` as Windows
    means them. `*` matches within one name, `**` any folders below (to a bounded depth). Forward slashes always.
    """

    template: str
    scope: Scope
    read: Reader
    format: Format = Format.JSON
    on: tuple[Platform, ...] = ANY
    keep: tuple[Path, ...] = ()
    """Keys to keep when the file is very large (`formats.jsonlarge`); give them wherever a file holds history."""
    shared: bool = False
    """The file belongs to another agent or to none: read it for this agent only where this agent is present."""
    siblings: bool = False
    """List and hash the files beside and below it: the artifact is the whole folder."""
    members: tuple[str, ...] = ()
    """SQLITE: keys to read from `ItemTable`. ZIP: names of members to read (`*` within a name)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An environment variable that moves a part of the agent's files."""

    variable: str
    prefix: str
    """Template prefix that is replaced (`~/.codex`)."""
    to: str = "{value}"
    """What replaces it; `{value}` is the variable's value."""


@dataclass(frozen=True, slots=True)
class Detect:
    """Signs that the agent is on the machine. Nothing is started to find out."""

    binaries: tuple[str, ...] = ()
    """Names on PATH, without `.exe`. Give no name that other programs commonly have."""
    paths: tuple[str, ...] = ()
    """Templates of folders or files that only this agent makes; platform-specific ones may be mixed."""
    apps: tuple[str, ...] = ()
    """Templates of the installed program itself (`/Applications/Claude.app`): proof that it is installed."""
    extension_ids: tuple[str, ...] = ()
    """Ids of editor extensions (`publisher.name`) that are this agent."""
    packages: tuple[str, ...] = ()
    """npm or PyPI names under which the program is installed, to find its version beside the binary."""
    sessions: tuple[str, ...] = ()
    """Templates whose newest modification time tells when the agent was last used."""


Approval = Literal["none", "pending", "trust"]
"""What a project-scope server needs before it runs: nothing, a person's approval, or a trusted folder."""

Settle = Callable[[Sequence[Artifact], Sequence[Setting]], Sequence[Artifact]]
"""Final states of one agent's artifacts, from all that its files say. Pure."""


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent. `id` is the module's name with dashes for underscores."""

    id: str
    name: str
    vendor: str
    locations: tuple[Location, ...]
    detect: Detect = field(default_factory=Detect)
    moved: tuple[Moved, ...] = ()
    precedence: tuple[Scope, ...] = (
        Scope.MANAGED,
        Scope.LOCAL,
        Scope.PROJECT,
        Scope.USER,
        Scope.PROFILE,
        Scope.SYSTEM,
        Scope.PLUGIN,
        Scope.EXTENSION,
    )
    """Which scope wins when two servers of one name are in force together, strongest first."""
    exclusive: tuple[Scope, ...] = ()
    """Scopes that, where they define any server, are the only ones that load."""
    project_approval: Approval = "none"
    settle: Settle | None = None
    """Replaces `agents.settle.settle` where the agent's rules cannot be said with the fields above."""
    process_names: tuple[str, ...] = ()
    """Names of the agent's own processes, to recognise a child as its MCP server; binaries count already."""
    hook: Hook | None = None
    """How its hook before a tool call speaks; None where it has none that could be used."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What is not known about this agent, by topic; shown by `spawngate doctor` and the documentation."""
