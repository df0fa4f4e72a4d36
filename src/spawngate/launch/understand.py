"""From a launch definition to facts.

Belongs here: the table of readers, and the facts of a definition as a whole (transport, variables, surroundings).
Must not be here: launchers' grammars (`launch.grammar`), and what facts mean (`rules`).
Total, pure and linear: any strings give facts, and what is not understood is said in `unknown`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from spawngate.launch import names, paths
from spawngate.launch.argv import program
from spawngate.launch.definition import Definition
from spawngate.launch.environment import Environment, names_secret
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.grammar import (
    bridges,
    compiled,
    containers,
    interpreters,
    javascript,
    npm,
    python,
    shells,
    tools,
    windows,
    wrappers,
)
from spawngate.launch.launcher import seen_through
from spawngate.launch.scene import Here, Reader, Scene
from spawngate.launch.surroundings import NOTHING, NPMRC_KEYS, Surroundings


def _table() -> dict[str, Reader]:
    found: dict[str, Reader] = dict.fromkeys(wrappers.WRAPPERS, wrappers.wrapper)
    found.update(dict.fromkeys(interpreters.LANGUAGES, interpreters.language))
    found.update(dict.fromkeys(tools.TOOLS, tools.tool))
    found.update(dict.fromkeys(tools.INSTALLERS, tools.installer))
    found.update(dict.fromkeys(shells.NAMES, shells.shell))
    found.update({name: bridges.reader for name in bridges.BRIDGES if "/" not in name})
    groups: tuple[tuple[str, Reader], ...] = (
        ("npx", npm.npx),
        ("npm", npm.npm),
        ("pnpm pnpx", npm.pnpm),
        ("yarn yarnpkg", npm.yarn),
        ("bunx", npm.bunx),
        (
            "node nodejs iojs tsx ts-node ts-node-esm ts-node-dev esrun swc-node babel-node vite-node jiti electron",
            javascript.node,
        ),
        ("bun", javascript.bun),
        ("deno", javascript.deno),
        ("nodemon", javascript.nodemon),
        ("concurrently", javascript.concurrently),
        ("python python2 python3 ipython ipython3 debugpy-run", python.python),
        ("uv", python.uv),
        ("uvx", python.uvx),
        ("pipx", python.pipx),
        ("pip pip3 easy_install", python.pip),
        ("fastmcp mcp", _python_tool),
        ("docker podman nerdctl finch", containers.engine),
        ("docker-compose podman-compose", containers.compose),
        ("kubectl oc", containers.kubectl),
        ("dnx", compiled.dnx),
        ("dotnet", compiled.dotnet),
        ("go", compiled.go),
        ("cargo", compiled.cargo),
        ("java javaw", compiled.java),
        ("jbang", compiled.jbang),
        ("make gmake bmake ninja just task rake mvn mvnw gradle gradlew ant sbt invoke doit tox nox", compiled.builder),
        ("perl", interpreters.perl),
        ("ruby jruby", interpreters.ruby),
        ("php", interpreters.php),
        ("awk gawk mawk nawk", interpreters.awk),
        ("sed gsed", interpreters.sed),
        ("vim vi nvim ex view gvim", interpreters.editor),
        ("cmd", windows.cmd),
        ("start", windows.start),
        ("powershell pwsh powershell_ise", windows.powershell),
        ("wsl", windows.wsl),
        ("rundll32 regsvr32 msiexec installutil regasm regsvcs msbuild odbcconf forfiles pcalua", windows.library),
        ("busybox toybox", shells.busybox),
        ("eval", shells.evaluate),
        ("source .", shells.source),
        ("env", wrappers.env),
        ("xargs", wrappers.xargs),
        ("find fd fdfind", wrappers.find),
        ("git", tools.git),
    )
    for group, reader in groups:
        found.update(dict.fromkeys(group.split(), reader))
    return found


def _python_tool(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    scene.launcher(name, name, words, here)
    scene.acts(here, ("python",))
    scene.server(words, here)
    python.tool(scene, name, words, here)


_READERS = _table()
_LUA = re.compile(
    r"lua(?:jit)?\d(?:\.\d+)?|perl\d[\d.]*|ruby\d[\d.]*|php\d[\d.]*|nodejs?-?\d+|pip\d(?:\.\d+)?|bash-?\d[\d.]*"
)


def _find(name: str) -> Reader | None:
    """Reader of a program's name; one with a version number is the same program."""
    reader = _READERS.get(name)
    if reader is None and name and name[-1].isdigit() and _LUA.fullmatch(name):
        return _READERS.get(re.sub(r"-?[\d.]+$", "", name))
    return reader


