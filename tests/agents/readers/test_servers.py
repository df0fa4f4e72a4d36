"""`readers.servers`: every way to write a server definition, and that nothing secret in one crosses."""

import random
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.readers.servers import BareServers, Fields, Servers, SingleServer, server, servers
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json
from tests.agents.readers.planted import leaks
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    launch,
    nested,
    read,
    record,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)
from tests.redact.generators import SECRET_TYPES, VENDOR_TYPES, percent

SERVERS = Servers()
RICH = Fields(
    env_names=("env_vars",),
    header_names=("env_http_headers",),
    bearer=("bearer_token_env_var",),
    header_command=("headersHelper",),
    ignore=("settings",),
)


def one(definition: Json, fields: Fields = RICH) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    document = given_value(None)
    found = record(server(document, "s", definition, "p", fields))
    return found, [(note.reason, note.message) for note in document.notes]


def good(launched: dict[str, Any], **fields: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    return item("mcp_server", "s", pointer="p", launch=launched, **fields), []


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (
            {"command": "npx", "args": ["-y", "x", 7], "env": {"A": "b", "N": 1, "B": True, "E": None}, "cwd": "/w"},
            good(launch("stdio", "npx", "-y", "x", "7", env={"A": "b", "N": "1", "B": "true", "E": ""}, cwd="/w")),
        ),
        ({"command": ["uvx", "x", "--flag"]}, good(launch("stdio", "uvx", "x", "--flag"))),
        ({"command": ["uvx"], "args": ["x"]}, good(launch("stdio", "uvx", "x"))),
        (
            {"command": {"path": "/bin/x", "args": ["a"], "env": {"A": "1", "B": "1"}}, "env": {"B": "2"}},
            good(launch("stdio", "/bin/x", "a", env={"A": "1", "B": "2"})),
        ),
        ({"command": "x", "args": "-a 'b c' d"}, good(launch("stdio", "x", "-a", "b c", "d"))),
        ({"command": "x", "args": "-a 'b"}, good(launch("stdio", "x", "-a 'b"))),
        (
            {"command": "x", "env": ["A=1", "B=x=y", "C"]},
            good(launch("stdio", "x", env={"A": "1", "B": "x=y", "C": "${C}"})),
        ),
        (
            {"command": "x", "env": {"A": "1"}, "env_vars": ["A", "T"], "envFile": "/w/.env"},
            good(launch("stdio", "x", env={"A": "1", "T": "${T}"}, env_file="/w/.env")),
        ),
        ({"url": "https://x/mcp"}, good(launch("http", url="https://x/mcp"))),
        ({"serverUrl": "https://x/mcp", "type": "sse"}, good(launch("sse", url="https://x/mcp"))),
        ({"url": "https://x", "type": "streamable-http"}, good(launch("http", url="https://x"))),
        ({"url": "wss://x", "transport": "WebSocket"}, good(launch("ws", url="wss://x"))),
        ({"url": "https://x", "type": "stdio"}, good(launch("http", url="https://x"))),
        ({"url": "https://x", "type": "no such word"}, good(launch("http", url="https://x"))),
        ({"url": "https://x", "type": ["sse"]}, good(launch("http", url="https://x"))),
        (
            {
                "url": "https://x",
                "headers": {"A": "b", "N": 1},
                "env_http_headers": {"X-Key": "KEY"},
                "bearer_token_env_var": "TOKEN",
                "headersHelper": "helper --print",
            },
            good(
                launch(
                    "http",
                    url="https://x",
                    headers={"A": "b", "N": "1", "X-Key": "${KEY}", "Authorization": "Bearer ${TOKEN}"},
                    header_command="helper --print",
                )
            ),
        ),
        ({"command": "x", "url": "https://x", "type": "sse"}, good(launch("stdio", "x", url="https://x"))),
        ({"type": "builtin"}, good(launch("builtin"))),
        ({"type": "platform", "command": "x"}, good(launch("builtin", "x"))),
        ({"command": "x", "disabled": True}, good(launch("stdio", "x"), status="disabled")),
        ({"command": "x", "disabled": "true"}, good(launch("stdio", "x"), status="disabled")),
        ({"command": "x", "enabled": False}, good(launch("stdio", "x"), status="disabled")),
        ({"command": "x", "enabled": "FALSE", "disabled": False}, good(launch("stdio", "x"), status="disabled")),
        ({"command": "x", "enabled": True, "disabled": None}, good(launch("stdio", "x"))),
        ({"command": "x", "enabled": 0}, good(launch("stdio", "x"))),
        (
            {
                "command": "x",
                "autoApprove": ["a", 1],
                "includeTools": "b",
                "disabled_tools": [],
                "trust": "true",
                "sandbox": False,
                "timeout": 2.5,
            },
            good(
                launch("stdio", "x"),
                detail={
                    "auto_approve": ["a", "1"],
                    "include_tools": ["b"],
                    "exclude_tools": [],
                    "trust": True,
                    "sandbox": False,
                    "timeout": 2.5,
                },
            ),
        ),
        (
            {
                "command": "x",
                "alwaysAllow": True,
                "tools": {"a": True},
                "excludeTools": False,
                "timeout": True,
                "trust": 1,
            },
            good(launch("stdio", "x"), detail={"auto_approve": ["*"], "exclude_tools": []}),
        ),
        ({"command": "x", "timeout": float("inf")}, good(launch("stdio", "x"))),
        ({"command": "x", "timeout": 2**70}, good(launch("stdio", "x"))),
        (
            {"command": "x", "args": None, "env": None, "url": None, "headers": None, "cwd": None},
            good(launch("stdio", "x")),
        ),
        ({"command": "", "url": "https://x"}, good(launch("http", url="https://x"))),
    ],
)
def test_definition(definition: Json, expected: tuple[dict[str, Any], list[tuple[str, str]]]) -> None:
    assert one(definition) == expected


