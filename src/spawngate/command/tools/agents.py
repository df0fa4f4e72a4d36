"""AI agents' own command lines, and Spawngate's: what they switch off, add or start.

Must not be here: agents' files (`command.agent_places`) and texts written to them (`command.switches`).
Sources: `--help` and the command-line references of Claude Code, Codex, Gemini CLI, Qwen Code, Copilot CLI, OpenCode,
Cursor CLI, Amp, Droid, Goose, Aider, Cline, Crush, Kimi, Kiro, Auggie, Devin, Grok, read 2026-11; what each flag does
to hooks was measured.
"""

import json
import re

from spawngate.agents.hooks.off_switch_table import VARIABLES, Test
from spawngate.command.arguments import pairs, read_arguments
from spawngate.command.scene import Scene
from spawngate.command.switches import switches_in
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

AGENTS = (
    "claude-code gemini-cli qwen-code opencode-ai aider-chat "
    "claude codex gemini qwen copilot opencode cursor-agent amp droid goose aider cline"
    " crush kimi kiro-cli auggie devin grok q cn "
    "gptme plandex mentat sgpt interpreter open-interpreter hermes openhands junie vibe"
    " rovodev acli pi openclaw clawdbot codebuddy qoder "
    "iflow kilo kilocode forge mini swe-agent deepagents dcode trae-agent agent zencoder letta"
)
_UNATTENDED = re.compile(
    r"(?i)--(?:dangerously[\w-]*|allow-dangerously[\w-]*|yolo|full-auto"
    r"|auto-approve(?:[= ](?:true|all))?|allow-all(?:-tools|-paths|-urls)?|trust-all-tools"
    r"|yes-always|"
    r"skip-permissions[\w-]*|force|no-confirm|auto-run|auto_run|unsafe|bypass[\w-]*"
    r"|always-approve|approve-all|autonomous|auto=?(?:high)?)(?=$|\s|=)|"
    r"--(?:permission-mode|approval-mode|ask-for-approval|approval-policy|sandbox|mode"
    r"|auto|autonomy)[= ](?:bypassPermissions|yolo|never|danger-full-access|autopilot|full"
    r"|high|auto_edit_all|unrestricted)\b|"
    r"(?:^|\s)(?:-y|-a never|-s danger-full-access)(?=$|\s)|"
    r"(?:-c|--config)[= ]\S*(?:approval_policy\W+never|sandbox_mode\W+danger)"
)
_HOOKS_OFF = re.compile(
    r"(?i)(?:^|\s)--(?:bare|pure|no-hooks|disable-hooks|safe-mode|no-plugins"
    r"|setting-sources(?:[= ]\s*(?:$|[\"']*\s|project\b|local\b)))|--disable[= ]hooks\b|"
    r"(?:-c|--config)[= ]\S*(?:features\.)?hooks\W+false|--(?:data-dir|config-dir|settings-dir)[= ]/"
)
_SHORT_FORCE = {"cursor-agent": re.compile(r"(?:^|\s)(?:-f|--force)(?=$|\s)"), "goose": re.compile(r"GOOSE_MODE=auto")}
_NO_FORCE = word_set("git npm")
_MOVES = re.compile(
    r"CLAUDE_CONFIG_DIR|CODEX_HOME|COPILOT_HOME|GEMINI_CLI_SYSTEM_SETTINGS_PATH"
    r"|GEMINI_CLI_SYSTEM_DEFAULTS_PATH|QWEN_CODE_SYSTEM_SETTINGS_PATH|"
    r"QWEN_CODE_SYSTEM_DEFAULTS_PATH|OPENCODE_CONFIG(?:_DIR|_CONTENT)?|GEMINI_CLI_HOME"
    r"|QWEN_HOME|CLINE_DIR|GOOSE_CONFIG_DIR"
)
_OFF = re.compile(
    r"CLAUDE_CODE_SIMPLE|CLAUDE_CODE_SAFE_MODE|OPENCODE_PURE|CLAUDE_CODE_DISABLE_HOOKS"
    r"|DISABLE_HOOKS|OPENCODE_DISABLE_PLUGINS|OPENCODE_DISABLE_DEFAULT_PLUGINS"
    r"|CODEX_DISABLE_HOOKS"
)
_REDIRECTS = re.compile(
    r"(?:ANTHROPIC|OPENAI|GOOGLE_GEMINI|GEMINI|COPILOT_PROVIDER|AZURE_OPENAI|OLLAMA"
    r"|LITELLM|OPENROUTER|MISTRAL|DEEPSEEK|GROQ|XAI)_(?:BASE_URL|API_BASE|ENDPOINT|HOST"
    r"|API_BASE_URL)|CLAUDE_CODE_API_BASE_URL"
)


