"""Official SDKs on both sides of the relay, and every server before the handshake check.

SPAWNGATE_SDKS names a folder with `py` (a virtual environment with `mcp`) and `js` (a prefix of npm with
`@modelcontextprotocol/sdk`); without it these tests are skipped, because the packages come from registries.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spawngate.protocol.framing import Lines
from spawngate.protocol.probe import LINE_LIMIT, Probe

SDKS = Path(os.environ.get("SPAWNGATE_SDKS", "/nonexistent"))
HERE = Path(__file__).parent
PYTHON = SDKS / "py" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not PYTHON.exists() or not (SDKS / "js" / "node_modules").exists(),
    reason="SPAWNGATE_SDKS names no folder with the official SDKs (py/bin/python with mcp, js/node_modules)",
)


@pytest.fixture
def peers(tmp_path: Path) -> Path:
    """The peers, in a folder where Node.js finds its packages."""
    shutil.copytree(HERE.parent / "fixtures" / "sdk_peers", tmp_path / "peers")
    (tmp_path / "node_modules").symlink_to(SDKS / "js" / "node_modules")
    return tmp_path / "peers"


def command(peers: Path, name: str) -> list[str]:
    return [str(PYTHON) if name.endswith(".py") else "node", str(peers / name)]


def run(peers: Path, client: str, mode: str, server: list[str]) -> dict[str, object]:
    done = subprocess.run(
        [*command(peers, client), mode, *server], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


PAIRS = [
    ("client.py", "legacy", "server.py"),
    ("client.py", "auto", "server.py"),
    ("client.py", "auto", "server.mjs"),
    ("client.mjs", "", "server.py"),
    ("client.mjs", "", "server.mjs"),
]


@pytest.mark.parametrize(("client", "mode", "server"), PAIRS)
def test_a_session_through_the_relay(peers: Path, tmp_path: Path, client: str, mode: str, server: str) -> None:
    log = tmp_path / "log"
    relay = [sys.executable, str(HERE / "pipe_relay.py"), str(log), "delete_everything", "hidden", "--"]
    direct = run(peers, client, mode, command(peers, server))
    seen = run(peers, client, mode, [*relay, *command(peers, server)])
    expected = {
        **direct,
        "tools": ["delete_everything", "echo", "slow"],
        "calls": [
            ["echo", False, 'h\u00e4llo \u2028 "x"\n'],
            ["delete_everything", True, "denied by the test"],
            ["echo", False, 400_000],
        ],
    }
    assert direct["tools"] == ["delete_everything", "echo", "hidden", "slow"]
    assert (seen, seen["instructions"], seen["progress"]) == (expected, "Be kind.", [1, 2, 3])
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    assert ["tools", "Be kind.", None, False] in asked
    assert [each[1] for each in asked if each[0] == "call"] == ["echo", "delete_everything", "echo", "slow"]
    (names,) = {tuple(sorted(each[2])) for each in asked if each[0] == "tools" and each[2] is not None}
    assert names == ("delete_everything", "echo", "hidden", "slow")


@pytest.mark.parametrize(
    ("server", "era"),
    [
        (["server.py"], "modern"),
        (["server.mjs"], "legacy"),
        (["js/node_modules/@modelcontextprotocol/server-everything/dist/index.js"], "legacy"),
    ],
)
def test_the_handshake_check(peers: Path, server: list[str], era: str) -> None:
    line = ["node", str(SDKS / server[0])] if "/" in server[0] else command(peers, server[0])
    process = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
    )
    assert process.stdin is not None
    assert process.stdout is not None
    probe, lines, deadline = Probe("spawngate", "1"), Lines(LINE_LIMIT), time.monotonic() + 60
    process.stdin.write(probe.start())
    while probe.outcome is None and time.monotonic() < deadline:
        if not select.select([process.stdout], [], [], probe.patience)[0]:
            process.stdin.write(probe.timeout())
            continue
        data = process.stdout.read(65536)
        if not data:
            probe.closed()
            break
        for each in lines.feed(data):
            process.stdin.write(probe.receive(each))
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert (probe.outcome, probe.detail, probe.era) == ("mcp", "", era)
    assert probe.tools
