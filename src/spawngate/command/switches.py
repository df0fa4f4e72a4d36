"""What a text would change in an AI agent's configuration: hooks switched off, questions skipped, servers added.

Belongs here: recognising the keys and values in a text that is written, be it a whole file, an edit, or the program
of sed or jq.
Must not be here: reading a whole configuration and its difference (`agents`), which needs the file as it is.
Sources: the settings references of the agents, and which keys were measured to switch hooks off in real agents.
"""

import re
from functools import lru_cache

from spawngate.agents.hooks import off_switch_table as known
from spawngate.agents.hooks.off_switch_table import Test
from spawngate.command.screen import Text, labels, screened

SWITCHES = {
    "hooks-off": "switches hooks off, or moves the files in which they stand",
    "unattended": "lets the agent act without asking",
    "servers-approved": "approves MCP servers without a person's look",
    "server": "defines an MCP server",
    "hook": "defines a hook, plugin or helper command",
    "traffic": "sends the agent's traffic elsewhere",
    "environment": "sets variables that load code",
    "grant": "allows any command, or a family of them",
}
"""Labels and their meaning."""

_EQUALS = r"\\{0,2}[\"']?\]?\s*[:=]\s*\\{0,2}"
"""Between a name and its value: in a file, in a program that sets it (`d["name"] = `), in a text inside a text."""
_TRUE = r"[\"']?(?:true|1|yes|on)\b"
_FALSE = r"[\"']?(?:false|0|no|off)\b"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.IGNORECASE))
    for label, pattern in (
        ("hooks-off", rf"disableAllHooks{_EQUALS}{_TRUE}|allowManagedHooksOnly{_EQUALS}{_TRUE}"),
        (
            "hooks-off",
            rf"\bSPAWNGATE_(?:MODE|SOCKET|STATE|DISABLE\w*|BYPASS\w*|OFF|ENABLED|HOOK\w*|POLICY|CONFIG){_EQUALS}\S",
        ),
        ("hooks-off", r"disableAllHooks\b[^\n]{0,40}\btrue\b|hooks(?:Config)?\.enabled\b[^\n]{0,20}\bfalse\b"),
        (
            "hooks-off",
            rf"\[hooksConfig\]\s*(?:enabled{_EQUALS}{_FALSE}|disabled{_EQUALS}\[\s*[\"'])"
            rf"|[\"'](?:plugins|spawngate)[\"']\s*:\s*\{{[^{{}}]{{0,200}}enabled{_EQUALS}{_FALSE}"
            rf"|[\"']?(?:deny|(?<!\w)(?>\w*?disabled)\w*+)[\"']?\s*[:=]\s*\[[^\]]{{0,200}}spawngate",
        ),
        (
            "hooks-off",
            rf"hooksConfig{_EQUALS}\{{[^{{}}]{{0,400}}(?:enabled{_EQUALS}{_FALSE}|disabled{_EQUALS}\[\s*[\"'])",
        ),
        (
            "hooks-off",
            rf"(?:^|[\n{{,\[./|#])[^\S\n]*[\"']?(?:codex_)?hooks{_EQUALS}{_FALSE}|features\.(?:codex_)?hooks\b[^\n]{{0,10}}{_FALSE}",
        ),
        (
            "hooks-off",
            r"(?:del|delete|delpaths|pop|unset)\b\W{0,6}(?:\w+\W{1,4})?[\"'.\[(]*hooks\b"
            r"|\.hooks\s*=\s*(?:\{\}|null|\[\])|[\"']hooks[\"']\s*:\s*(?:\{\s*\}|null|\[\s*\])",
        ),
        (
            "hooks-off",
            rf"CLAUDE_CODE_SIMPLE{_EQUALS}{_TRUE}|CLAUDE_CODE_SAFE_MODE{_EQUALS}{_TRUE}|OPENCODE_PURE{_EQUALS}{_TRUE}",
        ),
        (
            "hooks-off",
            rf"(?:GEMINI_CLI|QWEN_CODE)_SYSTEM_(?:SETTINGS|DEFAULTS)_PATH{_EQUALS}\S|CLAUDE_CONFIG_DIR{_EQUALS}\S|CODEX_HOME{_EQUALS}\S|COPILOT_HOME{_EQUALS}\S",
        ),
        (
            "hooks-off",
            rf"fail_?closed{_EQUALS}{_FALSE}|onFailure{_EQUALS}[\"']?continue|on_failure{_EQUALS}[\"']?(?:allow|continue|ignore)",
        ),
        (
            "unattended",
            rf"(?:defaultMode|permission_?mode|approvalMode|approval_mode){_EQUALS}[\"']?(?:bypassPermissions|yolo|dontAsk|full|auto_approve|autopilot)\b",
        ),
        (
            "unattended",
            rf"(?:yes-always|skipDangerousModePermissionPrompt|(?<!\w)(?>\w*?dangerously)\w*+|bypassPermissionsModeAccepted|autoApproveAll|yolo(?:Mode)?|chat\.tools\.(?:global\.)?autoApprove|autoAcceptAll|alwaysAllowExecute|enableAutoRun|disableYoloMode_?){_EQUALS}{_TRUE}",
        ),
        (
            "unattended",
            rf"approval_policy{_EQUALS}[\"']?never|sandbox_mode{_EQUALS}[\"']?danger-full-access|sandbox{_EQUALS}[\"']?(?:danger-full-access|none|off)\b|GOOSE_MODE{_EQUALS}[\"']?auto\b",
        ),
        (
            "unattended",
            rf"trust_level{_EQUALS}[\"']?trusted|hasTrustDialogAccepted{_EQUALS}{_TRUE}|trusted_hash{_EQUALS}",
        ),
        ("unattended", rf"(?<![\w.])(?>[\w.]*?trust)[\w.]*+{_EQUALS}\{{?[^{{}}\n]{{0,60}}enabled{_EQUALS}{_FALSE}"),
        ("unattended", rf"(?:permission|edit|bash|webfetch){_EQUALS}[\"']allow[\"']"),
        (
            "unattended",
            rf"chat\.tools\.(?:terminal|edits|urls)\.autoApprove{_EQUALS}\{{?[^{{}}\n]{{0,200}}(?:/\.[*+]|[\"']\*)",
        ),
        (
            "grant",
            rf"(?:allowed_?(?:commands|tools)|command_?allow_?list|commandsAllowList|(?:terminal|mcp)Allowlist){_EQUALS}"
            r"\[[^\]\n]{0,200}[\"']\*",
        ),
        (
            "servers-approved",
            rf"enableAllProjectMcpServers{_EQUALS}{_TRUE}|enabledMcpjsonServers{_EQUALS}\[\s*[\"']|(?:autoApprove|alwaysAllow|auto_approve){_EQUALS}\[\s*[\"']|\btrust{_EQUALS}true",
        ),
        (
            "server",
            rf"(?<![A-Za-z])(?:mcpServers|mcp_servers|mcp-servers|context_servers|mcpservers){_EQUALS}?[\"']?[{{\[.\w]|\[mcp_servers\.|[\"']mcp[\"']\s*:\s*\{{|[\"']servers[\"']\s*:\s*\{{",
        ),
        (
            "hook",
            rf"(?:PreToolUse|PostToolUse|SessionStart|UserPromptSubmit|BeforeTool|AfterTool|preToolUse|beforeShellExecution|afterFileEdit|Stop|SessionEnd|pre_run_command){_EQUALS}\[|\[\[?hooks\.",
        ),
        (
            "hook",
            rf"(?:apiKeyHelper|awsAuthRefresh|awsCredentialExport|headersHelper|otelHeadersHelper|statusLine|discoveryCommand|callCommand|fileSuggestion|notify){_EQUALS}[\"'\[{{]",
        ),
        (
            "traffic",
            rf"(?:ANTHROPIC|OPENAI|GOOGLE_GEMINI|GEMINI|AZURE_OPENAI|COPILOT_PROVIDER)_(?:BASE_URL|API_BASE|ENDPOINT){_EQUALS}[\"']?\S|(?:base_?url|api_?base|apiBase){_EQUALS}[\"']https?://|HTTPS?_PROXY{_EQUALS}|NODE_TLS_REJECT_UNAUTHORIZED{_EQUALS}[\"']?0",
        ),
        (
            "environment",
            rf"(?:LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|NODE_OPTIONS|BASH_ENV|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|RUBYOPT|NODE_EXTRA_CA_CERTS|GIT_SSH_COMMAND|PROMPT_COMMAND){_EQUALS}[\"']?\S|[\"']PATH[\"']\s*:",
        ),
        (
            "grant",
            r"(?:Bash|Shell|run_shell_command|PowerShell|execute_bash|shell|command)\((?::?\*"
            r"|\*:\*"
            r"|\*)\)|[\"'](?:Bash|Shell|run_shell_command|\*)[\"']\s*[,\]}]|Bash\((?:sudo|sh|bash"
            r"|python3?|node|curl|rm|npx|eval)\b[^)]*\*\)",
        ),
    )
)


