"""`readers.copilot_files`: prompt and agent files of GitHub Copilot."""

from typing import Any

import pytest
from hypothesis import given, settings

from spawngate.agents.formats import Format
from spawngate.agents.readers.copilot_files import read_agent, read_prompt
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, given_text, given_value, item, launch, read, survive

FOLDER = "/w/.github/prompts/"


@pytest.mark.parametrize(
    ("file", "name"),
    [("review.prompt.md", "review"), ("review.md", "review"), (".prompt.md", ".prompt"), ("a.agent.md", "a")],
)
def test_prompt(file: str, name: str) -> None:
    document = given_text(
        "---\ndescription: Reviews\ntools: [read]\n---\nDo it\n", Format.FRONTMATTER, path=FOLDER + file
    )
    detail = {"type": "command", "bytes": 49, "lines": 1, "description": "Reviews", "tools": ["read"]}
    assert read(read_prompt, document) == (
        [item("skill", name, path=FOLDER + file, detail=detail, content="d1")],
        [],
    )


def test_agent_with_servers() -> None:
    text = """---
name: Planner
mcp-servers:
  db: {type: local, command: npx, args: [x], tools: ["*"], env: {KEY: "${{ secrets.KEY }}"}}
  bad: 7
---
Plan
"""
    path = FOLDER + "plan.agent.md"
    expected: list[dict[str, Any]] = [
        item(
            "instruction", "plan", path=path, detail={"type": "subagent", "bytes": len(text), "lines": 1}, content="d1"
        ),
        item(
            "mcp_server",
            "db",
            path=path,
            scope="subagent",
            pointer="mcp-servers.db",
            launch=launch("stdio", "npx", "x", env={"KEY": "${{ secrets.KEY }}"}),
            detail={"include_tools": ["*"]},
        ),
        item(
            "mcp_server",
            "bad",
            path=path,
            scope="subagent",
            pointer="mcp-servers.bad",
            status="unreadable",
            launch=launch("unknown"),
        ),
    ]
    document = given_text(text, Format.FRONTMATTER, path=path)
    assert read(read_agent, document) == (expected, [("wrong-type", "mcp-servers.bad is not a map")])


@pytest.mark.parametrize("name", ["plan.chatmode.md", "plan.agent.md", "plan.md"])
def test_agent_is_named_without_its_suffix(name: str) -> None:
    found, left = read(read_agent, given_text("Plan\n", Format.FRONTMATTER, path=FOLDER + name))
    assert ([record["name"] for record in found], left) == (["plan"], [])


@given(anything("name", "description", "tools", "mcp-servers", "mcpServers", "hooks", "command"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    for reader in (read_prompt, read_agent):
        survive(reader, given_value(value, format=Format.FRONTMATTER, path=FOLDER + "a.prompt.md"))
