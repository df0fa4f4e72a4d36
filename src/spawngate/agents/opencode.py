"""OpenCode (Anomaly, formerly SST), both lines in the field: 1.x and 2.x.

Sources, read 2026-11: https://opencode.ai/docs/config, /plugins, /permissions, https://opencode.ai/v2/docs;
anomalyco/opencode:packages/opencode/src/config/config.ts; the managed folders and the preference domain as
Kilo-Org/kilocode:packages/opencode/src/config/managed.ts takes them over unchanged. The folder is `~/.config/opencode`
on every system. Plugins and tools are scripts that run inside the agent; they are recorded by presence only.
`OPENCODE_CONFIG` and `OPENCODE_CONFIG_DIR` add files and replace none, so they move nothing here.
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.opencode import HOOK
from spawngate.agents.readers.opencode import folder_parts, read_config, read_project
from spawngate.agents.readers.texts import COMMAND, RULES, SUBAGENT
from spawngate.model.artifact import Scope

_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/opencode", ("linux",)),
    ("/Library/Application Support/opencode", ("macos",)),
    ("%PROGRAMDATA%/opencode", ("windows",)),
)
_NAMES = ("opencode.json", "opencode.jsonc")
_FOLDERS = (
    ("~/.config/opencode", Scope.USER),
    ("~/.opencode", Scope.USER),
    ("{project}/.opencode", Scope.PROJECT),
)


def _parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    """What every configuration folder may hold; each sort in a folder of either number."""
    return (
        *(
            Location(f"{folder}/{name}/**/*.md", scope, reader, Format.FRONTMATTER)
            for singular, reader in (("command", COMMAND), ("agent", SUBAGENT))
            for name in (singular, f"{singular}s")
        ),
        *(Location(f"{folder}/{name}/*.md", scope, SUBAGENT, Format.FRONTMATTER) for name in ("mode", "modes")),
        *folder_parts(folder, scope),
    )


AGENT = Agent(
    id="opencode",
    name="OpenCode",
    vendor="Anomaly",
    detect=Detect(
        binaries=("opencode", "opencode2"),
        paths=("~/.config/opencode", "~/.local/share/opencode", "~/.cache/opencode"),
        apps=("/Applications/OpenCode.app",),
        extension_ids=("sst-dev.opencode",),
        packages=("opencode-ai",),
        sessions=("~/.local/share/opencode/log/*.log", "~/.local/share/opencode/opencode.db"),
    ),
    precedence=(Scope.MANAGED, Scope.LOCAL, Scope.PROJECT, Scope.USER, Scope.SYSTEM, Scope.PLUGIN),
    project_approval="none",
    locations=(
        *(Location(f"~/.config/opencode/{name}", Scope.USER, read_config, Format.JSONC) for name in _NAMES),
        Location("~/.config/opencode/config.json", Scope.USER, read_config, Format.JSONC),
        *(Location(f"~/.opencode/{name}", Scope.USER, read_config, Format.JSONC) for name in _NAMES),
        *(Location(f"{{project}}/{name}", Scope.PROJECT, read_config, Format.JSONC) for name in _NAMES),
        *(Location(f"{{project}}/.opencode/{name}", Scope.PROJECT, read_config, Format.JSONC) for name in _NAMES),
        *(
            Location(f"{folder}/{name}", Scope.MANAGED, read_config, Format.JSONC, on=on)
            for folder, on in _MANAGED
            for name in _NAMES
        ),
        *(
            Location(
                f"/Library/Managed Preferences/{part}ai.opencode.managed.plist",
                Scope.MANAGED,
                read_config,
                Format.PLIST,
                on=("macos",),
            )
            for part in ("", "*/")
        ),
        *(location for folder, scope in _FOLDERS for location in _parts(folder, scope)),
        Location("~/.config/opencode/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.local/share/opencode/storage/project/*.json", Scope.USER, read_project),
    ),
    hook=HOOK,
    notes={
        "projects": "later 1.x builds and 2.x remember projects in opencode.db, which is not read",
        "environment": "OPENCODE_CONFIG, OPENCODE_CONFIG_DIR and OPENCODE_CONFIG_CONTENT add configuration that lies "
        "elsewhere or nowhere",
        "remote": "an organisation's configuration (/.well-known/opencode) is fetched at start and is not on disk",
        "plugins": "a plugin in the wrong shape for the installed line is on disk and silently not loaded",
        "permissions": "the 2.x list form of permissions is read from the documentation only",
    },
)
