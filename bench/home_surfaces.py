"""What surrounds the agents: extensions of editors and browsers, plugin jars, bundles, programs on PATH.

Facts: the extension formats of VS Code, Chromium, Firefox and JetBrains, and the MCP bundle manifest.
Must not be here: servers in configuration files of agents.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.builder import Builder, Entry
from bench.home_agents import bundle_manifest

PROGRAMS = (
    "claude", "codex", "gemini", "qwen", "copilot", "cursor-agent", "opencode", "goose", "crush", "amp", "droid",
    "auggie", "devin", "grok", "kimi", "vibe", "openclaw", "hermes", "openhands", "junie", "cn", "cline", "kilo", "zed",
    "code", "kiro-cli", "qodercli", "lms", "codebuddy", "reasonix", "deepagents", "windsurf", "cursor",
    "warp-terminal", "ollama", "aider",
)  # fmt: skip
LAUNCHERS = (
    "npx", "npm", "node", "uvx", "uv", "pipx", "python", "python3", "deno", "bun", "bunx", "docker", "podman",
    "go", "java", "dotnet", "dnx", "env", "bash", "sh", "curl", "wget", "git", "gh",
)  # fmt: skip

VSCODE_EXTENSIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("saoudrizwan", "claude-dev", "4.1.0", ()),
    ("rooveterinaryinc", "roo-cline", "3.54.0", ()),
    ("kilocode", "kilo-code", "7.3.1", ()),
    ("github", "copilot-chat", "0.52.0", ("chatParticipants", "languageModelTools")),
    ("anthropic", "claude-code", "2.1.303", ()),
    ("openai", "chatgpt", "0.155.0", ()),
    ("continue", "continue", "2.0.0", ()),
    ("example", "unknown-ai-tools", "1.0.0", ("languageModelTools", "mcpServerDefinitionProviders")),
)


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive with fixed times, so that equal seeds give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


def editor_extensions(b: Builder, folder: Path) -> None:
    """One extension folder of the VS Code family with its index, and a folder the index no longer names."""
    index: list[dict[str, Any]] = []
    for publisher, name, version, points in VSCODE_EXTENSIONS:
        relative = f"{publisher}.{name}-{version}"
        contributes: dict[str, Any] = {point: [{"id": name, "name": name}] for point in points}
        if name == "unknown-ai-tools":
            setting = {"unknown.apiKey": {"type": "string", "default": b.mint("hex-32", "extension manifest")}}
            contributes["configuration"] = {"properties": setting}
        manifest = {
            "name": name,
            "publisher": publisher,
            "version": version,
            "engines": {"vscode": "^1.100.0"},
            "contributes": contributes,
        }
        b.json(folder / relative / "package.json", manifest)
        location = {"$mid": 1, "path": str(folder / relative), "scheme": "file"}
        identity = {"id": f"{publisher}.{name}"}
        index.append({"identifier": identity, "version": version, "location": location, "relativeLocation": relative})
        b.count("extension")
    b.json(folder / "extensions.json", index)
    b.json(folder / "old.publisher-0.0.1/package.json", {"name": "publisher", "publisher": "old", "version": "0.0.1"})
    b.json(folder / ".obsolete", {"old.publisher-0.0.1": True})


def browsers(b: Builder) -> None:
    """Chrome with two profiles, Firefox, and native messaging hosts."""
    chrome = b.home / ".config/google-chrome"
    claude, bridge = "fcoeoabgfenejglbffodgkkbkcdhcgfn", "mmlmfjhmonkocbjadbfplnigmagldckm"
    for profile, extension, name in (
        ("Default", claude, "Claude"),
        ("Default", bridge, "Playwright MCP Bridge"),
        ("Profile 1", claude, "Claude"),
    ):
        manifest = {
            "manifest_version": 3,
            "name": name,
            "version": "1.0.36",
            "permissions": ["debugger", "nativeMessaging"],
        }
        b.json(chrome / profile / "Extensions" / extension / "1.0.36_0/manifest.json", manifest)
        b.count("extension")
    settings = {claude: {"state": 1}, bridge: {"state": 0, "disable_reasons": [1]}}
    b.json(
        chrome / "Default/Preferences",
        {"extensions": {"settings": settings}, "token": b.mint("google-oauth", "browser profile")},
    )
    host = {
        "name": "com.anthropic.claude_code_browser_extension",
        "description": "Claude Code",
        "path": b.stub("chrome-native-host"),
        "type": "stdio",
        "allowed_origins": [f"chrome-extension://{claude}/"],
    }
    b.json(chrome / "NativeMessagingHosts/com.anthropic.claude_code_browser_extension.json", host)
    firefox = b.home / ".mozilla/firefox"
    b.text(firefox / "profiles.ini", "[Profile0]\nName=default\nIsRelative=1\nPath=ab12cd34.default-release\n")
    addon = {
        "id": "ai-sidebar@example.com",
        "version": "2.1",
        "type": "extension",
        "active": True,
        "defaultLocale": {"name": "AI sidebar"},
        "path": str(firefox / "ab12cd34.default-release/extensions/ai-sidebar@example.com.xpi"),
    }
    b.json(firefox / "ab12cd34.default-release/extensions.json", {"schemaVersion": 37, "addons": [addon]})
    xpi = zipped({"manifest.json": json.dumps({"manifest_version": 3, "name": "AI sidebar", "version": "2.1"})})
    b.bytes(firefox / "ab12cd34.default-release/extensions/ai-sidebar@example.com.xpi", xpi)
    b.count("extension")


def jetbrains(b: Builder) -> None:
    """A JetBrains plugin as a jar."""
    plugin = {"id": "com.anthropic.code.plugin", "name": "Claude Code", "version": "0.3.0", "vendor": "Anthropic"}
    xml = "<idea-plugin>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in plugin.items()) + "</idea-plugin>"
    root = b.home / ".local/share/JetBrains/IntelliJIdea2026.2/claude-code-jetbrains-plugin"
    b.bytes(root / "lib/claude-code-jetbrains-plugin.jar", zipped({"META-INF/plugin.xml": xml}))
    b.text(b.home / ".config/JetBrains/IntelliJIdea2026.2/options/other.xml", "<application/>\n")
    b.count("extension")


def bundles(b: Builder) -> None:
    """A good MCP bundle in the downloads, beside which `home_hostile` puts bad ones."""
    entry = Entry("downloaded", command="node", args=("${__dirname}/server/index.js",))
    manifest = bundle_manifest("downloaded", entry)
    manifest["server"]["mcp_config"]["env"] = {"API_KEY": b.mint("hex-40", "bundle manifest")}
    data = zipped({"manifest.json": json.dumps(manifest), "server/index.js": "// code\n"})
    b.bytes(b.home / "Downloads/good.mcpb", data)


def programs(b: Builder) -> None:
    """Agents' command-line programs as stubs in the home, launchers as stubs in the guard folder."""
    for name in PROGRAMS:
        b.stub(name)
        b.count("cli")
    for name in LAUNCHERS:
        b.stub(name, b.guard)


def write(b: Builder) -> None:
    """Everything of this module."""
    editor_extensions(b, b.home / ".vscode/extensions")
    browsers(b)
    jetbrains(b)
    bundles(b)
    programs(b)
