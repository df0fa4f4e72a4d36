"""Real agents write their configuration and list their servers; a scan has to find what they list.

Belongs here: installing the agents, making them write, asking them, and printing the comparison. Must not be here:
parsing of their answers (`bench.real_listings`), and an agent run with a network: every one runs in a namespace
with nothing but loopback. Every configured command is a stub that leaves a mark.

Each agent writes with its own commands wherever it has one that asks no questions. Written by hand, because no such
command exists: trust of a folder, Claude's approvals and per-project switches, Codex's project file and plugin
switch, Copilot's project files, OpenCode's project file, and allow and deny lists. `gemini mcp disable` of 0.61.0 knows
no server but one called `mcpServers` (it looks at the keys of the wrong object), so a server has that name.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.inventory import COMMAND
from bench.process import run, without_network
from bench.real_listings import (
    Comparison,
    Listing,
    claude_get,
    claude_list,
    claude_session,
    codex_list,
    compare,
    copilot_list,
    extension_states,
    gemini_list,
    opencode_list,
    version,
    with_states,
)

NODE = "node@22"
"""Node.js as a package: the newest releases of some agents start with no older one."""
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENT = {
    "TERM": "dumb",
    "LANG": "C.UTF-8",
    "NO_COLOR": "1",
    "ANTHROPIC_API_KEY": "none",
    "ANTHROPIC_BASE_URL": NOWHERE,
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "MCP_CONNECTION_NONBLOCKING": "0",
    "GEMINI_API_KEY": "none",
    "GOOGLE_GEMINI_BASE_URL": NOWHERE,
    "OPENAI_API_KEY": "none",
    "OPENAI_BASE_URL": f"{NOWHERE}/v1",
    "OPENAI_MODEL": "none",
    "COPILOT_OFFLINE": "true",
    "COPILOT_AUTO_UPDATE": "false",
    "COPILOT_PROVIDER_BASE_URL": f"{NOWHERE}/v1",
    "COPILOT_PROVIDER_TYPE": "openai",
    "COPILOT_PROVIDER_API_KEY": "none",
    "COPILOT_MODEL": "none",
    "USE_TGREP": "false",
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "npm_config_fetch_retries": "0",
}
"""Nothing of the caller's environment; no key, no telemetry, no update."""


@dataclass(slots=True)
class Place:
    """The throw-away machine: a home with a folder that the person trusts and one that nobody ever opened.

    A third is trusted and holds what must not stand beside the first one's files.
    """

    work: Path
    prefix: Path
    home: Path = field(init=False)
    trusted: Path = field(init=False)
    foreign: Path = field(init=False)
    third: Path = field(init=False)
    stub: Path = field(init=False)
    marks: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.work / "home"
        self.trusted, self.foreign, self.third = (self.home / "src" / name for name in ("trusted", "foreign", "third"))
        self.stub, self.marks = self.work / "stub", self.work / "started.log"
        for folder in (self.trusted, self.foreign, self.third):
            folder.mkdir(parents=True)
            subprocess.run(["git", "init", "-q", str(folder)], check=True)
        self.marks.touch()
        self.stub.write_text(f'#!/bin/sh\necho "$*" >> "{self.marks}"\n')
        self.stub.chmod(0o755)

    def program(self, *patterns: str) -> Path:
        """The first file below the installed packages that matches. FileNotFoundError where there is none."""
        for pattern in patterns:
            for path in sorted((self.prefix / "node_modules").glob(pattern)):
                return path
        raise FileNotFoundError(f"none of {', '.join(patterns)} below node_modules")

    def node(self) -> str:
        """Node.js of the installation, or that of the machine."""
        own = self.prefix / "node_modules/node/bin/node"
        found = str(own) if own.exists() else shutil.which("node")
        if found is None:
            raise FileNotFoundError("node")
        return found

    def write(self, path: Path, text: str) -> None:
        """Write a file of the home or a project, with its folders."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, path: Path, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a JSON file that may not exist yet. Comment lines at its head go."""
        lines = path.read_text().splitlines() if path.exists() else ["{}"]
        document = json.loads("\n".join(line for line in lines if not line.startswith("//")))
        change(document)
        self.write(path, json.dumps(document, indent=2))


