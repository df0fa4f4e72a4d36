"""Command lines and addresses, each exactly once."""

from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import AllowedServer, CompiledList, Place
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


def test_an_address_that_would_be_a_pattern_stays_out() -> None:
    made = compiled((AllowedServer("wide", url="https://*.example/mcp"),), ())
    assert made.operations[0].value == []
    assert made.left_out == (("wide", "its address holds `*`, which would allow others too"),)


def test_nothing_approved_is_an_empty_list_and_not_no_list() -> None:
    assert compiled((), ()).operations == (Operation(("allowedMcpServers",), [], "set", overwrite=True),)
