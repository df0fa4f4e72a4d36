"""`report.summary`: counts."""

from dataclasses import replace

from spawngate.report.summary import count, summary
from tests.report.samples import EMPTY, SNAPSHOT


def test_summary_of_the_sample() -> None:
    assert summary(SNAPSHOT) == {
        "artifacts": 56,
        "by_kind": {
            "agent": 8,
            "mcp_server": 23,
            "extension": 3,
            "skill": 6,
            "plugin": 2,
            "secret": 4,
            "hook": 3,
            "cli": 3,
            "instruction": 4,
        },
        "by_agent": {
            "": {"cli": 3},
            "chromium-extensions": {"extension": 1},
            "claude-code": {
                "agent": 1,
                "mcp_server": 6,
                "skill": 4,
                "plugin": 2,
                "secret": 2,
                "hook": 2,
                "instruction": 2,
            },
            "claude-desktop": {"agent": 1, "mcp_server": 2, "secret": 1},
            "codex-cli": {"agent": 1, "mcp_server": 3, "skill": 1, "secret": 1, "hook": 1, "instruction": 1},
            "cursor": {"agent": 1, "mcp_server": 4, "skill": 1, "instruction": 1},
            "gemini-cli": {"agent": 1, "mcp_server": 1},
            "goose": {"agent": 1, "mcp_server": 1},
            "mcp-bundles": {"mcp_server": 1},
            "vscode": {"agent": 1, "mcp_server": 3},
            "vscode-extensions": {"extension": 2},
            "windsurf": {"agent": 1, "mcp_server": 2},
        },
        "servers": {
            "total": 23,
            "by_transport": {"stdio": 17, "http": 3, "sse": 1, "builtin": 1, "unknown": 1},
            "by_status": {
                "enabled": 12,
                "approved": 1,
                "pending": 1,
                "disabled": 2,
                "shadowed": 1,
                "blocked": 1,
                "installed": 1,
                "unreadable": 1,
                "unknown": 3,
            },
            "by_running": {"running": 5, "not_seen": 10, "running_unconfigured": 1, "unknown": 7},
        },
        "secrets": {"total": 4, "by_type": {"database-url": 1, "env-value": 1, "github-token": 2}},
        # A blanket refusal (WebSearch) and a narrow grant (Read) are not among them.
        "blanket_permissions": {"total": 3, "by_agent": {"claude-code": 2, "goose": 1}},
        "diagnostics": {
            "total": 5,
            "by_reason": {"budget": 1, "malformed": 1, "not-strict": 1, "unknown-shape": 1, "unreadable": 1},
        },
    }


def test_an_empty_snapshot_counts_every_known_kind_as_none() -> None:
    counts = count(EMPTY)
    assert (counts.artifacts, counts.servers, counts.secrets, counts.diagnostics, counts.blanket_permissions) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert set(counts.by_kind.values()) == {0}
    assert len(counts.by_kind) == 9


def test_the_order_of_artifacts_does_not_matter() -> None:
    backwards = replace(SNAPSHOT, artifacts=SNAPSHOT.artifacts[::-1], diagnostics=SNAPSHOT.diagnostics[::-1])
    assert repr(summary(backwards)) == repr(summary(SNAPSHOT))
