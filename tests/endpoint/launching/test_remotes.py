"""Starts of remote servers: decided and recorded like others, without a process and without looking anywhere."""

from pathlib import Path

import pytest

from spawngate.endpoint.launching import approvals
from spawngate.policy.approvals import Approval
from tests.endpoint.launching.offices import Office, said

URL = "https://mcp.example.com/mcp"


def connect(office: Office, url: str = URL, **more: object) -> dict[str, object]:
    return said(office.ask("start", id="e1", url=url, **more).reply)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_remote_server_is_decided_and_recorded(office: Office) -> None:
    prepared = office.ask("start", id="e1", url=URL, header_names=["Authorization"])
    answer = said(prepared.reply)
    assert answer == {
        "verdict": "allow",
        "launch": answer["launch"],
        "fingerprint": answer["fingerprint"],
        "message": "",
        "program": URL,
        "probe": None,
        "confine": None,
        "drop": [],
        "relay": {"tools": True, "pins": True, "results": False},
    }
    (event,) = prepared.events
    assert event.call is not None
    assert (event.call.kind, event.call.commands, event.call.server) == ("launch", (URL,), "files")
    called = said(office.ask("call", launch=answer["launch"], tool="read", arguments={}).reply)
    assert called == {"verdict": "allow", "message": ""}


def test_the_address_and_the_names_of_headers_are_what_it_is(office: Office) -> None:
    one = connect(office)["fingerprint"]
    assert connect(office)["fingerprint"] == one
    assert (
        connect(office, header_names=["X-B", "X-A"])["fingerprint"]
        == connect(office, header_names=["X-A", "X-B"])["fingerprint"]
    )
    others = [
        connect(office, "https://mcp.example.com/other"),
        connect(office, "http://mcp.example.com/mcp"),
        connect(office, header_names=["X-A"]),
    ]
    assert len({one, *(other["fingerprint"] for other in others)}) == 4


def test_a_rotated_key_in_the_address_is_the_same_server(office: Office) -> None:
    first = office.ask("start", id="e1", url=f"{URL}?api_key=sk-ant-api03-{'a' * 40}")
    second = office.ask("start", id="e1", url=f"{URL}?api_key=sk-ant-api03-{'b' * 40}")
    assert said(first.reply)["fingerprint"] == said(second.reply)["fingerprint"]
    assert "a" * 40 not in str(first.events) + str(first.reply.stdout)


def test_without_an_approval_nothing_connects_where_approvals_are_in_force(office: Office) -> None:
    office.use(approvals=True)
    refused = connect(office)
    assert refused["verdict"] == "deny"
    assert f"`spawngate approve {str(refused['fingerprint'])[:12]}`" in str(refused["message"])
    seen = office.launches.records.seen()[-1]
    one = Approval(seen.fingerprint, seen.identity, "2026-11-20T00:00:00Z", "ann", "looked at", "")
    approvals.change(office.state, lambda held: [*held, one])
    assert connect(office)["verdict"] == "allow"
    assert connect(office, "https://other.example.com/mcp")["verdict"] == "deny"


@pytest.mark.parametrize(
    "url", ["https://exa\nmple.com/", "https://ex\u00e4mple.com/", "https://example.com/" + "a" * 9000]
)
def test_what_is_no_address(office: Office, url: str) -> None:
    assert connect(office, url)["verdict"] == "deny"


def test_a_command_and_an_address_are_not_understood(office: Office) -> None:
    assert connect(office, command="npx")["verdict"] == "deny"
