"""AI agents' own command lines, and Spawngate's: what they switch off, add or start.

Must not be here: agents' files (`command.agent_places`) and texts written to them (`command.switches`).
Sources: `--help` and the command-line references of Claude Code, Codex, Gemini CLI, Qwen Code, Copilot CLI, OpenCode,
Cursor CLI, Amp, Droid, Goose, Aider, Cline, Crush, Kimi, Kiro, Auggie, Devin, Grok, read 2026-11; what each flag does
to hooks was measured.
"""

import json
import re
from collections.abc import Mapping

from spawngate.agents.hooks.off_switch_table import VARIABLES, Test
from spawngate.command.arguments import pairs, read_arguments
from spawngate.command.scene import Scene
from spawngate.command.switches import switches_in
from spawngate.command.tools.reader import Reader, readers
from spawngate.launch.argv import word_set

AGENTS = (
    "claude-code gemini-cli qwen-code opencode-ai aider-chat "
    "claude codex gemini qwen copilot opencode opencode2 cursor-agent amp droid goose aider cline"
    " crush kimi kiro-cli kiro-cli-chat auggie devin grok q qchat cn "
    "gptme plandex pdx mentat sgpt interpreter open-interpreter hermes openhands junie vibe"
    " rovodev acli pi omp openclaw clawdbot codebuddy cbc qoder qodercli "
    "iflow kilo kilocode forge forgecode mini swe-agent deepagents dcode trae-agent trae-cli agent zencoder letta oz"
    " agy reasonix nanocoder octofriend codebuff cecli aider-ce clawhub"
)
_SHELL_TOOLS = (
    r"(?:Bash|Shell|ShellTool|all|run_shell_command|execute_bash|execute_cmd|fs_write|launch-process|PowerShell|terminal|\*)"
    r"(?:\((?:\*|:\*|\*:\*)?\))?"
)
_UNATTENDED = re.compile(
    r"(?i)(?:^|\s)--(?:dangerously[\w-]*|allow-dangerously[\w-]*|yolo|full-auto"
    r"|auto-approve(?:[= ](?:true|all))?|allow-all(?:-tools|-paths|-urls)?|trust-all-tools"
    r"|yes-always|yes|afk|autopilot|auto-exec|skip-trust|trust|approve-mcps|no-interaction"
    r"|skip-permissions[\w-]*|force|no-confirm|auto-run|auto_run|unsafe|bypass[\w-]*"
    r"|always-approve|approve-all|autonomous|auto(?![= ](?:low|medium|off|false|none)\b))(?=$|\s|=)|"
    r"--(?:permission-mode|approval-mode|ask-for-approval|approval-policy|sandbox|mode"
    r"|auto|autonomy)[= ](?:bypassPermissions|yolo|never|danger(?:ous|-full-access)?|autopilot|full"
    r"|high|auto_edit_all|unrestricted|disabled|off|none)\b|"
    r"--(?:profile|agent)[= ]\S*(?:yolo|danger|bypass|auto-?approve|unsafe|full-?auto)|"
    rf"--(?:allow(?:ed)?-?tools?|trust-tools|allow|permission)[= ](?:[\w*():-]+,)*{_SHELL_TOOLS}(?::allow)?(?=$|\s|,)|"
    r"(?:^|\s)(?:-y|-a never|-s danger-full-access)(?=$|\s)|"
    r"(?:-c|--config)[= ]\S*(?:approval_policy\W+never|sandbox_mode\W+danger|trust_level\W+trusted)"
)
_HOOKS_OFF = re.compile(
    r"(?i)(?:^|\s)-ne(?=$|\s)|(?:^|\s)--(?:bare|pure|no-extensions(?=$|\s)|no-hooks|disable-hooks|safe-mode|no-plugins"
    r"|setting-sources(?:[= ]\s*(?:$|[\"']*\s|project\b|local\b)))|--disable[= ]hooks\b|"
    r"(?:-c|--config)[= ]\S*(?:features\.)?hooks\W+false|--(?:data-dir|config-dir|settings-dir)[= ]/"
)
_ADDS_SERVER = re.compile(
    r"(?:-c|--config)[= ][\"']?mcp_servers?\b|(?:^|\s)--(?:mcp-config(?:-file)?|additional-mcp-config|approve-mcps|mcp"
    r"|with-extension|with-remote-extension|with-streamable-http-extension|add-mcp)(?=$|\s|=)"
)
_RUNS_ALONG = re.compile(
    r"(?:-c|--config)[= ][\"']?(?:notify|hooks|tools|otel)\b\S*=|(?:^|\s)--(?:plugin-dir|skills-dir)(?=$|\s|=)"
)
_LOOSENED = re.compile(
    r"(?:-c|--config)[= ]\S*(?:network_access\W+true|writable_roots|shell_environment_policy|exclude_slash_tmp)"
    r"|--(?:add-dir|include-directories)[= ]/(?=$|\s|,)|--(?:admin-)?policy[= ]\S"
)
_REROUTED = re.compile(r"(?:-c|--config)[= ]\S*(?:base_url|chatgpt_base_url|proxy)\W+https?:|--\S*base-url[= ]https?:")
_READS = word_set(
    "list ls get show status view info search find test help inspect doctor check logs path paths list-tools validate"
    " describe history which whoami tools all open current print json version explore browse outdated config --help -h"
)
"""Words after a noun that only look."""
_REMOVES = word_set(
    "remove rm disable uninstall reset delete del revoke off clear unset disable-all reset-project-choices"
)
_NOUNS: Mapping[str, str] = {
    "mcp": "agent-server-add",
    **dict.fromkeys(
        word_set("plugin plugins plug extension extensions skill skills hub marketplace install-skill"), "agent-plugin"
    ),
    **dict.fromkeys(
        word_set("config settings permissions permission features trust agent agents schedule cron hooks hook profile"),
        "agent-config-change",
    ),
}
"""Nouns under which agents' own command lines change their configuration, and what a change does."""
_SHORT_FORCE = {
    "cursor-agent": re.compile(r"(?:^|\s)(?:-f|--force)(?=$|\s)"),
    "goose": re.compile(r"GOOSE_MODE=auto|\bGOOSE_MODE auto\b"),
    # What these do without asking when they are started so, their manuals say.
    **dict.fromkeys(("q", "qchat", "kiro-cli", "kiro-cli-chat"), re.compile(r"(?:^|\s)-a(?=$|\s)")),
    "kimi": re.compile(r"(?:^|\s)--print(?=$|\s)"),
    "openhands": re.compile(r"(?:^|\s)--headless(?=$|\s)"),
    "gptme": re.compile(r"(?:^|\s)(?:-n|--non-interactive)(?=$|\s)"),
    "junie": re.compile(r"(?:^|\s)--brave(?=$|\s)"),
    "gemini": re.compile(r"(?:^|\s)-(?:yp|py|yi|iy)(?=$|\s)"),
}
_TRUSTING = re.compile(
    r"(?:CLAUDE|CODEX|GEMINI|QWEN|COPILOT|OPENCODE|GOOSE|AIDER|HERMES|AMP|CLINE|KILO|CURSOR|KIRO|DROID|FACTORY|AUGMENT"
    r"|CRUSH|OPENCLAW|OPENHANDS|KIMI|VIBE|GROK|DEVIN|QODER|CODEBUDDY|JUNIE)_\w*(?:YOLO|ALLOW_ALL|AUTO_APPROVE|YES"
    r"|SKIP_PERMISSIONS|TRUST_(?:WORKSPACE|ALL)|ALWAYS_APPROVE|ACCEPT_HOOKS|DANGEROUS\w*)\w*"
)
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
    # A prompt speaks of options and gives none.
    text = " ".join(word for word in scene.words if " " not in word or re.match(r"[\w.-]+\s*=", word))
    rest = found.rest[1:] if found.rest[:1] == ("rovodev",) and scene.program == "acli" else found.rest
    verb = rest[0] if rest else ""
    management = verb in _NOUNS or verb in (
        "update",
        "login",
        "logout",
        "auth",
        "doctor",
        "install",
        "uninstall",
        "help",
        "--version",
        "whoami",
        "models",
        "ls",
        "status",
        "completion",
    )
    if scene.program == "clawhub" and verb in ("install", "update", "sync"):
        scene.act("agent-plugin")
        return
    if _noun(scene, rest, text):
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
    if _ADDS_SERVER.search(text):
        scene.act("agent-server-add")
        for value in found.values("--mcp-config", "--mcp-config-file", "--additional-mcp-config"):
            if not _json(value):
                scene.read(value.removeprefix("@"))
    if _RUNS_ALONG.search(text):
        scene.act("agent-plugin")
    if _REROUTED.search(text):
        before = set(scene.host_kinds)
        scene.host(*re.findall(r"https?://[^\s\"']+", text))
        if (scene.host_kinds - before) - {"loopback", "private", "known"}:
            scene.act("model-redirect")
    if re.search(r"--(?:host|hostname|bind|address)[= ](?:0\.0\.0\.0|::|\*)", text):
        scene.act("listen", "listen-all")
    if any(item.spawns for item in scene.spawn.argv[1:]) or (
        scene.spawn.reads_from and not any(" " in word for word in scene.words)
    ):
        scene.act("agent-told")
    if scene.program == "pi" and found.has("-e", "--extension"):
        scene.act("agent-plugin")
    if found.has("--permission-prompt-tool") or _LOOSENED.search(text):
        scene.act("agent-config-change")
    if not management and not (found.has("--version", "-v", "--help", "-h", "-V") and not rest):
        scene.act("agent-run")


