"""The question has exactly the schema's fields, each of the schema's type."""

import re

import cedarpy
import msgspec

from spawngate.policy.policies import schema, schema_text
from spawngate.policy.question import ACTIONS, FIELDS, Question


def test_fields_are_those_of_the_schema() -> None:
    stated = dict(re.findall(r"^  (\w+): ([\w<>]+),$", schema_text(), re.MULTILINE))
    kinds = {str: "String", bool: "Bool", int: "Long", tuple: "Set<String>"}
    question = Question("a", "shell")
    assert stated == {name: kinds[type(getattr(question, name))] for name in FIELDS}


def test_every_action_makes_a_valid_request() -> None:
    """What `evaluate` leaves out for speed is done here: Cedar checks the request against the schema."""
    permits = cedarpy.PolicySet.from_str("permit(principal, action, resource);")
    for action in ACTIONS:
        question = Question("claude-code", action, findings=("a",), programs=("rm",), severity=3)
        kind, name = question.resource
        answer = cedarpy.is_authorized(
            {
                "principal": {"type": "Agent", "id": question.agent},
                "action": {"type": "Action", "id": question.action},
                "resource": {"type": kind, "id": name},
                "context": msgspec.json.encode(question.context(frozenset(FIELDS))).decode(),
            },
            permits,
            [],
            schema(),
        )
        assert (answer.decision.value, answer.diagnostics.errors) == ("Allow", [])


def test_resources() -> None:
    assert [
        Question("a", "shell").resource,
        Question("a", "mcp", server="github").resource,
        Question("a", "launch", fingerprint="f", package="pkg:npm/x").resource,
        Question("a", "launch", package="pkg:npm/x").resource,
    ] == [("Tool", "shell"), ("Server", "github"), ("Launch", "f"), ("Launch", "pkg:npm/x")]


def test_context_holds_the_named_fields_only() -> None:
    assert Question("a", "read", cwd="/x").context(frozenset({"cwd", "severity"})) == {"cwd": "/x", "severity": -1}


def test_what_says_nothing_is_not_stated() -> None:
    question = Question("crush", "shell", programs=("npm",), severity=-1, understood=False)
    assert question.stated() == {"agent": "crush", "action": "shell", "programs": ["npm"], "understood": False}
