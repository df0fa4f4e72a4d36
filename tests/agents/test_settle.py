"""Final states from approvals, trust, plugins, managed lists and precedence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import load_agent
from spawngate.agents.agent import Agent, Approval
from spawngate.agents.settle import settle, trust
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

CLAUDE = load_agent("claude-code")


def server(
    name: str, scope: Scope, project: str | None = None, *, status: Status = Status.ENABLED, key: str = ""
) -> Artifact:
    detail: dict[str, Json] = {"project": project} if project else {}
    launch = Launch(Transport.STDIO, "npx", ("-y", name))
    return Artifact(
        Kind.MCP_SERVER, key or f"{name}/{scope}/{project}", "f", "x", scope, name, "/p", status, detail, launch
    )


def said(topic: Topic, name: str, value: Json, *, project: str | None = None, scope: Scope = Scope.USER) -> Setting:
    return Setting(topic, "x", scope, "/p", name, value, project)


def states(agent: Agent, artifacts: list[Artifact], settings: list[Setting]) -> list[Status]:
    return [artifact.status for artifact in settle(agent, artifacts, settings)]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ([], Status.PENDING),
        ([said(Topic.SERVER_STATUS, "a", Status.APPROVED, project="/w")], Status.APPROVED),
        ([said(Topic.SERVER_STATUS, "a", Status.APPROVED, project="/other")], Status.PENDING),
        ([said(Topic.SERVER_STATUS, "a", Status.APPROVED)], Status.APPROVED),
        ([said(Topic.SERVER_STATUS, "*", Status.APPROVED, project="/w")], Status.APPROVED),
        (
            [
                said(Topic.SERVER_STATUS, "*", Status.APPROVED, project="/w"),
                said(Topic.SERVER_STATUS, "a", Status.DISABLED, project="/w"),
            ],
            Status.DISABLED,
        ),
        # A repository cannot approve its own servers, unless the person trusts its folder.
        ([said(Topic.SERVER_STATUS, "a", Status.APPROVED, project="/w", scope=Scope.PROJECT)], Status.PENDING),
        (
            [
                said(Topic.SERVER_STATUS, "a", Status.APPROVED, project="/w", scope=Scope.PROJECT),
                said(Topic.TRUST, "/w", True),
            ],
            Status.APPROVED,
        ),
        ([said(Topic.SERVER_STATUS, "a", "nonsense", project="/w")], Status.PENDING),
    ],
)
def test_approval_of_a_project_server(settings: list[Setting], status: Status) -> None:
    assert states(CLAUDE, [server("a", Scope.PROJECT, "/w")], settings) == [status]


@pytest.mark.parametrize(
    ("approval", "settings", "status"),
    [
        ("none", [], Status.ENABLED),
        ("trust", [], Status.PENDING),
        ("trust", [said(Topic.TRUST, "/", True)], Status.APPROVED),
        ("trust", [said(Topic.TRUST, "/", True), said(Topic.TRUST, "/w", False)], Status.PENDING),
    ],
)
def test_what_a_project_server_needs(approval: Approval, settings: list[Setting], status: Status) -> None:
    agent = replace(CLAUDE, project_approval=approval, settle=None)
    assert states(agent, [server("a", Scope.PROJECT, "/w")], settings) == [status]


def test_precedence_inside_and_outside_a_project() -> None:
    artifacts = [
        server("a", Scope.USER),
        server("a", Scope.LOCAL, "/w"),
        server("a", Scope.PROJECT, "/w", status=Status.APPROVED),
        server("b", Scope.USER),
        server("b", Scope.SYSTEM),
    ]
    # The user's `a` still serves every other project; the project's own loses to the local one.
    assert states(CLAUDE, artifacts, []) == [
        Status.ENABLED,
        Status.ENABLED,
        Status.SHADOWED,
        Status.ENABLED,
        Status.SHADOWED,
    ]


def test_disabled_server_hides_nothing() -> None:
    artifacts = [server("a", Scope.USER, status=Status.DISABLED), server("a", Scope.PLUGIN)]
    assert states(CLAUDE, artifacts, []) == [Status.DISABLED, Status.ENABLED]


def test_exclusive_managed_servers() -> None:
    artifacts = [server("m", Scope.MANAGED), server("a", Scope.USER), server("b", Scope.PLUGIN)]
    assert states(CLAUDE, artifacts, []) == [Status.ENABLED, Status.SHADOWED, Status.SHADOWED]


@pytest.mark.parametrize(
    ("entries", "blocked"),
    [
        ([("deny", {"serverName": "a"})], True),
        ([("deny", {"serverName": "b"})], False),
        ([("allow", {"serverName": "b"})], True),
        ([("allow", {"serverCommand": ["npx", "-y", "a"]})], False),
        ([("allow", {"serverCommand": ["npx", "a"]})], True),
        ([("allow", {"serverName": "a"}), ("deny", {"serverCommand": ["npx", "-y", "a"]})], True),
    ],
)
def test_managed_lists(entries: list[tuple[str, Json]], blocked: bool) -> None:
    settings = [said(Topic.SERVER_POLICY, name, value, scope=Scope.MANAGED) for name, value in entries]
    expected = Status.BLOCKED if blocked else Status.ENABLED
    assert states(CLAUDE, [server("a", Scope.USER)], settings) == [expected]
    # A list that a person wrote binds nobody, it switches off what it refuses.
    own = [replace(setting, scope=Scope.USER) for setting in settings]
    assert states(CLAUDE, [server("a", Scope.USER)], own) == [Status.DISABLED if blocked else Status.ENABLED]


LISTED = [
    server("a", Scope.USER),
    server("a", Scope.LOCAL, "/w"),
    server("b", Scope.PLUGIN),
    server("b", Scope.PROJECT, "/w", status=Status.APPROVED),
    server("a", Scope.MANAGED),
    server("a", Scope.PROJECT, "/v", status=Status.BLOCKED),
]
ALONE = replace(CLAUDE, precedence=(), exclusive=(), settle=None, project_approval="none")
"""Without precedence, so that a list alone decides."""


@pytest.mark.parametrize(
    ("settings", "changed"),
    [
        ([], {}),
        ([("deny", "a", Scope.USER, None)], {0: Status.DISABLED, 1: Status.DISABLED}),
        ([("allow", "a", Scope.USER, None)], {2: Status.DISABLED, 3: Status.DISABLED}),
        ([("allow", "*", Scope.USER, None)], {}),
        ([("allow", "a", Scope.USER, None), ("allow", "b", Scope.USER, None)], {}),
        ([("allow", "a", Scope.USER, None), ("deny", "a", Scope.USER, None)], dict.fromkeys(range(4), Status.DISABLED)),
        # A project speaks for itself alone.
        ([("deny", "*", Scope.PROJECT, "/w")], {1: Status.DISABLED, 3: Status.DISABLED}),
        ([("deny", "*", Scope.LOCAL, "/w")], {1: Status.DISABLED, 3: Status.DISABLED}),
        ([("allow", "b", Scope.PROJECT, "/w")], {1: Status.DISABLED}),
        ([("deny", "*", Scope.PROJECT, "/elsewhere")], {}),
        (
            [("allow", "c", Scope.USER, None), ("allow", "b", Scope.PROJECT, "/w")],
            {
                0: Status.DISABLED,
                1: Status.DISABLED,
                2: Status.DISABLED,
            },
        ),
        ([("deny", "a", Scope.SYSTEM, None)], {0: Status.BLOCKED, 1: Status.BLOCKED}),
        (
            [("deny", "a", Scope.MANAGED, None), ("deny", "*", Scope.USER, None)],
            {
                0: Status.BLOCKED,
                1: Status.BLOCKED,
                2: Status.DISABLED,
                3: Status.DISABLED,
            },
        ),
        # What the person allows the organisation may still forbid, and the other way round.
        (
            [("deny", "a", Scope.MANAGED, None), ("allow", "a", Scope.USER, None)],
            {
                0: Status.BLOCKED,
                1: Status.BLOCKED,
                2: Status.DISABLED,
                3: Status.DISABLED,
            },
        ),
        (
            [("allow", "a", Scope.MANAGED, None), ("deny", "a", Scope.USER, None)],
            {
                0: Status.DISABLED,
                1: Status.DISABLED,
                2: Status.BLOCKED,
                3: Status.BLOCKED,
            },
        ),
    ],
)
def test_lists_of_every_scope(settings: list[tuple[str, Json, Scope, str | None]], changed: dict[int, Status]) -> None:
    given_ = [said(Topic.SERVER_POLICY, name, value, project=at, scope=scope) for name, value, scope, at in settings]
    expected = [changed.get(index, artifact.status) for index, artifact in enumerate(LISTED)]
    assert states(ALONE, LISTED, given_) == expected
    assert states(ALONE, LISTED, given_[::-1]) == expected


def test_address_patterns_of_managed_lists() -> None:
    remote = replace(server("r", Scope.USER), launch=Launch(Transport.HTTP, url="https://mcp.example.com/v1/mcp"))
    for pattern, blocked in (("https://*.example.com/*", True), ("https://*.example.org/*", False), ("*", True)):
        settings = [said(Topic.SERVER_POLICY, "deny", {"serverUrl": pattern}, scope=Scope.MANAGED)]
        assert states(CLAUDE, [remote], settings) == [Status.BLOCKED if blocked else Status.ENABLED]


def test_plugin_that_is_off_takes_its_parts_with_it() -> None:
    part = replace(server("s", Scope.PLUGIN), path="/h/.claude/plugins/cache/market/tools/1.0.0/.mcp.json")
    for name, status in (
        ("tools@market", Status.DISABLED),
        ("tools@other", Status.ENABLED),
        ("tools", Status.DISABLED),
    ):
        assert states(CLAUDE, [part], [said(Topic.PLUGIN_STATUS, name, False)]) == [status]
    assert states(CLAUDE, [part], [said(Topic.PLUGIN_STATUS, "tools@market", True)]) == [Status.ENABLED]


def test_nearest_trust_counts() -> None:
    settings = [said(Topic.TRUST, "/w/a", False), said(Topic.TRUST, "/w", True)]
    assert [trust(path, settings) for path in ("/w", "/w/b", "/w/a", "/w/a/c", "/wx", None)] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


ARTIFACTS = st.lists(
    st.builds(
        server,
        st.sampled_from("ab"),
        st.sampled_from([Scope.USER, Scope.PROJECT, Scope.LOCAL, Scope.MANAGED, Scope.PLUGIN]),
        st.sampled_from([None, "/w", "/v"]),
        key=st.uuids().map(str),
    ),
    max_size=8,
)


@given(ARTIFACTS, st.randoms())
def test_order_does_not_matter(artifacts: list[Artifact], random: object) -> None:
    before = {artifact.id: artifact.status for artifact in settle(CLAUDE, artifacts, [])}
    shuffled = list(artifacts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert {artifact.id: artifact.status for artifact in settle(CLAUDE, shuffled, [])} == before
    assert len(before) == len(artifacts)


@pytest.mark.parametrize(
    ("folder", "project", "trusted"),
    [
        ("C:\\work\\a", "C:/work/a", True),
        ("C:\\work", "C:/work/a", True),
        ("C:\\work\\", "C:\\work\\a", True),
        ("C:/work", "C:\\work\\a", True),
        ("C:\\wor", "C:/work/a", False),
        ("C:\\work\\a\\b", "C:/work/a", False),
    ],
)
def test_trust_of_windows_folders(folder: str, project: str, trusted: bool) -> None:
    assert trust(project, [said(Topic.TRUST, folder, True)]) is trusted


def test_nearest_trust_counts_whatever_the_slashes() -> None:
    settings = [said(Topic.TRUST, "C:\\w\\a", False), said(Topic.TRUST, "C:/w", True)]
    assert [trust(path, settings) for path in ("C:/w/b", "C:/w/a/c", "C:\\w\\a")] == [True, False, False]


def hook(scope: Scope, project: str | None = None, status: Status = Status.ENABLED) -> Artifact:
    return replace(server(f"Stop {scope} {project}", scope, project, status=status), kind=Kind.HOOK, launch=None)


HOOKS = [
    hook(Scope.USER),
    hook(Scope.PLUGIN),
    hook(Scope.PROJECT, "/w"),
    hook(Scope.LOCAL, "/w"),
    hook(Scope.PROJECT, "/v"),
    hook(Scope.MANAGED),
    hook(Scope.USER, status=Status.PENDING),
    server("a", Scope.USER),
]


def off(scope: Scope, project: str | None = None, value: Json = True, name: str = "disableAllHooks") -> Setting:
    return said(Topic.SWITCH, name, value, project=project, scope=scope)


@pytest.mark.parametrize(
    ("settings", "disabled"),
    [
        ([], set()),
        ([off(Scope.USER)], {0, 1, 2, 3, 4}),
        ([off(Scope.USER, name="hooksDisabled")], {0, 1, 2, 3, 4}),
        ([off(Scope.USER, name="somethingElse")], set()),
        ([off(Scope.USER, value=False)], set()),
        ([off(Scope.USER, value="true")], set()),
        ([off(Scope.USER, value=None)], set()),
        ([off(Scope.PROJECT, "/w")], {2, 3}),
        ([off(Scope.LOCAL, "/w")], {2, 3}),
        ([off(Scope.PROJECT, "/elsewhere")], set()),
        # Only the organisation turns its own hooks off.
        ([off(Scope.MANAGED)], {0, 1, 2, 3, 4, 5}),
        ([off(Scope.SYSTEM)], {0, 1, 2, 3, 4}),
        # The strongest scope that speaks about a hook is heard.
        ([off(Scope.USER), off(Scope.MANAGED, value=False)], set()),
        ([off(Scope.USER), off(Scope.PROJECT, "/w", value=False)], {0, 1, 4}),
        ([off(Scope.PROJECT, "/w"), off(Scope.LOCAL, "/w", value=False)], set()),
        ([off(Scope.LOCAL, "/w"), off(Scope.PROJECT, "/w", value=False)], {2, 3}),
        ([off(Scope.USER, value=False), off(Scope.USER, name="hooksDisabled")], {0, 1, 2, 3, 4}),
    ],
)
def test_switch_that_turns_all_hooks_off(settings: list[Setting], disabled: set[int]) -> None:
    expected = [Status.DISABLED if index in disabled else artifact.status for index, artifact in enumerate(HOOKS)]
    assert states(CLAUDE, HOOKS, settings) == expected
    assert states(CLAUDE, HOOKS, settings[::-1]) == expected


def test_other_statements_turn_no_hook_off() -> None:
    settings = [said(topic, "disableAllHooks", True) for topic in Topic if topic is not Topic.SWITCH]
    assert states(CLAUDE, HOOKS, settings) == [artifact.status for artifact in HOOKS]


def test_agent_with_its_own_rules_obeys_the_switch_too() -> None:
    agent = replace(CLAUDE, settle=lambda artifacts, settings: artifacts)
    assert states(agent, [hook(Scope.USER)], [off(Scope.USER)]) == [Status.DISABLED]


ONLY = "allowManagedHooksOnly"
FORCED = replace(hook(Scope.PLUGIN), path="/h/.claude/plugins/cache/market/guard/1.0.0/hooks/hooks.json")
SOME_HOOKS = [*HOOKS, hook(Scope.SYSTEM), hook(Scope.SUBAGENT), hook(Scope.USER, status=Status.DISABLED), FORCED]


@pytest.mark.parametrize(
    ("settings", "blocked"),
    [
        ([off(Scope.MANAGED, name=ONLY)], {0, 1, 2, 3, 4, 6, 9, 11}),
        ([off(Scope.MANAGED, name="allow_managed_hooks_only")], {0, 1, 2, 3, 4, 6, 9, 11}),
        ([off(Scope.MANAGED, name="requirements.allow_managed_hooks_only")], {0, 1, 2, 3, 4, 6, 9, 11}),
        ([off(Scope.MANAGED, name=ONLY, value=False)], set()),
        ([off(Scope.MANAGED, name=ONLY, value="true")], set()),
        ([off(Scope.MANAGED, name="hooks.allowManagedHooksOnly")], set()),
        # Nobody else can forbid what is not his.
        ([off(Scope.USER, name=ONLY), off(Scope.SYSTEM, name=ONLY)], set()),
        ([off(Scope.PROJECT, "/w", name=ONLY)], set()),
        # A plugin that the organisation switched on keeps its hooks.
        (
            [
                off(Scope.MANAGED, name=ONLY),
                said(Topic.PLUGIN_STATUS, "guard@market", True, scope=Scope.MANAGED),
                said(Topic.PLUGIN_STATUS, "other", True, scope=Scope.MANAGED),
            ],
            {0, 1, 2, 3, 4, 6, 9},
        ),
        (
            [off(Scope.MANAGED, name=ONLY), said(Topic.PLUGIN_STATUS, "guard@market", True)],
            {0, 1, 2, 3, 4, 6, 9, 11},
        ),
    ],
)
def test_only_the_hooks_of_the_organisation(settings: list[Setting], blocked: set[int]) -> None:
    expected = [Status.BLOCKED if index in blocked else artifact.status for index, artifact in enumerate(SOME_HOOKS)]
    assert states(CLAUDE, SOME_HOOKS, settings) == expected
    assert states(CLAUDE, SOME_HOOKS, settings[::-1]) == expected


def test_hook_that_is_switched_off_is_not_blocked_besides() -> None:
    settings = [off(Scope.MANAGED, name=ONLY), off(Scope.USER)]
    assert states(CLAUDE, [hook(Scope.USER), hook(Scope.MANAGED)], settings) == [Status.DISABLED, Status.ENABLED]
