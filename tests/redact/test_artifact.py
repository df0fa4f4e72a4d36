"""`redact.artifact`: identity, fingerprint, secrets as artifacts, settings and managed lists."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents import load_agent
from spawngate.agents.settle import settle
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic, Observed, ObservedLaunch, ObservedSetting, Topic
from spawngate.model.setting import Setting
from spawngate.redact.artifact import Crossing, is_credential
from spawngate.redact.redactor import Redactor, Secret
from tests.agents.readers.seen import anything
from tests.redact.generators import SECRET_TYPES, VENDOR_TYPES, survivors

KEY = b"artifact" * 4
CROSSING = Crossing(Redactor(KEY), "endpoint")
PATH = "/home/ana/.cursor/mcp.json"
TOKEN = "ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"
OTHER = "ghp_9z8Y7x6W5v4U3t2S1r0Q9p8O7n6M5l4K3j2I"


def mark(value: str, type_: str) -> str:
    """What stands in the place of a value."""
    return Redactor(KEY).env_value("ANY_TOKEN", value).text.replace("env-value", type_)


def server(**fields: Any) -> Observed:
    launched = ObservedLaunch(Transport.STDIO, "npx", ("-y", "server@1.0.0"), {"GITHUB_TOKEN": TOKEN}, "/home/ana/w")
    base = Observed(Kind.MCP_SERVER, "cursor", Scope.USER, "github", PATH, "mcpServers.github", launch=launched)
    return replace(base, **fields)


def relaunched(**fields: Any) -> Observed:
    seen = server()
    assert seen.launch is not None
    return replace(seen, launch=replace(seen.launch, **fields))


def one(observed: Observed, home: str | None = None, crossing: Crossing = CROSSING) -> Artifact:
    return crossing.artifact(observed, home)[0]


def secret_artifacts(observed: Observed) -> tuple[Artifact, ...]:
    return CROSSING.artifact(observed)[1:]


def test_whole_record() -> None:
    artifact, secret = CROSSING.artifact(server(project="/home/ana/w", detail={"auto_approve": ["a"], "timeout": 5}))
    assert artifact == Artifact(
        Kind.MCP_SERVER,
        artifact.id,
        artifact.fingerprint,
        "cursor",
        Scope.USER,
        "github",
        PATH,
        Status.ENABLED,
        {"auto_approve": ["a"], "timeout": 5, "project": "/home/ana/w", "pointer": "mcpServers.github"},
        Launch(
            Transport.STDIO,
            "npx",
            ("-y", "server@1.0.0"),
            ("GITHUB_TOKEN",),
            "/home/ana/w",
            package="pkg:npm/server@1.0.0",
            env={"GITHUB_TOKEN": mark(TOKEN, "github-token")},
        ),
    )
    assert (len(artifact.id), len(artifact.fingerprint)) == (24, 32)
    assert secret == Artifact(
        Kind.SECRET,
        secret.id,
        mark(TOKEN, "github-token").split(":")[2].rstrip("]"),
        "cursor",
        Scope.USER,
        "github: GITHUB_TOKEN",
        PATH,
        Status.ENABLED,
        {
            "type": "github-token",
            "place": "GITHUB_TOKEN",
            "owner_kind": "mcp_server",
            "owner": "github",
            "owner_id": artifact.id,
            "project": "/home/ana/w",
        },
    )


def test_remote_server() -> None:
    launched = ObservedLaunch(
        Transport.HTTP,
        url=f"https://x.example.com/mcp?api_key={TOKEN}",
        headers={"X-Other": "${KEY}", "Authorization": f"Bearer {OTHER}"},
        env_file="/home/ana/.env",
        header_command=f"print-header --token {TOKEN}",
        digest="ab" * 32,
    )
    found = one(server(launch=launched)).launch
    assert found == Launch(
        Transport.HTTP,
        url=f"https://x.example.com/mcp?api_key={mark(TOKEN, 'github-token')}",
        header_names=("Authorization", "X-Other"),
        env_file="/home/ana/.env",
        header_command=f"print-header --token {mark(TOKEN, 'github-token')}",
        digest="ab" * 32,
    )


# Identity: survives every change of content ------------------------------------------------------------------------

SAME_IDENTITY: dict[str, Observed] = {
    "status": server(status=Status.DISABLED),
    "detail": server(detail={"timeout": 7}),
    "launch": server(launch=ObservedLaunch(Transport.HTTP, url="https://x")),
    "secret": relaunched(env={"GITHUB_TOKEN": OTHER}),
    "pointer": server(pointer="elsewhere"),
    "content": server(content="abc"),
}
OTHER_IDENTITY: dict[str, Observed] = {
    "name": server(name="gitlab"),
    "path": server(path="/home/bob/.cursor/mcp.json"),
    "agent": server(agent="zed"),
    "scope": server(scope=Scope.LOCAL),
    "project": server(project="/w"),
    "kind": server(kind=Kind.PLUGIN),
}


@pytest.mark.parametrize("change", SAME_IDENTITY)
def test_identity_survives(change: str) -> None:
    assert one(SAME_IDENTITY[change]).id == one(server()).id


@pytest.mark.parametrize("change", OTHER_IDENTITY)
def test_identity_differs(change: str) -> None:
    assert one(OTHER_IDENTITY[change]).id != one(server()).id


def test_identity_is_of_one_endpoint_and_needs_no_key() -> None:
    assert one(server(), crossing=Crossing(Redactor(KEY), "other")).id != one(server()).id
    assert one(server(), crossing=Crossing(Redactor(b"k" * 32), "endpoint")).id == one(server()).id


def hook(command: str, pointer: str = "hooks.Stop[0]", **detail: Json) -> Observed:
    return Observed(
        Kind.HOOK, "cursor", Scope.USER, "Stop", PATH, pointer, detail={"event": "Stop", "command": command, **detail}
    )


def test_hooks_of_one_event_are_told_apart_by_what_they_run() -> None:
    assert one(hook("a")).id != one(hook("b")).id
    assert one(hook("a")).id == one(hook("a", "hooks.Stop[7]")).id
    assert one(hook(f"a --token {TOKEN}")).id == one(hook(f"a --token {OTHER}")).id


# Fingerprint: what would run ---------------------------------------------------------------------------------------

SAME_FINGERPRINT: dict[str, Observed] = {
    "name": server(name="gitlab"),
    "path": server(path="/home/bob/x.json", pointer="x"),
    "agent": server(agent="zed"),
    "scope": server(scope=Scope.PROJECT, project="/w"),
    "status": server(status=Status.DISABLED),
    "detail": server(detail={"auto_approve": ["a"]}),
    "rotated secret": relaunched(env={"GITHUB_TOKEN": OTHER}),
    "harmless variable": relaunched(env={"GITHUB_TOKEN": "plain"}),
}
OTHER_FINGERPRINT: dict[str, Observed] = {
    "command": relaunched(command="uvx"),
    "argument": relaunched(args=("-y", "server@1.0.1")),
    "order of arguments": relaunched(args=("server@1.0.0", "-y")),
    "working folder": relaunched(cwd="/tmp"),
    "name of a variable": relaunched(env={"OTHER": TOKEN}),
    "code-loading variable": relaunched(env={"GITHUB_TOKEN": TOKEN, "NODE_OPTIONS": "--require /tmp/x.js"}),
    "address": relaunched(url="https://x"),
    "header": relaunched(headers={"X": "a"}),
    "environment file": relaunched(env_file="/w/.env"),
    "header command": relaunched(header_command="x"),
    "digest of the script": relaunched(digest="ab" * 32),
    "transport": relaunched(transport=Transport.SSE),
    "content": server(content="abc"),
    "kind": server(kind=Kind.AGENT),
}


@pytest.mark.parametrize("change", SAME_FINGERPRINT)
def test_fingerprint_survives(change: str) -> None:
    assert one(SAME_FINGERPRINT[change]).fingerprint == one(server()).fingerprint


@pytest.mark.parametrize("change", OTHER_FINGERPRINT)
def test_fingerprint_differs(change: str) -> None:
    assert one(OTHER_FINGERPRINT[change]).fingerprint != one(server()).fingerprint


def test_value_of_a_code_loading_variable_counts() -> None:
    first, second = (one(relaunched(env={"NODE_OPTIONS": f"--require /tmp/{name}.js"})) for name in "ab")
    assert first.fingerprint != second.fingerprint


def test_fingerprint_is_the_same_on_every_endpoint_and_in_every_home() -> None:
    crossing = Crossing(Redactor(b"k" * 32), "other")
    assert one(server(), crossing=crossing).fingerprint == one(server()).fingerprint
    ana = one(relaunched(cwd="/home/ana/w", args=("/home/ana/x.js",)), "/home/ana")
    bob = one(relaunched(cwd="/home/bob/w", args=("/home/bob/x.js",)), "/home/bob/")
    assert ana.fingerprint == bob.fingerprint
    assert one(relaunched(cwd="/home/ana/w"), "/home/bob").fingerprint != ana.fingerprint
    windows = [
        one(relaunched(cwd=f"C:\\Users\\{name}\\w"), f"C:\\Users\\{name}").fingerprint for name in ("ana", "bob")
    ]
    assert windows[0] == windows[1]


def test_fingerprint_of_a_hook_is_what_it_does() -> None:
    same = [
        hook("a"),
        hook("a", "hooks.Stop[3]"),
        hook("a", description="new words"),
    ]
    assert len({one(seen).fingerprint for seen in same}) == 1
    other = [hook("a"), hook("b"), hook("a", matcher="Bash"), hook("a", timeout_ms=1), replace(hook("a"), name="Start")]
    assert len({one(seen).fingerprint for seen in other}) == len(other)
    assert one(hook(f"a --token {TOKEN}")).fingerprint == one(hook(f"a --token {OTHER}")).fingerprint


# Secrets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "place", "credential"),
    [
        ("github-token", "anything", True),
        ("high-entropy", "argument", True),
        ("named-value", "x", True),
        ("env-value", "GITHUB_TOKEN", True),
        ("env-value", "DB_PASSWORD", True),
        ("env-value", "API_KEY", True),
        ("env-value", "ROOT_FOLDER", False),
        ("header-value", "Authorization", True),
        ("env-value", "BASIC_AUTH", True),
        ("env-value", "GIT_AUTHOR_NAME", False),
        ("header-value", "X-Region", False),
        ("argument", "argument", False),
    ],
)
def test_what_is_a_credential(type_: str, place: str, credential: bool) -> None:
    assert is_credential(Secret(type_, "f", place)) is credential


def told(observed: Observed) -> list[tuple[Json, Json, str]]:
    return [(found.detail["type"], found.detail["place"], found.name) for found in secret_artifacts(observed)]


@pytest.mark.parametrize(
    ("observed", "secrets"),
    [
        (server(), [("github-token", "GITHUB_TOKEN", "github: GITHUB_TOKEN")]),
        (relaunched(env={"ROOT": "some value"}), []),
        (relaunched(env={"A_TOKEN": "${TOKEN}"}), []),
        (relaunched(env={"A_TOKEN": "short"}), [("env-value", "A_TOKEN", "github: A_TOKEN")]),
        (
            relaunched(env={}, headers={"Authorization": f"Bearer {TOKEN}", "X-Region": "eu"}),
            [("github-token", "Authorization", "github: Authorization")],
        ),
        (
            relaunched(env={}, args=("--api-key", TOKEN, "--port", "80")),
            [("github-token", "api-key", "github: api-key")],
        ),
        (
            relaunched(env={"A_URL": f"postgres://me:{TOKEN}@db/x"}),
            [("github-token", "A_URL", "github: A_URL")],
        ),
        (
            relaunched(env={"A_TOKEN": TOKEN, "B_TOKEN": TOKEN}),
            [
                ("github-token", "A_TOKEN", "github: A_TOKEN"),
                ("github-token", "B_TOKEN", "github: B_TOKEN"),
            ],
        ),
    ],
)
def test_secrets_of_a_server(observed: Observed, secrets: list[tuple[str, str, str]]) -> None:
    assert told(observed) == secrets


def test_secret_artifacts_keep_their_identity_when_rotated() -> None:
    before, after = secret_artifacts(server()), secret_artifacts(relaunched(env={"GITHUB_TOKEN": OTHER}))
    assert [artifact.id for artifact in before] == [artifact.id for artifact in after]
    assert before[0].fingerprint != after[0].fingerprint


def test_one_secret_in_two_places_has_one_fingerprint() -> None:
    found = secret_artifacts(relaunched(env={"A_TOKEN": TOKEN}, headers={"Authorization": f"Bearer {TOKEN}"}))
    assert len({artifact.id for artifact in found}) == 2
    assert len({artifact.fingerprint for artifact in found}) == 1
    elsewhere = Crossing(Redactor(b"k" * 32), "endpoint").artifact(server())[1]
    assert elsewhere.fingerprint != found[0].fingerprint


def test_secret_in_the_place_of_a_name() -> None:
    seen = server(
        name=TOKEN,
        pointer=f"mcpServers.{TOKEN}",
        path=f"/home/ana/{TOKEN}/mcp.json",
        project=f"/home/ana/{TOKEN}",
        launch=ObservedLaunch(Transport.STDIO, "x", env={TOKEN: "secret-value"}, headers={TOKEN: "secret-value"}),
        detail={"auto_approve": [TOKEN], TOKEN: TOKEN},
    )
    crossed = CROSSING.artifact(seen)
    assert survivors(TOKEN, repr(crossed) + msgspec.json.encode(crossed).decode()) == []


def test_arguments_of_a_hook_are_read_with_their_program() -> None:
    found = one(hook("curl", args=["-u", "me:orange-window", "https://x.example.com"])).detail["args"]
    assert isinstance(found, list)
    assert found[0] == "-u"
    assert found[2] == "https://x.example.com"
    assert "orange" not in json.dumps(found)
    alone = one(Observed(Kind.HOOK, "a", Scope.USER, "Stop", PATH, detail={"args": ["--token", "orange-window"]}))
    assert alone.detail == {"args": ["--token", mark("orange-window", "flag-value")]}


def test_environment_and_headers_of_a_hook() -> None:
    found = one(hook("a", env={"A_TOKEN": TOKEN, "N": 5}, headers={"Authorization": f"Bearer {TOKEN}"})).detail
    assert found["env"] == {"A_TOKEN": mark(TOKEN, "github-token"), "N": "5"}
    assert found["headers"] == {"Authorization": f"Bearer {mark(TOKEN, 'github-token')}"}


# Settings ----------------------------------------------------------------------------------------------------------


def said(topic: Topic, name: str, value: Json = None, **fields: Any) -> tuple[str, Json, list[str]]:
    """Name and value after the crossing, and the names of the secrets that were found."""
    base = ObservedSetting(topic, "cursor", Scope.USER, PATH, name, value, pointer="p")
    setting, secrets = CROSSING.setting(replace(base, **fields))
    assert setting == Setting(
        topic, "cursor", Scope.USER, PATH, setting.name, setting.value, fields.get("project"), setting.pointer
    )
    return setting.name, setting.value, [secret.name for secret in secrets]


MARKED = mark(TOKEN, "github-token")


@pytest.mark.parametrize(
    ("topic", "name", "value", "expected"),
    [
        (Topic.PERMISSION, "Bash(git log:*)", "allow", ("Bash(git log:*)", "allow", [])),
        (
            Topic.PERMISSION,
            f"Bash(curl -H 'Authorization: Bearer {TOKEN}' https://x.example.com:*)",
            "allow",
            (
                f"Bash(curl -H 'Authorization: Bearer {MARKED}' https://x.example.com:*)",
                "allow",
                ["permission: Authorization"],
            ),
        ),
        (Topic.AUTO_APPROVE, "yolo", True, ("yolo", True, [])),
        (Topic.SERVER_STATUS, "github", "approved", ("github", "approved", [])),
        (Topic.PLUGIN_STATUS, "fmt@market", False, ("fmt@market", False, [])),
        (Topic.PROJECT, "/home/ana/w", True, ("/home/ana/w", True, [])),
        (Topic.TRUST, "/home/ana/w", False, ("/home/ana/w", False, [])),
        (Topic.TRUST, "/home/ana/w", f"yes {TOKEN}", ("/home/ana/w", None, [])),
        (Topic.SWITCH, "disableAllHooks", True, ("disableAllHooks", True, [])),
        (
            Topic.SWITCH,
            "apiKeyHelper",
            f"print --token {TOKEN}",
            ("apiKeyHelper", f"print --token {MARKED}", ["apiKeyHelper: token"]),
        ),
        (Topic.SWITCH, "env.A_TOKEN", TOKEN, ("env.A_TOKEN", MARKED, ["env.A_TOKEN: A_TOKEN"])),
        (Topic.SWITCH, "env.A_TOKEN", "${A_TOKEN}", ("env.A_TOKEN", "${A_TOKEN}", [])),
        (Topic.SWITCH, "env.LOG_LEVEL", "debug", ("env.LOG_LEVEL", "debug", [])),
        (
            Topic.SWITCH,
            "proxy",
            {"password": "abc", "port": 80},
            ("proxy", {"password": mark("abc", "named-value"), "port": 80}, ["proxy: password"]),
        ),
        (Topic.SWITCH, "folders", ["/a", "/b"], ("folders", ["/a", "/b"], [])),
        (Topic.SWITCH, "number", float("nan"), ("number", None, [])),
        (Topic.VERSION, "", "1.2.3", ("", "1.2.3", [])),
        (Topic.LAST_USED, "", "2026-01-01T00:00:00Z", ("", "2026-01-01T00:00:00Z", [])),
        (Topic.SERVER_POLICY, "deny", {"serverName": "github"}, ("deny", {"serverName": "github"}, [])),
        (Topic.SERVER_POLICY, "deny", "github", ("deny", "github", [])),
        (
            Topic.SERVER_POLICY,
            "allow",
            {"serverUrl": "https://*.example.com/*"},
            ("allow", {"serverUrl": "https://*.example.com/*"}, []),
        ),
        (Topic.SERVER_POLICY, "allow", None, ("allow", None, [])),
    ],
)
def test_settings_by_topic(topic: Topic, name: str, value: Json, expected: tuple[str, Json, list[str]]) -> None:
    assert said(topic, name, value) == expected


def test_place_of_a_setting() -> None:
    raw = ObservedSetting(
        Topic.SWITCH, "cursor", Scope.LOCAL, f"/w/{TOKEN}/x", "env.A_TOKEN", OTHER, "/w/p", f"env.{TOKEN}"
    )
    setting, secrets = CROSSING.setting(raw)
    assert (setting.project, setting.scope, setting.value) == ("/w/p", Scope.LOCAL, mark(OTHER, "github-token"))
    assert (setting.path, setting.pointer) == (f"/w/{MARKED}/x", f"env.{MARKED}")
    assert [(found.kind, found.scope, found.detail) for found in secrets] == [
        (
            Kind.SECRET,
            Scope.LOCAL,
            {
                "type": "github-token",
                "place": "A_TOKEN",
                "owner_kind": "setting",
                "owner": "env.A_TOKEN",
                "project": "/w/p",
            },
        )
    ]


@pytest.mark.parametrize(
    ("launched", "entry"),
    [
        (
            ObservedLaunch(Transport.STDIO, "npx", ("-y", "server", "--api-key", TOKEN)),
            {"serverCommand": ["npx", "-y", "server", "--api-key", TOKEN]},
        ),
        (ObservedLaunch(Transport.STDIO, "npx", ("-y", "server")), {"serverCommand": ["npx", "-y", "server"]}),
        (
            ObservedLaunch(Transport.HTTP, url=f"https://x.example.com/mcp?api_key={TOKEN}"),
            {"serverUrl": f"https://x.example.com/mcp?api_key={TOKEN}"},
        ),
        (ObservedLaunch(Transport.HTTP, url="https://x.example.com/mcp"), {"serverUrl": "https://*.example.com/*"}),
        (ObservedLaunch(Transport.HTTP, url="https://x.example.com/mcp"), {"serverUrl": "https://x.example.com/mcp"}),
        (ObservedLaunch(Transport.STDIO, "x"), {"serverName": "github"}),
        (ObservedLaunch(Transport.STDIO, "x"), "github"),
    ],
)
def test_managed_list_still_names_the_redacted_server(launched: ObservedLaunch, entry: Json) -> None:
    raw = ObservedSetting(Topic.SERVER_POLICY, "claude-code", Scope.MANAGED, "/etc/x.json", "deny", entry)
    setting, _ = CROSSING.setting(raw)
    agent = load_agent("claude-code")
    blocked = settle(agent, [one(server(launch=launched))], [setting])
    assert [artifact.status for artifact in blocked] == [Status.BLOCKED]
    other = ObservedLaunch(Transport.STDIO, "other", url="https://other.test")
    free = settle(agent, [one(server(name="other", launch=other))], [setting])
    assert [artifact.status for artifact in free] == [Status.ENABLED]


def test_diagnostic() -> None:
    note = Diagnostic(f"/w/{TOKEN}/x.json", "wrong-type", f"mcpServers.{TOKEN} is not a map", "cursor")
    assert CROSSING.diagnostic(note) == Diagnostic(
        f"/w/{MARKED}/x.json", "wrong-type", f"mcpServers.{MARKED} is not a map", "cursor"
    )


def test_argv_is_redacted_as_launches_are() -> None:
    found = CROSSING.argv("npx", ["-y", "server", "--api-key", TOKEN])
    launched = one(relaunched(args=("-y", "server", "--api-key", TOKEN))).launch
    assert launched is not None
    assert found == (launched.command, launched.args) == ("npx", ("-y", "server", "--api-key", MARKED))
    assert CROSSING.argv(None, []) == (None, ())


# Anything ----------------------------------------------------------------------------------------------------------

HUGE = int("f" * 20_000, 16)


@pytest.mark.parametrize("value", [HUGE, -HUGE, [HUGE], {"a": {"b": [HUGE]}}], ids=["bare", "negative", "list", "map"])
@pytest.mark.parametrize("key", ["timeout", "auto_approve", "nobody wrote this down"])
def test_number_too_long_to_write(key: str, value: Json) -> None:
    msgspec.json.encode(CROSSING.artifact(server(detail={key: value})))
    for topic in Topic:
        setting, secrets = CROSSING.setting(ObservedSetting(topic, "a", Scope.USER, PATH, "n", value))
        msgspec.json.encode([setting, secrets])
        str(setting.value)


@given(
    st.dictionaries(st.sampled_from(["command", "env", "args", "argv", "tools", "x", "files", "url"]), anything("path"))
)
@settings(deadline=None)
def test_no_detail_raises(detail: Mapping[str, Json]) -> None:
    for kind in Kind:
        crossed = CROSSING.artifact(Observed(kind, "a", Scope.USER, "n", PATH, detail=detail))
        msgspec.json.encode(crossed)
        assert set(crossed[0].detail) == set(detail)


@given(st.sampled_from(Topic), st.text(), anything("serverUrl", "serverCommand", "password", "env"))
@settings(deadline=None)
def test_no_setting_raises(topic: Topic, name: str, value: Json) -> None:
    msgspec.json.encode(CROSSING.setting(ObservedSetting(topic, "a", Scope.USER, PATH, name, value)))


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("type_", VENDOR_TYPES)
def test_planted_secret_does_not_cross_in_a_setting(type_: str, topic: Topic) -> None:
    rng = random.Random(f"{type_} {topic}")
    secret = VENDOR_TYPES[type_](rng)
    for name, value in (
        ("n", secret),
        (f"Tool({secret})", True),
        ("n", {"k": [secret], secret: secret}),
        ("n", [secret]),
    ):
        raw = ObservedSetting(topic, "a", Scope.USER, f"/w/{secret}", name, value, f"/w/{secret}", f"k.{secret}")
        crossed = CROSSING.setting(raw)
        output = repr(crossed) + msgspec.json.encode(crossed).decode() + repr(raw)
        assert survivors(secret, output) == [], (name, type(value))


@pytest.mark.parametrize("type_", SECRET_TYPES)
def test_planted_secret_does_not_cross_in_a_variable_of_a_setting(type_: str) -> None:
    rng = random.Random(type_)
    for _ in range(5):
        secret = SECRET_TYPES[type_](rng)
        for name, value in (("env.SOME_TOKEN", secret), ("proxy", {"password": secret}), ("x", {"env": {"A": secret}})):
            crossed = CROSSING.setting(ObservedSetting(Topic.SWITCH, "a", Scope.USER, PATH, name, value))
            assert survivors(secret, repr(crossed)) == []
