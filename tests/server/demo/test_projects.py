"""The made-up code scans."""

import msgspec

from spawngate.report.code_json import TreeRecord
from spawngate.server.demo.projects import projects


def test_one_project_is_reached_from_outside_and_one_is_not() -> None:
    found = projects("2026-11-21T12:00:00.000000Z")
    assert {name: [each.grade for each in tree.findings] for name, tree in found.items()} == {
        "acme/agent-gateway": ["high"],
        "acme/notes-mcp": [],
    }
    for tree in found.values():
        assert msgspec.convert(msgspec.to_builtins(tree), TreeRecord) == tree
