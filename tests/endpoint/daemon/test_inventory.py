"""The daemon's side of the inventory: reports into events, events acknowledged, a collector that ends started again."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import inventory
from spawngate.endpoint.daemon import run as run_module
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.inventory import InventoryWatch
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.report import Report, Server
from spawngate.endpoint.daemon.run import Daemon, Options
from spawngate.endpoint.state import State
from tests.endpoint.daemon.running import told, with_daemon

PROGRAM = """#!{python}
import os, sys
out = sys.stdout.buffer
{body}
"""


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Another program takes the collector's place."""
    program = tmp_path / "python"
    program.write_text(PROGRAM.format(python=sys.executable, body=body))
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", os.fspath(program))


def watching(what: Callable[[list[Report], list[int], InventoryWatch], bool], acknowledge: bool = True) -> None:
    """Run a watch until `what` says that it has seen enough."""

    async def main() -> None:
        reports: list[Report] = []
        ends: list[int] = []

        def taken(report: Report) -> None:
            reports.append(report)
            if acknowledge:
                watch.recorded()

        watch = InventoryWatch(Path("/state"), taken, ends.append)
        watch.start()
        try:
            for _ in range(1000):
                if what(reports, ends, watch):
                    return
                await asyncio.sleep(0.01)
            raise AssertionError((reports, ends))
        finally:
            watch.close()

    asyncio.run(main())


def test_reports_in_order_each_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
for number in range(3):
    line = b'{"taken_at":"t%d","artifacts":%d}\\n' % (number, number)
    for at in range(0, len(line), 7):
        out.write(line[at:at + 7]); out.flush()
    assert sys.stdin.buffer.readline() == b"\\n"
sys.stdin.buffer.read()
"""
    fake(tmp_path, monkeypatch, body)
    seen: list[Report] = []

    def enough(reports: list[Report], ends: list[int], watch: InventoryWatch) -> bool:
        seen[:] = reports
        return len(reports) == 3

    watching(enough)
    assert seen == [Report("t0", 0), Report("t1", 1), Report("t2", 2)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("os._exit(5)", 5),
        ("out.write(b'rubbish\\n'); out.flush(); sys.stdin.buffer.read()", -9),
        ("os.kill(os.getpid(), 9)", -9),
    ],
)
def test_collector_that_ends_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, code: int
) -> None:
    monkeypatch.setattr(inventory, "PAUSE", 0.05)
    fake(tmp_path, monkeypatch, body)
    watching(lambda reports, ends, watch: ends[:2] == [code, code])


def test_collector_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    watching(lambda reports, ends, watch: ends == [-1])


def test_report_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "MAX_REPORT", 100_000)
    fake(tmp_path, monkeypatch, "while True: out.write(b'x' * 65536)")
    watching(lambda reports, ends, watch: ends == [-9])


def test_daemon_records_what_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    home = tmp_path / "home"
    (home / ".cursor").mkdir(parents=True)
    file = home / ".cursor" / "mcp.json"
    file.write_text(json.dumps({"mcpServers": {"files": {"command": "npx", "args": ["-y", "p@1.0.0"]}}}))
    monkeypatch.setenv("HOME", os.fspath(home))
    state = State(tmp_path / "state")

    def write(servers: dict[str, object]) -> None:
        """As editors do: whoever looks in between finds the old file or the new one."""
        (home / "new").write_text(json.dumps(servers))
        (home / "new").replace(file)

    def servers() -> list[tuple[str, str]]:
        return [
            (event["type"], event["artifact"]["name"])
            for event in told(state)
            if event.get("artifact", {}).get("kind") == "mcp_server" and event["artifact"]["path"] == os.fspath(file)
        ]

    async def until(wanted: list[tuple[str, str]]) -> None:
        for number in range(1500):
            if servers() == wanted:
                return
            if number % 50 == 49:
                os.utime(file)  # a change before the watch was set up is seen half a minute later otherwise
            await asyncio.sleep(0.02)
        assert servers() == wanted

    async def what(daemon: Daemon) -> None:
        await until([("artifact-added", "files")])
        found = daemon.status()["inventory"]
        assert isinstance(found, dict)
        assert found["servers"] >= 1
        write({"mcpServers": {"files": {"command": "npx", "args": ["-y", "p@1.0.1"]}}})
        await until([("artifact-added", "files"), ("artifact-changed", "files")])
        write({})
        await until([("artifact-added", "files"), ("artifact-changed", "files"), ("artifact-removed", "files")])

    with_daemon(state, what, Options(inventory=True))
    changed = next(event for event in told(state) if event["type"] == "artifact-changed")
    assert {"path": "launch.args", "old": ["-y", "p@1.0.0"], "new": ["-y", "p@1.0.1"]} in changed["artifact"][
        "differences"
    ]


def test_servers_are_known_before_the_first_inventory(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert assemble(state, place(tmp_path)).views == {}
    servers = (Server("cursor", "db", "community", ("network",), "stdio", "f", in_force=True),)
    inventory.keep_servers(tmp_path, servers)
    assert inventory.recall_servers(tmp_path) == servers
    assert (tmp_path / inventory.SERVERS_FILE).stat().st_mode & 0o777 == 0o600
    assert assemble(state, place(tmp_path)).views["cursor"].servers["db"].tier == "community"
    for damaged in (b"", b"{}", b"\xff", b'[{"agent":1}]'):
        (tmp_path / inventory.SERVERS_FILE).write_bytes(damaged)
        assert inventory.recall_servers(tmp_path) == ()
    inventory.keep_servers(tmp_path / "none", servers)


def test_a_launch_is_known_where_it_is_in_force() -> None:
    """One that waits for a person, or is off, makes no other definition of it wanted."""
    servers = (
        Server("cursor", "on", in_force=True, launch="a"),
        Server("cursor", "waits", in_force=False, launch="b"),
    )
    assert {name: view.launch for name, view in inventory.views(servers)["cursor"].servers.items()} == {
        "on": "a",
        "waits": "",
    }
