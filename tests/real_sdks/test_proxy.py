"""Official SDKs on both sides of the loopback proxy, with answers as JSON and as streams."""

import asyncio
import json
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from spawngate.endpoint.proxy.listener import Proxy
from spawngate.endpoint.proxy.remote import Remote
from spawngate.endpoint.proxy.upstream import address_of
from tests.real_sdks.test_relay import command, peers, pytestmark

__all__ = ["peers", "pytestmark"]

TOKEN = "0123456789abcdef"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not listen")


async def seen(peers: Path, client: str, mode: str, url: str) -> dict[str, object]:
    process = await asyncio.create_subprocess_exec(
        *command(peers, client), mode, url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    async with asyncio.timeout(120):
        out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


async def session(peers: Path, client: str, mode: str, port: int) -> tuple[dict[str, object], list[tuple[str, object]]]:
    asked: list[tuple[str, object]] = []

    async def ask(verb: str, payload: Mapping[str, object]) -> Mapping[str, object]:
        if verb == "start":
            return {"verdict": "allow", "launch": "launch-1"}
        asked.append((verb, payload.get("tool")))
        if verb == "tools":
            return {"verdict": "allow", "withhold": ["hidden"]}
        return {
            "verdict": "deny" if payload.get("tool") == "delete_everything" else "allow",
            "message": "denied by the test",
        }

    url = f"http://127.0.0.1:{port}/mcp"
    proxy = Proxy({TOKEN: Remote(address_of(url), "e1", url)}, ask)
    listening = await proxy.start()
    try:
        return await seen(peers, client, mode, f"http://127.0.0.1:{listening}/{TOKEN}"), asked
    finally:
        await proxy.close()


@pytest.mark.parametrize("form", ["json", "sse"])
@pytest.mark.parametrize(
    ("client", "mode", "server"),
    [
        ("client.py", "auto", "server.py"),
        ("client.py", "legacy", "server.py"),
        ("client.mjs", "", "server.py"),
        ("client.mjs", "", "server.mjs"),
        ("client.py", "auto", "server.mjs"),
        ("client2.mjs", "auto", "server.py"),
    ],
)
def test_a_session_through_the_proxy(peers: Path, client: str, mode: str, server: str, form: str) -> None:
    port = free_port()
    process = subprocess.Popen([*command(peers, server), str(port), form], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        found, asked = asyncio.run(session(peers, client, mode, port))
    finally:
        process.kill()
        process.wait()
    assert (found["instructions"], found["tools"], found["calls"]) == (
        "Be kind.",
        ["delete_everything", "echo", "slow"],
        [
            ["echo", False, 'h\u00e4llo \u2028 "x"\n'],
            ["delete_everything", True, "denied by the test"],
            ["echo", False, 400_000],
        ],
    )
    assert found["progress"] == ([1, 2, 3] if form == "sse" else [])
    assert [tool for verb, tool in asked if verb == "call"] == ["echo", "delete_everything", "echo", "slow"]
