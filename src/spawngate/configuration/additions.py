"""The agents' own commands that add an MCP server: `claude mcp add`, `codex mcp add`, `code --add-mcp` and their kin.

Belongs here: the grammar of these commands, and the definition that each would write.
Must not be here: what else an agent's command line does (`command.tools.agents`), and judgement.
Sources, read 2026-11: code.claude.com/docs/en/mcp (add, add-json, --mcp-config); developers.openai.com/codex/mcp and
codex-rs/cli/src/mcp_cmd.rs; google-gemini/gemini-cli:packages/cli/src/commands/mcp/add.ts (Qwen Code and iFlow keep
it); docs.factory.ai/droid-cli; ampcode.com/manual; docs.aws.amazon.com Amazon Q `mcp add` (Kiro keeps it);
docs.augmentcode.com/cli; moonshotai.github.io/kimi-cli; docs.openhands.dev CLI; code.visualstudio.com/docs (--add-mcp).
The grammars differ in little: one tolerant reading serves, and what it does not understand is unknown.
"""

import json
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.agents import load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.command.spawn import Spawn
from spawngate.configuration.files import Content, Unknown
from spawngate.launch.argv import word_set

PROGRAMS: Mapping[str, str] = {
    "claude": "claude-code",
    "claude-code": "claude-code",
    "codex": "codex-cli",
    "gemini": "gemini-cli",
    "gemini-cli": "gemini-cli",
    "qwen": "qwen-code",
    "qwen-code": "qwen-code",
    "iflow": "",
    "copilot": "copilot-cli",
    "amp": "amp",
    "droid": "factory-droid",
    "kimi": "kimi-code",
    "q": "amazon-q-cli",
    "qchat": "amazon-q-cli",
    "kiro-cli": "kiro",
    "kiro-cli-chat": "kiro",
    "auggie": "augment",
    "grok": "grok-build",
    "codebuddy": "codebuddy",
    "qodercli": "qoder",
    "qoder": "qoder",
    "opencode": "opencode",
    "openhands": "openhands",
    "hermes": "hermes",
    "openclaw": "openclaw",
    "devin": "devin-cli",
    "vibe": "mistral-vibe",
    "junie": "junie",
    "acli": "rovo-dev",
    "deepagents": "deepagents-cli",
    "cursor-agent": "cursor",
    "agent": "cursor",
    "crush": "crush",
    "goose": "goose",
    "cn": "continue",
    "kilo": "kilo-code",
    "cline": "cline",
    "code": "vscode",
    "code-insiders": "vscode",
    "codium": "vscode",
    "positron": "vscode",
    "cursor": "cursor",
    "windsurf": "windsurf",
    "kiro": "kiro",
    "trae": "trae",
    "antigravity": "antigravity",
}
"""Programs and the agents that they configure; empty for an agent that has no module."""
_VALUES = word_set(
    "-s --scope -t --transport --type -e --env -H --header --url -u --command --args --name --cwd --timeout"
    " --description --include-tools --exclude-tools --bearer-token-env-var --callback-port --client-id --client-secret"
    " --agent --startup-timeout --tool-timeout --oauth-client-id --disabled-tools --settings -C --cd"
)
_ANYWHERE = word_set("--env --scope --transport --header --type -e -H -t -s")
_COMMA_LISTS = word_set("q qchat kiro-cli kiro-cli-chat")
_PAIR = re.compile(r"[A-Za-z_][\w.-]*=", re.DOTALL)
_ADDRESS = re.compile(r"(?:https?|wss?)://", re.IGNORECASE)
_ADDS = word_set("add install set add-json import add-from-claude-desktop add-from")


ReadFile = Callable[[str], Content]
"""The content of a file at a path as the command spells it."""


@dataclass(frozen=True, slots=True)
class Addition:
    """One server that a command would add."""

    agent: str
    """Id of the agent; empty for one that has no module."""
    program: str
    name: str
    definition: Mapping[str, Any]
    """As an agent's file would hold it."""
    scope: str = "user"

    @property
    def agent_name(self) -> str:
        """The agent's name as people know it."""
        return load_agent(self.agent).name if self.agent else self.program


