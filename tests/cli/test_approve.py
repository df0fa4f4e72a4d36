"""`spawngate approve` as a process: what is shown, JSON, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.configuration.disabling import Disabled
from spawngate.endpoint.daemon.disabled import Kept, remember
from spawngate.endpoint.launching.known import Records, Seen
from spawngate.endpoint.protect.atomic import digest
from spawngate.launch.identity import File, Identity

IDENTITY = Identity(
    "npx",
    ("-y", "y@1.0.0"),
    package="pkg:npm/y@1.0.0",
    programs=(File("/bin/npx", "ab" * 32),),
    scripts=(),
    release="1.0.0",
    cwd="/p",
    unknown=("which registry answers",),
)
SHORT = IDENTITY.fingerprint[:12]


def run(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The command as this home's user runs it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one start that was refused."""
    path = tmp_path / "home"
    path.mkdir()
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    seen = Seen(
        IDENTITY.fingerprint,
        IDENTITY,
        "e1",
        "files\x1b[31m",
        "cursor",
        "2026-11-21T12:00:00Z",
        "deny",
        "unapproved",
        "npx -y y@1.0.0",
        release_from="npx cache",
        findings=("unpinned-package (low)",),
    )
    Records(state).note(seen)
    return path


def test_shown_and_listed(home: Path) -> None:
    waiting = run(home, "approve", "--list")
    assert (waiting.returncode, SHORT in waiting.stdout, "waits (unapproved)" in waiting.stdout) == (0, True, True)
    done = run(home, "approve", SHORT, "--reason", "looked at", "--expires", "2126-01-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"approved {SHORT}  cursor files\\x1b[31m  (wherever it is configured)",
        "  command   npx -y y@1.0.0",
        "  runs      /bin/npx (abababababab)",
        "  package   pkg:npm/y@1.0.0, version 1.0.0 (npx cache)",
        "  folder    /p",
        "  finding   unpinned-package (low)",
        "  unknown   which registry answers",
        "  until     2126-01-01T00:00:00Z",
    ]
    listed = json.loads(run(home, "approve", "--list", "--format", "json").stdout)
    assert (listed["schema_version"], listed["waiting"]) == (1, [])
    (held,) = listed["approvals"]
    assert {key: held[key] for key in ("short", "state", "reason", "expires", "name")} == {
        "short": SHORT,
        "state": "live",
        "reason": "looked at",
        "expires": "2126-01-01T00:00:00Z",
        "name": "files\x1b[31m",
    }


def test_json(home: Path) -> None:
    done = run(home, "approve", "e1", "--format", "json")
    (approved,) = json.loads(done.stdout)["approved"]
    assert (approved["entry"], approved["identity"]["cwd"]) == ("e1", None)


def test_confined(home: Path) -> None:
    (home / "notes").mkdir()
    done = run(home, "approve", "e1", "--sandbox", "--read", "~/notes", "--write", "/nowhere/x", "--network")
    assert (done.returncode, done.stderr) == (
        0,
        "/nowhere/x does not exist; what is not there at a start is not given\n",
    )
    assert f"  sandbox   reads {home}/notes; writes /nowhere/x; network" in done.stdout.splitlines()
    again = run(home, "approve", "e1")
    assert f"  sandbox   reads {home}/notes; writes /nowhere/x; network" in again.stdout.splitlines()
    assert f"reads {home}/notes" in run(home, "approve", "--list").stdout
    (first, _) = json.loads(run(home, "approve", "--list", "--format", "json").stdout)["approvals"]
    assert first["sandbox"] == {"read": [f"{home}/notes"], "write": ["/nowhere/x"], "network": True}
    assert "  sandbox   not confined" in run(home, "approve", "e1", "--no-sandbox").stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("e1", "--read", "/a"), "--read, --write, --host and --network belong to --sandbox"),
        (("e1", "--no-sandbox", "--network"), "--read, --write, --host and --network belong to --sandbox"),
        (("e1", "--sandbox", "--read", "a"), "--read a: is not absolute"),
        (("e1", "--sandbox", "--host", "a b"), "--host a b: holds characters that no host has"),
        (("e1", "--sandbox", "--host", "a.example", "--network"), "--network gives the whole network"),
        (("e1", "--sandbox", "--write", "/"), "is the whole file system"),
        (("e1", "--sandbox", "--write", "~/../state"), "holds `..`"),
        (("nothing",), "is no launch that was seen"),
        ((SHORT, "--expires", "soon"), "is no time"),
        (("--list", "x"), "--list takes no words"),
    ],
)
def test_usage(home: Path, words: tuple[str, ...], problem: str) -> None:
    done = run(home, "approve", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr


def test_ambiguous(home: Path) -> None:
    Records(home.parent / "state").note(
        Seen("f" * 32, Identity("z"), "e2", "files\x1b[31m", "cursor", "2026-11-21T12:00:00Z", "deny", "unapproved")
    )
    done = run(home, "approve", "files\x1b[31m")
    assert done.returncode == 2
    assert "stands for several launches; name one: e1 (cursor files" in done.stderr
    assert "\x1b" not in done.stderr


def test_an_entry_that_was_switched_off_comes_back(home: Path) -> None:
    path = home / ".cursor" / "mcp.json"
    path.parent.mkdir()
    before, after = b'{ "mcpServers": {"off": {"command": "/bin/cat"}} }', b'{ "mcpServers": {} }'
    path.write_bytes(after)
    entry = Disabled("off", "taken-out", ("mcpServers", "off"), value={"command": "/bin/cat"})
    kept = Kept(str(path), "cursor", "json", "2026-11-21T12:00:00Z", entry, digest(before), digest(after))
    remember(home.parent / "state", before, [kept])
    done = run(home, "approve", "off")
    assert (done.returncode, done.stderr) == (0, f"cursor off in {path}: switched on again\n")
    assert "cursor off" in done.stdout
    assert path.read_bytes() == before
    assert run(home, "approve", "off").stderr == ""


def test_hosts(home: Path) -> None:
    done = run(
        home, "approve", SHORT, "--sandbox", "--host", "Api.Example", "--host", "*.cdn.example:443", "--format", "json"
    )
    (made,) = json.loads(done.stdout)["approved"]
    assert made["sandbox"] == {"hosts": ["*.cdn.example:443", "api.example"]}
    assert "reaches *.cdn.example:443" in "".join(run(home, "approve", "--list").stdout.split("\n")).replace("  ", "")