def unread(*notes: tuple[str, str], **fields: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    fields = {"launch": launch("unknown")} | fields
    return item("mcp_server", "s", pointer="p", status="unreadable", **fields), list(notes)


UNKNOWN = ("unknown-shape", "p has neither a command nor an address")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (None, unread(("wrong-type", "p is null where a server was meant"))),
        ("npx x", unread(wrong("p"))),
        (7, unread(wrong("p"))),
        (["npx"], unread(wrong("p"))),
        ({}, unread()),
        ({"args": ["x"]}, unread(UNKNOWN, launch=launch("unknown", None, "x"))),
        ({"command": None}, unread(UNKNOWN)),
        ({"command": []}, unread(UNKNOWN)),
        ({"command": [["x"]]}, unread(wrong("p.command[0]", "text"), UNKNOWN)),
        ({"command": {"args": ["x"]}}, unread(UNKNOWN, launch=launch("unknown", None, "x"))),
        ({"url": {"a": 1}}, unread(wrong("p.url", "text"), UNKNOWN)),
        ({"type": "http"}, unread(UNKNOWN)),
    ],
)
def test_definition_that_starts_nothing(
    definition: Json, expected: tuple[dict[str, Any], list[tuple[str, str]]]
) -> None:
    assert one(definition) == expected


def test_wrong_types_cost_their_field_only() -> None:
    definition: Json = {
        "command": "x",
        "args": {"a": 1},
        "env": "A=1",
        "headers": ["a"],
        "cwd": [],
        "env_vars": 7,
        "autoApprove": 7,
        "env_http_headers": {"X": []},
    }
    assert one(definition) == (
        item(
            "mcp_server",
            "s",
            pointer="p",
            launch=launch("stdio", "x", headers={"X": ""}),
            detail={"auto_approve": []},
        ),
        [
            wrong("p.args", "a list"),
            wrong("p.env"),
            wrong("p.env_vars", "a list"),
            wrong("p.headers"),
            wrong("p.env_http_headers.X", "text"),
            wrong("p.cwd", "text"),
            wrong("p.auto_approve", "a list"),
        ],
    )


def test_map_of_servers() -> None:
    document = given_value(
        {"mcpServers": {"a": {"command": "x"}, "bad": None, "": {"url": "https://x"}, "settings": {}}}
    )
    assert read(Servers(fields=RICH, scope=Scope.MANAGED), document) == (
        [
            item("mcp_server", "a", scope="managed", pointer="mcpServers.a", launch=launch("stdio", "x")),
            item(
                "mcp_server",
                "bad",
                scope="managed",
                pointer="mcpServers.bad",
                launch=launch("unknown"),
                status="unreadable",
            ),
            item("mcp_server", "", scope="managed", pointer="mcpServers.", launch=launch("http", url="https://x")),
        ],
        [("wrong-type", "mcpServers.bad is null where a server was meant")],
    )