def agent(scene: Scene) -> None:
    found = scene.arguments(
        (
            "--settings",
            "--mcp-config",
            "-p",
            "--print",
            "--prompt",
            "--model",
            "-m",
            "-c",
            "--config",
            "-s",
            "--sandbox",
            "-a",
            "--permission-mode",
            "--approval-mode",
            "--disable",
            "--enable",
            "-C",
            "--cd",
            "--setting-sources",
            "--add-dir",
            "--allowedTools",
            "--plugin-dir",
            "--agents",
            "-e",
            "--env",
            "--transport",
            "-t",
            "--scope",
            "--header",
            "-H",
        )
    )
    text = " ".join(scene.words)
    rest = found.rest
    verb, two = (rest[0] if rest else ""), " ".join(rest[:2])
    management = verb in (
        "mcp",
        "plugin",
        "plugins",
        "extension",
        "extensions",
        "config",
        "hooks",
        "skill",
        "skills",
        "update",
        "login",
        "logout",
        "auth",
        "doctor",
        "install",
        "uninstall",
        "help",
        "--version",
        "features",
    )
    if verb == "mcp" or (verb in ("configure", "server")):
        if re.match(r"mcp (?:add|install|import|add-json|add-from|enable|set)", two):
            scene.act("agent-server-add")
            scene.target(*rest[2:3])
            scene.host(*(word for word in rest if "://" in word))
        elif re.match(r"mcp (?:remove|rm|disable|uninstall|reset)", two):
            scene.act("agent-server-remove")
        return
    if verb in ("plugin", "plugins", "extension", "extensions", "skill", "skills", "hub") and re.match(
        r"\S+ (?:install|add|link|enable|marketplace|import|new)", two
    ):
        scene.act("agent-plugin")
        scene.target(*rest[2:])
        scene.host(*(word for word in rest if "://" in word))
        return
    if verb in ("plugin", "plugins", "extension", "extensions", "hooks") and re.match(
        r"\S+ (?:uninstall|remove|disable|rm|off)", two
    ):
        scene.act("agent-hooks-off" if verb == "hooks" or "spawngate" in text else "agent-plugin")
        return
    if verb == "hooks" and re.match(r"hooks (?:migrate|trust)", two):
        scene.act("agent-config-change")
        return
    if (verb == "config" and re.match(r"config (?:set|add|edit|remove|unset)", two)) or (
        verb == "features" and re.match(r"features (?:disable|enable)", two)
    ):
        scene.act("agent-config-change")
        if re.search(r"(?i)hooks|bypass|skip\w*permission|trust|allow|approv", text):
            scene.act(
                "agent-hooks-off"
                if re.search(r"(?i)hooks", text) and re.search(r"(?i)disable|false|off|true", text)
                else "agent-config-change"
            )
        return
    if _HOOKS_OFF.search(text) or any(
        label == "hooks-off" for value in found.values("--settings", "-c", "--config") for label in switches_in(value)
    ):
        scene.act("agent-hooks-off")
    for value in found.values("--settings"):
        if not value.lstrip().startswith("{"):
            scene.read(value)
            if not scene.places(value).isdisjoint({"temporary", "share"}):
                scene.act("agent-config-change")
    if (
        _UNATTENDED.search(text)
        or (scene.program in _SHORT_FORCE and _SHORT_FORCE[scene.program].search(text))
        or (
            scene.program in ("claude",)
            and re.search(r"(?:--allowedTools|--allowed-tools)[= ]\S*(?:\*|Bash(?:\s|,|$|\"|'))", text)
        )
    ):
        scene.act("agent-unattended")
    if found.values("--mcp-config"):
        scene.act("agent-server-add")
        for value in found.values("--mcp-config"):
            if not _json(value):
                scene.read(value)
    if found.has("--plugin-dir"):
        scene.act("agent-plugin")
    if not management and not (found.has("--version", "-v", "--help", "-h", "-V") and not rest):
        scene.act("agent-run")