def _from_table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The switches that `agents` knows, as expressions over a text: the last key of each and what it has to hold.

    Keys that other programs have too (`enabled`, `hooks`) need the keys above them, which a piece of a text may lack:
    they stand in the list above, each with its surroundings.
    """
    values = {
        Test.TRUE: _TRUE,
        Test.FALSE: _FALSE,
        Test.PRESENT: r"[\"']?[^\s\"',}]",
        Test.NAMES_US: r"[^\n]{0,200}spawngate",
    }
    found = []
    for switch in known.SWITCHES:
        key = next((part for part in reversed(switch.pointer) if part != "*"), "")
        if len(key) >= _LONG and switch.test in values:
            found.append(("hooks-off", re.compile(rf"{re.escape(key)}{_EQUALS}{values[switch.test]}", re.IGNORECASE)))
    for variable in known.VARIABLES:
        value = values.get(variable.test, values[Test.PRESENT])
        found.append(("hooks-off", re.compile(rf"\b{re.escape(variable.name)}{_EQUALS}{value}")))
    return tuple(dict.fromkeys(found))


_LONG = 9
"""Letters of a key that hardly means anything else."""
_ALL = screened((*_RULES, *_from_table()))
LONGEST = 32_768
"""Characters of a text that are looked at."""


@lru_cache(maxsize=8)
def switches_in(text: str) -> frozenset[str]:
    """Labels of what the text would change, if it were (a part of) an agent's configuration."""
    if len(text) < 5:
        return frozenset()
    part = text[:LONGEST]
    return frozenset(labels(_ALL, Text(part)))
