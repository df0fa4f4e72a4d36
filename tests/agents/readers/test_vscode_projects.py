"""`readers.vscode_projects`: folders that an editor remembers and trusts."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.document import Document
from spawngate.agents.formats import Format
from spawngate.agents.readers.vscode_projects import (
    RECENT,
    TRUST,
    OfProducts,
    file_path,
    read_state,
    read_workspace,
    remembered,
)
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, given_value, read, said, survive, survive_all, wrong, wrong_everywhere


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/ana/w", "/home/ana/w"),
        ("file:///home/ana/w/", "/home/ana/w"),
        ("file:///home/ana/a%20b", "/home/ana/a b"),
        ("file://localhost/w", "/w"),
        ("file:///c%3A/Users/ana/w", "C:/Users/ana/w"),
        ("file:///D:/w", "D:/w"),
        ("file:///", "/"),
        ("file://host/share", None),
        ("vscode-remote://ssh-remote%2Bhost/w", None),
        ("/home/ana/w", None),
        ("file:", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_file_path(uri: str | None, path: str | None) -> None:
    assert file_path(uri) == path


@pytest.mark.parametrize(
    ("value", "found", "left"),
    [
        ({"folder": "file:///w"}, [said("project", "/w", True, "folder")], []),
        ({"workspace": "file:///w/a.code-workspace"}, [said("project", "/w", True, "workspace")], []),
        ({"configuration": "file:///a.code-workspace"}, [said("project", "/", True, "workspace")], []),
        ({"workspace": {"configPath": "file:///w/a.code-workspace"}}, [said("project", "/w", True, "workspace")], []),
        ({"workspace": "file:///w/other.json"}, [], []),
        ({"folder": "vscode-remote://x/w"}, [], []),
        ({"folder": []}, [], [wrong("folder", "text")]),
        ({"folder": None, "workspace": None}, [], []),
        ({"workspace": {"configPath": {}}}, [], [wrong("workspace", "text")]),
        ({}, [], []),
        (None, [], []),
        ([], [], [("wrong-type", "the document is not a map")]),
    ],
)
def test_workspace(value: Json, found: list[dict[str, Any]], left: list[tuple[str, str]]) -> None:
    assert read(read_workspace, given_value(value)) == (found, left)


def rows(recent: Json = None, trust: Json = None) -> Document:
    value: dict[str, Json] = {}
    if recent is not None:
        value[RECENT] = json.dumps(recent)
    if trust is not None:
        value[TRUST] = json.dumps(trust)
    return given_value(value)


RECENT_ROW: Json = {
    "entries": [
        {"folderUri": "file:///w"},
        {"workspace": {"configPath": "file:///v/a.code-workspace"}},
        {"fileUri": "file:///w/a.txt"},
        None,
        7,
        {"folderUri": 7},
    ]
}
TRUST_ROW: Json = {
    "uriTrustInfo": [
        {"uri": {"scheme": "file", "path": "/w"}, "trusted": True},
        {"uri": {"scheme": "file", "path": "/c:/w/"}, "trusted": False},
        {"uri": {"scheme": "vscode-remote", "path": "/r"}, "trusted": True},
        {"uri": {"scheme": "file", "authority": "host", "path": "/s"}, "trusted": True},
        {"uri": {"scheme": "file", "path": "/x"}, "trusted": "yes"},
        {"uri": {"scheme": "file"}, "trusted": True},
        {"uri": 7, "trusted": True},
        None,
    ]
}


def test_state() -> None:
    assert read(read_state, rows(RECENT_ROW, TRUST_ROW)) == (
        [
            said("project", "/w", True, f"{RECENT}.entries[0].folderUri"),
            said("project", "/v", True, f"{RECENT}.entries[1].workspace"),
            said("trust", "/w", True, f"{TRUST}.uriTrustInfo[0]"),
            said("trust", "C:/w", False, f"{TRUST}.uriTrustInfo[1]"),
        ],
        [wrong(f"{RECENT}.entries[4]"), wrong(f"{TRUST}.uriTrustInfo[6].uri")],
    )


@pytest.mark.parametrize(
    ("document", "left"),
    [
        (rows(), []),
        (rows([], 7), [wrong(RECENT), wrong(TRUST)]),
        (
            rows({"entries": {}}, {"uriTrustInfo": "x"}),
            [wrong(f"{RECENT}.entries", "a list"), wrong(f"{TRUST}.uriTrustInfo", "a list")],
        ),
        (given_value({RECENT: 7, TRUST: None}), []),
        (given_value({RECENT: "null", TRUST: ""}), [("malformed", f"{TRUST}: line 1, column 1: holds no value")]),
    ],
    ids=range(5),
)
def test_rows_that_say_nothing(document: Document, left: list[tuple[str, str]]) -> None:
    assert read(read_state, document) == ([], left)


def test_only_the_products_own_files() -> None:
    reader = OfProducts(frozenset({"cursor"}), read_workspace)
    value: Json = {"folder": "file:///w"}
    assert read(reader, given_value(value, product="cursor")) == ([said("project", "/w", True, "folder")], [])
    assert read(reader, given_value(value, product="vscode")) == ([], [])


def test_locations() -> None:
    workspace, state = remembered(frozenset({"cursor"}))
    assert (workspace.template, workspace.scope, workspace.format) == (
        "{vscode_user}/workspaceStorage/*/workspace.json",
        Scope.USER,
        Format.JSON,
    )
    assert (state.template, state.format, state.members) == (
        "{vscode_user}/globalStorage/state.vscdb",
        Format.SQLITE,
        (RECENT, TRUST),
    )
    assert (workspace.read, state.read) == (
        OfProducts(frozenset({"cursor"}), read_workspace),
        OfProducts(frozenset({"cursor"}), read_state),
    )


def test_wrong_types_everywhere() -> None:
    survive_all(read_workspace, wrong_everywhere({"folder": "file:///w", "workspace": {"configPath": "file:///a"}}))
    survive_all(read_state, wrong_everywhere(RECENT_ROW, lambda value: rows(recent=value)))
    survive_all(read_state, wrong_everywhere(TRUST_ROW, lambda value: rows(trust=value)))


@given(
    anything(
        "entries", "folderUri", "workspace", "configPath", "uriTrustInfo", "uri", "scheme", "path", "file:///w", "file"
    )
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(read_workspace, given_value(value))
    survive(read_state, rows(value, value))
    survive(read_state, given_value(value))


@given(st.text(alphabet="file:/[]%c0\x00 ") | st.text())
def test_no_address_raises(text: str) -> None:
    path = file_path(text)
    assert path is None or path == path.rstrip("/") or path == "/"