def additions_of(spawn: Spawn, read: ReadFile) -> tuple[Addition, ...] | Unknown | None:
    """The servers that a spawn would add; Unknown where it adds one and it is not known which; None where it adds none.

    `read` gives the content of a file that the command names.
    """
    if spawn.program not in PROGRAMS:
        return None
    words = spawn.words
    if "mcp" not in " ".join(words[:64]).lower():
        return None
    try:
        return _additions(spawn, words, read)
    except (ValueError, TypeError, RecursionError):
        return Unknown("expression")


def _additions(spawn: Spawn, words: Sequence[str], read: ReadFile) -> tuple[Addition, ...] | Unknown | None:
    found: list[Addition] = []
    for option in ("--add-mcp", "--mcp-config", "--additional-mcp-config"):
        for value in _given(words, option):
            more = _from_text(spawn.program, value, read)
            if isinstance(more, Unknown):
                return more
            found.extend(more)
    for value in (*_given(words, "-c"), *_given(words, "--config")):
        if value.lstrip().startswith("mcp_servers"):
            more = _from_toml(spawn.program, value)
            if isinstance(more, Unknown):
                return more
            found.extend(more)
    verb = _verb(words)
    if verb is None:
        return tuple(found) or None
    name, rest = verb
    start = len(words) - len(rest)
    opaque = any(word.opaque or word.glob for word in spawn.argv[1 + start :])
    one = Unknown("variable") if opaque else _of_verb(spawn.program, name, rest)
    if one is None or isinstance(one, Unknown):
        return one or (tuple(found) or None)
    return (*found, *one)


def _given(words: Sequence[str], option: str) -> Iterator[str]:
    for at, word in enumerate(words):
        if word == option and at + 1 < len(words):
            yield words[at + 1]
        elif word.startswith(f"{option}="):
            yield word.partition("=")[2]


def _verb(words: Sequence[str]) -> tuple[str, Sequence[str]] | None:
    """`mcp add ...`: the verb and what follows it."""
    for at, word in enumerate(words[:16]):
        if word == "mcp" and at + 1 < len(words):
            rest = words[at + 1 :]
            while len(rest) > 1 and rest[0].startswith("-"):
                rest = rest[1:]
            return (rest[0], rest[1:]) if rest and rest[0] in _ADDS else None
    return None


def _of_verb(program: str, verb: str, rest: Sequence[str]) -> tuple[Addition, ...] | Unknown | None:
    if {"--help", "-h"} & set(rest[: rest.index("--") if "--" in rest else len(rest)]):
        return None
    if verb in ("import", "add-from-claude-desktop", "add-from", "install"):
        return Unknown("interactive" if verb.startswith("add") else "program")
    given = _read(rest, program)
    if verb in ("add-json", "set") or (len(given.rest) > 1 and given.rest[1].lstrip().startswith("{")):
        if len(given.rest) < 2:
            return Unknown("interactive")
        value, problems = parse_json(given.rest[1], Format.JSON)
        if problems or not isinstance(value, Mapping):
            return Unknown("malformed")
        return (Addition(PROGRAMS[program], program, given.rest[0], value, given.scope),)
    return _add(program, given)


@dataclass(slots=True)
class _Given:
    rest: list[str]
    tail: list[str]
    options: dict[str, list[str]]

    def value(self, *names: str) -> str:
        return next((values[-1] for name in names if (values := self.options.get(name))), "")

    @property
    def scope(self) -> str:
        named = self.value("-s", "--scope")
        return named if named in ("user", "project", "local") else "user"


def _read(words: Sequence[str], program: str) -> _Given:
    takes = _VALUES | ({"-c", "-a"} if program == "grok" else frozenset())
    given = _Given([], [], {})
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word == "--":
            given.tail = list(words[at:])
            break
        plain = not word.startswith("-") or word == "-"
        # Behind the command everything is an argument of its own, but for what these commands take anywhere.
        if plain or (len(given.rest) >= 2 and word.partition("=")[0] not in _ANYWHERE):
            given.rest.append(word)
            continue
        name, equals, value = word.partition("=")
        if equals and name.startswith("--"):
            given.options.setdefault(name, []).append(value)
        elif word in takes and at < len(words):
            given.options.setdefault(word, []).append(words[at])
            at += 1
            while word in ("-e", "--env") and at < len(words) and _PAIR.match(words[at]):
                given.options[word].append(words[at])
                at += 1
        else:
            given.options.setdefault(word, [])
    return given


