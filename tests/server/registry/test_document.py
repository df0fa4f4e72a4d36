"""Approved launches as `server.json`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.registry.document import OFFICIAL, OURS, Listed, Server, response_of, server_of


def listed(command: str, *args: str, **more: Any) -> Listed:
    given: dict[str, Any] = {
        "id": 7,
        "fingerprint": "0123456789abcdef0123456789abcdef",
        "name": "files",
        "release": "",
        "environment": (),
        "state": "approved",
        "published": "2026-11-20T09:00:00.000000Z",
        "updated": "2026-11-20T10:00:00.000000Z",
    } | more
    return Listed(command=command, args=args, **given)


def package(server: Server | None) -> dict[str, Any]:
    assert server is not None
    (only,) = server.document["packages"]
    return dict(only)


def test_a_pinned_package() -> None:
    server = server_of(
        listed(
            "npx", "-y", "@modelcontextprotocol/server-filesystem@2026.1.14", "/srv/work", environment=("NODE_OPTIONS",)
        ),
        "org.example.gate",
    )
    assert server is not None
    assert response_of(server) == {
        "server": {
            "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
            "name": "org.example.gate/modelcontextprotocol.server-filesystem.0123456789ab",
            "title": "files",
            "description": "Approved launch of @modelcontextprotocol/server-filesystem",
            "version": "2026.1.14",
            "packages": [
                {
                    "registryType": "npm",
                    "identifier": "@modelcontextprotocol/server-filesystem",
                    "version": "2026.1.14",
                    "transport": {"type": "stdio"},
                    "runtimeHint": "npx",
                    "runtimeArguments": [{"type": "positional", "value": "-y"}],
                    "packageArguments": [{"type": "positional", "value": "/srv/work"}],
                    "environmentVariables": [{"name": "NODE_OPTIONS", "isRequired": True}],
                }
            ],
        },
        "_meta": {
            OFFICIAL: {
                "status": "active",
                "publishedAt": "2026-11-20T09:00:00.000000Z",
                "updatedAt": "2026-11-20T10:00:00.000000Z",
                "isLatest": True,
            },
            OURS: {"id": 7, "fingerprint": "0123456789abcdef0123456789abcdef", "state": "approved"},
        },
    }


def test_what_fixes_no_version_says_none_of_its_package() -> None:
    server = server_of(listed("uvx", "mcp-server-git", "--repository", "~/code", release="2026.7.1"), "local.spawngate")
    assert server is not None
    assert server.version == "2026.7.1"
    assert package(server) == {
        "registryType": "pypi",
        "identifier": "mcp-server-git",
        "transport": {"type": "stdio"},
        "runtimeHint": "uvx",
        "packageArguments": [
            {"type": "positional", "value": "--repository"},
            {"type": "positional", "valueHint": "path", "default": "~/code", "format": "filepath", "isRequired": True},
        ],
    }
    bare = server_of(listed("uvx", "mcp-server-git"), "local.spawngate")
    assert bare is not None
    assert bare.version == "0.0.0"


def test_an_image() -> None:
    found = package(server_of(listed("docker", "run", "-i", "--rm", "mcp/fetch:1.2", "--quiet"), "local.spawngate"))
    assert (found["registryType"], found["identifier"], found["runtimeHint"]) == ("oci", "mcp/fetch:1.2", "docker")
    assert [each["value"] for each in found["runtimeArguments"]] == ["run", "-i", "--rm"]
    assert [each["value"] for each in found["packageArguments"]] == ["--quiet"]


def test_a_secret_is_asked_for() -> None:
    found = package(server_of(listed("npx", "-y", "x-server@1.0.0", "--token=[secret]", "[secret:api-key:0a]"), "a.b"))
    assert found["packageArguments"] == [
        {"type": "named", "name": "--token", "isRequired": True, "isSecret": True},
        {"type": "positional", "valueHint": "secret", "isRequired": True, "isSecret": True},
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("/opt/tools/server", "--stdio"),
        ("node", "server.js"),
        ("sh", "-c", "npx -y x-server@1.0.0"),
        ("npx", "-y", "--registry", "https://npm.example", "x-server@1.0.0"),
        ("uvx", "--with", "other", "x-server"),
        ("uvx", "--from", "git+https://git.example/x", "x-server"),
        ("npx", "-y", "github:someone/x-server"),
        ("env", "A=1", "npx", "-y", "x-server@1.0.0"),
        ("",),
    ],
)
def test_what_a_registry_cannot_say_is_left_out(words: tuple[str, ...]) -> None:
    assert server_of(listed(*words), "local.spawngate") is None


def test_a_revoked_one_is_deleted() -> None:
    server = server_of(listed("uvx", "mcp-server-git", state="revoked"), "local.spawngate")
    assert server is not None
    assert server.is_deleted
    assert response_of(server)["_meta"][OFFICIAL]["status"] == "deleted"


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=300))
def test_anything(words: list[str], name: str) -> None:
    server = server_of(listed("npx", *words, name=name), "local.spawngate")
    if server is not None:
        assert len(server.name) <= 200
        assert len(server.document["title"]) <= 100
