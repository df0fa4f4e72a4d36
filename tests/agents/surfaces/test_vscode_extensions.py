"""Extensions of the VS Code family: which count, and which are in use."""

import json
from dataclasses import replace

import pytest

from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.surfaces.vscode_extensions import read_installed, read_obsolete, read_package, read_state, settle
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import ObservedSetting, Topic
from spawngate.model.setting import Setting

ROOT = "/home/a/.vscode/extensions"


def document(name: str, content: Json, product: str = "vscode") -> Document:
    return Document(
        f"{ROOT}/{name}",
        "vscode-extensions",
        Scope.USER,
        Format.JSON,
        json.dumps(content).encode(),
        "d",
        product=product,
    )


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ({"publisher": "GitHub", "name": "copilot"}, "known id: GitHub Copilot"),
        ({"publisher": "a", "name": "b", "displayName": "Claude tools"}, "word: claude"),
        ({"publisher": "a", "name": "cody-ai", "displayName": "%name%"}, "word: ai"),
        (
            {"publisher": "a", "name": "b", "contributes": {"languageModelTools": [{}]}},
            "contributes: languageModelTools",
        ),
        ({"publisher": "a", "name": "b", "categories": [1, "Chat"]}, "category: Chat"),
        ({"publisher": "a", "name": "b", "description": "AI", "keywords": ["mcp"]}, None),
        ({"publisher": "a", "name": "b", "contributes": {"languageModelTools": []}, "categories": "AI"}, None),
        ({"publisher": "a"}, None),
        ({"name": "chatgpt"}, None),
    ],
)
def test_what_counts_as_ai(package: Json, expected: str | None) -> None:
    found = parse(document("a.b-1/package.json", package), read_package).observed
    assert [item.detail["ai_reason"] for item in found] == ([] if expected is None else [expected])


def test_servers_and_tools_are_named() -> None:
    package: Json = {
        "publisher": "acme",
        "name": "db",
        "version": "2",
        "contributes": {
            "mcpServerDefinitionProviders": [{"id": "acme.db"}, {"label": "x"}, 3],
            "languageModelTools": [{"name": "query"}],
        },
    }
    result = parse(document("acme.db-2/package.json", package), read_package)
    assert [(item.name, item.detail["servers"], item.detail["tools"]) for item in result.observed] == [
        ("acme.db", ["acme.db"], ["query"])
    ]
    assert [note.message for note in result.diagnostics] == ["contributes.mcpServerDefinitionProviders[2] is not a map"]


def test_state_database_names_product_and_id() -> None:
    row = b'[{"id":"A.B"},{"id":3},null]'
    state = Document(
        "/home/a/.config/Code/User/globalStorage/state.vscdb",
        "vscode-extensions",
        Scope.USER,
        Format.SQLITE,
        product="vscode",
        members={"extensionsIdentifiers/disabled": row},
    )
    assert [(item.name, item.value) for item in parse(state, read_state).settings] == [("vscode:a.b", False)]


def test_broken_row_of_the_state_database_leaves_a_note() -> None:
    state = Document(
        "/s", "vscode-extensions", Scope.USER, Format.SQLITE, members={"extensionsIdentifiers/disabled": b"[{"}
    )
    result = parse(state, read_state)
    assert result.settings == ()
    assert [note.reason for note in result.diagnostics] == ["malformed"]


def extension(folder: str, product: str = "vscode") -> Artifact:
    path = f"{ROOT}/{folder}/package.json"
    detail: dict[str, Json] = {"id": folder.rpartition("-")[0].title(), "product": product}
    return Artifact(
        Kind.EXTENSION, folder, "f", "vscode-extensions", Scope.USER, folder, path, Status.INSTALLED, detail
    )


def said(items: tuple[ObservedSetting, ...]) -> list[Setting]:
    return [Setting(Topic.PLUGIN_STATUS, item.agent, item.scope, item.path, item.name, item.value) for item in items]


def test_settle_by_list_by_obsolete_and_by_person() -> None:
    old, new, unlisted, off = (extension(name) for name in ("a.b-1", "a.b-2", "c.d-1", "e.f-1"))
    settings = [
        *said(
            parse(
                document("extensions.json", [{"relativeLocation": n} for n in ("a.b-1", "a.b-2", "e.f-1")]),
                read_installed,
            ).settings
        ),
        *said(parse(document(".obsolete", {"a.b-1": True, "a.b-2": False}), read_obsolete).settings),
        Setting(Topic.PLUGIN_STATUS, "x", Scope.USER, "/state.vscdb", "vscode:e.f", value=False),
        Setting(Topic.PLUGIN_STATUS, "x", Scope.USER, "/state.vscdb", "cursor:a.b", value=False),
    ]
    expected = [
        replace(old, status=Status.DISABLED),
        new,
        *(replace(x, status=Status.DISABLED) for x in (unlisted, off)),
    ]
    assert settle([old, new, unlisted, off], settings) == expected


def test_settle_without_a_list_believes_the_folders() -> None:
    both = [extension("a.b-1"), extension("c.d-1")]
    assert settle(both, []) == both
