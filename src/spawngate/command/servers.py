"""Whether a spawn starts an MCP server, and the launch that it then is.

Belongs here: recognising one by the package or program. Must not be here: what the launch would run
(`launch.understand`), which is asked with a definition made here.
"""

import re
from collections.abc import Iterable

from spawngate.command.scene import Scene
from spawngate.launch.argv import is_python, word_set
from spawngate.launch.argv import program as base_name
from spawngate.launch.definition import Definition
from spawngate.launch.names import PACKAGES
from spawngate.launch.package import is_launcher, launched, package_of

_TOOLS = word_set("inspector mcp-inspector mcp-publisher mcp-scan mcpb create-mcp-server create-server")
_RUNNERS = word_set(
    "@modelcontextprotocol/inspector @smithery/cli smithery mcporter mcptools mcp-cli mcphost mcp-inspector"
    " fastmcp mcp-use mcp-client-cli mcp-get @wong2/mcp-cli mcpm mcp thv toolhive install-mcp add-mcp mcp-install"
    " @composio/mcp mcpo supergateway mcp-proxy @mcpmarket/mcp-auto-install"
)
"""Tools that start and call servers which their arguments name, or add them to an agent."""
_LOOKS = word_set(
    "list ls inspect show search get help version status logs find view info doctor check profile validate config docs"
    " browse tools catalog registry build export stop rm remove"
)
"""Sub-commands of theirs that start and add nothing."""
_SERVES_ITSELF: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("firebase", "firebase-tools"), (("mcp",), ("experimental:mcp",))),
    **dict.fromkeys(
        word_set(
            "ng cli nx storybook svelte shadcn mastra wrangler vercel netlify supabase stripe atlas flutter gh sanity"
            " railway neonctl turso convex expo sentry postman heroku grafana zapier"
        ),
        (("mcp",), ("mcp-server",), ("mcp", "start"), ("mcp", "serve")),
    ),
    "dart": (("mcp-server",),),
    "codex": (("mcp-server",), ("mcp", "serve")),
    "claude": (("mcp", "serve"),),
    "goose": (("mcp",),),
    "artisan": (("mcp:start",),),
    "docker": (("mcp", "gateway", "run"),),
}
"""Programs with other work that are an MCP server, or start some, when they are told so."""
_DOCKER = re.compile(
    r"(?:server|client|catalog|config|profile|tools|gateway|feature|secret|oauth|policy|working-set)"
    r" (?:enable|add|connect|import|write|create|call|run|set|disable|remove|rm|reset|disconnect|update|authorize|pull"
    r"|start)"
)
_ADDS_TO_AGENTS = word_set(
    "skills add-skill openskills claude-plugins claude-code-templates install-skill skills-cli cc-plugins"
)
"""Packages whose commands put skills, plugins or servers into the agents' folders."""
_SERVER = re.compile(
    r"mcp[-_]server(?:[-_][\w-]+)?|[\w-]+[-_]mcp(?:[-_]server)?|[\w-]+mcpserver"
    r"|mcp[-_](?!(?:cli|scan|inspector|publisher|get|lint|validat\w+|test\w*|eval\w*|types|builder|pack|doctor|check|utils?"
    r"|client|config|sdk|spec|docs)\b)[\w-]+"
)
_FOREIGN = re.compile(r"(?i)(?:^|[-_./\\])mcp(?:[-_./\\]|$)|mcp[-_]?servers?\b|[-_]mcp\b")
"""A path that says by a folder or name that a server lies there."""
_ENTRIES = word_set("server index main app cli start stdio run __main__")
_ENDINGS = word_set("js cjs mjs ts cts mts py jar rb php dll pl exe lua")
_CODE = re.compile(
    r"FastMCP\([^\n]{0,200}\.run\(|\bmcp\.server\b[^\n]{0,400}\brun\b|\bimport\s+mcp_server_\w+[^\n]{0,200}\bmain\("
    r"|(?:require|import)\(?\s*[\"'](?:@modelcontextprotocol/server-|[^\"']*[-/]mcp(?:-server)?[\"'])|StdioServerTransport\("
    r"|mcptools::mcp_server\("
)
_INSTALLED = re.compile(
    r"vendor/bin/[\w-]*mcp|node_modules/(?:\.bin/(?:mcp-server-[\w-]+|[\w-]+-mcp)|(?:@modelcontextprotocol/server-|[^\s]*mcp-server))"
)
_OTHER_NAMES = word_set(
    "desktop-commander @wonderwhy-er/desktop-commander @agentdeskai/browser-tools-server @21st-dev/magic exa-mcp"
)
_OTHERS = tuple(sorted(_OTHER_NAMES))
_BRIDGES = word_set("mcp-remote supergateway mcp-proxy mcpo mcp-bridge")
_ENVIRONMENTS = word_set("uv pnpm yarn npm docker podman nerdctl poetry hatch pdm rye conda")
_LAUNCHERS = word_set("npx pnpx bunx uvx pipx npm pnpm yarn bun uv docker podman nerdctl deno dnx")
_SERVES = word_set("perl lua ts-node python python3 node bun deno java dotnet ruby php tsx")


