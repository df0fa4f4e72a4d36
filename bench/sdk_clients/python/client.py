"""A client of the official Python SDK (1.x and 2.x): starts the server that the command line names, lists its tools,
and ends. GUARD in the environment names a module that is imported first."""

import importlib
import os
import sys

if os.environ.get("GUARD"):
    importlib.import_module(os.environ["GUARD"])

import anyio
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(command: str, *args: str) -> None:
    with anyio.fail_after(30):
        async with (
            stdio_client(StdioServerParameters(command=command, args=list(args))) as (reading, writing),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            for tool in (await session.list_tools()).tools:
                print(tool.name)


if __name__ == "__main__":
    try:
        anyio.run(main, *sys.argv[1:])
    except BaseException as problem:  # noqa: BLE001  # groups of every kind are opened, and the process ends
        while isinstance(problem, BaseExceptionGroup):
            problem = problem.exceptions[0]
        sys.exit(f"{type(problem).__name__}: {problem}")
