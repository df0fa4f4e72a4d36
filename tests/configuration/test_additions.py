"""The agents' own commands: what each would add, as their manuals say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import AGENTS
from spawngate.command.parse import read, read_argv
from spawngate.configuration.additions import PROGRAMS, Addition, additions_of, definitions_in
from spawngate.configuration.files import MISSING, Content, Unknown

FILES: dict[str, Content] = {"servers.json": b'{"mcpServers": {"f": {"command": "npx", "args": ["p"]}}}', "odd": b"{"}


def added(text: str) -> tuple[tuple[str, str, dict[str, Any], str], ...] | Unknown | None:
    spawn = read(text).spawns[-1]
    found = additions_of(spawn, lambda path: FILES.get(path, MISSING))
    if found is None or isinstance(found, Unknown):
        return found
    return tuple((one.agent, one.name, dict(one.definition), one.scope) for one in found)


NPX = {"command": "npx", "args": ["-y", "p"]}
BASH = {"command": "bash", "args": ["-c", "id"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("claude mcp add x -- npx -y p", ("claude-code", "x", NPX, "user")),
        ("claude mcp add x npx -- -y p", ("claude-code", "x", NPX, "user")),
        ("claude mcp add -s project x -- npx -y p", ("claude-code", "x", NPX, "project")),
        ("claude mcp add --scope local x -- npx -y p", ("claude-code", "x", NPX, "local")),
        (
            "claude mcp add --env A=b C=d --transport stdio x -- npx -y p",
            ("claude-code", "x", {**NPX, "type": "stdio", "env": {"A": "b", "C": "d"}}, "user"),
        ),
        (
            "claude mcp add --transport http -H 'A: b' x https://a.example",
            ("claude-code", "x", {"url": "https://a.example", "type": "http", "headers": {"A": "b"}}, "user"),
        ),
        (f"claude mcp add-json x '{json.dumps(BASH)}'", ("claude-code", "x", BASH, "user")),
        ("npx -y @anthropic-ai/claude-code mcp add x -- npx -y p", ("claude-code", "x", NPX, "user")),
        ("codex mcp add x --env A=b -- npx -y p", ("codex-cli", "x", {**NPX, "env": {"A": "b"}}, "user")),
        ("codex mcp add x --url https://a.example", ("codex-cli", "x", {"url": "https://a.example"}, "user")),
        ("""codex -c 'mcp_servers.x={command="bash",args=["-c","id"]}' go""", ("codex-cli", "x", BASH, "user")),
        ("codex --config mcp_servers.x.command=bash go", ("codex-cli", "x", {"command": "bash"}, "user")),
        ("gemini mcp add x npx -y p", ("gemini-cli", "x", NPX, "user")),
        ("gemini mcp add --trust x npx -y p", ("gemini-cli", "x", {**NPX, "trust": True}, "user")),
        ("qwen mcp add -s project x npx -y p", ("qwen-code", "x", NPX, "project")),
        ("amp mcp add x -- npx -y p", ("amp", "x", NPX, "user")),
        ("droid mcp add x 'npx -y p' --env A=b", ("factory-droid", "x", {**NPX, "env": {"A": "b"}}, "user")),
        ("kimi mcp add --transport stdio x -- npx -y p", ("kimi-code", "x", {**NPX, "type": "stdio"}, "user")),
        (
            "q mcp add --name x --command npx --args '-y,a\\,b' --env A=b,C=d",
            ("amazon-q-cli", "x", {"command": "npx", "args": ["-y", "a,b"], "env": {"A": "b", "C": "d"}}, "user"),
        ),
        ('kiro-cli mcp add --name x --command npx --args \'["-y", "p"]\'', ("kiro", "x", NPX, "user")),
        ("auggie mcp add x --command npx --args '-y p'", ("augment", "x", NPX, "user")),
        ("auggie mcp add x --url https://a.example", ("augment", "x", {"url": "https://a.example"}, "user")),
        ("openhands mcp add x --transport stdio npx -- -y p", ("openhands", "x", {**NPX, "type": "stdio"}, "user")),
        ("grok mcp add x -c npx -a '-y p'", ("grok-build", "x", NPX, "user")),
        (f"openclaw mcp set x '{json.dumps(BASH)}'", ("openclaw", "x", BASH, "user")),
        (f"code --add-mcp '{json.dumps({'name': 'x', **BASH})}'", ("vscode", "x", {"name": "x", **BASH}, "user")),
        (f"cursor --add-mcp='{json.dumps({'name': 'x', **BASH})}'", ("cursor", "x", {"name": "x", **BASH}, "user")),
        ("claude --mcp-config servers.json", ("claude-code", "f", {"command": "npx", "args": ["p"]}, "user")),
        (f"claude --mcp-config '{json.dumps({'mcpServers': {'x': BASH}})}'", ("claude-code", "x", BASH, "user")),
        ("sudo -E claude mcp add x -- npx -y p", ("claude-code", "x", NPX, "user")),
    ],
)
def test_adds(text: str, expected: tuple[str, str, dict[str, Any], str]) -> None:
    assert added(text) == (expected,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("claude mcp add", "interactive"),
        ("claude mcp add x", "interactive"),
        ("opencode mcp add", "interactive"),
        ("claude mcp add-from-claude-desktop", "interactive"),
        ("q mcp import file.json", "program"),
        ("claude mcp add x -- $SERVER", "variable"),
        ("claude mcp add-json x '{'", "malformed"),
        ("claude mcp add-json x", "interactive"),
        ("claude --mcp-config odd", "malformed"),
        ("claude --mcp-config missing.json", "unreadable"),
        ("q mcp add --name x --command npx --args '[1'", "expression"),
        ("codex -c 'mcp_servers=1' go", "malformed"),
    ],
)
def test_unknown(text: str, reason: str) -> None:
    assert added(text) == Unknown(reason)


@pytest.mark.parametrize(
    "text",
    [
        "claude mcp list",
        "claude mcp remove x",
        "claude mcp add --help",
        "claude -p 'about mcp'",
        "ls mcp",
        "codex exec mcp",
        "code .",
    ],
)
def test_adds_nothing(text: str) -> None:
    assert added(text) is None


def test_programs_name_agents() -> None:
    assert {agent for agent in PROGRAMS.values() if agent} <= set(AGENTS)
    assert Addition("", "iflow", "x", {}).agent_name == "iflow"
    assert Addition("codex-cli", "codex", "x", {}).agent_name == "Codex CLI"


def test_definitions_in() -> None:
    assert list(definitions_in({"servers": {"a": {"url": "u"}, "b": 1}})) == [("a", {"url": "u"})]
    assert list(definitions_in({"command": "c", "name": "n"})) == [("n", {"command": "c", "name": "n"})]
    assert list(definitions_in({"command": ["c"]}, "given")) == [("given", {"command": ["c"]})]
    assert list(definitions_in({"other": {"x": 1}})) == []


WORDS = st.sampled_from(
    [
        "mcp",
        "add",
        "add-json",
        "x",
        "--",
        "-e",
        "A=b",
        "--env",
        "--args",
        "[",
        "{",
        '{"command":"a"}',
        "npx",
        "-c",
        "mcp_servers.x=1",
        "--mcp-config",
        "https://a",
        "--name",
        "--command",
        "'",
        "set",
    ]
)


@given(st.sampled_from(sorted(PROGRAMS)), st.lists(WORDS, max_size=9))
def test_any_words_give_an_answer(program: str, words: list[str]) -> None:
    (spawn, *_) = read_argv((program, *words)).spawns
    assert additions_of(spawn, lambda path: MISSING) == additions_of(spawn, lambda path: MISSING)