@dataclass(slots=True)
class Shell:
    """One agent's program, run offline. Failures of commands are collected, because they make the proof smaller."""

    place: Place
    program: Sequence[str]
    failed: list[str] = field(default_factory=list)

    def __call__(
        self, *words: str, at: Path | None = None, limit: float = 60, yes: bool = False, quiet: bool = False
    ) -> str:
        """Run in a folder (the trusted one) and return what was printed. `yes` answers every question with yes.

        `quiet` marks a command that may fail. Where nothing stands on the standard output the errors are returned:
        Gemini lists there.
        """
        command = [*without_network(), *(("/bin/sh", "-c", 'yes | "$@"', "yes") if yes else ()), *self.program, *words]
        node = os.path.dirname(self.place.node())
        env = {**ENVIRONMENT, "HOME": str(self.place.home), "PATH": f"{node}:/usr/sbin:/usr/bin:/sbin:/bin"}
        result = run(command, env, cwd=at or self.place.trusted, limit=limit)
        text = result.stdout.decode(errors="replace")
        errors = result.stderr.decode(errors="replace")
        if (result.status != 0 or result.late or "Error:" in text + errors) and not quiet:
            last = (errors + text).strip().splitlines()[-1:]
            self.failed.append(f"{' '.join(words)[:90]}: exit {result.status} {''.join(last)[:160]}")
        return text if text.strip() else errors


@dataclass(frozen=True, slots=True)
class Product:
    """One agent: how it is installed and started, and what is done with it."""

    id: str
    """Spawngate's id."""
    package: str
    program: Callable[[Place], list[str]]
    write: Callable[[Shell], None]
    change: Callable[[Shell], None]
    """Switch off, approve, remove: what a person would do next."""
    ask: Callable[[Shell, Path], Listing]
    third: bool = False
    """Ask in the third folder too."""

    def folders(self, place: Place) -> tuple[Path, ...]:
        """Where the agent is asked."""
        return (place.trusted, place.foreign, *((place.third,) if self.third else ()))


def _servers(stub: Path, **servers: str) -> str:
    """A file with `mcpServers`, each server the stub with one argument."""
    table = {name.replace("_", "-"): {"command": str(stub), "args": [word]} for name, word in servers.items()}
    return json.dumps({"mcpServers": table})


# -- Claude Code ----------------------------------------------------------------------------------------------


def _claude_marketplace(place: Place) -> Path:
    """A marketplace folder with one plugin that brings two servers."""
    market = place.work / "market"
    if not market.exists():
        plugins = [{"name": "plug", "source": "./plug", "description": "bench"}]
        owner = {"name": "bench"}
        place.write(
            market / ".claude-plugin/marketplace.json",
            json.dumps({"name": "market", "owner": owner, "plugins": plugins}),
        )
        place.write(
            market / "plug/.claude-plugin/plugin.json",
            json.dumps({"name": "plug", "version": "1.2.3", "description": "bench"}),
        )
        place.write(
            market / "plug/.mcp.json", _servers(place.stub, plug_one="${CLAUDE_PLUGIN_ROOT}/one", plug_two="two")
        )
    return market


def claude_write(shell: Shell) -> None:
    stub, place = str(shell.place.stub), shell.place
    shell("mcp", "add", "-s", "user", "u-stdio", "-e", "TOKEN=abc123", "-e", "B=2", "--", stub, "-y", "two words")
    shell("mcp", "add", "-s", "user", "-t", "http", "u-http", "https://u.example.com/mcp", "-H", "X-Api-Key: k123")
    shell("mcp", "add", "-s", "user", "-t", "sse", "u-sse", "https://u.example.com/sse")
    shell("mcp", "add-json", "-s", "user", "u-json", json.dumps({"type": "stdio", "command": stub, "args": ["json"]}))
    shell("mcp", "add", "-s", "user", "both", "--", stub, "of-user")
    for folder in (place.trusted, place.foreign):
        shell("mcp", "add", "-s", "project", "both", "--", stub, "of-project", at=folder)
        for name in ("p-one", "p-two", "p-three"):
            shell("mcp", "add", "-s", "project", name, "--", stub, name, at=folder)
        shell("mcp", "add", "-s", "project", "-t", "http", "p-http", "https://p.example.com/mcp", at=folder)
        shell("mcp", "add", "-s", "local", "l-stdio", "--", stub, folder.name, at=folder)
        shell("mcp", "add", "-s", "local", "l-other", "--", stub, "other", at=folder)
    shell("mcp", "add-json", "-s", "local", "l-ws", json.dumps({"type": "ws", "url": "wss://l.example.com/x"}))
    market = _claude_marketplace(place)
    shell("plugin", "marketplace", "add", str(market))
    shell("plugin", "install", "plug@market")
    # A plugin of a folder is loaded from there and not from the copy that the installation makes.
    place.write(
        market / "plug/.mcp.json", _servers(place.stub, plug_one="${CLAUDE_PLUGIN_ROOT}/one", plug_two="edited")
    )

    def trust(state: dict[str, Any]) -> None:
        state["projects"][str(place.trusted)]["hasTrustDialogAccepted"] = True

    place.edit(place.home / ".claude.json", trust)


