"""`report.view`: arrangement and wording."""

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.artifact import Artifact, Kind, Launch, Status, Transport
from spawngate.model.json import Json
from spawngate.report import view
from tests.report.samples import AGENTS, GITHUB, HOME, SNAPSHOT, artifact, remote, stdio

DOCKER = stdio(
    "docker",
    "run",
    "-i",
    "--rm",
    "-e",
    "GITHUB_PERSONAL_ACCESS_TOKEN",
    "ghcr.io/github/github-mcp-server:v0.20.1",
    "stdio",
    package="pkg:docker/ghcr.io/github/github-mcp-server@v0.20.1",
)
FILES = stdio(
    "/home/ana/.nvm/versions/node/v22.11.0/bin/npx",
    "-y",
    "@modelcontextprotocol/server-filesystem",
    "/home/ana/src",
    "/home/ana/Documents/contracts/2026",
    "/srv/data",
    package="pkg:npm/%40modelcontextprotocol/server-filesystem",
)


@pytest.mark.parametrize(
    ("launch", "room", "shown"),
    [
        (None, 40, "not stated"),
        (Launch(Transport.UNKNOWN), 40, "not stated"),
        (Launch(Transport.BUILTIN), 40, "inside the agent"),
        (remote("https://mcp.sentry.dev/mcp"), 10, "https://mcp.sentry.dev/mcp"),
        (stdio("uvx", "a b", "", "it's"), 0, "uvx 'a b' '' 'it'\\''s'"),
        (stdio("a\x1b[2J", "b\nc"), 0, "a\\x1b[2J b\\nc"),
        (
            FILES,
            0,
            "/home/ana/.nvm/versions/node/v22.11.0/bin/npx -y @modelcontextprotocol/server-filesystem "
            "/home/ana/src /home/ana/Documents/contracts/2026 /srv/data",
        ),
        (
            FILES,
            104,
            "…/npx -y @modelcontextprotocol/server-filesystem /home/ana/src /home/ana/Doc…contracts/2026 /srv/data",
        ),
        (FILES, 70, "…/npx -y @modelcontextprotocol/server-filesystem … /srv/data"),
        (FILES, 20, "…/npx -y @modelcontextprotocol/server-filesystem …"),
        (DOCKER, 70, "docker run -i --rm -e … ghcr.io/github/github-mcp-server:v0.20.1 stdio"),
        (
            stdio("bash", "-c", "curl -fsSL https://get.example/i.sh | bash && exec something --with --many --flags"),
            40,
            "bash -c 'curl -fsSL https://get.example/i.sh | bash && …many --flags'",
        ),
        (stdio("my-server", package="pkg:npm/%40acme/server@1"), 0, "my-server (pkg:npm/%40acme/server@1)"),
        (stdio("mcp_server_git", package="pkg:pypi/mcp-server-git"), 0, "mcp_server_git"),
        (
            stdio("uvx", "pg", "[secret:database-url:5d0e77b1]", "--long-option=" + "x" * 40, package="pkg:pypi/pg"),
            40,
            "uvx pg [secret:database-url] …",
        ),
    ],
)
def test_what_runs(launch: Launch | None, room: int, shown: str) -> None:
    assert view.what_runs(launch, room) == shown


@given(
    st.lists(st.text(max_size=60), max_size=12),
    st.lists(st.text(max_size=60), max_size=12),
    st.integers(min_value=1, max_value=200),
)
def test_padding_never_hides_the_package_or_an_address(before: list[str], after: list[str], room: int) -> None:
    launch = stdio(
        "npx",
        *before,
        "@evil/server@1.0.0",
        *after,
        "--url=https://evil.test/sse",
        package="pkg:npm/%40evil/server@1.0.0",
    )
    shown = view.what_runs(launch, room)
    assert shown.startswith("npx")
    assert "@evil/server@1.0.0" in shown or "(pkg:npm/%40evil/server@1.0.0)" in shown
    assert "https://evil.test/sse" in shown


def test_an_endless_address_is_cut_in_the_middle() -> None:
    shown = view.what_runs(remote("https://mcp.example/" + "a" * 5000 + "/end"), 20)
    assert len(shown) == view.LONGEST_ADDRESS
    assert shown.startswith("https://mcp.example/aaa")
    assert shown.endswith("aaa/end")


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-11-20T09:30:12Z", "2026-11-20 09:30 UTC"),
        ("2026-11-20T09:30:12.123+02:00", "2026-11-20 07:30 UTC"),
        ("2026-11-20T09:30:12", "2026-11-20T09:30:12"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59"),
        ("yesterday", "yesterday"),
        ("", ""),
    ],
)
def test_when(time: str, shown: str) -> None:
    assert view.when(time) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (1.5, "1.5"),
        ("text", "text"),
        (["a", 1, None], "a, 1, "),
        ({"a": {"b": [1, 2]}, "c": True}, "a: b: 1, 2, c: yes"),
    ],
)
def test_words(value: Json, shown: str) -> None:
    assert view.words(value) == shown


def test_an_integer_too_long_for_decimal_is_hexadecimal() -> None:
    assert view.words(1 << 40_000) == "0x1" + "0" * 10_000