def server_of(scene: Scene) -> str:
    """Package or program of the MCP server that the spawn starts; empty where it is none that could be told."""
    spawn = scene.spawn
    if not spawn.argv or not _mentions(scene):
        return ""
    command, words = spawn.argv[0].text, scene.words
    launcher = is_launcher(command, words)
    if (
        spawn.wrappers
        and spawn.wrappers[-1] in _LAUNCHERS
        and not launcher
        # These start what the project's environment or a container has, by the name of its program.
        and not (spawn.wrappers[-1] in _ENVIRONMENTS and _SERVER.fullmatch(scene.program))
    ):
        # What a launcher runs is judged as the launcher's own start.
        return ""
    told = tuple(word for word in words if not word.startswith("-"))
    if scene.program == "uv" and "run" in words[:8]:
        folder = next((word for word in words[:8] if _foreign(scene, word.partition("=")[2] or word)), "")
        if folder:
            return folder
    if launcher:
        return _launched(command, words)
    name = scene.program
    if name == "php" and told[:1] == ("artisan",):
        name, told = "artisan", told[1:]
    if any(told[: len(each)] == each for each in _SERVES_ITSELF.get(name, ())):
        return f"{name} {told[0]}"
    if scene.program in _BRIDGES or _SERVER.fullmatch(scene.program):
        return "" if words in (("--help",), ("--version",)) else scene.program
    if scene.program in _SERVES or is_python(scene.program):
        found = _interpreted(scene, words)
        if found:
            return found
    if scene.code and ("mcp" in scene.code or "modelcontext" in scene.code) and _CODE.search(scene.code):
        return "inline"
    if (scene.program, *told[:1]) in _RUNS_PROJECTS:
        return next((word for word in words[1:6] if _foreign(scene, word)), "")
    if (scene.program, *told[:1]) == ("kubectl", "run"):
        return next((word.partition("=")[2] for word in words if re.match(r"--image=\S*mcp", word)), "")
    if (scene.program, *told[:1]) in _RUNS_PACKAGES:
        return next((word for word in told[1:3] if _PACKAGE.search(word)), "")
    return ""


def _foreign(scene: Scene, word: str) -> bool:
    """Whether the word names a file or folder of a server outside of the project."""
    return (
        re.match(r"[/~$]|[A-Za-z]:", word) is not None
        and _FOREIGN.search(word) is not None
        and "project" not in scene.places(word)
    )


_RUNS_PROJECTS = frozenset({("go", "run"), ("cargo", "run"), ("dotnet", "run")})
_RUNS_PACKAGES = frozenset({("nix", "run"), ("nix", "shell"), ("jbang", "run"), ("dotnet", "tool")})
_PACKAGE = re.compile(r"(?i)mcp")


def _launched(command: str, words: tuple[str, ...]) -> str:
    """The package of a server that a launcher runs."""
    package = package_of(command, words) or ""
    name = re.sub(r"^pkg:[^/]+/|@[^/@]*$", "", package.replace("%40", "@")).partition("?")[0]
    bare = name.rpartition("/")[2]
    told = launched(command, words) or ()
    local = r"[/~]" if base_name(command) in ("go", "cargo", "dotnet", "deno") else r"\.{0,2}/|~|file:"
    if told and re.match(local, told[0]) and _PACKAGE.search(told[0]):
        return told[0]
    if told[1:] and told[0].partition("@")[0] in ("tsx", "ts-node", "bun") and _FOREIGN.search(told[1]):
        return told[1] if _is_entry(told[1]) and re.match(r"[/~$]", told[1]) else ""
    rest = tuple(word for word in told[1:] if not word.startswith("-"))
    if name not in _ADDS_TO_AGENTS and (
        any(rest[: len(each)] == each for each in _SERVES_ITSELF.get(bare, ())) or "--mcp" in told[1:]
    ):
        return name
    if (
        (bare in _TOOLS and not name.startswith("@mcpjam/"))
        or bare.startswith("create-")
        or (name in _RUNNERS and name not in _BRIDGES)
        or not (_PACKAGE.search(name) or name in PACKAGES or name in _OTHER_NAMES)
    ):
        return ""
    return name


def _is_entry(path: str) -> bool:
    """Whether the last part of a path is what a server's file is called."""
    stem, _, ending = path[max(path.rfind("/"), path.rfind("\\")) + 1 :].removesuffix("\n").lower().rpartition(".")
    return ending in _ENDINGS and (stem in _ENTRIES or "mcp" in stem or "server" in stem)


