"""Finding a server by the name that a tool call gives."""

from spawngate.command.inventory import InventoryView, ServerView, tool_spelling

VIEW = InventoryView(
    {
        "My Server": ServerView("My Server", tier="official"),
        "my_server": ServerView("my_server"),
        "a.b": ServerView("a.b"),
        "x y": ServerView("x y"),
        "x.y": ServerView("x.y"),
    },
    complete=True,
)


def test_the_very_name() -> None:
    assert VIEW.server("My Server") == ServerView("My Server", tier="official")
    assert VIEW.server("my_server") == ServerView("my_server")


def test_as_agents_spell_it() -> None:
    assert VIEW.server("a_b") == ServerView("a.b")


def test_two_servers_spelled_alike_are_none() -> None:
    assert VIEW.server("x_y") is None


def test_unknown_and_empty() -> None:
    assert VIEW.server("ghost") is None
    assert VIEW.server("") is None


def test_spelling() -> None:
    assert tool_spelling("Git Hub-MCP.v2") == "git_hub-mcp_v2"