def test_what_lies_very_deep_is_left_out() -> None:
    """A record or a file may nest as deep as its reader allows, which is deeper than a printer can go."""
    deep: Json = "seen"
    for _ in range(view.DEEPEST):
        deep = [deep]
    assert view.words(deep) == "seen"
    assert view.words({"a": "x", "b": deep}) == "a: x, b: …"
    for _ in range(20_000):
        deep = {"a": deep}
    assert view.words(deep) == "a: " * view.DEEPEST + "…"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Bash", "Bash"),
        ({"name": "project MCP servers", "value": True}, "project MCP servers"),
        ({"name": "edits", "value": "all", "scope": "user"}, "edits: all (user)"),
        ({"path": "/srv", "value": False}, "/srv: no"),
        ({"permissions.defaultMode": "acceptEdits"}, "permissions.defaultMode: acceptEdits"),
        (None, ""),
    ],
)
def test_statement(value: Json, shown: str) -> None:
    assert view.statement(value) == shown


@pytest.mark.parametrize(
    ("path", "homes", "shown"),
    [
        ("/home/ana/x", ("/home/ana",), "~/x"),
        ("/home/ana", ("/home/ana/",), "~"),
        ("/home/anabel/x", ("/home/ana",), "/home/anabel/x"),
        ("C:\\Users\\ana\\x", ("C:\\Users\\ana",), "~\\x"),
        ("/home/ana/x", ("/home/ana", "/home/bob"), "/home/ana/x"),
        ("/etc/x", ("/",), "/etc/x"),
        ("/home/ana/x", (), "/home/ana/x"),
    ],
)
def test_tidy(path: str, homes: tuple[str, ...], shown: str) -> None:
    assert view.tidy(path, homes) == shown


def test_facts_of_an_agent() -> None:
    assert view.AgentFacts.of(AGENTS[0]) == view.AgentFacts(
        version="2.1.42",
        last_used="2026-11-20 09:12 UTC",
        programs=(f"{HOME}/.local/bin/claude (2.1.42)",),
        configured_files=(f"{HOME}/.claude.json", f"{HOME}/.claude/settings.json", f"{HOME}/src/shop/.mcp.json"),
        permissions=(
            view.Permission("Bash", "allow", "user", f"{HOME}/.claude/settings.json", True),
            view.Permission("WebFetch(*)", "allow", "project", f"{HOME}/src/shop/.claude/settings.json", True),
            view.Permission("Read(./src/**)", "allow", "user", f"{HOME}/.claude/settings.json", False),
            view.Permission("WebSearch", "deny", "user", f"{HOME}/.claude/settings.json", True),
        ),
        auto_approvals=("project MCP servers (local)",),
        switches=("permissions.defaultMode: acceptEdits", "apiKeyHelper: ~/bin/key.sh"),
        trust=(f"{HOME}/src/shop",),
    )


@pytest.mark.parametrize("value", [None, 1, "text", [1, "x", None, [2]], {"a": 1}])
def test_details_of_a_wrong_shape_are_no_error(value: Json) -> None:
    keys = (
        "version",
        "last_used",
        "binaries",
        "configured_files",
        "permissions",
        "auto_approvals",
        "switches",
        "trust",
    )
    detail: Mapping[str, Json] = dict.fromkeys(keys, value)
    facts = view.AgentFacts.of(artifact(Kind.AGENT, "x", detail=detail))
    assert (facts.programs, facts.permissions, facts.blanket) == ((), (), ())
    server = artifact(Kind.MCP_SERVER, "x", detail={"running": value, "project": value})
    assert view.running_words(server) == ""


def test_groups_stand_by_name_and_what_nobody_owns_comes_last() -> None:
    orphan = artifact(Kind.MCP_SERVER, "orphan")
    alien = artifact(cast(Kind, "model_weights"), "llama")
    arranged = view.arrange((*SNAPSHOT.artifacts, orphan, alien))
    assert [group.name for group in arranged.groups] == [
        "Claude Code",
        "Claude Desktop",
        "Codex CLI",
        "Cursor",
        "Gemini CLI",
        "Goose",
        "MCP bundles",
        "Visual Studio Code",
        "Windsurf",
        "No agent",
    ]
    assert arranged.groups[-1].servers == (orphan,)
    assert arranged.others == (alien,)
    shown: list[Artifact] = [*arranged.clis, *arranged.extensions, *arranged.secrets, *arranged.others]
    for group in arranged.groups:
        shown += [*group.agents, *(item for part in group.parts.values() for item in part)]
    assert sorted(item.id for item in shown) == sorted(item.id for item in (*SNAPSHOT.artifacts, orphan, alien))


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (GITHUB, "github"),
        (artifact(Kind.PLUGIN, "kit", detail={"version": "1.4.0"}), "kit 1.4.0"),
        (artifact(Kind.PLUGIN, "kit"), "kit"),
        (artifact(Kind.HOOK, "Stop", detail={"command": "./a.sh"}), "Stop → ./a.sh"),
        (artifact(Kind.HOOK, "Stop", detail={"argv": ["say", "all done"]}), "Stop → say 'all done'"),
        (artifact(Kind.HOOK, "Stop", detail={"url": "https://hooks.example"}), "Stop → https://hooks.example"),
        (artifact(Kind.HOOK, "Stop"), "Stop"),
    ],
)
def test_label(subject: Artifact, shown: str) -> None:
    assert view.label(subject) == shown


def test_every_status_has_a_tone() -> None:
    assert {status.value: view.tone(status) for status in Status} == {
        "enabled": "good",
        "approved": "good",
        "pending": "wait",
        "disabled": "off",
        "shadowed": "off",
        "blocked": "bad",
        "installed": "good",
        "configured": "wait",
        "unreadable": "bad",
        "unknown": "wait",
    }


def test_titles_name_every_kind() -> None:
    assert set(view.TITLES) == set(Kind)
    assert (view.title("cli"), view.title("cli", 2), view.title("weights", 2)) == ("CLI", "CLIs", "weights")
