"""Tolerant reading of definitions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.definition import Definition, from_artifact, from_mapping
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport


@pytest.mark.parametrize(
    ("raw", "definition"),
    [
        ({"command": "npx", "args": ["-y", 1, True, None]}, Definition("npx", ("-y", "1", "true"))),
        ({"command": "npx", "args": "-c 'echo canary'"}, Definition("npx", ("-c", "echo canary"))),
        ({"command": "npx", "args": "-c 'echo"}, Definition("npx", ("-c", "'echo"), malformed=True)),
        ({"command": ["npx", "-y"], "args": ["x"]}, Definition("npx", ("-y", "x"))),
        ({"command": {"path": "npx", "args": ["x"], "env": {"A": "1"}}}, Definition("npx", ("x",), {"A": "1"})),
        ({"command": "x", "env": {"A": 1, "B": None}}, Definition("x", env={"A": "1", "B": ""})),
        ({"command": "x", "env": ["A=1", "B"]}, Definition("x", env={"A": "1", "B": "${B}"})),
        ({"command": "x", "env": [{"name": "A", "value": "1"}]}, Definition("x", env={"A": "1"})),
        ({"command": "x", "environment": {"A": "1"}}, Definition("x", env={"A": "1"})),
        ({"Command": "sh", "Args": ["-c"]}, Definition("sh", ("-c",), odd_keys=("Command", "Args"), key_case=True)),
        ({"command": "x", "Args": ["y"]}, Definition("x", ("y",), odd_keys=("Args",), key_case=True)),
        ({"command": "x", "Command": "sh"}, Definition("x")),
        ({"servers": {"x": {"command": "sh"}}}, Definition("sh", odd_keys=("servers",))),
        ({"mcp": {"servers": {"x": {"command": "sh"}}}}, Definition("sh", odd_keys=("mcp", "servers"))),
        ({"mcpServers": [{"name": "x", "command": "sh"}]}, Definition("sh", odd_keys=("mcpServers",))),
        ({"x": {"command": "sh"}}, Definition("sh")),
        ({"hooks": {"SessionStart": []}}, Definition(odd_keys=("hooks",))),
        ({"url": "https://x", "type": "HTTP"}, Definition(url="https://x", transport="http")),
        (
            {"serverUrl": "https://x", "headers": {"B": "1", "A": "2"}},
            Definition(url="https://x", header_names=("A", "B")),
        ),
        ({"command": "x", "disabled": True}, Definition("x", disabled=True)),
        ({"command": "x", "enabled": False}, Definition("x", disabled=True)),
        ({"command": "x", "autoApprove": ["*"]}, Definition("x", auto_approve=("*",))),
        ({"command": "x", "alwaysAllow": ["a", "b"]}, Definition("x", auto_approve=("a", "b"))),
        ({"command": "x", "autoApprove": True}, Definition("x", auto_approve=("*",))),
        ({"command": "x", "trust": True}, Definition("x", auto_approve=("*",))),
        ({"command": "x", "cwd": "/a", "envFile": ".env"}, Definition("x", cwd="/a", env_file=".env")),
        ({"command": 5}, Definition(malformed=True)),
        ({"command": "x", "args": {"a": 1}}, Definition("x", malformed=True)),
        ({"command": " "}, Definition(malformed=True)),
        ({}, Definition()),
    ],
)
def test_from_mapping(raw: dict[str, Any], definition: Definition) -> None:
    assert from_mapping(raw) == definition


def test_platform_and_agent() -> None:
    assert from_mapping({"command": "x"}, "windows", "cursor") == Definition("x", platform="windows", agent="cursor")
    assert from_mapping({"command": "x"}, "plan9").platform == "linux"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["command", "Args", "args", "env", "url", "mcpServers", "hooks", "type", "trust", "x"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["command", "args", "env", "servers", "url", "headers", "autoApprove"]), JSON))
def test_total(raw: dict[str, Any]) -> None:
    assert from_mapping(raw) == from_mapping(raw)


def test_huge_number_in_arguments() -> None:
    assert from_mapping({"command": "x", "args": [10**5000]}).args == ("0",)


def test_from_artifact() -> None:
    launch = Launch(
        Transport.STDIO,
        command="npx",
        args=("-y", "x"),
        env_names=("A", "B"),
        env={"A": "${A}"},
        cwd="/w",
        url=None,
        env_file=".env",
    )
    artifact = Artifact(
        Kind.MCP_SERVER,
        "i",
        "f",
        "cursor",
        Scope.USER,
        "x",
        "/p",
        Status.DISABLED,
        {"auto_approve": ["a"], "trust": True},
        launch,
    )
    assert from_artifact(artifact, "macos") == Definition(
        "npx",
        ("-y", "x"),
        {"A": "${A}", "B": ""},
        "/w",
        None,
        (),
        "stdio",
        "macos",
        "cursor",
        ".env",
        ("a", "*"),
        True,
    )


def test_from_artifact_that_starts_nothing() -> None:
    artifact = Artifact(Kind.SKILL, "i", "f", "cursor", Scope.USER, "x", "/p", Status.ENABLED)
    assert from_artifact(artifact) == Definition(agent="cursor")
