"""Add-ons of a Firefox profile."""

import json

from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.surfaces.firefox_extensions import Addons
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json


def document(addons: Json) -> Document:
    return Document(
        "/home/a/.mozilla/firefox/x.default/extensions.json",
        "firefox-extensions",
        Scope.PROFILE,
        Format.JSON,
        json.dumps({"addons": addons}).encode(),
    )


def test_only_ai_extensions_are_taken_and_odd_entries_cost_only_themselves() -> None:
    addons: Json = [
        {"id": "a@x", "type": "extension", "version": "1", "active": True, "defaultLocale": {"name": "Claude panel"}},
        {"id": "b@x", "type": "extension", "defaultLocale": {"name": "Blocker"}},
        {"id": "c@x", "type": "theme", "defaultLocale": {"name": "ChatGPT theme"}},
        {"id": "ollama@x", "active": False, "defaultLocale": None, "userPermissions": {"permissions": ["tabs", 3]}},
        "odd",
        {"id": None, "defaultLocale": {"name": "Claude"}},
    ]
    result = parse(document(addons), Addons("firefox"))
    assert [(item.name, item.status, item.detail["permissions"]) for item in result.observed] == [
        ("Claude panel", Status.INSTALLED, []),
        ("ollama@x", Status.DISABLED, ["tabs", "3"]),
    ]
    assert [note.message for note in result.diagnostics] == ["addons[4] is not a map"]


def test_a_file_of_another_shape_leaves_a_note() -> None:
    result = parse(document({"id": "a@x"}), Addons("firefox"))
    assert result.observed == ()
    assert [note.reason for note in result.diagnostics] == ["wrong-type"]
