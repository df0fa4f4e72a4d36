"""A client of the official Python SDK (2.x) that uses a server as an agent would, and prints what it saw.

    python conversation.py PLAN LOG -- COMMAND...

PLAN is JSON: `era` (`legacy`: initialize; `modern`: server/discover), `calls` ([tool, arguments] each), `cancel` (a
call that is given up), `prompt` ([name, arguments]), `resource` (an address; none: the first listed), `many` (a call
that is made many times at once), `env`, `cwd`. LOG gets the bytes (tee.py). What was seen goes to stdout as JSON.
Must not be here: what is expected.
"""

import json
import os
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from pydantic import BaseModel, TypeAdapter

TEE = str(Path(__file__).with_name("tee.py"))
GIVEN_UP = 0.4
"""Seconds after which a call is given up."""
AT_ONCE = 16


class Plain(types.Request[dict[str, Any], str]):
    """A request of any method."""


async def answered(asked: Awaitable[Any]) -> Any:
    """The answer as JSON values, or what was raised in its place."""
    try:
        with anyio.fail_after(60):
            found = await asked
    except TimeoutError:
        return {"raised": "no answer"}
    except Exception as problem:  # noqa: BLE001  # whatever the SDK makes of a server's answer is an answer
        return {"raised": f"{type(problem).__name__}: {problem}"[:2000]}
    return found.model_dump(by_alias=True, mode="json", exclude_none=True) if isinstance(found, BaseModel) else found


async def sampled(_context: Any, params: types.CreateMessageRequestParams) -> types.CreateMessageResult:
    text = f"sampled {len(params.messages)}"
    return types.CreateMessageResult(
        role="assistant", content=types.TextContent(type="text", text=text), model="none", stop_reason="endTurn"
    )


async def elicited(_context: Any, _params: types.ElicitRequestParams) -> types.ElicitResult:
    return types.ElicitResult(action="decline")


async def use(session: ClientSession, plan: dict[str, Any]) -> dict[str, Any]:
    """Everything that the plan says, one after another but for `many`."""
    seen: dict[str, Any] = {}
    begun = time.perf_counter()
    seen["hello"] = await answered(session.discover() if plan["era"] == "modern" else session.initialize())
    took = (time.perf_counter() - begun) * 1000
    if "raised" in seen["hello"]:
        return {"ms": took, "seen": seen}
    seen["tools"] = await answered(session.list_tools())
    seen["prompts"] = await answered(session.list_prompts())
    seen["resources"] = await answered(session.list_resources())
    seen["templates"] = await answered(session.list_resource_templates())
    for number, (name, arguments) in enumerate(plan["calls"]):
        seen[f"call {number} {name}"] = await answered(session.call_tool(name, arguments))
    listed = seen["resources"].get("resources") or []
    resource = plan["resource"] or (listed[0]["uri"] if listed else "")
    if resource:
        seen[f"read {resource}"] = await answered(session.read_resource(resource))
    if plan["prompt"]:
        seen["prompt"] = await answered(session.get_prompt(*plan["prompt"]))
    seen["no such tool"] = await answered(session.call_tool("no-such-tool-here", {"a": 1}))
    nothing: TypeAdapter[Any] = TypeAdapter(dict[str, Any])
    for method in ("spawngate/nothing", "ping"):
        seen[method] = await answered(session.send_request(Plain(method=method, params={}), nothing))
    if plan["cancel"]:
        with anyio.move_on_after(GIVEN_UP) as scope:
            seen["cancel"] = await answered(session.call_tool(*plan["cancel"]))
        seen["cancelled"] = scope.cancelled_caught
        seen["after the cancelled"] = await answered(session.call_tool(*plan["calls"][0]))
    if plan["many"]:
        found: list[Any] = [None] * AT_ONCE

        async def one(place: int) -> None:
            found[place] = await answered(session.call_tool(*plan["many"]))

        async with anyio.create_task_group() as group:
            for place in range(AT_ONCE):
                group.start_soon(one, place)
        seen["many"] = found
    seen["tools again"] = await answered(session.list_tools())
    return {"ms": took, "seen": seen}


async def main(plan: dict[str, Any], log: str, words: list[str]) -> None:
    env = {**os.environ, **plan["env"]}
    server = StdioServerParameters(command=sys.executable, args=[TEE, log, "--", *words], env=env, cwd=plan["cwd"])

    async def roots(_context: Any) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=Path(plan["cwd"]).as_uri(), name="here")])

    async def told(_anything: Any) -> None:
        return None

    with anyio.fail_after(150):
        async with (
            stdio_client(server) as (reading, writing),
            ClientSession(
                reading,
                writing,
                sampling_callback=sampled,
                elicitation_callback=elicited,
                list_roots_callback=roots,
                logging_callback=told,
                client_info=types.Implementation(name="sdk-client", version="0"),
            ) as session,
        ):
            found = await use(session, plan)
    print(json.dumps(found, sort_keys=True))


if __name__ == "__main__":
    anyio.run(main, json.loads(sys.argv[1]), sys.argv[2], sys.argv[4:])