def test_list_of_servers() -> None:
    document = given_value(
        {"a": {"b": [{"name": "one", "command": "x"}, {"command": "y"}, {"name": 7, "url": "u"}, "z"]}}
    )
    assert read(Servers(("a", "b")), document) == (
        [
            item("mcp_server", "one", pointer="a.b[one]", launch=launch("stdio", "x")),
            item("mcp_server", "#2", pointer="a.b[#2]", launch=launch("stdio", "y")),
            item("mcp_server", "#3", pointer="a.b[#3]", launch=launch("http", url="u")),
            item("mcp_server", "#4", pointer="a.b[#4]", launch=launch("unknown"), status="unreadable"),
        ],
        [wrong("a.b[#4]")],
    )


@pytest.mark.parametrize(
    ("container", "left"),
    [
        (None, []),
        ({}, []),
        ([], []),
        ("x", [wrong("mcpServers", "a list")]),
        (7, [wrong("mcpServers", "a list")]),
        (True, [wrong("mcpServers", "a list")]),
    ],
)
def test_no_servers(container: Json, left: list[tuple[str, str]]) -> None:
    assert read(SERVERS, given_value({"mcpServers": container})) == ([], left)


def test_what_the_caller_says_replaces_the_document() -> None:
    document = given_value(None, project="/w")
    definition: Json = {"a": {"command": "x", "disabled": True}, "b": {}}
    found = servers(document, definition, "p", scope=Scope.LOCAL, project="/v", status=Status.PENDING)
    assert [record(observed) for observed in found] == [
        item(
            "mcp_server", "a", scope="local", pointer="p.a", project="/v", status="pending", launch=launch("stdio", "x")
        ),
        item(
            "mcp_server", "b", scope="local", pointer="p.b", project="/v", status="unreadable", launch=launch("unknown")
        ),
    ]
    assert record(server(document, "a", {"command": "x"}, "p"))["project"] == "/w"


def test_bare_map() -> None:
    value: Json = {"$schema": "s", "a": {"command": "x"}, "b": 7}
    assert read(BareServers(scope=Scope.PLUGIN), given_value(value)) == (
        [
            item("mcp_server", "a", scope="plugin", pointer="a", launch=launch("stdio", "x")),
            item("mcp_server", "b", scope="plugin", pointer="b", status="unreadable", launch=launch("unknown")),
        ],
        [wrong("b")],
    )


def test_map_under_its_key() -> None:
    fields = Fields(command=("run",))
    value: Json = {"servers": {"a": {"run": "x"}}, "other": {"run": "y"}}
    expected = item("mcp_server", "a", pointer="servers.a", launch=launch("stdio", "x"))
    assert read(BareServers("servers", fields), given_value(value)) == ([expected], [])
    assert read(BareServers(), given_value({"mcpServers": None, "a": {"command": "x"}})) == ([], [])


@pytest.mark.parametrize(("value", "left"), [(None, []), ({}, []), ([], [("wrong-type", "the document is not a map")])])
def test_nothing(value: Json, left: list[tuple[str, str]]) -> None:
    assert read(BareServers(), given_value(value)) == ([], left)
    assert read(SingleServer(), given_value(value)) == ([], left)


def test_single_server() -> None:
    path = "C:\\Users\\ana\\servers\\git.hub.json"
    expected = item("mcp_server", "git.hub", path=path, launch=launch("http", url="https://x"))
    assert read(SingleServer(), given_value({"url": "https://x"}, path=path)) == ([expected], [])


GOOD: Json = {
    "mcpServers": {
        "a": {
            "command": {"path": "x", "args": ["a"], "env": {"A": "b"}},
            "args": ["b"],
            "env": {"A": "b"},
            "env_vars": ["T"],
            "autoApprove": ["t"],
            "timeout": 5,
            "disabled": False,
        },
        "b": {"url": "https://x", "headers": {"A": "b"}, "env_http_headers": {"A": "B"}, "type": "http"},
    }
}


def test_wrong_types_everywhere() -> None:
    survive_all(Servers(fields=RICH), wrong_everywhere(GOOD))
    survive_all(BareServers(), wrong_everywhere({"mcpServers": {"a": {"command": "x", "env": {"A": "b"}}}}))
    survive_all(BareServers(), wrong_everywhere({"a": {"command": "x"}}))
    survive_all(SingleServer(), wrong_everywhere({"command": "x", "env": {"A": "b"}}))


WORDS = (
    *(
        "mcpServers",
        "command",
        "args",
        "env",
        "env_vars",
        "envFile",
        "cwd",
        "url",
        "serverUrl",
        "headers",
        "type",
        "path",
    ),
    *(
        "env_http_headers",
        "bearer_token_env_var",
        "headersHelper",
        "name",
        "enabled",
        "disabled",
        "autoApprove",
        "tools",
    ),
    *("trust", "timeout", "sandbox", "builtin", "sse", "true"),
)


