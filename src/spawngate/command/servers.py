"""Whether a spawn starts an MCP server, and the launch that it then is.

Belongs here: recognising one by the package or program. Must not be here: what the launch would run
(`launch.understand`), which is asked with a definition made here.
"""

import re

from spawngate.command.scene import Scene
from spawngate.launch.argv import word_set
from spawngate.launch.definition import Definition
from spawngate.launch.names import PACKAGES
from spawngate.launch.package import is_launcher, package_of

_NAME = re.compile(
    r"(?i)(?:^|[-_./@])mcp(?:[-_./@]|$)|modelcontextprotocol|mcp-?server|server-?mcp|mcp(?:remote|proxy)"
)
_TOOLS = word_set("inspector mcp-inspector mcp-publisher mcp-scan mcpb create-mcp-server")
_RUNNERS = word_set(
    "@modelcontextprotocol/inspector @smithery/cli mcporter mcptools mcp-cli mcphost"
    " fastmcp mcp-use mcp-client-cli mcp-get @wong2/mcp-cli mcpm"
)
"""Tools that start and call servers which their arguments name."""
_BRIDGES = word_set("mcp-remote supergateway mcp-proxy mcpo mcp-bridge")
_LAUNCHERS = word_set("npx pnpx bunx uvx pipx npm pnpm yarn bun uv docker podman nerdctl deno dnx")
_SERVES = word_set("python python3 node bun deno java dotnet ruby php tsx")


def server_of(scene: Scene) -> str:
    """Package or program of the MCP server that the spawn starts; empty where it is none that could be told."""
    spawn = scene.spawn
    if not spawn.argv or not _mentions(scene) or (spawn.wrappers and spawn.wrappers[-1] in _LAUNCHERS):
        # What a launcher runs is judged as the launcher's own start.
        return ""
    command, words = spawn.argv[0].text, scene.words
    if is_launcher(command, words):
        package = package_of(command, words) or ""
        name = re.sub(r"^pkg:[^/]+/|@[^/@]*$|\?.*$", "", package.replace("%40", "@"))
        bare = name.rpartition("/")[2]
        if bare in _TOOLS or not (_NAME.search(name) or name in PACKAGES):
            return ""
        return name
    if scene.program in _BRIDGES or re.fullmatch(
        r"mcp-server-[\w-]+|[\w-]+-mcp(?:-server)?|mcp-[\w-]+-server", scene.program
    ):
        return "" if words in (("--help",), ("--version",)) else scene.program
    if scene.program in _SERVES:
        for at, word in enumerate(words[:-1]):
            if word == "-m" and re.search(
                r"(?i)(?:^|[._])mcp_server|mcp_server(?:$|[._])|_mcp$|^mcp_\w+", words[at + 1]
            ):
                return words[at + 1]
    return ""


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
    if name not in _RUNNERS and not (re.search(r"/cli$", name) and words[:1] == ["run"]):
        return False
    return any(not word.startswith("-") for word in words) or any(
        name == "HOST" and word.text not in ("localhost", "127.0.0.1") for name, word in spawn.assignments
    )


def _mentions(scene: Scene) -> bool:
    return (
        "mcp" in scene.program
        or "smithery" in " ".join(scene.words[:4])
        or any("mcp" in word.lower() or "modelcontextprotocol" in word for word in scene.words[:12])
        or scene.program in _BRIDGES
        or "supergateway" in scene.words[:4]
    )


def definition_of(
    program: str, words: tuple[str, ...], platform: str, environment: dict[str, str] | None = None
) -> Definition:
    """The launch definition of which an agent would make the same process."""
    return Definition(command=program, args=words, env=environment or {}, platform=platform)