def claude_change(shell: Shell) -> None:
    place = shell.place
    # One approval and one refusal where a person's answers go; names of other scopes must not be touched by them.
    local = {"enabledMcpjsonServers": ["p-one"], "disabledMcpjsonServers": ["p-two", "l-other"]}
    place.write(place.trusted / ".claude/settings.local.json", json.dumps(local))
    # A repository that approves itself: counts where the folder is trusted.
    for folder in (place.trusted, place.foreign):
        place.write(folder / ".claude/settings.json", json.dumps({"enabledMcpjsonServers": ["p-three"]}))
    place.edit(place.home / ".claude/settings.json", lambda values: values.update(disabledMcpjsonServers=["u-sse"]))

    def off(state: dict[str, Any]) -> None:
        state["projects"][str(place.trusted)]["disabledMcpServers"] = ["l-stdio", "u-http"]

    place.edit(place.home / ".claude.json", off)
    shell("mcp", "remove", "u-json", "-s", "user")
    shell("plugin", "disable", "plug@market")


def claude_ask(shell: Shell, folder: Path) -> Listing:
    listing = claude_list(shell("mcp", "list", at=folder))
    names = set(listing) | {"p-two", "l-stdio", "l-ws"}
    for name in sorted(names):
        # A plugin's server has another name there, and no scope of its own.
        if name in listing and listing[name].scope == "plugin":
            continue
        got = claude_get(shell("mcp", "get", name, at=folder, quiet=True))
        if got is not None:
            known = listing.get(name, got)
            listing[name] = type(got)(name, known.transport, known.launch, got.scope, got.state)
    text = shell("-p", "hello", "--output-format", "stream-json", "--verbose", at=folder, limit=12, quiet=True)
    return with_states(listing, claude_session(text))


# -- Codex CLI ------------------------------------------------------------------------------------------------


def codex_write(shell: Shell) -> None:
    stub, place = str(shell.place.stub), shell.place
    shell("mcp", "add", "u-stdio", "--env", "TOKEN=abc123", "--env", "B=2", "--", stub, "-y", "two words")
    shell("mcp", "add", "u-http", "--url", "https://u.example.com/mcp", "--bearer-token-env-var", "MY_TOKEN")
    shell("mcp", "add", "u-gone", "--", stub, "gone")
    shell("mcp", "add", "u-off", "--", stub, "off")
    shell("mcp", "add", "both", "--", stub, "of-user")
    for folder in (place.trusted, place.foreign):
        tables = f'[mcp_servers.p-stdio]\ncommand = "{stub}"\nargs = ["{folder.name}"]\n'
        tables += '[mcp_servers.p-off]\nurl = "https://p.example.com/mcp"\nenabled = false\n'
        tables += f'[mcp_servers.both]\ncommand = "{stub}"\nargs = ["of-project"]\n'
        place.write(folder / ".codex/config.toml", tables)
    market = place.work / "codex-market"
    plugin = {"name": "cplug", "source": {"source": "local", "path": "./plugins/cplug"}, "category": "Productivity"}
    policy = {"installation": "AVAILABLE", "authentication": "ON_INSTALL"}
    place.write(
        market / ".agents/plugins/marketplace.json",
        json.dumps({"name": "codex-market", "plugins": [{**plugin, "policy": policy}]}),
    )
    manifest = {"name": "cplug", "version": "1.0.0", "description": "bench", "mcpServers": "./.mcp.json"}
    place.write(market / "plugins/cplug/.codex-plugin/plugin.json", json.dumps(manifest))
    place.write(market / "plugins/cplug/.mcp.json", _servers(place.stub, cplug_one="one"))
    shell("plugin", "marketplace", "add", str(market))
    shell("plugin", "add", "cplug@codex-market")
    config = place.home / ".codex/config.toml"
    config.write_text(f'{config.read_text()}\n[projects."{place.trusted}"]\ntrust_level = "trusted"\n')


def codex_change(shell: Shell) -> None:
    shell("mcp", "remove", "u-gone")
    config = shell.place.home / ".codex/config.toml"
    text = config.read_text().replace("[mcp_servers.u-off]\n", "[mcp_servers.u-off]\nenabled = false\n")
    config.write_text(text.replace("enabled = true", "enabled = false"))


