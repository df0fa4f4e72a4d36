"""Zoo Code, the community's successor of Roo Code.

Sources, read 2026-11: Zoo-Code-Org/Zoo-Code:src/package.json (3.82.0: publisher `ZooCodeOrganization`, name
`zoo-code`, settings `zoo-code.*`), dyoshikawa/rulesync:src/constants/zoocode-paths.ts. It reads the `.roo` folders,
which the module of Roo Code records. That names of files below its storage are those of Roo Code was taken from its
descent and not seen.
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.formats import Format
from spawngate.agents.readers.roo import FIELDS, EditorSettings, ExtensionState, read_history, read_modes
from spawngate.agents.readers.servers import Servers
from spawngate.model.artifact import Scope

_STORAGE = "{vscode_user}/globalStorage/zoocodeorganization.zoo-code"
_ROW = "ZooCodeOrganization.zoo-code"
_EDITOR = EditorSettings("zoo-code")

AGENT = Agent(
    id="zoo-code",
    name="Zoo Code",
    vendor="Zoo Code",
    detect=Detect(
        paths=(_STORAGE,),
        extension_ids=("zoocodeorganization.zoo-code",),
        sessions=(f"{_STORAGE}/tasks/*/ui_messages.json",),
    ),
    precedence=(Scope.PROJECT, Scope.USER),
    project_approval="none",
    locations=(
        Location(f"{_STORAGE}/settings/mcp_settings.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.roo/mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location(f"{_STORAGE}/settings/custom_modes.yaml", Scope.USER, read_modes, Format.YAML),
        Location("{project}/.roomodes", Scope.PROJECT, read_modes, Format.YAML, shared=True),
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
    ),
    notes={
        "shared folders": "skills, commands and rules of .roo are recorded under Roo Code",
        "storage": "names of files below the extension's storage are inferred from Roo Code",
    },
)
