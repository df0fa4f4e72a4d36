"""Official SDKs on both sides of the relay, and every server before the handshake check.

`make test-sdks` installs them below SPAWNGATE_SDKS; without that these tests are skipped, because the packages come
from registries.
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
PYTHONS = {"v1": SDKS / "python-v1" / "bin" / "python", "v2": SDKS / "python-v2" / "bin" / "python"}
NODE_MODULES = SDKS / "typescript" / "node_modules"

pytestmark = pytest.mark.skipif(
    not all(place.exists() for place in (*PYTHONS.values(), NODE_MODULES)),
    reason="SPAWNGATE_SDKS names no folder with the official SDKs of Python and TypeScript; `make test-sdks` makes one",
)


@pytest.fixture
def peers(tmp_path: Path) -> Path:
    """The peers, in a folder where Node.js finds its packages."""
    shutil.copytree(HERE.parent / "fixtures" / "sdk_peers", tmp_path / "peers")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    return tmp_path / "peers"


def command(peers: Path, name: str) -> list[str]:
    """How a peer is run; `server.py v1` is run with the first version of the SDK."""
    name, _, wanted = name.partition(" ")
    return [str(PYTHONS[wanted or "v2"]) if name.endswith(".py") else "node", str(peers / name)]


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
    ("client.py", "auto", "server.py v1"),
    ("client.mjs", "", "server.py v1"),
    ("client2.mjs", "auto", "server.py"),
    ("client2.mjs", "auto", "server.mjs"),
    ("client2.mjs", "legacy", "server.py"),
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
    ("server", "era"), [("server.py", "modern"), ("server.py v1", "legacy"), ("server.mjs", "legacy")]
)
def test_the_handshake_check(peers: Path, server: str, era: str) -> None:
    line = command(peers, server)
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