@given(anything(*WORDS), st.booleans())
@settings(deadline=None)
def test_no_value_raises(value: Json, below: bool) -> None:
    survive(Servers(fields=RICH), given_value(nested(("mcpServers",), value) if below else value))
    survive(BareServers(), given_value(value))
    survive(SingleServer(), given_value(value))


PLACES: dict[str, Callable[[str], Json]] = {
    "env": lambda s: {"command": "x", "env": {"SETTING": s}},
    "env list": lambda s: {"command": "x", "env": [f"SETTING={s}"]},
    "env of a command map": lambda s: {"command": {"path": "x", "env": {"SETTING": s}}},
    "header": lambda s: {"url": "https://x.example.com/mcp", "headers": {"X-Setting": s}},
    "bearer header": lambda s: {"url": "https://x.example.com/mcp", "headers": {"Authorization": f"Bearer {s}"}},
    "flag": lambda s: {"command": "npx", "args": ["-y", "server", "--api-key", s]},
    "flag equals": lambda s: {"command": "npx", "args": ["-y", "server", f"--api-key={s}"]},
    "flag in one text": lambda s: {"command": "npx", "args": f"-y server --api-key {shlex.quote(s)}"},
    "command list": lambda s: {"command": ["npx", "-y", "server", "--token", s]},
    "command line": lambda s: {"command": f"npx -y server --token {shlex.quote(s)}"},
    "docker": lambda s: {"command": "docker", "args": ["run", "-e", f"KEY={s}", "image"]},
    "address userinfo": lambda s: {"url": f"https://me:{percent(s)}@x.example.com/mcp"},
    "address query": lambda s: {"url": f"https://x.example.com/mcp?api_key={percent(s)}"},
    "second address": lambda s: {"command": "x", "url": f"https://x.example.com/mcp?api_key={percent(s)}"},
    "header command": lambda s: {"url": "https://x", "headersHelper": f"print-header --token {shlex.quote(s)}"},
}
"""Definitions with a secret where its place gives it away."""

VENDOR_PLACES: dict[str, Callable[[str], Json]] = {
    "command": lambda s: {"command": s},
    "argument": lambda s: {"command": "x", "args": [s]},
    "cwd": lambda s: {"command": "x", "cwd": f"/srv/{s}/work"},
    "environment file": lambda s: {"command": "x", "envFile": f"/srv/{s}.env"},
    "name of a variable": lambda s: {"command": "x", "env": {s: "1"}},
    "name of a header": lambda s: {"url": "https://x", "headers": {s: "1"}},
    "variable for a header": lambda s: {"url": "https://x", "env_http_headers": {"X-Key": s}},
    "variable for a token": lambda s: {"url": "https://x", "bearer_token_env_var": s},
    "passed variable": lambda s: {"command": "x", "env_vars": [s]},
    "tool": lambda s: {"command": "x", "autoApprove": [s], "includeTools": [s], "disabledTools": [s]},
    "address path": lambda s: {"url": f"https://x.example.com/{percent(s)}/mcp"},
    "wrong type": lambda s: {"command": [{s: s}], "url": [s], "args": {s: s}, "type": s},
    "key nobody knows": lambda s: {"command": "x", s: {s: s}},
}
"""Definitions with a secret that only its own look gives away."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type_", SECRET_TYPES)
def test_planted_secret_does_not_cross(type_: str, place: str) -> None:
    rng = random.Random(f"{type_} {place}")
    for _ in range(3):
        secret = SECRET_TYPES[type_](rng)
        definition = PLACES[place](secret)
        assert leaks(Servers(fields=RICH), given_value({"mcpServers": {"s": definition}}), secret) == []


@pytest.mark.parametrize("place", VENDOR_PLACES)
@pytest.mark.parametrize("type_", VENDOR_TYPES)
def test_planted_secret_of_a_known_format_does_not_cross(type_: str, place: str) -> None:
    rng = random.Random(f"{type_} {place}")
    for _ in range(2):
        secret = VENDOR_TYPES[type_](rng)
        definition = VENDOR_PLACES[place](secret)
        assert leaks(Servers(fields=RICH), given_value({"mcpServers": {"s": definition}}), secret) == []
        assert leaks(Servers(fields=RICH), given_value({"mcpServers": {secret: definition}}), secret) == []
