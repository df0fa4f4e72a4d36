"""`readers.texts`: skills, commands, sub-agents and instruction files."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.document import Sibling
from spawngate.agents.formats import Format
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT, Text, content_digest
from spawngate.model.artifact import Kind
from spawngate.model.json import Json
from tests.agents.readers.planted import crossed
from tests.agents.readers.seen import (
    anything,
    given_text,
    given_value,
    item,
    launch,
    read,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)

FOLDER = "/home/ana/.claude/skills/pdf"
PATH = f"{FOLDER}/SKILL.md"


def front(value: Json, body: str = "", **fields: Any) -> Any:
    return given_value(value, format=Format.FRONTMATTER, path=PATH, body=body, **fields)


def test_skill() -> None:
    text = """---
name: PDF tools
description: Reads PDF files
version: 1.5
license: MIT
model: opus
permissionMode: plan
allowed-tools: Bash(pdf:*, x), Read Write
---
Run !`date` and !{id}
\u200bhidden\u202eturned
"""
    document = given_text(
        text,
        Format.FRONTMATTER,
        path=PATH,
        project="/w",
        siblings=(Sibling("b.py", 3, True, "bb"), Sibling("a.md", 2, False, "")),
    )
    detail = {
        "type": "skill",
        "bytes": len(text.encode()),
        "lines": 2,
        "description": "Reads PDF files",
        "version": "1.5",
        "license": "MIT",
        "model": "opus",
        "permission_mode": "plan",
        "tools": ["Bash(pdf:*, x)", "Read", "Write"],
        "signals": {"hidden_characters": 1, "bidirectional": 1},
        "invisible": 1,
        "bidirectional": 1,
        "dynamic_commands": 2,
        "files": [
            {"path": "b.py", "bytes": 3, "executable": True, "digest": "bb"},
            {"path": "a.md", "bytes": 2, "executable": False, "digest": ""},
        ],
    }
    total = hashlib.sha256(b"d1\0a.md\0\0b.py\0bb").hexdigest()
    assert read(SKILL, document) == (
        [item("skill", "PDF tools", path=PATH, detail=detail, project="/w", content=total)],
        [],
    )


@pytest.mark.parametrize(
    ("reader", "path", "stated", "name"),
    [
        (SKILL, PATH, None, "pdf"),
        (SKILL, PATH, "", "pdf"),
        (SKILL, PATH, "  ", "pdf"),
        (SKILL, PATH, 7, "pdf"),
        (SKILL, "C:\\skills\\pdf\\SKILL.md", None, "pdf"),
        (COMMAND, "/c/git/commit.md", None, "commit"),
        (COMMAND, "/c/commit.md", "Stated", "Stated"),
        (COMMAND, "/c/Makefile", None, "Makefile"),
        (SUBAGENT, "/a/reviewer.md", "Stated", "reviewer"),
        (RULES, "/w/CLAUDE.md", "Stated", "CLAUDE.md"),
        (MEMORY, "/w/notes.md", None, "notes.md"),
        (RULES, "/w/.cursorrules", None, ".cursorrules"),
    ],
)
def test_name(reader: Text, path: str, stated: Json, name: str) -> None:
    found, left = read(reader, given_value({"name": stated}, format=Format.FRONTMATTER, path=path))
    assert ([record["name"] for record in found], left) == ([name], [])


@pytest.mark.parametrize(("text", "lines"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("a\n\n", 2), ("\n", 1)])
def test_lines(text: str, lines: int) -> None:
    document = given_text(text, Format.TEXT, path="/w/CLAUDE.md")
    detail = {"type": "rules", "bytes": len(text), "lines": lines}
    assert read(RULES, document) == (
        [item("instruction", "CLAUDE.md", path="/w/CLAUDE.md", detail=detail, content="d1")],
        [],
    )


@pytest.mark.parametrize(
    ("value", "detail", "left"),
    [
        ({"tools": ["Read", 7, None, {}]}, {"tools": ["Read", "7"]}, [wrong("tools[3]", "text")]),
        ({"tools": {"bash": True, "web": False}}, {"tools": ["bash"]}, []),
        ({"tools": "a,b c(d e) "}, {"tools": ["a", "b", "c(d e)"]}, []),
        ({"tools": ""}, {"tools": []}, []),
        ({"tools": 7}, {"tools": []}, [wrong("tools", "a list")]),
        ({"tools": "a", "allowed-tools": "b"}, {"tools": ["b"]}, []),
        ({"description": ["x"]}, {}, [wrong("description", "text")]),
        ({"description": 7}, {"description": "7"}, []),
        ({"description": None, "tools": None, "version": None, "hooks": None, "mcpServers": None}, {}, []),
        ({"version": True, "model": "m"}, {"model": "m"}, []),
        ({"version": {}}, {}, [wrong("version", "text")]),
        ({"version": 2**2000}, {"version": hex(2**2000)}, []),
        ([], {}, [("wrong-type", "the document is not a map")]),
        ("x", {}, [("wrong-type", "the document is not a map")]),
    ],
)
def test_front_matter(value: Json, detail: dict[str, Json], left: list[tuple[str, str]]) -> None:
    expected = item("skill", "pdf", path=PATH, detail={"type": "skill", "bytes": 0, "lines": 0, **detail}, content="d1")
    assert read(SKILL, front(value)) == ([expected], left)


def servers_of(value: Json) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    found, left = read(SUBAGENT, front(value))
    return [record for record in found if record["kind"] == "mcp_server"], left


def own(name: str, pointer: str, started: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return item("mcp_server", name, path=PATH, scope="subagent", pointer=pointer, launch=started, **fields)


def test_servers_of_a_subagent_as_a_map() -> None:
    assert servers_of({"mcpServers": {"a": {"command": "x"}}, "mcp_servers": {"b": {"url": "https://x"}}}) == (
        [
            own("a", "mcpServers.a", launch("stdio", "x")),
            own("b", "mcp_servers.b", launch("http", url="https://x")),
        ],
        [],
    )


def test_servers_of_a_subagent_as_a_list() -> None:
    value: Json = {
        "mcp_servers": [
            "known",
            {"one": {"command": "x"}, "two": {"url": "https://x"}},
            {"name": "three", "command": "y", "args": ["-a"]},
            {"url": "https://y"},
            {"name": "four"},
            {"name": {"command": "z"}},
            None,
            7,
        ]
    }
    assert servers_of(value) == (
        [
            own("one", "mcp_servers.one", launch("stdio", "x")),
            own("two", "mcp_servers.two", launch("http", url="https://x")),
            own("three", "mcp_servers[three]", launch("stdio", "y", "-a")),
            own("#4", "mcp_servers[#4]", launch("http", url="https://y")),
            own("four", "mcp_servers[four]", launch("unknown"), status="unreadable"),
            own("name", "mcp_servers.name", launch("stdio", "z")),
        ],
        [
            ("unknown-shape", "mcp_servers[four] has neither a command nor an address"),
            *(("wrong-type", f"mcp_servers[{index}] is neither a name nor a server") for index in (6, 7)),
        ],
    )


@pytest.mark.parametrize(
    ("declared", "left"),
    [(None, []), ("known", []), ([], []), (["a", "b"], []), ({}, []), (7, [wrong("mcpServers", "a list")])],
)
def test_no_servers(declared: Json, left: list[tuple[str, str]]) -> None:
    assert servers_of({"mcpServers": declared}) == ([], left)


def test_hooks_of_a_subagent() -> None:
    found, left = read(SUBAGENT, front({"hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}}))
    expected = item(
        "hook",
        "Stop",
        path=PATH,
        scope="subagent",
        pointer="hooks.Stop[0].hooks[0]",
        detail={"event": "Stop", "command": "x", "type": "command"},
    )
    assert (found[1:], left) == ([expected], [])


def test_other_formats() -> None:
    toml = given_text('description = "d"\nprompt = "p"\n', Format.TOML, path="/c/fix.toml")
    detail = {"type": "command", "bytes": 31, "lines": 2, "description": "d"}
    assert read(COMMAND, toml) == ([item("skill", "fix", path="/c/fix.toml", detail=detail, content="d1")], [])
    json_ = given_text("[]", Format.JSON, path="/c/fix.json")
    assert read(COMMAND, json_) == (
        [item("skill", "fix", path="/c/fix.json", detail={"type": "command", "bytes": 2, "lines": 1}, content="d1")],
        [("wrong-type", "the document is not a map")],
    )


def test_text_never_becomes_part_of_a_record() -> None:
    text = "---\ndescription: d\n---\nThe quick brown fox jumps over the lazy dog.\n"
    assert "quick brown" not in crossed(SKILL, given_text(text, Format.FRONTMATTER, path=PATH))


def test_content() -> None:
    siblings = (Sibling("b", 1, False, "2"), Sibling("a", 1, False, "1"))
    alone, one, both, turned = (
        content_digest(given_value(None, siblings=found)) for found in ((), siblings[:1], siblings, siblings[::-1])
    )
    assert alone == "d1"
    assert one == hashlib.sha256(b"d1\0b\x002").hexdigest()
    assert both == turned == hashlib.sha256(b"d1\0a\x001\0b\x002").hexdigest()
    assert content_digest(given_value(None, siblings=(Sibling("\udcff", 1, False, "1"),)))


GOOD: Json = {
    "name": "n",
    "description": "d",
    "version": "1",
    "tools": ["a"],
    "mcpServers": [{"a": {"command": "x"}}, {"name": "b", "command": "y"}, "c"],
    "mcp_servers": {"d": {"url": "https://x"}},
    "hooks": {"Stop": [{"hooks": [{"command": "x"}]}]},
}


def test_wrong_types_everywhere() -> None:
    survive_all(SKILL, wrong_everywhere(GOOD, front))
    survive_all(SUBAGENT, wrong_everywhere(GOOD, front))


@given(anything("name", "description", "tools", "mcpServers", "mcp_servers", "command", "url", "hooks", "version"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    for reader in (SKILL, SUBAGENT, RULES, Text(Kind.SKILL, "recipe")):
        survive(reader, front(value))
    survive(SUBAGENT, front({"mcpServers": value, "hooks": value}))


@given(st.text(), st.sampled_from(["", "/", "a", "/a", "C:\\a", "\\\\x", "/a/.b", "/a/b."]))
@settings(deadline=None)
def test_no_text_and_no_path_raises(text: str, path: str) -> None:
    for format_ in (Format.FRONTMATTER, Format.TEXT, Format.TOML, Format.YAML):
        document = given_text("", format_, path=path)
        document.data = f"---\n{text}\n---\n{text}".encode("utf-8", "replace")
        survive(SKILL, document)