def codex_ask(shell: Shell, folder: Path) -> Listing:
    return codex_list(shell("mcp", "list", "--json", at=folder))


# -- Gemini CLI, Qwen Code ------------------------------------------------------------------------------------


def _extension(place: Place, agent: str, name: str) -> Path:
    folder = place.work / f"{agent}-{name}"
    server = {f"{name}-srv": {"command": str(place.stub), "args": [name, "${extensionPath}/x"]}}
    manifest = {"name": name, "version": "0.1.0", "mcpServers": server}
    place.write(folder / f"{agent}-extension.json", json.dumps(manifest))
    return folder


def _gemini_family(shell: Shell) -> None:
    stub = str(shell.place.stub)
    env = ("-e", "TOKEN=abc123", "-e", "B=2")
    shell("mcp", "add", "-s", "user", "u-stdio", stub, "one", *env, "--", "-y", "two words")
    shell("mcp", "add", "-s", "user", "-t", "http", "u-http", "https://u.example.com/mcp", "-H", "X-Api-Key: k123")
    shell("mcp", "add", "-s", "user", "-t", "sse", "u-sse", "https://u.example.com/sse")
    shell("mcp", "add", "-s", "user", "u-gone", stub, "gone")
    shell("mcp", "add", "-s", "user", "both", stub, "of-user")
    for name in ("p-one", "p-two", "p-three"):
        shell("mcp", "add", "-s", "project", name, stub, name)
    shell("mcp", "add", "-s", "project", "both", stub, "of-project")


def gemini_write(shell: Shell) -> None:
    place = shell.place
    installed, linked = _extension(place, "gemini", "gext"), _extension(place, "gemini", "glink")
    folders = {str(folder): "TRUST_FOLDER" for folder in (place.trusted, installed)}
    place.write(place.home / ".gemini/trustedFolders.json", json.dumps(folders))
    _gemini_family(shell)
    shell("mcp", "add", "-s", "user", "mcpServers", str(place.stub), "switched")
    shell("mcp", "add", "-s", "project", "p-far", str(place.stub), "foreign", at=place.foreign)
    place.edit(
        place.trusted / ".gemini/settings.json",
        lambda values: values["mcpServers"].update({"p-url": {"url": "https://p.example.com/mcp"}}),
    )
    shell("extensions", "install", "--consent", "--skip-settings", str(installed))
    shell("extensions", "link", "--consent", str(linked))


def gemini_change(shell: Shell) -> None:
    place = shell.place
    shell("mcp", "disable", "mcpServers")
    shell("mcp", "remove", "-s", "user", "u-gone")
    shell("extensions", "disable", "--scope", "user", "gext")
    place.edit(
        place.trusted / ".gemini/settings.json", lambda values: values.setdefault("mcp", {}).update(excluded=["p-two"])
    )


def qwen_write(shell: Shell) -> None:
    place = shell.place
    _gemini_family(shell)
    shell("mcp", "add", "-s", "project", "p-far", str(place.stub), "foreign", at=place.foreign)
    shell("extensions", "install", str(_extension(place, "qwen", "qext")), "--consent")
    shell("extensions", "link", str(_extension(place, "qwen", "qlink")), yes=True)


def qwen_change(shell: Shell) -> None:
    place = shell.place
    shell("mcp", "remove", "-s", "user", "u-gone")
    shell("extensions", "disable", "--scope", "User", "qext")
    if "approve" in shell("mcp", "--help"):
        shell("mcp", "approve", "p-one")
        shell("mcp", "reject", "p-three")
    place.edit(
        place.trusted / ".qwen/settings.json", lambda values: values.setdefault("mcp", {}).update(excluded=["p-two"])
    )


def gemini_ask(shell: Shell, folder: Path) -> Listing:
    listing = gemini_list(shell("mcp", "list", at=folder))
    return with_states(listing, extension_states(shell("extensions", "list", at=folder)))


# -- Copilot CLI ----------------------------------------------------------------------------------------------


