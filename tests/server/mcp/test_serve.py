"""The official SDK's client against `spawngate mcp`, as an agent starts it."""

import asyncio
import os
import sys
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from spawngate.server.mcp.tools import TOOLS, UNTRUSTED
from tests.server.mcp.test_ask import Api, api  # noqa: F401  # the fixture


def session(server: str, steps: Any) -> Any:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "spawngate", "mcp", "--server", server],
        env={"PATH": os.environ["PATH"], "SPAWNGATE_TOKEN": "sgt_x"},
    )

    async def run() -> Any:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as client:
            await client.initialize()
            return await steps(client)

    return asyncio.run(run())


def test_tools_and_calls(api: tuple[str, type[Api]]) -> None:  # noqa: F811  # pytest hands fixtures over by name
    server, handler = api
    handler.answer = (200, b'{"events": [], "note": "\\u202e"}')

    async def steps(client: ClientSession) -> Any:
        return (
            await client.list_tools(),
            await client.call_tool("query_trail", {"query": "verdict:deny"}),
            await client.call_tool("count_trail", {}),
            await client.call_tool("erase_trail", {}),
        )

    listed, good, wrong, unknown = session(server, steps)
    assert [tool.name for tool in listed.tools] == [tool.name for tool in TOOLS]
    assert all(tool.annotations.read_only_hint for tool in listed.tools)
    assert not good.is_error
    assert good.content[0].text.startswith(UNTRUSTED)
    assert '"note": "\\u202e"' in good.content[0].text
    assert handler.asked == [("/api/v1/events?query=verdict%3Adeny&limit=20", "Bearer sgt_x")]
    assert (wrong.is_error, wrong.content[0].text) == (True, "count_trail needs 'by'")
    assert (unknown.is_error, unknown.content[0].text) == (True, "there is no tool 'erase_trail'")