def _json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def spawngate(scene: Scene) -> None:
    found = read_arguments(scene.words[2:] if scene.words[:2] == ("-m", "spawngate") else scene.words)
    verb = found.rest[0] if found.rest else ""
    scene.act("spawngate-run")
    if (
        (
            verb
            in (
                "unprotect",
                "approve",
                "revoke",
                "protect",
                "token",
                "user",
                "route",
                "migrate",
                "enroll",
            )
            and not found.has("--dry-run", "--help")
        )
        or (verb == "server" and found.rest[1:2] not in ((), ("run",), ("status",)))
        or (
            (verb == "audit" and found.rest[1:2] in (("prune",),))
            or (verb == "policy" and found.rest[1:2] in (("set",), ("install",), ("disable",)))
        )
    ):
        scene.act("spawngate-off")


def variables(scene: Scene) -> None:
    """Variables that switch an agent's hooks or Spawngate off, or send an agent's traffic elsewhere."""
    for name, word in scene.spawn.assignments:
        variable(scene, name, word.text)
    if scene.program in ("export", "declare", "typeset", "setenv", "set"):
        for name, value in pairs(scene.words):
            variable(scene, name, value)


_HOMES = frozenset({"HOME", "USERPROFILE", "XDG_CONFIG_HOME", "APPDATA"})
"""Variables below which an agent looks for its own files: with another value it finds none of its hooks."""


def variable(scene: Scene, name: str, value: str) -> None:
    if name.startswith("SPAWNGATE_"):
        scene.act("spawngate-off")
        scene.variables[name] = None
    elif (
        (
            name in _TABLE
            and _set(_TABLE[name], value)
            and (scene.program in AGENT_PROGRAMS or not name.endswith(_MOVED))
        )
        or (_OFF.fullmatch(name) and value.lower() not in ("", "0", "false"))
        or (
            _MOVES.fullmatch(name)
            and (scene.program in AGENT_PROGRAMS or re.search(r"/nonexist|/dev/null|/tmp", value))
        )
    ) or (name in _HOMES and scene.program in AGENT_PROGRAMS):
        scene.act("agent-hooks-off")
        scene.variables[name] = None
    elif _REDIRECTS.fullmatch(name) and value:
        scene.variables[name] = None
        before = set(scene.host_kinds)
        scene.host(value)
        if (scene.host_kinds - before) & {"unknown", "tunnel", "raw-ip", "lookalike", "opaque", "paste"}:
            scene.act("model-redirect")
    elif name == "GOOSE_MODE" and value == "auto" and scene.program == "goose":
        scene.act("agent-unattended")


_MOVED = ("_HOME", "_DIR", "_PATH", "_FILE")
_TABLE = {variable.name: variable.test for variable in VARIABLES}


def _set(test: Test, value: str) -> bool:
    """Whether a variable's value switches hooks off."""
    no = value.strip().lower() in ("", "0", "false", "no", "off")
    return no and value != "" if test is Test.FALSE else not no


AGENT_PROGRAMS = frozenset(AGENTS.split())
READERS: dict[str, Reader] = readers(
    (AGENTS, agent),
    ("spawngate spawngate-hook spawngate-daemon", spawngate),
)