def copilot_write(shell: Shell) -> None:
    stub, place = str(shell.place.stub), shell.place
    shell("mcp", "add", "u-stdio", "--env", "TOKEN=abc123", "--env", "B=2", "--", stub, "-y", "two words")
    shell("mcp", "add", "--transport", "http", "--header", "X-Api-Key: k123", "u-http", "https://u.example.com/mcp")
    shell("mcp", "add", "--transport", "sse", "u-sse", "https://u.example.com/sse")
    shell("mcp", "add", "u-gone", "--", stub, "gone")
    # One folder has a .mcp.json as well (Claude Code's), the other this file alone.
    for folder in (place.trusted, place.third):
        place.write(folder / ".github/mcp.json", _servers(place.stub, gh_one="one", gh_two="two"))
    trusted = [str(place.trusted), str(place.third)]
    place.edit(place.home / ".copilot/config.json", lambda values: values.update(trusted_folders=trusted))
    shell("plugin", "marketplace", "add", str(_claude_marketplace(place)))
    shell("plugin", "install", "plug@market")


def copilot_change(shell: Shell) -> None:
    for name in ("u-sse", "u-http", "p-two"):
        shell("mcp", "disable", name)
    shell("mcp", "disable", "gh-two", at=shell.place.third)
    shell("mcp", "enable", "u-http")
    shell("mcp", "remove", "u-gone")
    shell("plugin", "disable", "plug@market")


def copilot_ask(shell: Shell, folder: Path) -> Listing:
    return copilot_list(shell("mcp", "list", "--json", at=folder))


# -- OpenCode -------------------------------------------------------------------------------------------------


def opencode_write(shell: Shell) -> None:
    stub, place = str(shell.place.stub), shell.place
    shell("mcp", "add", "u-stdio", "--env", "TOKEN=abc123", "--env", "B=2", "--", stub, "-y", "two words")
    shell("mcp", "add", "u-http", "--url", "https://u.example.com/mcp", "--header", "X-Api-Key=k123")
    shell("mcp", "add", "both", "--", stub, "of-user")
    for folder in (place.trusted, place.foreign):
        servers: dict[str, Any] = {
            "p-stdio": {"type": "local", "command": [stub, folder.name]},
            "p-off": {"type": "remote", "url": "https://p.example.com/mcp", "enabled": False},
            "both": {"type": "local", "command": [stub, "of-project"]},
        }
        place.write(folder / "opencode.json", json.dumps({"mcp": servers}))


def opencode_change(shell: Shell) -> None:
    place = shell.place

    def off(values: dict[str, Any]) -> None:
        values["mcp"]["p-stdio"]["enabled"] = False
        values["mcp"]["p-off"]["enabled"] = True
        values["mcp"]["u-http"] = {"enabled": False}

    place.edit(place.trusted / "opencode.json", off)


def opencode_ask(shell: Shell, folder: Path) -> Listing:
    return opencode_list(shell("mcp", "list", at=folder), shell("debug", "config", at=folder))


# -- all of them ----------------------------------------------------------------------------------------------


def _script(*patterns: str) -> Callable[[Place], list[str]]:
    return lambda place: [place.node(), str(place.program(*patterns))]


def _binary(*patterns: str) -> Callable[[Place], list[str]]:
    return lambda place: [str(place.program(*patterns))]


PRODUCTS = (
    Product(
        "claude-code",
        "@anthropic-ai/claude-code",
        _binary("@anthropic-ai/claude-code-*/claude"),
        claude_write,
        claude_change,
        claude_ask,
    ),
    Product(
        "codex-cli",
        "@openai/codex",
        _binary("@openai/codex-*/vendor/*/bin/codex", "@openai/codex-*/vendor/*/codex/codex"),
        codex_write,
        codex_change,
        codex_ask,
    ),
    Product(
        "gemini-cli",
        "@google/gemini-cli",
        _script("@google/gemini-cli/bundle/gemini.js"),
        gemini_write,
        gemini_change,
        gemini_ask,
    ),
    Product(
        "qwen-code", "@qwen-code/qwen-code", _script("@qwen-code/qwen-code/cli.js"), qwen_write, qwen_change, gemini_ask
    ),
    Product(
        "copilot-cli",
        "@github/copilot",
        _binary("@github/copilot-*/copilot"),
        copilot_write,
        copilot_change,
        copilot_ask,
        third=True,
    ),
    Product(
        "opencode",
        "opencode-ai",
        _binary("opencode-*[!e]/bin/opencode"),
        opencode_write,
        opencode_change,
        opencode_ask,
    ),
)


def install(prefix: Path) -> None:
    """Install the newest releases of all agents, and a Node.js that can start them."""
    packages = [f"{product.package}@latest" for product in PRODUCTS]
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(prefix)]
    subprocess.run([*npm, *packages, NODE], check=True, stdout=subprocess.DEVNULL)


