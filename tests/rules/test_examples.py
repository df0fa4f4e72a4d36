"""Examples of rules: facts from what they give, and which of them a rule gets wrong."""

import pytest

from spawngate.command.call_facts import CallFacts
from spawngate.command.spawn_facts import SpawnFacts
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
    assert facts_of("launch", example) == (LaunchFacts(shell=True, env_names=("A",)),)


def test_facts_of_a_definition_with_surroundings() -> None:
    example = Example(
        "x",
        True,
        raw={"command": "python3", "args": ["-m", "tool"]},
        surroundings={"present": ["tool.py"], "writable_by_others": ["/srv"], "npmrc": {}},
    )
    (facts,) = facts_of("launch", example)
    assert isinstance(facts, LaunchFacts)
    assert (facts.program, facts.shadowed_by, facts.writable_by_others) == ("python3", ("tool.py",), ("/srv",))


def test_facts_of_an_artifact() -> None:
    (facts,) = facts_of("artifact", Example("x", True, raw={"kind": "mcp_server", "scope": "project"}))
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


def test_facts_of_a_command_are_those_of_each_spawn() -> None:
    found = facts_of("spawn", Example("x", True, raw={"command": "cat a | sudo tee /etc/motd"}))
    assert [each.program for each in found if isinstance(each, SpawnFacts)] == ["cat", "tee"]


def test_facts_of_a_call_in_an_agents_own_words() -> None:
    raw = {
        "tool": "mcp__files__delete_file",
        "input": {"path": "/home/dev/project/a"},
        "servers": {
            "files": {"tier": "official", "capabilities": ["filesystem"], "hints": {"delete_file": ["destructive"]}}
        },
    }
    (facts,) = facts_of("call", Example("x", True, raw=raw))
    assert isinstance(facts, CallFacts)
    assert (facts.kind, facts.server, facts.server_tier, facts.server_capabilities, facts.hints, facts.verbs) == (
        "mcp",
        "files",
        "official",
        ("filesystem",),
        ("destructive",),
        ("delete",),
    )
    assert (facts.deletes, facts.delete_places) == (("/home/dev/project/a",), ("project",))


def test_a_call_of_an_agent_without_a_hook_is_no_example() -> None:
    with pytest.raises(ValueError, match="no hook"):
        facts_of("call", Example("x", True, raw={"tool": "x", "agent": "boltai"}))
