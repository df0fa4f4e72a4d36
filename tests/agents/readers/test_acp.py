"""`readers.acp`: agents that an editor starts."""

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.acp import agent_servers
from spawngate.model.json import Json
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    launch,
    read,
    said,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)


def agents(document: Document) -> list[Sighting]:
    return list(agent_servers(document, document.value(), "agent_servers"))


def test_agents() -> None:
    value: Json = {
        "mine": {"command": "node", "args": ["a.js"], "env": {"KEY": "v"}, "type": "custom", "default_mode": "plan"},
        "plain": {"command": "/bin/agent"},
        "claude": {"type": "registry", "env": {"A": 1, "B": None}, "use_idea_mcp": True},
        "bare": {},
        "nothing": None,
        "odd": 7,
    }
    assert read(agents, given_value(value, project="/w")) == (
        [
            item(
                "agent",
                "mine",
                pointer="agent_servers.mine",
                launch=launch("stdio", "node", "a.js", env={"KEY": "v"}),
                detail={"type": "custom"},
                project="/w",
            ),
            said("switch", "agent_servers.mine.default_mode", "plan", "agent_servers.mine.default_mode", project="/w"),
            item(
                "agent",
                "plain",
                pointer="agent_servers.plain",
                launch=launch("stdio", "/bin/agent"),
                detail={"type": "custom"},
                project="/w",
            ),
            item(
                "agent",
                "claude",
                pointer="agent_servers.claude",
                status="configured",
                launch=launch("stdio", env={"A": "1", "B": ""}),
                detail={"type": "registry"},
                project="/w",
            ),
            said(
                "switch", "agent_servers.claude.use_idea_mcp", True, "agent_servers.claude.use_idea_mcp", project="/w"
            ),
            item(
                "agent",
                "bare",
                pointer="agent_servers.bare",
                status="configured",
                launch=launch("stdio"),
                detail={"type": "builtin"},
                project="/w",
            ),
        ],
        [("wrong-type", "agent_servers.nothing is null where an agent was meant"), wrong("agent_servers.odd")],
    )


@pytest.mark.parametrize(
    ("value", "left"), [(None, []), ({}, []), ([], [wrong("agent_servers")]), ("x", [wrong("agent_servers")])]
)
def test_no_agents(value: Json, left: list[tuple[str, str]]) -> None:
    assert read(agents, given_value(value)) == ([], left)


GOOD: Json = {
    "a": {"command": "x", "args": ["a"], "env": {"A": "b"}, "type": "custom", "default_mode": "m"},
    "b": {"type": "registry", "env": {"A": "b"}},
}


def test_wrong_types_everywhere() -> None:
    survive_all(agents, wrong_everywhere(GOOD))


@given(anything("command", "args", "env", "type", "default_mode", "use_custom_mcp"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(agents, given_value(value))
