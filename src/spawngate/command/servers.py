"""Whether a spawn starts an MCP server, and the launch that it then is.

Belongs here: recognising one by the package or program. Must not be here: what the launch would run
(`launch.understand`), which is asked with a definition made here.
"""

import re
from collections.abc import Iterable

from spawngate.command.scene import Scene
from spawngate.launch.argv import is_python, word_set
from spawngate.launch.definition import Definition
from spawngate.launch.names import PACKAGES
from spawngate.launch.package import is_launcher, launched, package_of

_NAME = re.compile(
    r"(?i)(?:^|[-_./@])mcp(?:[-_./@]|$)|modelcontextprotocol|mcp-?server|server-?mcp|mcp(?:remote|proxy)"
)
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
_SERVER = re.compile(r"mcp-server(?:-[\w-]+)?|[\w-]+-mcp(?:-server)?|mcp-[\w-]+-server|[\w-]+mcpserver")
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
_SERVES = word_set("python python3 node bun deno java dotnet ruby php tsx")


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
        return _interpreted(scene, words)
    if (scene.program, *told[:1]) in _RUNS_PACKAGES:
        return next((word for word in told[1:3] if _PACKAGE.search(word)), "")
    return ""


_RUNS_PACKAGES = frozenset({("nix", "run"), ("nix", "shell"), ("jbang", "run"), ("dotnet", "tool")})
_PACKAGE = re.compile(r"(?i)mcp")


def _launched(command: str, words: tuple[str, ...]) -> str:
    """The package of a server that a launcher runs."""
    package = package_of(command, words) or ""
    name = re.sub(r"^pkg:[^/]+/|@[^/@]*$|\?.*$", "", package.replace("%40", "@"))
    bare = name.rpartition("/")[2]
    told = launched(command, words) or ()
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


def _interpreted(scene: Scene, words: tuple[str, ...]) -> str:
    """The server that an interpreter runs: a module, an installed file, or a file from outside of the project."""
    for word in words[:3]:
        if _INSTALLED.search(word):
            return word.rpartition("node_modules/")[2].removeprefix(".bin/")
        if (
            not word.startswith("-")
            and re.search(r"(?i)mcp[^/]*\.(?:m?[jt]s|py|jar|rb|php|dll)$", word)
            and re.match(r"[/~]|[A-Za-z]:", word)
            and "project" not in scene.places(word)
        ):
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
        name, words = (re.sub(r"(?<=.)@[^/]*$", "", rest[0]), words[words.index(rest[0]) + 1 :]) if rest else ("", [])
    told = [word for word in words if not word.startswith("-")]
    if name == "docker":
        return told[:1] == ["mcp"] and _DOCKER.match(" ".join(told[1:3])) is not None
    if name not in _RUNNERS and not (re.search(r"/cli$", name) and words[:1] == ["run"]):
        return False
    if name in ("mcp", "thv", "toolhive", "mcpm", "smithery", "@smithery/cli", "fastmcp", "mcporter"):
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


def adds_to_agents(scene: Scene) -> bool:
    """Whether the spawn runs a package whose commands extend agents."""
    words = [word for word in scene.words if not word.startswith("-") and word not in ("exec", "dlx", "tool", "x")]
    name = re.sub(r"(?<=.)@[^/]*$", "", words[0]) if words else ""
    if name not in _ADDS_TO_AGENTS or not is_launcher(scene.spawn.argv[0].text, scene.words):
        return False
    return name in ("add-skill", "install-skill", "claude-code-templates") or (
        words[1:2] != [] and words[1] in ("add", "install", "i", "update", "sync", "init", "enable")
    )


def _mentions(scene: Scene) -> bool:
    return (
        "mcp" in scene.program
        or "smithery" in " ".join(scene.words[:4])
        or any("mcp" in word.lower() or "modelcontextprotocol" in word for word in scene.words[:12])
        or scene.program in _BRIDGES
        or "supergateway" in scene.words[:4]
        or scene.program in ("thv", "toolhive", "smithery")
        or any(word.startswith(_OTHERS) for word in scene.words[:6])
    )


def definition_of(
    program: str, words: tuple[str, ...], platform: str, environment: dict[str, str] | None = None
) -> Definition:
    """The launch definition of which an agent would make the same process."""
    return Definition(command=program, args=words, env=environment or {}, platform=platform)