def _interpreted(scene: Scene, words: tuple[str, ...]) -> str:
    """The server that an interpreter runs: a module, an installed file, or a file from outside of the project."""
    for word in words[:3]:
        if _INSTALLED.search(word):
            return word.rpartition("node_modules/")[2].removeprefix(".bin/")
        if _is_entry(word) and _foreign(scene, word):
            return re.split(r"[\\/]", word)[-1]
    for at, word in enumerate(words[:-1]):
        if word == "-m" and _MODULE.search(words[at + 1]):
            return words[at + 1]
    return ""


_MODULE = re.compile(r"(?i)(?:^|[._])mcp_?server|mcp_server(?:$|[._])|_mcp(?:$|\.)|^mcp_\w+|^mcp\.server\b")


def tool_of(scene: Scene) -> bool:
    """Whether the spawn is such a tool and is given something to start."""
    spawn = scene.spawn
    if not spawn.argv or not _mentions(scene):
        return False
    words = list(scene.words)
    name = scene.program
    if is_launcher(spawn.argv[0].text, words):
        rest = [word for word in words if not word.startswith("-") and word not in ("exec", "dlx", "run", "tool")]
        name, words = (_unversioned(rest[0]), words[words.index(rest[0]) + 1 :]) if rest else ("", [])
    told = [word for word in words if not word.startswith("-")]
    if name == "docker":
        return told[:1] == ["mcp"] and _DOCKER.match(" ".join(told[1:3])) is not None
    if name not in _RUNNERS and not (re.search(r"/cli$", name) and words[:1] == ["run"]):
        return False
    if name in ("mcp", "thv", "toolhive", "mcpm", "smithery", "@smithery/cli", "fastmcp", "mcporter"):
        if (
            told[:1]
            and told[0] in ("tools", "call", "shell", "resources", "prompts", "list")
            and name in ("mcp", "mcporter")
        ):
            # With a command behind it, the tool starts that to ask it.
            return len(told) > 1 or "--stdio" in words
        told = [] if not told or told[0] in _LOOKS or {"--help", "-h"} & set(words) else told
    return bool(told) or any(
        (name == "HOST" and word.text not in ("localhost", "127.0.0.1")) or name == "DANGEROUSLY_OMIT_AUTH"
        for name, word in spawn.assignments
    )


_PROTOCOL = re.compile(
    r"jsonrpc.{0,200}(?:initialize|tools/(?:call|list)|resources/|prompts/|notifications/)", re.DOTALL
)
_LISTENS = word_set(
    "jq yq cat grep egrep rg curl wget http https xh tee wc head tail sed awk base64 sha256sum md5sum python3 python nc"
    " ncat socat diff sort tr cut less more bat xxd od hexdump gron fx echo printf git gh pbcopy xclip openssl"
)
"""Programs that are given such a text and are no server."""


def is_spoken_to(scene: Scene, texts: Iterable[str]) -> bool:
    """Whether what the spawn reads is the protocol of MCP: then it is a server, whatever its name."""
    if scene.program in _LISTENS and not scene.runs:
        return False
    return any("jsonrpc" in text and _PROTOCOL.search(text[:4096]) is not None for text in texts)


def _unversioned(package: str) -> str:
    """`name` of `name@1.2`, `@scope/name` of `@scope/name@1.2`."""
    at = package.find("@", max(1, package.rfind("/") + 1))
    return package if at < 0 else package[:at]


def adds_to_agents(scene: Scene) -> bool:
    """Whether the spawn runs a package whose commands extend agents."""
    words = [word for word in scene.words if not word.startswith("-") and word not in ("exec", "dlx", "tool", "x")]
    name = _unversioned(words[0]) if words else ""
    if name not in _ADDS_TO_AGENTS or not is_launcher(scene.spawn.argv[0].text, scene.words):
        return False
    return name in ("add-skill", "install-skill", "claude-code-templates") or (
        words[1:2] != [] and words[1] in ("add", "install", "i", "update", "sync", "init", "enable")
    )


def _mentions(scene: Scene) -> bool:
    words, program = scene.words, scene.program
    # Twice for every spawn: one look at the words together is enough for most.
    beginning = " ".join(words[:12])
    return (
        "mcp" in program
        or "mcp" in beginning.lower()
        or "modelcontextprotocol" in beginning
        or "smithery" in " ".join(words[:4])
        or program in _BRIDGES
        or "supergateway" in words[:4]
        or program in ("thv", "toolhive", "smithery")
        or any(word.startswith(_OTHERS) for word in words[:6])
    )


def definition_of(
    program: str, words: tuple[str, ...], platform: str, environment: dict[str, str] | None = None
) -> Definition:
    """The launch definition of which an agent would make the same process."""
    return Definition(command=program, args=words, env=environment or {}, platform=platform)
