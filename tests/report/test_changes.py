"""`report.changes`: one change as a line of JSON and as lines for people."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.snapshot import SCHEMA_VERSION, Change, Difference
from spawngate.report.changes import render_change_json, render_change_text
from spawngate.report.terminal import is_hidden
from tests.report.samples import HOSTILE

AT = "2026-11-21T12:00:00Z"
SERVER = Artifact(
    Kind.MCP_SERVER,
    "id1",
    "f1",
    "cursor",
    Scope.USER,
    "github",
    "/home/ana/.cursor/mcp.json",
    Status.ENABLED,
    {"timeout": 5},
    Launch(Transport.STDIO, "npx", ("-y", "server"), ("TOKEN",), env={"TOKEN": "${TOKEN}"}),
)
DIFFERENCES = (
    Difference("launch.args", ["-y", "server@1"], ["-y", "server@2"]),
    Difference("launch.cwd", None, "/w"),
    Difference("detail.trust", True, None),
    Difference("detail.timeout", 5, 7.5),
    Difference("detail.tools", {"a": None}, []),
)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            Change("added", SERVER),
            "2026-11-21T12:00:00Z + mcp_server github (cursor) in /home/ana/.cursor/mcp.json\n",
        ),
        (
            Change("removed", replace(SERVER, agent="")),
            "2026-11-21T12:00:00Z - mcp_server github in /home/ana/.cursor/mcp.json\n",
        ),
        (
            Change("changed", SERVER, DIFFERENCES),
            "2026-11-21T12:00:00Z ~ mcp_server github (cursor) in /home/ana/.cursor/mcp.json\n"
            '    launch.args: ["-y","server@1"] -> ["-y","server@2"]\n'
            "    launch.cwd: (none) -> /w\n"
            "    detail.trust: true -> (none)\n"
            "    detail.timeout: 5 -> 7.5\n"
            '    detail.tools: {"a":null} -> []\n',
        ),
    ],
    ids=["added", "removed", "changed"],
)
def test_text(change: Change, text: str) -> None:
    assert render_change_text(change, AT) == text


def test_json() -> None:
    line = render_change_json(Change("changed", SERVER, DIFFERENCES), AT)
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "schema_version": SCHEMA_VERSION,
        "at": AT,
        "change": "changed",
        "artifact": {
            "kind": "mcp_server",
            "id": "id1",
            "fingerprint": "f1",
            "agent": "cursor",
            "scope": "user",
            "name": "github",
            "path": "/home/ana/.cursor/mcp.json",
            "status": "enabled",
            "detail": {"timeout": 5},
            "launch": {
                "transport": "stdio",
                "command": "npx",
                "args": ["-y", "server"],
                "env_names": ["TOKEN"],
                "cwd": None,
                "url": None,
                "header_names": [],
                "package": None,
                "env": {"TOKEN": "${TOKEN}"},
                "env_file": None,
                "header_command": None,
                "digest": None,
            },
        },
        "differences": [
            {"path": "launch.args", "old": ["-y", "server@1"], "new": ["-y", "server@2"]},
            {"path": "launch.cwd", "old": None, "new": "/w"},
            {"path": "detail.trust", "old": True, "new": None},
            {"path": "detail.timeout", "old": 5, "new": 7.5},
            {"path": "detail.tools", "old": {"a": None}, "new": []},
        ],
    }


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_text_is_shown_and_not_obeyed(word: str) -> None:
    artifact = replace(SERVER, name=word, path=word, agent=word)
    change = Change("changed", artifact, (Difference(word, word, [word]), Difference("a", {word: word}, None)))
    text = render_change_text(change, AT)
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []
    assert len(text.splitlines()) == 3
    line = render_change_json(change, AT)
    assert line.count(b"\n") == 1
    decoded = json.loads(line)
    assert (decoded["artifact"]["name"], decoded["differences"][0]) == (
        word,
        {"path": word, "old": word, "new": [word]},
    )


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, VALUES, st.text(), st.sampled_from(["added", "changed", "removed"]))
@settings(deadline=None)
def test_one_line_each_whatever_the_values(old: Json, new: Json, name: str, sort: Any) -> None:
    change = Change(sort, replace(SERVER, name=name), (Difference("x", old, new),))
    line = render_change_json(change, AT)
    assert line.count(b"\n") == 1
    assert json.loads(line)["differences"] == [{"path": "x", "old": old, "new": new}]
    assert len(render_change_text(change, AT).splitlines()) == 2