MAX_ARGUMENTS = 4096
"""Arguments that are looked at."""


def understand(definition: Definition, surroundings: Surroundings = NOTHING) -> LaunchFacts:
    """What the definition would really run. Raises nothing."""
    started, args, entry = seen_through(definition.command, definition.args)
    if entry:
        definition = replace(definition, command=started, args=args)
    scene = Scene(definition, surroundings, _find)
    notes = scene.notes
    command = definition.command
    # What can be said without running anything in mind.
    if definition.env:
        notes.add("env_names", *definition.env)
        notes.add("env_secrets", *(name for name in definition.env if names_secret(name)))
    if definition.env_file:
        notes.mark("env_file")
    if definition.cwd:
        notes.put("cwd", definition.cwd)
        notes.put("cwd_place", paths.folder_place(definition.cwd))
        if notes.text("cwd_place") == "temporary":
            notes.add("writable_places", definition.cwd)
    if definition.disabled:
        notes.mark("disabled")
    if definition.key_case:
        notes.mark("key_case")
    if any(tool.strip() in ("*", "all", "**", ".*") for tool in definition.auto_approve):
        notes.mark("auto_approve_all")
    notes.add("odd_keys", *definition.odd_keys)
    if definition.malformed:
        notes.add("unknown", "malformed")
    if definition.url:
        scene.address(definition.url)
    _transport(scene, definition)
    if command:
        _command(scene, definition, command)
    elif definition.url:
        notes.put("source", "remote")
    _around(scene, surroundings)
    return notes.facts()


def _command(scene: Scene, definition: Definition, raw: str) -> None:
    notes = scene.notes
    odd = names.odd_characters(raw, definition.args)
    if odd:
        notes.add("odd_characters", *odd)
    environment = Environment(definition.env, definition.platform)
    here = Here(environment, definition.env)
    command, args = raw, definition.args
    if len(args) > MAX_ARGUMENTS:
        args = args[:MAX_ARGUMENTS]
        notes.add("unknown", "malformed")
    if "$" in raw or "%" in raw or any("$" in word or "%" in word for word in args):
        seen: dict[str, None] = {}
        command = _expanded(raw, {**_USUAL, **definition.env}, seen)
        notes.put("command_variable", bool(seen))
        args = tuple(_expanded(word, definition.env, seen) for word in args)
        notes.add("variables", *seen)
        if notes.has("command_variable") and _VARIABLE.search(command):
            notes.add("unknown", "unresolved-variable")
    if not notes.has("command_variable"):
        notes.put("command_variable", False)
    notes.put("program", program(command.strip().strip("\"'")))
    notes.put("program_path", paths.program_path(raw))
    if not command.strip():
        notes.add("unknown", "malformed")
        return
    scene.run(command, args, here)
    notes.say("inner_program", notes.text("program"))
    if not notes.has("inner_argv"):
        notes.put("inner_argv", (command, *args))
    scene.finish()
    acted = set(notes.items("env_loads_code"))
    notes.add("env_inert", *(name for name in environment.suspects() if name not in acted))


