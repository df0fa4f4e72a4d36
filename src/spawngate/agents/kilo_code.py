"""Kilo Code: the VS Code extension and the CLI (7.x, built on OpenCode), and the files of its Roo-based past.

Sources, read 2026-11: Kilo-Org/kilocode:packages/opencode/src/kilocode/config/config.ts, mcp-migrator.ts,
src/config/managed.ts (managed folders and preference domain are still OpenCode's); kilo.ai/docs; paths of rules,
skills and plugins as in dyoshikawa/rulesync:src/constants/kilo-paths.ts. Configuration folders are `.kilo` and, older,
`.kilocode`; `.opencode` and opencode.json count as well. Servers of the older files are still loaded (`mcp.json`,
`mcp/*.json` with one server each, the extension's `mcp_settings.json`).
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.kilo_code import HOOK
from spawngate.agents.readers.opencode import folder_parts, read_config, read_project
from spawngate.agents.readers.roo import FIELDS, EditorSettings, ExtensionState, read_modes
from spawngate.agents.readers.servers import Servers, SingleServer
from spawngate.agents.readers.texts import COMMAND, RULES, SUBAGENT
from spawngate.model.artifact import Scope

_STORAGE = "{vscode_user}/globalStorage/kilocode.kilo-code"
_NAMES = ("kilo.jsonc", "kilo.json")
_OPENCODE = ("opencode.jsonc", "opencode.json")
_USER = ("~/.config/kilo", "~/.kilo", "~/.kilocode")
_PROJECT = ("{project}/.kilo", "{project}/.kilocode")
_FOLDERS = (*((folder, Scope.USER) for folder in _USER), *((folder, Scope.PROJECT) for folder in _PROJECT))
_LEGACY = Servers(fields=FIELDS)
_EDITOR = EditorSettings("kilo-code")
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/opencode", ("linux",)),
    ("/Library/Application Support/opencode", ("macos",)),
    ("%PROGRAMDATA%/opencode", ("windows",)),
)


def _parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return (
        *(Location(f"{folder}/{name}", scope, read_config, Format.JSONC) for name in _NAMES),
        *(
            Location(f"{folder}/{name}/**/*.md", scope, reader, Format.FRONTMATTER)
            for names, reader in ((("command", "commands", "workflows"), COMMAND), (("agent", "agents"), SUBAGENT))
            for name in names
        ),
        *folder_parts(folder, scope),
        Location(f"{folder}/rules/**/*.md", scope, RULES, Format.FRONTMATTER),
    )


AGENT = Agent(
    id="kilo-code",
    name="Kilo Code",
    vendor="Kilo",
    detect=Detect(
        binaries=("kilo", "kilocode"),
        paths=("~/.config/kilo", "~/.local/share/kilo", "~/.kilocode", "~/.kilo", _STORAGE),
        extension_ids=("kilocode.kilo-code",),
        packages=("@kilocode/cli",),
        sessions=("~/.local/share/kilo/log/*.log",),
    ),
    precedence=(Scope.MANAGED, Scope.LOCAL, Scope.PROJECT, Scope.USER, Scope.SYSTEM, Scope.PLUGIN),
    project_approval="none",
    locations=(
        *(location for folder, scope in _FOLDERS for location in _parts(folder, scope)),
        Location("~/.config/kilo/config.json", Scope.USER, read_config, Format.JSONC),
        *(Location(f"~/.config/kilo/{name}", Scope.USER, read_config, Format.JSONC) for name in _OPENCODE),
        *(Location(f"{{project}}/{name}", Scope.PROJECT, read_config, Format.JSONC) for name in _NAMES),
        *(Location(f"{{project}}/{name}", Scope.PROJECT, read_config, Format.JSONC, shared=True) for name in _OPENCODE),
        *(
            Location(f"{{project}}/.opencode/{name}", Scope.PROJECT, read_config, Format.JSONC, shared=True)
            for name in _OPENCODE
        ),
        *(
            Location(f"{folder}/{name}", Scope.MANAGED, read_config, Format.JSONC, on=on, shared=True)
            for folder, on in _MANAGED
            for name in (*_NAMES, *_OPENCODE)
        ),
        Location(f"{_STORAGE}/settings/mcp_settings.json", Scope.USER, _LEGACY),
        Location(f"{_STORAGE}/settings/custom_modes.yaml", Scope.USER, read_modes, Format.YAML),
        Location("~/.kilocode/cli/global/settings/mcp_settings.json", Scope.USER, _LEGACY),
        Location("~/.kilocode/cli/global/settings/custom_modes.yaml", Scope.USER, read_modes, Format.YAML),
        *(
            location
            for folder, scope in (
                ("~/.kilocode", Scope.USER),
                ("~/.kilo", Scope.USER),
                ("{project}/.kilocode", Scope.PROJECT),
                ("{project}/.kilo", Scope.PROJECT),
            )
            for location in (
                Location(f"{folder}/mcp.json", scope, _LEGACY),
                Location(f"{folder}/mcp/*.json", scope, SingleServer(FIELDS)),
            )
        ),
        Location("{project}/.kilocodemodes", Scope.PROJECT, read_modes, Format.YAML),
        Location("{project}/.kilocoderules", Scope.PROJECT, RULES, Format.TEXT),
        Location(
            "{vscode_user}/globalStorage/state.vscdb",
            Scope.USER,
            ExtensionState("kilocode.kilo-code"),
            Format.SQLITE,
            members=("kilocode.kilo-code",),
            shared=True,
        ),
        Location("{vscode_user}/settings.json", Scope.USER, _EDITOR, Format.JSONC, shared=True),
        Location("{project}/.vscode/settings.json", Scope.PROJECT, _EDITOR, Format.JSONC, shared=True),
        Location("~/.config/kilo/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.local/share/kilo/storage/project/*.json", Scope.USER, read_project),
    ),
    hook=HOOK,
    notes={
        "legacy": "servers of the extension's mcp_settings.json load only when Kilo runs inside the editor",
        "projects": "newer builds remember projects in a database, which is not read",
        "organisation": "modes of the organisation are fetched after sign-in and are not on disk",
        "data folder": "that the data lie in ~/.local/share/kilo follows from the code base and was not seen",
    },
)
