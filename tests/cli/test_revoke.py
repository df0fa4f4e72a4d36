"""`spawngate revoke` as a process."""

import json
from pathlib import Path

from tests.cli.test_approve import SHORT, home, run

__all__ = ["home"]


def test_revoked(home: Path) -> None:  # the fixture
    run(home, "approve", SHORT)
    done = run(home, "revoke", SHORT, "--reason", "bad")
    assert (done.returncode, done.stdout) == (0, f"revoked {SHORT}  cursor files\\x1b[31m\n")
    (held,) = json.loads(run(home, "approve", "--list", "--format", "json").stdout)["approvals"]
    assert (held["state"], held["revoked_reason"]) == ("revoked", "bad")
    again = run(home, "revoke", SHORT)
    assert (again.returncode, "names no approval that is in force" in again.stderr) == (2, True)


def test_json(home: Path) -> None:  # the fixture
    run(home, "approve", SHORT)
    told = json.loads(run(home, "revoke", SHORT, "--format", "json").stdout)
    assert [each["state"] for each in told["revoked"]] == ["revoked"]
    assert run(home, "revoke").returncode == 2
