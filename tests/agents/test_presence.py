"""`agents.presence`: the agent as an artifact, and what its settings say about it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.agent import Agent
from spawngate.agents.presence import MAX_LISTED, Evidence, agent_artifact, describe_settings, is_blanket
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting
from tests.agents.readers.seen import anything, record

AGENT = Agent("tool", "The Tool", "Acme", ())


@pytest.mark.parametrize(
    ("evidence", "installed", "present"),
    [
        (Evidence(), False, False),
        (Evidence(paths=("/home/ana/.tool",)), False, True),
        (Evidence(last_used="2026-01-01T00:00:00Z"), False, False),
        (Evidence(binaries=(("/usr/bin/tool", ""),)), True, True),
        (Evidence(apps=("/Applications/Tool.app",)), True, True),
        (Evidence(extensions=(("acme.tool", "1"),)), True, True),
    ],
)
def test_evidence(evidence: Evidence, installed: bool, present: bool) -> None:
    assert (evidence.installed, evidence.present) == (installed, present)


def test_installed_agent() -> None:
    evidence = Evidence(
        binaries=(("/usr/bin/tool", ""), ("/home/ana/.local/bin/tool", "1.2")),
        apps=("/Applications/Tool.app",),
        extensions=(("acme.tool", "3.4"),),
        paths=("/home/ana/.tool",),
        last_used="2026-01-01T00:00:00Z",
    )
    found = record(agent_artifact(AGENT, "/home/ana", evidence, ["/b", "/a", "/b"]))
    assert found == {
        "kind": "agent",
        "agent": "tool",
        "scope": "user",
        "name": "The Tool",
        "path": "/home/ana",
        "pointer": "",
        "status": "installed",
        "launch": None,
        "detail": {
            "vendor": "Acme",
            "version": "1.2",
            "binaries": [
                {"path": "/usr/bin/tool", "version": ""},
                {"path": "/home/ana/.local/bin/tool", "version": "1.2"},
            ],
            "apps": ["/Applications/Tool.app"],
            "extensions": [{"id": "acme.tool", "version": "3.4"}],
            "configured_files": ["/a", "/b"],
            "paths": ["/home/ana/.tool"],
            "last_used": "2026-01-01T00:00:00Z",
        },
        "project": None,
        "content": None,
    }


def test_configured_agent() -> None:
    found = agent_artifact(AGENT, "/home/ana", Evidence(), ["/a"])
    assert (found.kind, found.status) == (Kind.AGENT, Status.CONFIGURED)
    assert found.detail == {"vendor": "Acme", "configured_files": ["/a"]}
    many = agent_artifact(AGENT, "/home/ana", Evidence(), [f"/{n:04}" for n in range(500)])
    assert many.detail["configured_files"] == [f"/{n:04}" for n in range(MAX_LISTED)]


@pytest.mark.parametrize(
    ("rule", "blanket"),
    [
        ("*", True),
        ("Bash", True),
        (" Bash ", True),
        ("Bash(*)", True),
        ("Bash()", True),
        ("Bash(:*)", True),
        ("Bash(**)", True),
        ("Bash(*:*)", True),
        ("Write(/**)", True),
        ("run_shell_command", True),
        ("MultiEdit", True),
        ("mcp__github__*", True),
        ("mcp__*", True),
        ("Bash(ls:*)", False),
        ("Bash(git *)", False),
        ("Write(/tmp/**)", False),
        ("Read", False),
        ("Read(*)", False),
        ("WebFetch(domain:example.com)", False),
        ("mcp__github", True),
        ("mcp__my-server", True),
        ("mcp__github__search", False),
        ("mcp__my-server__search", False),
        ("Mcp(*:*)", True),
        ("Mcp(figma:get_code)", False),
        ("command(*)", True),
        ("command(npm *)", False),
        ("all", True),
        ("Bash(ls)\n*", False),
        ("", False),
    ],
)
def test_blanket(rule: str, blanket: bool) -> None:
    assert is_blanket(rule) is blanket


def said(topic: Topic, name: str, value: Json = None, **fields: str) -> Setting:
    return Setting(topic, "tool", Scope.USER, fields.get("path", "/p"), name, value, fields.get("project"))


def test_settings() -> None:
    found = describe_settings(
        [
            said(Topic.SWITCH, "env.A", "b"),
            said(Topic.PERMISSION, "Bash", "allow", project="/w"),
            said(Topic.PERMISSION, "Bash", "deny"),
            said(Topic.PERMISSION, "Bash(ls)", "allow"),
            said(Topic.AUTO_APPROVE, "yolo", True),
            said(Topic.TRUST, "/w", True),
            said(Topic.TRUST, "/v", "yes"),
            said(Topic.SERVER_POLICY, "deny", {"serverName": "x"}),
            said(Topic.SERVER_STATUS, "x", "approved"),
            said(Topic.PLUGIN_STATUS, "x", True),
            said(Topic.PROJECT, "/w", True),
            said(Topic.PROJECT, "/v", True),
            said(Topic.VERSION, "", "1.2"),
            said(Topic.LAST_USED, "", "2026-01-01T00:00:00Z"),
        ]
    )
    base = {"scope": "user", "path": "/p"}
    assert found == {
        "permissions": [
            {"rule": "Bash", "verdict": "allow", **base, "project": "/w", "blanket": True},
            {"rule": "Bash", "verdict": "deny", **base},
            {"rule": "Bash(ls)", "verdict": "allow", **base},
        ],
        "auto_approvals": [{"name": "yolo", "value": True, **base}],
        "switches": [{"name": "env.A", "value": "b", **base}],
        "trust": [{"name": "/v", "value": False}, {"name": "/w", "value": True}],
        "server_policies": [{"name": "deny", "value": {"serverName": "x"}, **base}],
        "projects": 2,
        "version": "1.2",
        "last_used": "2026-01-01T00:00:00Z",
    }
    assert describe_settings([]) == {}


def test_first_version_by_path_counts() -> None:
    found = describe_settings([said(Topic.VERSION, "", "2", path="/b"), said(Topic.VERSION, "", "1", path="/a")])
    assert found == {"version": "1"}


def test_long_lists_are_cut_and_counted() -> None:
    found = describe_settings([said(Topic.SWITCH, f"k{n:04}", n) for n in range(MAX_LISTED + 5)])
    assert set(found) == {"switches", "switches_total"}
    assert found["switches"] == [
        {"name": f"k{n:04}", "value": n, "scope": "user", "path": "/p"} for n in range(MAX_LISTED)
    ]
    assert found["switches_total"] == MAX_LISTED + 5
    exact = describe_settings([said(Topic.SWITCH, f"k{n:04}", n) for n in range(MAX_LISTED)])
    assert set(exact) == {"switches"}


SETTINGS = st.lists(st.builds(said, st.sampled_from(Topic), st.text(max_size=3), anything("a")), max_size=8)


@given(SETTINGS, st.randoms())
@settings(deadline=None)
def test_order_does_not_matter(found: list[Setting], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    described = describe_settings(found)
    assert repr(describe_settings(shuffled)) == repr(described)
    assert set(described) <= {
        "permissions",
        "auto_approvals",
        "switches",
        "trust",
        "server_policies",
        "projects",
        "version",
        "last_used",
    }
