"""Roo Code (end of life: last release 3.54.0, May 2026); its `.roo` folders live on in Zoo Code.

Sources, read 2026-11: RooCodeInc/Roo-Code:src/services/mcp/McpHub.ts, src/services/skills/SkillsManager.ts,
src/core/config/CustomModesManager.ts, src/core/prompts/sections/custom-instructions.ts,
packages/types/src/global-settings.ts, src/package.json. Approvals lie in the row `RooVeterinaryInc.roo-cline` of
the editor's state.vscdb. Custom tools are scripts in `.roo/tools` (an experiment of the agent).
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.formats import Format
from spawngate.agents.readers.roo import FIELDS, EditorSettings, ExtensionState, read_history, read_modes
from spawngate.agents.readers.scripts import TOOL
from spawngate.agents.readers.servers import Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL
from spawngate.model.artifact import Scope

_STORAGE = "{vscode_user}/globalStorage/rooveterinaryinc.roo-cline"
_ROW = "RooVeterinaryInc.roo-cline"
_EDITOR = EditorSettings("roo-cline")
_SERVERS = Servers(fields=FIELDS)


def _parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return (
        *(
            Location(f"{folder}/{name}/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True)
            for name in ("skills", "skills-*")
        ),
        Location(f"{folder}/commands/*.md", scope, COMMAND, Format.FRONTMATTER),
        *(
            Location(f"{folder}/{name}/**/*.{ending}", scope, RULES, Format.TEXT)
            for name in ("rules", "rules-*")
            for ending in ("md", "txt")
        ),
        *(Location(f"{folder}/tools/*.{ending}", scope, TOOL, Format.NONE) for ending in ("ts", "js")),
    )


AGENT = Agent(
    id="roo-code",
    name="Roo Code",
    vendor="Roo Code, Inc.",
    detect=Detect(
        paths=(_STORAGE, "~/.roo"),
        extension_ids=("rooveterinaryinc.roo-cline",),
        sessions=(f"{_STORAGE}/tasks/*/ui_messages.json",),
    ),
    precedence=(Scope.PROJECT, Scope.USER),
    project_approval="none",
    locations=(
        Location(f"{_STORAGE}/settings/mcp_settings.json", Scope.USER, _SERVERS),
        Location("{project}/.roo/mcp.json", Scope.PROJECT, _SERVERS),
        Location(f"{_STORAGE}/settings/custom_modes.yaml", Scope.USER, read_modes, Format.YAML),
        Location("{project}/.roomodes", Scope.PROJECT, read_modes, Format.YAML),
        Location(f"{_STORAGE}/tasks/_index.json", Scope.USER, read_history),
        Location(
            "{vscode_user}/globalStorage/state.vscdb",
            Scope.USER,
            ExtensionState(_ROW),
            Format.SQLITE,
            members=(_ROW,),
            shared=True,
        ),
        Location("{vscode_user}/settings.json", Scope.USER, _EDITOR, Format.JSONC, shared=True),
        Location("{vscode_user}/profiles/*/settings.json", Scope.PROFILE, _EDITOR, Format.JSONC, shared=True),
        Location("{project}/.vscode/settings.json", Scope.PROJECT, _EDITOR, Format.JSONC, shared=True),
        *_parts("~/.roo", Scope.USER),
        *_parts("{project}/.roo", Scope.PROJECT),
        Location("{project}/.roorules", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.roorules-*", Scope.PROJECT, RULES, Format.TEXT),
    ),
    notes={
        "storage": "roo-cline.customStoragePath moves tasks and settings; it is recorded and not followed",
        "profiles": "auto-approval is per editor, not per project",
    },
)
