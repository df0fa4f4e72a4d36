"""A daemon inside a test's own loop, and what it recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.listener import bind
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.run import Daemon, Options
from spawngate.endpoint.state import State
from spawngate.endpoint.trail import reader
from spawngate.trail.query import Query
from tests.records import checked

FORBID = '@id("no-{0}")\n@reason("test")\nforbid (principal, action, resource) when {{ context.tool == "{0}" }};\n'


def told(state: State) -> list[dict[str, Any]]:
    return [checked(value) for value, _ in reader.oldest(place(state.folder).trail, Query())]


def with_daemon(state: State, what: Callable[[Daemon], Awaitable[None]], options: Options | None = None) -> None:
    """A daemon in this process; `what` runs beside it."""

    async def main() -> None:
        where = place(state.folder)
        listener = bind(where.socket)
        made = options or Options(inventory=False)
        daemon = Daemon(state, made, assemble(state, where, made.policy), [listener], activated=False)
        serving = asyncio.ensure_future(daemon.serve())
        try:
            await what(daemon)
        finally:
            daemon.stop()
            await serving
            listener.close()

    asyncio.run(asyncio.wait_for(main(), 60))


def policy(folder: Path, mode: str, *tools: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "policy.toml").write_text(f'mode = "{mode}"\n', encoding="utf-8")
    (folder / "own.cedar").write_text("".join(FORBID.format(tool) for tool in tools), encoding="utf-8")