def scan(place: Place, program: Path) -> dict[str, Any]:
    """One scan of the throw-away home and its two folders, agents on PATH as an installation puts them there."""
    roots = [part for root in (place.trusted, place.foreign, place.third) for part in ("--root", str(root))]
    command = [str(program), "scan", "--home", str(place.home), *roots, "--no-processes", "--format", "json"]
    env = {
        "HOME": str(place.home),
        "PATH": f"{place.prefix / 'node_modules/.bin'}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "SPAWNGATE_STATE_DIR": str(place.work / "state"),
    }
    marks = place.marks.read_bytes()
    result = run(command, env, cwd=place.work)
    if result.status not in {0, 1}:
        raise RuntimeError(f"the scan ended with {result.status}: {result.stderr.decode(errors='replace')[-500:]}")
    if place.marks.read_bytes() != marks:
        raise RuntimeError("the scan started a server")
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


def of_agent(document: Mapping[str, Any], agent: str) -> list[dict[str, Any]]:
    """The agent's MCP servers in a scan."""
    return [item for item in document["artifacts"] if item["kind"] == "mcp_server" and item["agent"] == agent]


def version_of(document: Mapping[str, Any], agent: str) -> str:
    """The agent's version in a scan, or the empty text."""
    versions = [
        item["detail"].get("version", "")
        for item in document["artifacts"]
        if item["kind"] == "agent" and item["agent"] == agent
    ]
    return str(versions[0]) if versions else ""


def prove(place: Place, products: Sequence[Product], program: Path = COMMAND) -> bool:
    """Let every agent write and list, twice; print the tables. True where nothing differs."""
    shells = {product.id: Shell(place, product.program(place)) for product in products}
    stated = {product.id: version(shells[product.id]("--version")) for product in products}
    totals: dict[str, Comparison] = {product.id: Comparison() for product in products}
    document: dict[str, Any] = {}
    for stage in ("written", "changed"):
        for product in products:
            print(f"{product.id}: {stage}", file=sys.stderr)
            (product.write if stage == "written" else product.change)(shells[product.id])
        listings = {
            (product.id, folder.name): product.ask(shells[product.id], folder)
            for product in products
            for folder in product.folders(place)
        }
        document = scan(place, program)
        for product in products:
            for folder in product.folders(place):
                listing = listings[product.id, folder.name]
                where = f"{stage}, in {folder.name}"
                totals[product.id] += compare(listing, of_agent(document, product.id), str(folder), where)
    print(f"{'agent':<13}{'version':<13}{'scan says':<13}{'listed':>7}{'found':>7}{'equal':>7}{'states equal':>16}")
    good = True
    for product in products:
        total, seen = totals[product.id], version_of(document, product.id)
        states = f"{total.states_equal} of {total.states}"
        print(
            f"{product.id:<13}{stated[product.id]:<13}{seen:<13}"
            f"{total.listed:>7}{total.found:>7}{total.equal:>7}{states:>16}"
        )
        good &= not total.differing and not total.unlisted and seen == stated[product.id] and total.listed > 0
    for product in products:
        total = totals[product.id]
        for title, lines in (
            ("differs", total.differing),
            ("found and not listed", total.unlisted),
            ("found, not listed for a reason", total.hidden),
            ("command failed", shells[product.id].failed),
        ):
            for line in lines:
                print(f"{product.id}: {title}: {line}".replace(str(place.work), "~"))
    print(f"servers started by the agents: {len(place.marks.read_text().splitlines())}, by the scans: 0")
    return good


def main(arguments: Sequence[str]) -> int:
    """Command line of `python -m bench real-agents`. Exit code 1 where a scan and an agent differ."""
    parser = argparse.ArgumentParser(prog="python -m bench real-agents", description=__doc__)
    parser.add_argument("--prefix", type=Path, help="an npm prefix in which the agents are installed already")
    parser.add_argument("--agent", action="append", choices=[product.id for product in PRODUCTS], help="only this one")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work in DIR, which must not exist, and leave it")
    parser.add_argument("--command", type=Path, default=COMMAND, help="the spawngate to scan with")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-agents-") as folder:
        work = options.keep.resolve() if options.keep else Path(folder) / "machine"
        work.mkdir()
        prefix = options.prefix.resolve() if options.prefix else work / "npm"
        if options.prefix is None:
            install(prefix)
        chosen = [product for product in PRODUCTS if not options.agent or product.id in options.agent]
        return 0 if prove(Place(work, prefix), chosen, options.command.resolve()) else 1
