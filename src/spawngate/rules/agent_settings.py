"""What the named settings and automatic approvals of agents amount to: protection off, a command, a redirection.

Belongs here: one table over the names that the agents' modules record as switches and automatic approvals.
Must not be here: which settings an agent has (`agents.<name>`), and how bad any of it is (the rules).
Sources: the vendors' pages that the module of each agent names.
"""

import fnmatch
import re
from collections.abc import Mapping
from functools import cache

from spawngate.agents.formats import Format
from spawngate.agents.hooks.off_switches import SWITCHES, OffSwitch, Test, set_in
from spawngate.agents.hooks.registration import Pointer
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_ON = frozenset({"true", "on", "yes", "1", "always", "enabled"})
_OFF = frozenset({"false", "off", "no", "0", "none", "never", "disabled", "danger-full-access"})

_OFF_WHEN_TRUE = re.compile(
    r"disableAllHooks|hooksDisabled|hooksConfig\.disabled|skipDangerousModePermissionPrompt|"
    r"(?:\w+\.)*allowDangerouslySkipPermissions|gateway\.controlUi\.(?:allowInsecureAuth|dangerouslyDisableDeviceAuth)|"
    r"tools\.elevated\.enabled|sandbox\.use_host_network|allowNonWorkspaceAccess|allowAllBrowserActions|"
    r"GOOSE_ALLOWLIST_BYPASS|GOOSE_DISABLE_KEYRING|auto_approve_bypasses_command_denylist|hooks_auto_accept|"
    r"allowPrivateNetworkHooks|optOutOfRemoteConfig|advanced\.ignoreLocalEnv|"
    r"(?:\w+\.)*shell_environment_policy\.ignore_default_excludes|notice\.hide_full_access_warning|"
    r"chat\.tools\.terminal\.ignoreDefaultAutoApproveRules|task\.allowAutomaticTasks|session\.trust_all_worktrees"
)
_OFF_WHEN_FALSE = re.compile(
    r"(?:\w+\.)*folderTrust(?:\.enabled)?|security\.workspace\.trust\.enabled|enableDroidShield|"
    r"(?:preferences\.)?is(?:Dxt|DesktopExtension)SignatureRequired|enableTerminalSandbox|"
    r"windsurf\.enableCascadeTerminalSandbox|chat\.(?:agent|tools\.terminal)\.sandbox\.enabled|tools\.sandbox|sandbox|"
    r"sandbox\.(?:mode|enabled)|security\.(?:toolSandboxing|blockGitExtensions|disableYoloMode|disableAlwaysAllow)|"
    r"SECURITY_(?:PROMPT|COMMAND_CLASSIFIER)_ENABLED|security\.website_blocklist\.enabled|admin\.secureModeEnabled|"
    r"agents\.defaults\.sandbox\.mode|gateway\.auth\.mode|hooksEnabled|hooksConfig\.enabled|chat\.useHooks|"
    r"(?:\w+\.)*sandbox_mode|security\.environmentVariableRedaction(?:\.enabled)?"
)
_COMMAND = re.compile(
    r"apiKeyHelper|awsAuthRefresh|awsCredentialExport|otelHeadersHelper|statusLine\.command|startupScript|"
    r"inferenceCredentialHelper|(?:preferences\.)?inferenceCredentialHelper|secrets\.command|notify|bashEnv|"
    r"providers\..+\.key_cmd|quick_commands\..+\.command|lsp\..+\.command|environment\.terminals\[\d+\]\.command|"
    r"(?:tools?\.)?(?:discovery|call)Command|tool(?:Discovery|Call)Command|mcp\.serverCommand|npmCommand|"
    r"shell(?:Path|CommandPrefix)|(?:\w+\.)*auth\.command|claudeCodePath|commands\.bash"
)
_REDIRECT = re.compile(
    r"(?:\w+[.])*(?:base_?url|baseUrl|proxy)|(?:model_providers\..+\.)base_url|amp\.url|amp\.proxy|"
    r"(?:preferences\.)?inferenceGatewayBaseUrl|otel_endpoint|telemetry\.otlpEndpoint",
    re.IGNORECASE,
)
_ENV_REDIRECT = re.compile(
    r"env\.(?:\w*_BASE_URL|\w*_API_BASE|\w*_ENDPOINT(?:_URL)?|\w*_PROXY|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|"
    r"NODE_TLS_REJECT_UNAUTHORIZED|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)",
    re.IGNORECASE,
)
_ENV_CODE = re.compile(
    r"env\.(?:LD_(?:PRELOAD|LIBRARY_PATH|AUDIT)|DYLD_\w+|NODE_OPTIONS|NODE_PATH|PYTHON(?:PATH|HOME|STARTUP|USERBASE)|"
    r"BASH_ENV|ENV|ZDOTDIR|SHELLOPTS|BASH_FUNC_.*|PERL5(?:OPT|LIB|DB)|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|"
    r"JDK_JAVA_OPTIONS|GIT_(?:SSH|SSH_COMMAND|EXEC_PATH|ASKPASS|PROXY_COMMAND|EDITOR|PAGER|EXTERNAL_DIFF|"
    r"CONFIG(?:_\w+)?)|SSH_ASKPASS|PATH|PATHEXT|COMSPEC|SHELL|EDITOR|VISUAL|PAGER|BROWSER|npm_config_\w+|"
    r"UV_(?:INDEX\w*|DEFAULT_INDEX|CONFIG_FILE)|PIP_\w+|CARGO_\w+|RUSTC_WRAPPER|GOFLAGS|CLAUDE_CODE_SHELL\w*|"
    r"PROMPT_COMMAND|OPENSSL_(?:CONF|MODULES|ENGINES))",
    re.IGNORECASE,
)
_ENV_SWITCH = re.compile(
    r"env\.(?:\w*(?:_SIMPLE|_YOLO(?:_MODE)?|_BYPASS\w*|_SKIP_PERMISSIONS\w*|DANGEROUSLY_\w+|_DISABLE_(?:HOOKS|SANDBOX|"
    r"PERMISSIONS?|TRUST|SECURITY)\w*|_TRUST_ALL\w*|_AUTO_APPROVE\w*))",
    re.IGNORECASE,
)
_BYPASS = re.compile(
    r"\*|.*: ?\*|bypassPermissions(?:Mode)?|bypassApprovals|dontAsk|yolo(?:Mode)?|autoApproveAll|autoApprove|autopilot|"
    r"approval_policy never|:?danger-full-access|sandbox_mode danger-full-access|approvals|all tools|tools|"
    r"tools without a rule|amp\.dangerouslyAllowAll|bypass_tool_permissions|unrestricted|always-proceed|"
    r"dangerous\w*|full[_-]?access|exec|shell|shell commands|actions|auto",
    re.IGNORECASE,
)
_PROJECT_SERVERS = re.compile(r"project MCP servers|MCP servers of other agents|project resources", re.IGNORECASE)
_POWERFUL = re.compile(
    r"\*|(?:bash|shell|exec|execute\w*|run_shell_command|run_commands?|terminal|powershell|computer)"
    r"(?:\(\s*+(?:(?:\*{1,2}|:\*|\*:\*|/\*\*)\s*+)?\))?",
    re.IGNORECASE,
)


