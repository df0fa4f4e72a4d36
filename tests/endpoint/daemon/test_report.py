"""Reports, and that reading them loads nothing that takes inventories."""

import subprocess
import sys

import msgspec

from spawngate.endpoint.daemon.report import Report, Server
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.snapshot import Change, Difference, FindingChange


def test_round_trip() -> None:
    artifact = Artifact(Kind.SKILL, "i", "f", "a", Scope.USER, "n", "/p", Status.ENABLED, {"lines": [1, {"x": None}]})
    finding = Finding("r", "t", Severity.HIGH, Confidence.LOW, "m", "do", ("CWE-78",), "i", ("a=b",), "f", "p")
    changes = (Change("changed", artifact, (Difference("p", 1, [2]),)),)
    found = (FindingChange("closed", finding, artifact, "gone"), FindingChange("opened", finding))
    report = Report("t", 3, changes, (Server("a", "n"),), found)
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def test_daemon_loads_nothing_that_takes_inventories() -> None:
    code = (
        "import sys, spawngate.endpoint.daemon.run; "
        "heavy = ('collect', 'judge', 'watch', 'inventory'); "
        "print([name for name in heavy if f'spawngate.endpoint.{name}' in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
