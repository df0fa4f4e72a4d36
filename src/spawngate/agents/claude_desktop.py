"""Claude Desktop (Anthropic): chat, Cowork and the Code tab.

Sources, read 2026-11: https://modelcontextprotocol.io/docs/develop/connect-local-servers (the configuration file),
modelcontextprotocol/mcpb MANIFEST.md (bundles). The vendor documents neither extensions-installations.json nor
"Claude Extensions Settings"; their shapes are taken from two installers that write them (the registry record
`extensions.<id>.{source, signatureInfo, manifest}`, the switch `{isEnabled, userConfig}`), which
agree that a bundle without a settings file is off. `preferences.localAgentModeTrustedFolders` and the
session files of Cowork are third-party readings. A deployment on the customer's own inference keeps the same files in
`Claude-3p`, with `configLibrary/` beside them; the packaged (MSIX) build on Windows redirects %APPDATA%.
The Code tab is Claude Code and has its own files; the app's bundles do not shadow servers of the same name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import ANY, UNIX, Agent, Detect, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.readers import as_list, as_map, as_texts, many, observe, pure_path
from spawngate.agents.readers.bundles import bundle_detail, bundle_server
from spawngate.agents.readers.named_settings import lookup, switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(auto_approve=(), trust=(), sandbox=())

_PREFERENCES = (
    "allowAllBrowserActions",
    "bypassPermissionsModeEnabled",
    "coworkScheduledTasksEnabled",
    "ccdScheduledTasksEnabled",
    "coworkWebSearchEnabled",
    "coworkBrowserToolsEnabled",
    "remoteToolsDeviceName",
)
_POLICIES = (
    "isDesktopExtensionEnabled",
    "isDesktopExtensionDirectoryEnabled",
    "isDesktopExtensionSignatureRequired",
    "isDxtEnabled",
    "isDxtSignatureRequired",
    "isLocalDevMcpEnabled",
    "isClaudeCodeForDesktopEnabled",
    "disableAutoUpdates",
    "inferenceProvider",
    "inferenceGatewayBaseUrl",
    "inferenceCredentialHelper",
)


def read_preferences(document: Document) -> Iterable[Sighting]:
    """`preferences` of the configuration file: switches, and folders that Cowork may use."""
    preferences = as_map(document, document.map().get("preferences"), "preferences")
    yield from switches(document, preferences, _PREFERENCES, prefix="preferences.")
    if preferences.get("bypassPermissionsModeEnabled") is True:
        yield setting(document, Topic.AUTO_APPROVE, "bypassPermissionsMode", True, "preferences")
    pointer = "preferences.localAgentModeTrustedFolders"
    for folder in as_texts(document, preferences.get("localAgentModeTrustedFolders"), pointer):
        yield setting(document, Topic.TRUST, folder, True, pointer)
        yield setting(document, Topic.PROJECT, folder, True, pointer)


def read_bundle(document: Document) -> Iterable[Sighting]:
    """`manifest.json` of an unpacked bundle: the bundle, and the server that it starts.

    Both have the manifest's name; the id of the bundle is the name of its folder.
    """
    manifest = document.map()
    bundle_id = pure_path(document.path).parent.name
    stated = manifest.get("name")
    name = stated if isinstance(stated, str) and stated else bundle_id
    yield observe(
        document,
        Kind.EXTENSION,
        name,
        status=Status.INSTALLED if manifest else Status.UNREADABLE,
        detail={"id": bundle_id, **bundle_detail(document, manifest)},
        content=document.digest,
    )
    if manifest.get("server") is not None:
        yield bundle_server(document, name, manifest, None)


def read_extension_settings(document: Document) -> Iterable[Sighting]:
    """`Claude Extensions Settings/<bundle id>.json`: whether the bundle is on, and what the person filled in."""
    values = document.map()
    bundle_id = pure_path(document.path).stem
    enabled = values.get("isEnabled")
    if isinstance(enabled, bool):
        status = Status.ENABLED if enabled else Status.DISABLED
        yield setting(document, Topic.SERVER_STATUS, bundle_id, status, "isEnabled")
        yield setting(document, Topic.PLUGIN_STATUS, bundle_id, enabled, "isEnabled")
    elif enabled is not None:
        document.note("wrong-type", "isEnabled is not a boolean")
    filled = as_map(document, values.get("userConfig"), "userConfig")
    if filled:
        yield setting(document, Topic.SWITCH, f"userConfig.{bundle_id}", filled, "userConfig")


def read_installations(document: Document) -> Iterable[Sighting]:
    """`extensions-installations.json`: where each bundle came from and whether it is signed."""
    for bundle_id, raw in as_map(document, document.map().get("extensions"), "extensions").items():
        pointer = f"extensions.{bundle_id}"
        record = as_map(document, raw, pointer)
        for key in ("source", "signatureInfo.status"):
            value = lookup(record, key)
            if isinstance(value, str):
                yield setting(document, Topic.SWITCH, f"{pointer}.{key}", value, f"{pointer}.{key}")


def read_session(document: Document) -> Iterable[Sighting]:
    """A session of Cowork or of the Code tab: the folders it worked in."""
    record = document.map()
    seen: set[str] = set()
    for key in ("cwd", "originCwd", "userSelectedFolders"):
        for folder in as_texts(document, record.get(key), key):
            # `/sessions/...` is a path inside the virtual machine of Cowork.
            if folder not in seen and re.match(r"/(?!sessions/)|[A-Za-z]:[\\/]", folder):
                seen.add(folder)
                yield setting(document, Topic.PROJECT, folder, True, key)


def read_policy(document: Document) -> Iterable[Sighting]:
    """Managed preferences, or one file of the configuration library: switches and servers for everyone."""
    values = document.map()
    yield from switches(document, values, _POLICIES)
    inference: dict[str, Json] = {
        key: item for key, item in values.items() if key.startswith("inference") and key not in _POLICIES
    }
    if inference:
        # Keys of the gateway are among them: one map, so that each is redacted by its name.
        yield setting(document, Topic.SWITCH, "inference", inference, "")
    managed = values.get("managedMcpServers")
    if isinstance(managed, str):
        # A preference domain holds no lists of maps here: the list is JSON inside a string.
        managed, problems = parse_json(managed)
        for problem in problems:
            document.note(problem.reason, f"managedMcpServers: {problem.message}")
    yield from servers(document, managed, "managedMcpServers", FIELDS, scope=Scope.MANAGED)
    for item in as_list(document, managed, "managedMcpServers") if not isinstance(managed, Mapping) else ():
        if not isinstance(item, Mapping):
            continue
        for tool, verdict in as_map(document, item.get("toolPolicy"), "managedMcpServers.toolPolicy").items():
            word = {"allow": "allow", "ask": "ask"}.get(str(verdict), "deny")
            yield setting(document, Topic.PERMISSION, f"mcp__{item.get('name')}__{tool}", word, "managedMcpServers")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """Bundles are on only where their settings file says so; the two lie in sibling folders."""
    stored = {item.path: item.value for item in settings if item.topic is Topic.SERVER_STATUS}
    settled: list[Artifact] = []
    for artifact in artifacts:
        if artifact.scope is Scope.EXTENSION and artifact.kind in (Kind.MCP_SERVER, Kind.EXTENSION):
            folder = pure_path(artifact.path).parent
            switch = folder.parent.parent / "Claude Extensions Settings" / f"{folder.name}.json"
            on = stored.get(str(switch)) == Status.ENABLED or stored.get(switch.as_posix()) == Status.ENABLED
            if not on and artifact.status is not Status.UNREADABLE:
                artifact = replace(artifact, status=Status.DISABLED)
        settled.append(artifact)
    return settled


_CONFIG = many(Servers(fields=FIELDS), read_preferences)
_ROOTS: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("{appdata}/Claude", ANY),
    ("{appdata}/Claude-3p", UNIX),
    ("%LOCALAPPDATA%/Claude-3p", ("windows",)),
    ("%LOCALAPPDATA%/Packages/Claude_*/LocalCache/Roaming/Claude", ("windows",)),
)
_SESSION_KEEP = (("cwd",), ("originCwd",), ("userSelectedFolders",))
_INSTALLATIONS_KEEP = tuple(("extensions", "*", key) for key in ("source", "signatureInfo"))

AGENT = Agent(
    id="claude-desktop",
    name="Claude Desktop",
    vendor="Anthropic",
    detect=Detect(
        binaries=("claude-desktop",),
        paths=(
            "{appdata}/Claude/claude_desktop_config.json",
            "{appdata}/Claude/Claude Extensions",
            "{appdata}/Claude-3p/claude_desktop_config.json",
            "%LOCALAPPDATA%/Packages/Claude_*/LocalCache/Roaming/Claude",
        ),
        apps=("/Applications/Claude.app", "~/Applications/Claude.app", "%LOCALAPPDATA%/AnthropicClaude/claude.exe"),
        sessions=(
            "{appdata}/Claude/local-agent-mode-sessions/*/*/*.json",
            "{appdata}/Claude/claude-code-sessions/*/*/*.json",
        ),
    ),
    precedence=(),
    settle=settle,
    process_names=("Claude", "Claude Helper"),
    locations=(
        *(
            location
            for root, on in _ROOTS
            for location in (
                Location(f"{root}/claude_desktop_config.json", Scope.USER, _CONFIG, on=on),
                Location(f"{root}/Claude Extensions/*/manifest.json", Scope.EXTENSION, read_bundle, on=on),
                Location(f"{root}/Claude Extensions Settings/*.json", Scope.USER, read_extension_settings, on=on),
                Location(
                    f"{root}/extensions-installations.json",
                    Scope.USER,
                    read_installations,
                    on=on,
                    keep=_INSTALLATIONS_KEEP,
                ),
                Location(
                    f"{root}/local-agent-mode-sessions/*/*/local_*.json",
                    Scope.USER,
                    read_session,
                    on=on,
                    keep=_SESSION_KEEP,
                ),
                Location(
                    f"{root}/claude-code-sessions/*/*/local_*.json",
                    Scope.USER,
                    read_session,
                    on=on,
                    keep=_SESSION_KEEP,
                ),
            )
        ),
        Location("{appdata}/Claude-3p/configLibrary/*.json", Scope.MANAGED, read_policy, on=UNIX),
        Location("%LOCALAPPDATA%/Claude-3p/configLibrary/*.json", Scope.MANAGED, read_policy, on=("windows",)),
        Location(
            "/Library/Managed Preferences/com.anthropic.claudefordesktop.plist",
            Scope.MANAGED,
            read_policy,
            Format.PLIST,
            on=("macos",),
        ),
        Location(
            "/Library/Managed Preferences/*/com.anthropic.claudefordesktop.plist",
            Scope.MANAGED,
            read_policy,
            Format.PLIST,
            on=("macos",),
        ),
    ),
    notes={
        "connectors": "servers of the claude.ai account are not on disk",
        "extensions": "the shapes of the extension registry and settings are third-party readings",
        "linux": "builds for Linux are unofficial; ~/.config/Claude is where they keep their files",
        "policy": "on Windows the policies are in the registry, which is not read",
        "skills": "skills of the account are not on disk; plugins of Cowork sessions are not read",
    },
)
