"""`readers.bundles`: the manifest inside an archive, its server and the overrides of a platform."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Platform
from spawngate.agents.formats import Format
from spawngate.agents.readers.bundles import Bundle
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, item, launch, read, survive, survive_all, wrong, wrong_everywhere

PATH = "/home/ana/Downloads/files-1.2.mcpb"
MANIFEST: Json = {
    "manifest_version": "0.3",
    "name": "files",
    "display_name": "Files",
    "version": "1.2.0",
    "description": "Reads files",
    "license": "MIT",
    "author": {"name": "Acme", "email": "a@example.com"},
    "repository": {"type": "git", "url": "https://example.com/r.git"},
    "server": {
        "type": "node",
        "entry_point": "server/index.js",
        "mcp_config": {
            "command": "node",
            "args": ["${__dirname}/server/index.js"],
            "env": {"ROOT": "${user_config.root}", "MODE": "a"},
            "platform_overrides": {
                "win32": {"command": "node.exe", "env": {"MODE": "w"}},
                "darwin": {"args": None, "env": "x"},
            },
        },
    },
    "tools": [{"name": "read"}, {"name": 7}, "x", {"name": "search"}],
    "tools_generated": True,
    "user_config": {
        "root": {"type": "directory", "sensitive": False},
        "key": {"type": "string", "sensitive": True},
        "odd": 7,
    },
}


def archive(manifest: Json | bytes, platform: Platform = "linux", **fields: Any) -> Document:
    data = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    fields = {"members": {"manifest.json": data}} | fields
    return Document(PATH, "tool", Scope.USER, Format.ZIP, digest="d1", platform=platform, **fields)


DETAIL: dict[str, Json] = {
    "type": "mcp-bundle",
    "version": "1.2.0",
    "description": "Reads files",
    "license": "MIT",
    "publisher": "Acme",
    "repository": "https://example.com/r.git",
    "display_name": "Files",
    "manifest_version": "0.3",
    "server_type": "node",
    "entry_point": "server/index.js",
    "tools": ["read", "search"],
    "tools_generated": True,
    "user_config": [
        {"name": "root", "type": "directory", "sensitive": False},
        {"name": "key", "type": "string", "sensitive": True},
        {"name": "odd", "type": "string", "sensitive": False},
    ],
}


@pytest.mark.parametrize(
    ("platform", "started", "more"),
    [
        (
            "linux",
            launch("stdio", "node", "${__dirname}/server/index.js", env={"ROOT": "${user_config.root}", "MODE": "a"}),
            [],
        ),
        (
            "windows",
            launch(
                "stdio", "node.exe", "${__dirname}/server/index.js", env={"ROOT": "${user_config.root}", "MODE": "w"}
            ),
            [],
        ),
        (
            "macos",
            launch("stdio", "node", "${__dirname}/server/index.js"),
            [wrong("server.mcp_config.env")],
        ),
    ],
)
def test_bundle(platform: Platform, started: dict[str, Any], more: list[tuple[str, str]]) -> None:
    assert read(Bundle(), archive(MANIFEST, platform)) == (
        [
            item("extension", "files", path=PATH, status="pending", detail=DETAIL, content="d1"),
            item(
                "mcp_server",
                "files",
                path=PATH,
                scope="extension",
                pointer="server.mcp_config",
                status="pending",
                detail={"tools": ["read", "search"]},
                launch=started,
            ),
        ],
        [wrong("tools[2]"), wrong("user_config.odd"), *more],
    )


def test_status_of_an_installed_bundle() -> None:
    found, _ = read(Bundle(Status.INSTALLED), archive({"server": {"mcp_config": {"command": "x"}}}))
    assert [(record["name"], record["status"]) for record in found] == [
        ("files-1.2", "installed"),
        ("files-1.2", "installed"),
    ]


@pytest.mark.parametrize(
    ("document", "left"),
    [
        (archive(b"", members={}), [("unknown-shape", "the archive holds no manifest.json at its root")]),
        (archive({}), []),
        (archive([]), [wrong("manifest.json")]),
        (archive(None), []),
    ],
    ids=["no manifest", "empty", "list", "null"],
)
def test_no_manifest(document: Document, left: list[tuple[str, str]]) -> None:
    expected = item(
        "extension", "files-1.2", path=PATH, status="unreadable", detail={"type": "mcp-bundle"}, content="d1"
    )
    assert read(Bundle(), document) == ([expected], left)


def test_malformed_manifest_keeps_what_can_be_read() -> None:
    found, left = read(Bundle(), archive(b'{"name": "a", "server": {"mcp_config": {"command": "x"}}, "tools": ['))
    assert [(record["kind"], record["name"], record["status"]) for record in found] == [
        ("extension", "a", "pending"),
        ("mcp_server", "a", "pending"),
    ]
    assert [reason for reason, _ in left] == ["malformed"]
    assert all(message.startswith("manifest.json: ") for _, message in left)


def test_server_that_says_nothing() -> None:
    found, left = read(Bundle(), archive({"name": "a"}))
    assert (found[1]["status"], found[1]["launch"]) == ("unreadable", launch("unknown"))
    assert left == [("unknown-shape", "server.mcp_config says nothing about how the server is started")]


def test_wrong_types_everywhere() -> None:
    survive_all(Bundle(), wrong_everywhere(MANIFEST, archive))


@given(
    anything("name", "server", "mcp_config", "command", "platform_overrides", "linux", "tools", "user_config", "env")
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(Bundle(), archive(value))
    survive(Bundle(), archive({"server": value}))
