"""The daemon's answers: what is not wholly understood is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.launcher.replies import BadReply, Start, Verdict
from tests.endpoint.launcher.harness import ALLOW


def start(**changes: Any) -> Start:
    return Start(json.dumps({**ALLOW, **changes}).encode())


def test_a_whole_answer() -> None:
    answer = start(
        probe={"seconds": 500, "network": True, "read": ["/a"], "write": ["/b"]},
        confine={"network": False, "read": [], "write": []},
        drop=["A", "B"],
        message="m",
        something="of a later version",
    )
    assert (answer.allowed, answer.message, answer.launch) == (True, "m", "launch-1")
    assert (answer.seconds, answer.drop, answer.decide, answer.pins) == (120.0, frozenset({"A", "B"}), True, True)
    assert answer.probe is not None
    assert (answer.probe.network, answer.probe.read, answer.probe.write) == (True, ["/a"], ["/b"])
    assert answer.confine is not None
    assert (answer.confine.network, answer.confine.read, answer.confine.write) == (False, [], [])


def test_hosts_and_variables() -> None:
    answer = start(
        confine={"network": False, "hosts": ["a.example", "localhost:80"], "upstream": True},
        probe={"seconds": 1, "network": True, "env": {"A": "\u00e9"}},
    )
    assert answer.confine is not None
    assert (answer.confine.hosts, answer.confine.upstream) == (["a.example", "localhost:80"], True)
    assert [each.name for each in answer.confine.declared] == ["a.example", "localhost"]
    assert answer.probe is not None
    assert (answer.probe.hosts, answer.probe.upstream, answer.probe.declared) == ([], False, [])
    assert answer.probe.env == {b"A": "\u00e9".encode()}


def test_a_refusal_needs_no_more_than_its_verdict() -> None:
    answer = Start(b'{"verdict":"deny"}')
    assert (answer.allowed, answer.message, answer.launch, answer.probe) == (False, "", "", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "ask"},
        {"verdict": None},
        {"verdict": ["allow"]},
        {"program": "x"},
        {"program": 1},
        {"program": "/a\0b"},
        {"relay": {}},
        {"relay": {"tools": 1, "pins": True}},
        {"probe": []},
        {"probe": {"seconds": True, "network": True}},
        {"probe": {"seconds": 0, "network": True}},
        {"probe": {"seconds": 1}},
        {"probe": {"seconds": 1, "network": True, "read": ["x"]}},
        {"confine": {"network": True, "write": [1]}},
        {"confine": True},
        {"confine": {"network": False, "hosts": ["https://a.example"]}},
        {"confine": {"network": False, "hosts": "a.example"}},
        {"confine": {"network": False, "hosts": [1]}},
        {"probe": {"seconds": 1, "network": True, "env": []}},
        {"probe": {"seconds": 1, "network": True, "env": {"A": 1}}},
        {"probe": {"seconds": 1, "network": True, "env": {"A=B": "x"}}},
        {"probe": {"seconds": 1, "network": True, "env": {"A": "x\0"}}},
        {"drop": None},
        {"drop": [1]},
    ],
)
def test_what_is_odd_is_no_answer(changes: dict[str, Any]) -> None:
    with pytest.raises(BadReply):
        start(**changes)


@given(st.binary(max_size=100))
def test_other_bytes_are_no_answer(data: bytes) -> None:
    for kind in (Start, Verdict):
        with pytest.raises(BadReply):
            kind(data)


def test_verdicts() -> None:
    verdict = Verdict(b'{"verdict":"allow","message":"m","withhold":["a"]}')
    assert (verdict.allowed, verdict.message, verdict.withhold) == (True, "m", ["a"])
    verdict = Verdict(b'{"verdict":"deny"}')
    assert (verdict.allowed, verdict.message, verdict.withhold) == (False, "", [])
    for odd in (b"[]", b"{}", b'{"verdict":"allow","withhold":"a"}', b'{"verdict":"allow","message":1}'):
        with pytest.raises(BadReply):
            Verdict(odd)
