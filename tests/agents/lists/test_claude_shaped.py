"""Command lines and addresses, each exactly once."""

from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import CompiledList, Place
from spawngate.agents.lists.claude_shaped import compiled
from tests.agents.lists.servers import ALL, LEFT_OUT

PLACE = Place("/etc/a.json", ("linux",))


def test_list() -> None:
    assert compiled(ALL, (PLACE,)) == CompiledList(
        (PLACE,),
        operations=(
            Operation(
                ("allowedMcpServers",),
                [
                    {"serverUrl": "https://docs.example/mcp"},
                    {"serverCommand": ["npx", "-y", "@modelcontextprotocol/server-filesystem@2026.1.14", "/w"]},
                ],
                "set",
                overwrite=True,
            ),
        ),
        left_out=LEFT_OUT,
    )


def test_nothing_approved_is_an_empty_list_and_not_no_list() -> None:
    assert compiled((), ()).operations == (Operation(("allowedMcpServers",), [], "set", overwrite=True),)
