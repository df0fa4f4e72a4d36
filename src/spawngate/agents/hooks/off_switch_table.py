"""What switches an agent's hooks off: keys in its files and variables in its environment, by agent.

An installed hook runs only while none of these is set. Several stand in files of a repository and act on a person's own
hooks, some on the machine's too; which ones was measured with real agents where that is said, else read in the vendors'
pages (the module of each agent's dialect names them).
Belongs here: the table and its types. Must not be here: looking for what is set (`agents.hooks.off_switches`).
"""

from dataclasses import dataclass
from enum import StrEnum

from spawngate.agents.formats import Format
from spawngate.agents.hooks.registration import Pointer
from spawngate.model.artifact import Scope


class Test(StrEnum):
    """What a value has to be for the switch to be set."""

    __test__ = False
    """No test of pytest."""

    TRUE = "true"
    FALSE = "false"
    PRESENT = "present"
    """Any value but null, false, 0 and an empty text."""
    NAMES_US = "names-us"
    """Our hook's name or command, or a list or map that holds it (a map: with a value that is not true)."""
    LOADS_CODE = "loads-code"
    """A map of variables that holds one which makes programs load code or be found elsewhere: it reaches our hook."""
    EXISTS = "exists"
    """The file is there and holds something."""


@dataclass(frozen=True, slots=True)
class OffSwitch:
    """One switch of one agent."""

    id: str
    """Agent and what it is, unique."""
    agent: str
    files: tuple[tuple[str, Scope], ...]
    """Templates of files that may hold it, as in `agents.agent.Location`, and their scopes."""
    pointer: Pointer
    """Keys down to its value; `*` is every key or item."""
    test: Test
    stops: tuple[Scope, ...] = (Scope.USER,)
    """Whose hooks it stops: the user's, the machine's."""
    pinned_by: str = ""
    """What a machine's file can say to hold against it; empty where nothing can."""
    format: Format = Format.JSON
    """DOTENV files are TEXT: their variables are the document."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the agent's own environment that takes its hooks away."""

    name: str
    agent: str
    stops: tuple[Scope, ...] = (Scope.USER,)
    test: Test = Test.PRESENT
    note: str = ""


_BOTH = (Scope.USER, Scope.MANAGED)
_CLAUDE_OWN = (
    ("{project}/.claude/settings.json", Scope.PROJECT),
    ("{project}/.claude/settings.local.json", Scope.LOCAL),
    ("~/.claude/settings.json", Scope.USER),
)
_CLAUDE_MACHINE = (
    ("/etc/claude-code/managed-settings.json", Scope.MANAGED),
    ("/etc/claude-code/managed-settings.d/*.json", Scope.MANAGED),
    ("/Library/Application Support/ClaudeCode/managed-settings.json", Scope.MANAGED),
    ("/Library/Application Support/ClaudeCode/managed-settings.d/*.json", Scope.MANAGED),
    ("%PROGRAMFILES%/ClaudeCode/managed-settings.json", Scope.MANAGED),
    ("%PROGRAMFILES%/ClaudeCode/managed-settings.d/*.json", Scope.MANAGED),
)
_CODEX = (("{project}/.codex/config.toml", Scope.PROJECT), ("~/.codex/config.toml", Scope.USER))
_CODEX_MACHINE = (
    ("/etc/codex/requirements.toml", Scope.MANAGED),
    ("%PROGRAMDATA%/OpenAI/Codex/requirements.toml", Scope.MANAGED),
)
_GEMINI = (("{project}/.gemini/settings.json", Scope.PROJECT), ("~/.gemini/settings.json", Scope.USER))
_QWEN = (("{project}/.qwen/settings.json", Scope.PROJECT), ("~/.qwen/settings.json", Scope.USER))
_QWEN_ENV = (
    ("{project}/.env", Scope.PROJECT),
    ("{project}/.qwen/.env", Scope.PROJECT),
    ("~/.qwen/.env", Scope.USER),
)
_COPILOT = (
    ("{project}/.github/copilot/settings.json", Scope.PROJECT),
    ("{project}/.github/copilot/settings.local.json", Scope.LOCAL),
    ("{project}/.claude/settings.json", Scope.PROJECT),
    ("{project}/.claude/settings.local.json", Scope.LOCAL),
)
_VSCODE = (("{vscode_user}/settings.json", Scope.USER), ("{project}/.vscode/settings.json", Scope.PROJECT))
_DROID = (
    ("~/.factory/settings.json", Scope.USER),
    ("~/.factory/settings.local.json", Scope.USER),
    ("{project}/.factory/settings.json", Scope.PROJECT),
    ("{project}/.factory/settings.local.json", Scope.LOCAL),
)
_OPENCLAW = (("~/.openclaw/openclaw.json", Scope.USER),)


