"""`readers.plugins`: manifests of plugins and marketplaces."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Sibling
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN, Plugin, describe, folder_above
from spawngate.agents.readers.texts import content_digest
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    launch,
    read,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)

ROOT = "/home/ana/.claude/plugins/cache/market/fmt/1.0.0"
PATH = f"{ROOT}/.claude-plugin/plugin.json"
MANIFEST: Json = {
    "name": "fmt",
    "version": "1.0.0",
    "description": "Formats",
    "homepage": "https://example.com",
    "license": "MIT",
    "author": {"name": "Acme"},
    "repository": "https://example.com/r",
    "mcpServers": {"a": {"command": "x"}},
    "hooks": {"Stop": [{"command": "y"}]},
}
DETAIL: Json = {
    "root": ROOT,
    "version": "1.0.0",
    "description": "Formats",
    "homepage": "https://example.com",
    "license": "MIT",
    "publisher": "Acme",
    "repository": "https://example.com/r",
}
SERVER = item("mcp_server", "a", path=PATH, pointer="mcpServers.a", launch=launch("stdio", "x"))
HOOK = item(
    "hook", "Stop", path=PATH, pointer="hooks.Stop[0]", detail={"event": "Stop", "command": "y", "type": "command"}
)


def test_plugin() -> None:
    plugin = item("plugin", "fmt", path=PATH, status="installed", detail=DETAIL, content="d1")
    assert read(PLUGIN, given_value(MANIFEST, path=PATH)) == ([plugin, SERVER, HOOK], [])


def test_files_of_a_plugin_count_as_its_content() -> None:
    siblings = (Sibling("README.md", 5, False, "aa"), Sibling("index.ts", 9, True, "bb"))
    document = given_value({"name": "p"}, path=PATH, siblings=siblings)
    files: Json = [
        {"path": "README.md", "bytes": 5, "executable": False, "digest": "aa"},
        {"path": "index.ts", "bytes": 9, "executable": True, "digest": "bb"},
    ]
    content = content_digest(document)
    plugin = item("plugin", "p", path=PATH, status="installed", detail={"root": ROOT, "files": files}, content=content)
    assert read(PLUGIN, document) == ([plugin], [])
    changed = (siblings[0], Sibling("index.ts", 9, True, "cc"))
    found = read(PLUGIN, given_value({"name": "p"}, path=PATH, siblings=changed))[0][0]["content"]
    assert len({content, found, "d1"}) == 3


def test_parts_one_level_down() -> None:
    value: Json = {
        "mcpServers": {"mcpServers": {"a": {"command": "x"}}},
        "hooks": {"hooks": {"Stop": [{"command": "y"}]}},
    }
    plugin = item("plugin", "1.0.0", path=PATH, status="installed", detail={"root": ROOT}, content="d1")
    assert read(PLUGIN, given_value(value, path=PATH)) == ([plugin, SERVER, HOOK], [])


def test_parts_in_files_of_their_own_are_not_read_here() -> None:
    value: Json = {"name": "p", "mcpServers": "./mcp.json", "hooks": ["./hooks.json"]}
    plugin = item("plugin", "p", path=PATH, status="installed", detail={"root": ROOT}, content="d1")
    assert read(PLUGIN, given_value(value, path=PATH)) == ([plugin], [])


@pytest.mark.parametrize(
    ("value", "left"),
    [({}, []), (None, []), ([], [("wrong-type", "the document is not a map")])],
)
def test_no_manifest(value: Json, left: list[tuple[str, str]]) -> None:
    plugin = item("plugin", "1.0.0", path=PATH, status="unreadable", detail={"root": ROOT}, content="d1")
    assert read(PLUGIN, given_value(value, path=PATH)) == ([plugin], left)


def test_other_levels_and_key() -> None:
    document = given_value({"servers": {"a": {"command": "x"}}}, path="C:\\ext\\one\\plugin.json")
    assert read(Plugin(levels=0, server_key="servers"), document) == (
        [
            item(
                "plugin",
                "one",
                path="C:\\ext\\one\\plugin.json",
                status="installed",
                detail={"root": "C:\\ext\\one"},
                content="d1",
            ),
            item("mcp_server", "a", path="C:\\ext\\one\\plugin.json", pointer="servers.a", launch=launch("stdio", "x")),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("path", "levels", "folder"),
    [
        ("/a/b/c.json", 0, PurePosixPath("/a/b")),
        ("/a/b/c.json", 1, PurePosixPath("/a")),
        ("/a/b/c.json", 9, PurePosixPath("/")),
        ("c.json", 1, PurePosixPath(".")),
        ("", 1, PurePosixPath(".")),
        ("/", 1, PurePosixPath("/")),
        ("C:\\a\\b.json", 0, PureWindowsPath("C:\\a")),
        ("C:\\b.json", 4, PureWindowsPath("C:\\")),
    ],
)
def test_folder_above(path: str, levels: int, folder: PurePosixPath | PureWindowsPath) -> None:
    assert folder_above(path, levels) == folder


@pytest.mark.parametrize(
    ("manifest", "detail", "left"),
    [
        ({"author": "Ana", "publisher": "Acme"}, {"publisher": "Ana"}, []),
        ({"author": {"email": "a"}, "owner": {"name": "Acme"}}, {"publisher": "Acme"}, []),
        ({"author": 7, "vendor": "Acme"}, {"publisher": "Acme"}, []),
        ({"repository": {"url": "https://x"}}, {"repository": "https://x"}, []),
        ({"repository": ["https://x"], "version": 2}, {"version": "2"}, []),
        ({"version": "", "description": None}, {}, []),
        ({"version": {}, "license": []}, {}, [wrong("version", "text"), wrong("license", "text")]),
    ],
)
def test_describe(manifest: dict[str, Json], detail: Json, left: list[tuple[str, str]]) -> None:
    document = given_value(None)
    assert describe(document, manifest) == detail
    assert [(note.reason, note.message) for note in document.notes] == left


def test_marketplace() -> None:
    path = "/home/ana/.claude/plugins/marketplaces/acme/.claude-plugin/marketplace.json"
    value: Json = {"name": "tools", "owner": {"name": "Acme"}, "plugins": [{"name": "b"}, {"name": "a"}, {}, 7, None]}
    detail = {"type": "marketplace", "plugins": ["a", "b"], "publisher": "Acme"}
    expected = item("plugin", "tools", path=path, status="installed", detail=detail, content="d1")
    assert read(MARKETPLACE, given_value(value, path=path)) == ([expected], [])
    bare = item(
        "plugin", "acme", path=path, status="installed", detail={"type": "marketplace", "plugins": []}, content="d1"
    )
    assert read(MARKETPLACE, given_value({"name": 7, "plugins": "x"}, path=path)) == (
        [bare],
        [wrong("plugins", "a list")],
    )


def test_marketplace_of_a_repository() -> None:
    path = "/w/.github/plugin/marketplace.json"
    document = given_value({"name": "tools"}, path=path, scope=Scope.PROJECT, project="/w")
    detail: Json = {"type": "marketplace", "plugins": []}
    expected = item(
        "plugin", "tools", scope="project", path=path, status="installed", detail=detail, project="/w", content="d1"
    )
    assert read(MARKETPLACE, document) == ([expected], [])


def test_wrong_types_everywhere() -> None:
    survive_all(PLUGIN, wrong_everywhere(MANIFEST))
    survive_all(MARKETPLACE, wrong_everywhere({"name": "a", "plugins": [{"name": "b"}], "owner": {"name": "c"}}))


@given(anything("name", "mcpServers", "hooks", "command", "plugins", "author", "repository", "url", "version"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    for path in (PATH, "/x", "x", ""):
        survive(PLUGIN, given_value(value, path=path))
        survive(MARKETPLACE, given_value(value, path=path))
