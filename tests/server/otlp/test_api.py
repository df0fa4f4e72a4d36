"""The receiver over a real store."""

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Permission, Role
from spawngate.server.otlp import routes
from spawngate.server.otlp.api import LARGEST, Seen
from spawngate.server.services import Services
from spawngate.trail.event import Event
from spawngate.trail.mappings.protobuf import export_request
from spawngate.trail.query import read
from tests.server.fleetdata import NOW, add_endpoint, add_team, client, services
from tests.server.otlp.records import claude, codex, gemini, record, request

SENDER = Principal("collector", Kind.TOKEN, {1: Role.ADMINISTRATOR}, frozenset({Permission.EVENTS_WRITE}))
JSON = {"content-type": "application/json"}
PROTOBUF = {"content-type": "application/x-protobuf"}


def events(parts: Services) -> list[Event]:
    page = parts.events.query(read("channel:otlp", datetime.fromisoformat(NOW)), newest_first=False)
    return [entry.event for entry in page.entries]


def body(*records: dict[str, Any], **resource: Any) -> bytes:
    return msgspec.json.encode(request(*records, **resource))


def test_both_encodings_and_repetitions(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(routes, parts, SENDER)
        data = body(claude(), record("claude_code.user_prompt", prompt="secret words"))
        first = http.post("/v1/logs", content=gzip.compress(data), headers={**JSON, "content-encoding": "gzip"})
        assert (first.status_code, first.json(), first.headers["content-type"]) == (200, {}, "application/json")
        again = http.post("/v1/logs", content=export_request(msgspec.json.decode(data)), headers=PROTOBUF)
        assert (again.status_code, again.content) == (200, b"")
        packed = zstandard.ZstdCompressor().compress(body(codex("denied"), gemini()))
        assert http.post("/v1/logs", content=packed, headers={**JSON, "content-encoding": "zstd"}).status_code == 200
        told = events(parts)
        assert [(each.actor.agent, each.decision.verdict) for each in told if each.decision is not None] == [
            ("claude-code", "allow"),
            ("codex-cli", "deny"),
            ("gemini-cli", "allow"),
        ]
        assert {each.detail["sender"] for each in told} == {"collector"}


def test_an_endpoint_counts_where_it_is_of_the_senders_team(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "one")
            add_team(connection, 2, "two")
            add_endpoint(connection, "mine", team=1)
            add_endpoint(connection, "theirs", team=2)
        http = client(routes, parts, SENDER)
        for number, name in enumerate(("mine", "theirs", "nowhere")):
            data = body(claude(tool_use_id=f"t{number}"), spawngate__endpoint=name)
            assert http.post("/v1/logs", content=data, headers=JSON).status_code == 200
        own = parts.signer.name
        assert [each.endpoint for each in events(parts)] == ["mine", own, own]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", JSON, 400),
        (b"\xff\xff", PROTOBUF, 400),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"x", {**JSON, "content-encoding": "gzip"}, 400),
        (gzip.compress(b" " * (LARGEST + 1)), {**JSON, "content-encoding": "gzip"}, 413),
    ],
)
def test_what_is_refused(tmp_path: Path, content: bytes, headers: dict[str, str], status: int) -> None:
    with services(tmp_path) as parts:
        assert client(routes, parts, SENDER).post("/v1/logs", content=content, headers=headers).status_code == status
        assert events(parts) == []


def test_nobody_else_may(tmp_path: Path) -> None:
    reader = Principal("reader", Kind.TOKEN, {0: Role.ANALYST})
    with services(tmp_path) as parts:
        assert client(routes, parts, reader).post("/v1/logs", content=body(claude()), headers=JSON).status_code == 403


def test_what_was_seen_is_forgotten_in_order() -> None:
    seen = Seen(2)
    assert [seen.add(each) for each in ("a", "b", "a", "c", "b", "", "")] == [True, True, False, True, True, True, True]
    seen.forget(["b"])
    assert seen.add("b")
