"""The labelled launches: every deny and flag is caught for the right reason, every honest twin is clean."""

import json
from pathlib import Path
from typing import Any

import pytest

from spawngate.launch.definition import from_mapping
from spawngate.launch.understand import understand
from spawngate.model.finding import Severity
from spawngate.rules.engine import shipped

LABELLED = json.loads((Path(__file__).parents[1] / "fixtures" / "launch_attacks.json").read_text(encoding="utf-8"))

REASONS = {
    "A01": "shell-text",
    "A03": "shell-text",
    "A05": "shell-text",
    "B01": "shell-text",
    "B03": "shell-text",
    "B05": "shell-text",
    "B07": "shell-text",
    "B09": "repository-script",
    "B11": "hidden-shell",
    "B13": "registry-override",
    "B15": "local-package",
    "B16": "local-package-installed",
    "B17": "unpinned-package",
    "C01": "inline-code",
    "C03": "inline-code",
    "C05": "code-loading-option",
    "C07": "debugger-open",
    "D01": "inline-code",
    "D03": "inline-code",
    "D05": "search-in-working-folder",
    "D07": "archive-as-program",
    "D08": "install-at-start",
    "E01": "moving-git-source",
    "E03": "extra-packages",
    "E04": "inline-code",
    "F01": "broad-host-mount",
    "F03": "engine-socket",
    "F05": "container-shell-entrypoint",
    "F07": "repository-script",
    "G01": "shell-text",
    "G03": "shell-text",
    "G05": "argument-injection",
    "G07": "argument-injection",
    "H01": "code-loading-environment",
    "H03": "code-loading-environment",
    "H05": "code-loading-environment",
    "H07": "code-loading-environment",
    "H09": "code-loading-environment",
    "H10": "inert-environment",
    "H12": "code-loading-environment",
    "H14": "code-loading-environment",
    "H16": "code-loading-environment",
    "H18": "inert-environment",
    "I01": "launcher-from-folder",
    "I03": "search-in-working-folder",
    "I05": "odd-characters",
    "I07": "odd-characters",
    "I08": "line-break-in-argument",
    "I10": "network-program",
    "J01": "transport-conflict",
    "J03": "shell-text",
    "J05": "odd-keys",
    "J06": "shell-text",
    "J09": "shell-text",
    "J11": "shell-text",
    "J13": "auto-approve-everything",
    "J15": "odd-keys",
    "J16": "shell-text",
}
"""The rule that must speak, by id of the case."""
_WINDOWS = ("A03", "I10")


@pytest.mark.parametrize("case", LABELLED, ids=lambda case: case["id"])
def test_labelled_launch(case: dict[str, Any]) -> None:
    definition = case["server"].get("_after", case["server"])
    facts = understand(from_mapping(definition, "windows" if case["id"] in _WINDOWS else "linux"))
    found = {finding.rule: finding.severity for finding in shipped().launch(facts)}
    worst = max((severity.rank for severity in found.values()), default=0)
    if case["expected"] == "allow":
        assert worst <= Severity.INFO.rank, found
        return
    assert REASONS[case["id"]] in found
    allowed = {
        "deny": (Severity.HIGH.rank, Severity.CRITICAL.rank),
        "flag": (Severity.LOW.rank, Severity.MEDIUM.rank),
        "log": (Severity.INFO.rank, Severity.LOW.rank),
    }[case["expected"]]
    assert allowed[0] <= worst <= allowed[1], found


def test_every_attack_has_a_reason() -> None:
    assert sorted(REASONS) == sorted(case["id"] for case in LABELLED if case["expected"] != "allow")


def test_a_swapped_entry_was_clean_before() -> None:
    swapped = next(case["server"] for case in LABELLED if "_before" in case["server"])
    assert shipped().launch(understand(from_mapping(swapped["_before"]))) == ()