def _transport(scene: Scene, definition: Definition) -> None:
    notes = scene.notes
    stated = _STATED.get(definition.transport or "", "")
    if definition.command:
        notes.put("transport", "builtin" if stated == "builtin" else "stdio")
        if definition.url or stated in ("http", "sse", "ws"):
            notes.mark("transport_conflict")
    elif definition.url:
        scheme = "ws" if re.match(r"wss?:", definition.url, re.IGNORECASE) else "http"
        notes.put("transport", stated if stated in ("http", "sse", "ws") else scheme)
        if stated in ("stdio", "builtin"):
            notes.mark("transport_conflict")
    elif stated == "builtin":
        notes.put("transport", "builtin")


_USUAL: Mapping[str, str] = {"SHELL": "sh", "COMSPEC": "cmd", "ComSpec": "cmd", "BASH": "bash", "npm_execpath": "npm"}
"""What variables of a usual machine hold when a command is one of them."""

_STATED: Mapping[str, str] = {
    "stdio": "stdio", "local": "stdio", "command": "stdio", "process": "stdio",
    "http": "http", "streamable-http": "http", "streamable_http": "http", "streamablehttp": "http", "remote": "http",
    "streamable": "http", "https": "http",
    "sse": "sse", "ws": "ws", "websocket": "ws",
    "builtin": "builtin", "platform": "builtin", "frontend": "builtin",
}  # fmt: skip

_VARIABLE = re.compile(
    r"\$\{([^{}]{1,200})\}|\$env:([A-Za-z_]\w*)|\$([A-Za-z_]\w*)|%([A-Za-z_][\w()]*)(:[^%]*)?%", re.IGNORECASE
)


def _expanded(text: str, env: Mapping[str, str], seen: dict[str, None]) -> str:
    """`text` with defaults and the definition's own variables filled in, as clients do; what only the machine knows
    stays. `seen` collects the names."""
    if "$" not in text and "%" not in text:
        return text

    def one(match: "re.Match[str]") -> str:
        body = match[1]
        if body is None:
            name = match[2] or match[3] or match[4]
            seen[name] = None
            return env.get(name) or match[0]
        name, separator, default = _parts(body)
        seen[name] = None
        value = env.get(name.rpartition(":")[2], "")
        if value and not _VARIABLE.fullmatch(value):
            return value
        return default if separator and default else match[0]

    return _VARIABLE.sub(one, text)


def _parts(body: str) -> tuple[str, str, str]:
    """Name, separator and default of what stands in `${...}`: `A:-b`, `A-b`, `A:=b`, `env:A:b` and `A`."""
    match = re.match(r"((?:env|input|secret|config):)?([A-Za-z_][\w.]*)(:-|:=|:\+|-|=|:)?(.*)", body, re.DOTALL)
    if match is None:
        return body, "", ""
    return (match[1] or "") + match[2], match[3] or "", match[4]


def _around(scene: Scene, surroundings: Surroundings) -> None:
    notes = scene.notes
    if surroundings is NOTHING:
        return
    npm_runs = scene.notes.text("launcher") in ("npx", "npm-exec", "npm-run") or "npx" in notes.items("programs")
    if npm_runs:
        notes.add(
            "npmrc", *(key for key in surroundings.npmrc if key.lower() in NPMRC_KEYS or key.endswith(":registry"))
        )
    notes.add("shadowed_by", *sorted(surroundings.present))
    notes.add("writable_by_others", *surroundings.writable_by_others)
    if surroundings.under_version_control:
        notes.mark("under_version_control")


def hook(text: str, platform: str = "linux", agent: str = "") -> LaunchFacts:
    """Facts about a line that an agent's hook or event hands to the shell of the system."""
    windows_shell = platform == "windows"
    definition = Definition(
        command="cmd" if windows_shell else "sh",
        args=("/c" if windows_shell else "-c", text),
        platform=platform,
        agent=agent,
    )
    return replace(understand(definition), transport="unknown")