def _add(program: str, given: _Given) -> tuple[Addition, ...] | Unknown:
    rest = list(given.rest)
    name = given.value("--name", "-n") or (rest.pop(0) if rest else "")
    definition: dict[str, Any] = {}
    url, command = given.value("--url", "-u"), given.value("--command", "-c")
    lists = given.options.get("--args") or given.options.get("-a") or []
    arguments = [part for value in lists for part in _list(program, value)]
    if url:
        definition["url"] = url
    elif command:
        words = [command] if arguments or " " not in command else shlex.split(command)
        definition.update(command=words[0], args=[*words[1:], *arguments, *rest, *given.tail])
    elif given.tail and not rest:
        definition.update(command=given.tail[0], args=given.tail[1:])
    elif rest and _ADDRESS.match(rest[0]):
        definition["url"] = rest[0]
    elif rest:
        more = [*rest[1:], *given.tail]
        words = shlex.split(rest[0]) if not more and " " in rest[0] else [rest[0]]
        definition.update(command=words[0], args=[*words[1:], *more])
    else:
        return Unknown("interactive")
    if not name or not (definition.get("command") or definition.get("url")):
        return Unknown("interactive")
    transport = given.value("-t", "--transport", "--type")
    if transport:
        definition["type"] = transport
    pairs = [part for option in ("-e", "--env") for part in given.options.get(option, [])]
    if pairs:
        split = [part for pair in pairs for part in (_commas(pair) if program in _COMMA_LISTS else [pair])]
        definition["env"] = dict(pair.partition("=")[::2] for pair in split)
    headers = [part for option in ("-H", "--header") for part in given.options.get(option, [])]
    if headers:
        definition["headers"] = dict(re.split(r"\s*[:=]\s*", header, maxsplit=1) for header in headers if ":" in header)
    if "--trust" in given.options:
        definition["trust"] = True
    return (Addition(PROGRAMS[program], program, name, definition, given.scope),)


def _list(program: str, value: str) -> list[str]:
    """The words of one option that holds several: a JSON list, parts between commas, or as a shell splits them."""
    if value.lstrip().startswith("["):
        found = json.loads(value)
        return [str(item) for item in found] if isinstance(found, list) else [value]
    return _commas(value) if program in _COMMA_LISTS else shlex.split(value)


def _commas(value: str) -> list[str]:
    return [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", value)]


def _from_text(program: str, value: str, read: ReadFile) -> list[Addition] | Unknown:
    """Definitions in a JSON text, or in the file of that name."""
    if not value.lstrip().startswith("{"):
        content = read(value.removeprefix("@"))
        if not isinstance(content, bytes):
            return content if isinstance(content, Unknown) else Unknown("unreadable")
        value = content.decode("utf-8", "replace")
    found, problems = parse_json(value, Format.JSONC)
    if problems or not isinstance(found, Mapping):
        return Unknown("malformed")
    return [Addition(PROGRAMS[program], program, name, item) for name, item in definitions_in(found)]


def _from_toml(program: str, value: str) -> list[Addition] | Unknown:
    """`mcp_servers.x={command="a"}` or `mcp_servers.x.command="a"`, as `codex -c` takes it."""
    try:
        table = tomllib.loads(value)
    except tomllib.TOMLDecodeError:
        key, _, text = value.partition("=")
        try:
            table = tomllib.loads(f"{key}={json.dumps(text)}")
        except tomllib.TOMLDecodeError:
            return Unknown("malformed")
    servers = table.get("mcp_servers")
    if not isinstance(servers, Mapping):
        return Unknown("malformed")
    return [
        Addition(PROGRAMS[program], program, name, item)
        for name, item in servers.items()
        if isinstance(item, Mapping) and ("command" in item or "url" in item)
    ]


def definitions_in(value: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Names and definitions in a JSON value: one definition, a map of them, or a map below `mcpServers`, `servers`."""
    for key in ("mcpServers", "servers", "mcp_servers", "mcp"):
        inner = value.get(key)
        if isinstance(inner, Mapping):
            yield from definitions_in(inner)
            return
    if any(isinstance(value.get(key), str) and value[key] for key in ("command", "url", "serverUrl", "httpUrl", "cmd")):
        own = value.get("name")
        yield (name or (own if isinstance(own, str) else "") or "unnamed"), value
        return
    if isinstance(value.get("command"), list) and value["command"]:
        yield name or "unnamed", value
        return
    for key, item in value.items():
        if isinstance(item, Mapping) and {"command", "url", "serverUrl", "httpUrl", "cmd"} & set(item):
            yield str(key), item