def switches_protection_off(name: str, value: Json) -> bool:
    """Whether the setting of that name and value turns a protection of the agent off."""
    text = _word(value)
    if _ENV_SWITCH.fullmatch(name):
        return text not in _OFF and text != ""
    if switches_hooks_off(name, value):
        return True
    return bool((_OFF_WHEN_TRUE.fullmatch(name) and text in _ON) or (_OFF_WHEN_FALSE.fullmatch(name) and text in _OFF))


def switches_hooks_off(name: str, value: Json) -> bool:
    """Whether the setting is one of those by which an agent runs no hooks, ours at least."""
    return any(
        fnmatch.fnmatchcase(name, pattern) and set_in((switch,), _nested(keys, value))
        for pattern, keys, switch in _hook_switches()
    )


@cache
def _hook_switches() -> tuple[tuple[str, Pointer, OffSwitch], ...]:
    """Switches of hooks by the names under which the agents' modules record them, whole or as the map around them.

    That only an administrator's hooks run is that administrator's choice, and no protection that is off.
    """
    found: list[tuple[str, Pointer, OffSwitch]] = []
    for item in SWITCHES:
        managed = item.stops == (Scope.USER,) and all(scope is Scope.MANAGED for _, scope in item.files)
        if managed or item.test in (Test.LOADS_CODE, Test.EXISTS):
            continue
        prefix = "env." if item.format is Format.TEXT else ""
        heads = [item.pointer[:depth] for depth in range(1, len(item.pointer) + 1)]
        found.extend((prefix + ".".join(head), head, item) for head in heads)
    return tuple(found)


def _nested(keys: Pointer, value: Json) -> Json:
    """A document that holds nothing but the value under these keys."""
    for key in reversed(keys):
        value = {"any" if key == "*" else key: value}
    return value


def names_command(name: str, value: Json) -> bool:
    """Whether the setting holds a command that the agent runs by itself."""
    return bool(value) and _COMMAND.fullmatch(name) is not None


def redirects_traffic(name: str, value: Json) -> bool:
    """Whether the setting sends the traffic of the agent, its model's included, through another host, or trusts other
    certificates."""
    return bool(value) and (_REDIRECT.fullmatch(name) or _ENV_REDIRECT.fullmatch(name)) is not None


def loads_code(name: str) -> bool:
    """Whether the setting is a variable or a list of folders by which the agent, or what it starts, runs other code."""
    return _ENV_CODE.fullmatch(name) is not None or name == "plugins.load.paths"


def approves_everything(name: str, value: Json) -> bool:
    """Whether an automatic approval covers whatever the agent may do, or any command."""
    return value is not False and _BYPASS.fullmatch(name.strip()) is not None


def approves_project_servers(name: str, value: Json) -> bool:
    """Whether an automatic approval lets servers of a repository start without a question."""
    return value is not False and _PROJECT_SERVERS.fullmatch(name.strip()) is not None


def is_any_command(rule: str) -> bool:
    """Whether a blanket grant lets the agent run any command, not only change files or call one server."""
    return _POWERFUL.fullmatch(rule.strip()) is not None


def _word(value: Json) -> str:
    if isinstance(value, Mapping):
        value = value.get("enabled", value.get("mode"))
    return str(value).strip().lower() if isinstance(value, bool | int | str) else ""