def _forks(agent: str, folder: str, name: str = "settings.json") -> OffSwitch:
    files = (
        (f"~/{folder}/{name}", Scope.USER),
        (f"{{project}}/{folder}/{name}", Scope.PROJECT),
        (f"{{project}}/{folder}/settings.local.json", Scope.LOCAL),
    )
    return OffSwitch(f"{agent}-disable-all-hooks", agent, files, ("disableAllHooks",), Test.TRUE)


SWITCHES: tuple[OffSwitch, ...] = (
    OffSwitch("claude-code-disable-all-hooks", "claude-code", _CLAUDE_OWN, ("disableAllHooks",), Test.TRUE),
    OffSwitch(
        "claude-code-managed-disable-all-hooks", "claude-code", _CLAUDE_MACHINE, ("disableAllHooks",), Test.TRUE, _BOTH
    ),
    OffSwitch("claude-code-managed-hooks-only", "claude-code", _CLAUDE_MACHINE, ("allowManagedHooksOnly",), Test.TRUE),
    OffSwitch(
        "claude-code-simple",
        "claude-code",
        _CLAUDE_OWN,
        ("env", "CLAUDE_CODE_SIMPLE"),
        Test.PRESENT,
        _BOTH,
        note="headless it counts in a folder that nobody trusts",
    ),
    OffSwitch("claude-code-safe-mode", "claude-code", _CLAUDE_OWN, ("env", "CLAUDE_CODE_SAFE_MODE"), Test.PRESENT),
    OffSwitch("claude-code-config-dir", "claude-code", _CLAUDE_OWN, ("env", "CLAUDE_CONFIG_DIR"), Test.PRESENT),
    OffSwitch("claude-code-environment", "claude-code", _CLAUDE_OWN, ("env",), Test.LOADS_CODE, _BOTH),
    OffSwitch(
        "codex-cli-hooks-feature",
        "codex-cli",
        _CODEX,
        ("features", "hooks"),
        Test.FALSE,
        _BOTH,
        pinned_by="[features] hooks = true in requirements.toml",
        format=Format.TOML,
    ),
    OffSwitch(
        "codex-cli-profile-hooks-feature",
        "codex-cli",
        _CODEX,
        ("profiles", "*", "features", "hooks"),
        Test.FALSE,
        _BOTH,
        pinned_by="[features] hooks = true in requirements.toml",
        format=Format.TOML,
    ),
    OffSwitch(
        "codex-cli-managed-hooks-only",
        "codex-cli",
        _CODEX_MACHINE,
        ("allow_managed_hooks_only",),
        Test.TRUE,
        format=Format.TOML,
    ),
    OffSwitch(
        "codex-cli-managed-hooks-only-table",
        "codex-cli",
        _CODEX_MACHINE,
        ("hooks", "allow_managed_hooks_only"),
        Test.TRUE,
        format=Format.TOML,
    ),
    OffSwitch(
        "gemini-cli-hooks-enabled",
        "gemini-cli",
        _GEMINI,
        ("hooksConfig", "enabled"),
        Test.FALSE,
        _BOTH,
        pinned_by="hooksConfig.enabled = true in the machine's settings.json",
    ),
    OffSwitch(
        "gemini-cli-hooks-disabled",
        "gemini-cli",
        _GEMINI,
        ("hooksConfig", "disabled"),
        Test.NAMES_US,
        _BOTH,
        note="holds against the machine's pin",
    ),
    OffSwitch(
        "gemini-cli-environment",
        "gemini-cli",
        (("{project}/.env", Scope.PROJECT), ("{project}/.gemini/.env", Scope.PROJECT), ("~/.gemini/.env", Scope.USER)),
        (),
        Test.LOADS_CODE,
        _BOTH,
        format=Format.TEXT,
    ),
    OffSwitch(
        "qwen-code-disable-all-hooks",
        "qwen-code",
        _QWEN,
        ("disableAllHooks",),
        Test.TRUE,
        _BOTH,
        pinned_by="disableAllHooks = false in the machine's settings.json",
    ),
    OffSwitch(
        "qwen-code-system-settings",
        "qwen-code",
        _QWEN_ENV,
        ("QWEN_CODE_SYSTEM_SETTINGS_PATH",),
        Test.PRESENT,
        (Scope.MANAGED,),
        format=Format.TEXT,
        note="no trust is asked for",
    ),
    OffSwitch("qwen-code-environment", "qwen-code", _QWEN_ENV, (), Test.LOADS_CODE, _BOTH, format=Format.TEXT),
    OffSwitch("copilot-cli-disable-all-hooks", "copilot-cli", _COPILOT, ("disableAllHooks",), Test.TRUE),
    OffSwitch("vscode-use-hooks", "vscode", _VSCODE, ("chat.useHooks",), Test.FALSE, format=Format.JSONC),
    OffSwitch(
        "vscode-hook-locations",
        "vscode",
        _VSCODE,
        ("chat.hookFilesLocations", "~/.copilot/hooks"),
        Test.FALSE,
        format=Format.JSONC,
    ),
    OffSwitch("factory-droid-hooks-disabled", "factory-droid", _DROID, ("hooksDisabled",), Test.TRUE),
    OffSwitch(
        "goose-disabled-plugins",
        "goose",
        (("~/.config/goose/settings.json", Scope.USER), ("{project}/.config/goose/settings.json", Scope.PROJECT)),
        ("disabledPlugins",),
        Test.NAMES_US,
    ),
    OffSwitch(
        "cline-environment", "cline", (("{project}/.env", Scope.PROJECT),), (), Test.LOADS_CODE, format=Format.TEXT
    ),
    OffSwitch(
        "cline-hooks-enabled",
        "cline",
        (("~/.cline/data/settings/global-settings.json", Scope.USER),),
        ("hooksEnabled",),
        Test.FALSE,
    ),
    OffSwitch(
        "mistral-vibe-hooks",
        "mistral-vibe",
        (("~/.vibe/config.toml", Scope.USER), ("{project}/.vibe/config.toml", Scope.PROJECT)),
        ("enable_experimental_hooks",),
        Test.FALSE,
        format=Format.TOML,
        note="of older versions",
    ),
    OffSwitch(
        "mistral-vibe-replaced",
        "mistral-vibe",
        (("{project}/.vibe/hooks.toml", Scope.PROJECT),),
        ("hooks", "*", "name"),
        Test.NAMES_US,
        format=Format.TOML,
        note="a project's hook replaces the user's of the same name",
    ),
    OffSwitch(
        "openhands-project-hooks",
        "openhands",
        (("{project}/.openhands/hooks.json", Scope.PROJECT),),
        (),
        Test.EXISTS,
        note="the project's file is read in place of the user's",
    ),
    OffSwitch("openclaw-plugins", "openclaw", _OPENCLAW, ("plugins", "enabled"), Test.FALSE, format=Format.JSON5),
    OffSwitch(
        "openclaw-plugin",
        "openclaw",
        _OPENCLAW,
        ("plugins", "entries", "spawngate", "enabled"),
        Test.FALSE,
        format=Format.JSON5,
    ),
    OffSwitch("openclaw-denied", "openclaw", _OPENCLAW, ("plugins", "deny"), Test.NAMES_US, format=Format.JSON5),
    OffSwitch(
        "grok-build-managed-hooks-only",
        "grok-build",
        (("/etc/grok/requirements.toml", Scope.MANAGED), ("/etc/grok/managed_config.toml", Scope.MANAGED)),
        ("allow_managed_hooks_only",),
        Test.TRUE,
        format=Format.TOML,
    ),
    _forks("abacus", ".abacusai", "config.json"),
    _forks("qoder", ".qoder"),
    _forks("codebuddy", ".codebuddy"),
)
"""Every switch that stands in a file."""

VARIABLES: tuple[Variable, ...] = (
    Variable("CLAUDE_CODE_SIMPLE", "claude-code", _BOTH),
    Variable("CLAUDE_CODE_SAFE_MODE", "claude-code"),
    Variable("CLAUDE_CONFIG_DIR", "claude-code", note="moves the user's files"),
    Variable("CODEX_HOME", "codex-cli", note="moves the user's files"),
    Variable("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "gemini-cli", (Scope.MANAGED,)),
    Variable("QWEN_CODE_SYSTEM_SETTINGS_PATH", "qwen-code", (Scope.MANAGED,)),
    Variable("COPILOT_HOME", "copilot-cli", note="moves the user's files"),
    Variable("OPENCODE_PURE", "opencode", _BOTH),
    Variable("HERMES_SAFE_MODE", "hermes"),
    Variable("HERMES_HOME", "hermes", note="moves the user's files"),
    Variable("VIBE_HOME", "mistral-vibe", note="moves the user's files"),
    Variable("KIRO_HOME", "kiro", note="moves the user's files for engines V1 and V2"),
)
"""Every switch that is a variable. One that moves files switches off only where the hook does not lie there too."""