def _noun(scene: Scene, rest: tuple[str, ...], text: str) -> bool:
    """Whether the words are one of the agent's own commands for its configuration."""
    noun, verb = (*rest[:2], "", "")[:2]
    act = _NOUNS.get(noun)
    if act is None or " " in verb:
        return False
    if noun in ("plugin", "plugins") and verb == "marketplace":
        verb = (*rest[2:3], "list")[0]
    if not verb or verb in _READS or verb.startswith("-") or (noun == "settings" and len(rest) < 3):
        return bool(verb) or noun != "agent"
    if noun == "mcp" and (verb in ("serve", "server") or scene.program == "goose"):
        # The agent itself is the server.
        scene.act("mcp-server")
        return True
    scene.target(*rest[2:3])
    scene.host(*(word for word in rest if "://" in word))
    off = verb in _REMOVES
    hooks = noun in ("hooks", "hook") or re.search(r"(?i)hooks", " ".join(rest[1:]))
    if (hooks and (off or re.search(r"(?i)disable|\bfalse\b|\boff\b", text))) or (off and "spawngate" in text):
        scene.act("agent-hooks-off")
    elif off and noun == "mcp":
        scene.act("agent-server-remove")
    else:
        scene.act(act)
    return True


def _json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def spawngate(scene: Scene) -> None:
    words = scene.words
    if "spawngate" in words[:4] and any(re.fullmatch(r"-\w*m", word) for word in words[:4]):
        words = words[words.index("spawngate") + 1 :]
    found = read_arguments(words)
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
        or (verb == "daemon" and found.rest[1:2] in (("stop",), ("kill",), ("uninstall",), ("disable",)))
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
    words = scene.words
    if scene.program == "launchctl" and words[:1] == ("setenv",) and len(words) > 2:
        variable(scene, words[1], words[2])
    elif scene.program == "setx" and len(words) > 1:
        variable(scene, words[0], words[1])
    elif scene.program in ("systemctl", "dbus-update-activation-environment"):
        for name, value in pairs(words):
            variable(scene, name, value)
    if scene.program == "set" and any(word.startswith("SPAWNGATE_") for word in scene.words):
        # fish names the value in a word of its own.
        scene.act("spawngate-off")


SETS = word_set("export declare typeset setenv set launchctl setx systemctl dbus-update-activation-environment")
"""Programs that set variables."""
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
    elif (
        (name == "GOOSE_MODE" and value == "auto")
        or (name == "OPENCODE_PERMISSION" and re.search(r"[\"']allow[\"']", value))
        or (_TRUSTING.fullmatch(name) and value.lower() not in ("", "0", "false", "no", "off"))
    ):
        scene.act("agent-unattended")
        scene.variables[name] = None


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
