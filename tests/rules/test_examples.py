"""Examples of rules: facts from what they give, and which of them a rule gets wrong."""

import pytest

from spawngate.launch.facts import LaunchFacts
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.examples import artifact_of, facts_of, wrong_examples
from spawngate.rules.rule import Example, parse_rule

HEAD = """
id = "x"
title = "X"
severity = "low"
confidence = "low"
lifecycle = "stable"
rationale = "R"
remediation = "R"
"""


def test_facts_as_stated() -> None:
    example = Example("x", True, facts={"shell": True, "env_names": ("A",)})
    assert facts_of("launch", example) == LaunchFacts(shell=True, env_names=("A",))


def test_facts_of_a_definition_with_surroundings() -> None:
    example = Example(
        "x",
        True,
        raw={"command": "python3", "args": ["-m", "tool"]},
        surroundings={"present": ["tool.py"], "writable_by_others": ["/srv"], "npmrc": {}},
    )
    facts = facts_of("launch", example)
    assert isinstance(facts, LaunchFacts)
    assert (facts.program, facts.shadowed_by, facts.writable_by_others) == ("python3", ("tool.py",), ("/srv",))


def test_facts_of_an_artifact() -> None:
    facts = facts_of("artifact", Example("x", True, raw={"kind": "mcp_server", "scope": "project"}))
    assert facts == ArtifactFacts(
        kind="mcp_server",
        agent="claude-code",
        scope="project",
        status="enabled",
        name="example",
        in_force=True,
        of_repository=True,
    )


def test_artifact_of_a_table() -> None:
    raw = {"kind": "hook", "scope": "user", "status": "pending", "launch": {"command": "a", "args": ["b"]}}
    assert artifact_of(raw) == Artifact(
        kind=Kind.HOOK,
        id="example",
        fingerprint="example",
        agent="claude-code",
        scope=Scope.USER,
        name="example",
        path="/home/dev/example",
        status=Status.PENDING,
        detail={},
        launch=Launch(Transport.STDIO, "a", ("b",)),
    )
    with pytest.raises(ValueError, match="nonsense"):
        artifact_of({"kind": "nonsense"})


def test_wrong_examples_are_named() -> None:
    rule = parse_rule(
        "artifact/x.toml",
        HEAD
        + """
[match]
kind = "hook"
[[example]]
name = "not a hook"
matches = true
artifact = { kind = "skill" }
[[example]]
name = "a hook after all"
matches = false
artifact = { kind = "hook" }
[[example]]
name = "no kind at all"
matches = false
artifact = { kind = "nonsense" }
[[example]]
name = "right"
matches = true
artifact = { kind = "hook" }
""",
    )
    assert wrong_examples(rule) == (
        "not a hook: did not match",
        "a hook after all: matched",
        "no kind at all: 'nonsense' is not a valid Kind",
    )
