"""How agents stand: every state, from files alone, and every switch of the table in every place that it can stand."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from spawngate.agents import AGENTS, load_agent
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.setup import Wanted, carry_out, look_ahead
from spawngate.endpoint.protect.standing import AgentStanding, Stand, schema, standing
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode
from tests.endpoint.protect.conftest import Place


def of(place: Place, agent: str, *projects: Path) -> AgentStanding:
    found = standing(place.around, [str(project) for project in projects])
    return next(item for item in found.agents if item.agent == agent)


def test_protected_agent_is_installed(place: Place) -> None:
    place.write(".claude.json", b"{}")
    assert of(place, "claude-code").state == Stand.UNPROTECTED
    place.protect("claude-code")
    found = of(place, "claude-code")
    assert found == AgentStanding(
        agent="claude-code",
        name="Claude Code",
        version="",
        state="installed",
        mode="enforce",
        scopes=["user"],
        files=[f"{place.home}/.claude/settings.json"],
        why=[],
        fails_closed="unknown",
        limits=found.limits,
    )
    assert len(found.limits) >= 2


def test_whole_document(place: Place) -> None:
    place.protect("claude-code", mode=Mode.MONITOR)
    found = standing(place.around)
    assert [item.mode for item in found.agents] == ["monitor"]
    assert found.daemon == {"running": False, "starts_at_login": False}
    assert (found.client.problem, found.client.path) == ("", str(place.state / "hook" / Path(found.client.path).name))
    assert found.policy["mode"] == "enforce"
    assert found.tampered == []
    assert msgspec.json.decode(msgspec.json.encode(found))["schema_version"] == 1


def test_agent_without_a_hook_is_observed(place: Place) -> None:
    place.write(".config/zed/settings.json", b"{}")
    assert of(place, "zed").state == Stand.OBSERVED


def test_tampering_is_worst(place: Place) -> None:
    place.protect("claude-code")
    path = place.home / ".claude/settings.json"
    value = json.loads(path.read_bytes())
    value["hooks"]["PreToolUse"] = []
    value["disableAllHooks"] = True
    path.write_text(json.dumps(value), encoding="utf-8")
    found = standing(place.around)
    assert found.agents[0].state == Stand.TAMPERED
    assert len(found.agents[0].why) == 2
    assert found.tampered == [f"Spawngate's entry for claude-code was removed from {path} (hooks.PreToolUse)"]


def test_untrusted_codex_hook_is_inactive(place: Place) -> None:
    place.protect("codex-cli")
    assert of(place, "codex-cli").state == Stand.INSTALLED
    hooks = place.home / ".codex/hooks.json"
    value = json.loads(hooks.read_bytes())
    value["hooks"]["PreToolUse"].insert(0, {"hooks": [{"type": "command", "command": "/other"}]})
    hooks.write_text(json.dumps(value), encoding="utf-8")
    found = of(place, "codex-cli")
    assert found.state == Stand.INACTIVE
    assert "/hooks" in found.why[0]


def test_consent_that_cannot_be_seen_is_said(place: Place) -> None:
    place.protect("trae")
    assert any(line.startswith("cannot be seen from here: ") for line in of(place, "trae").why)


def test_hook_of_others_that_has_the_last_word_is_said(place: Place) -> None:
    place.protect("qwen-code")
    assert of(place, "qwen-code").state == Stand.INSTALLED
    path = place.home / ".qwen/settings.json"
    value = json.loads(path.read_bytes())
    value["hooks"]["PreToolUse"].append({"hooks": [{"type": "command", "command": "/other"}]})
    path.write_text(json.dumps(value), encoding="utf-8")
    found = of(place, "qwen-code")
    assert found.state == Stand.PARTLY
    assert f"another hook stands behind ours in {path}" in found.why[0]


def test_damaged_journal_is_told_and_does_not_stop_the_rest(place: Place) -> None:
    place.protect("claude-code")
    (place.state / "protect/journal.json").write_bytes(b"x")
    found = standing(place.around)
    assert "journal.json" in found.tampered[0]
    assert [item.state for item in found.agents] == ["installed"]
    assert "was written by somebody else" in found.agents[0].why[0]


def test_policy_that_cannot_be_used_is_told(place: Place) -> None:
    (place.state / "policy").mkdir(parents=True)
    (place.state / "policy/policy.toml").write_bytes(b"mode = 1")
    assert "mode" in str(standing(place.around).policy["problem"])


def test_variable_switches_off(place: Place) -> None:
    place.protect("claude-code")
    place.around = Surroundings(str(place.home), place.state, str(place.root), {"CLAUDE_CODE_SIMPLE": "1"})
    found = of(place, "claude-code")
    assert (found.state, found.why) == (Stand.OFF, ["the environment switches hooks off (CLAUDE_CODE_SIMPLE)"])


def test_home_is_no_project_of_its_own(place: Place) -> None:
    place.protect("mistral-vibe", "openhands")
    for agent in ("mistral-vibe", "openhands"):
        assert of(place, agent, place.home).why == []


def test_hooks_of_an_administrator_are_seen(place: Place) -> None:
    wanted = Wanted(("claude-code", "codex-cli", "augment"), scope=Scope.MANAGED)
    outlook = look_ahead(place.around, wanted, ("/usr/local/lib/spawngate/hook/spawngate-hook",))
    carry_out(outlook)
    place.write(".claude.json", b"{}")
    user = Surroundings(str(place.home), place.home.parent / "other", str(place.root), {})
    found = {item.agent: item for item in standing(user).agents}
    assert {agent: (item.state, item.scopes) for agent, item in found.items()} == {
        "augment": ("installed", ["managed"]),
        "claude-code": ("installed", ["managed"]),
        "codex-cli": ("installed", ["managed"]),
    }
    path = f"{place.root}/etc/claude-code/managed-settings.d/50-spawngate.json"
    assert found["claude-code"].files == [path]
    assert found["claude-code"].why == [
        f"{path} was written by somebody else: an administrator, or another installation"
    ]


def test_entry_of_another_mode_is_said(place: Place) -> None:
    place.protect("claude-code", "cursor", mode=Mode.ENFORCE)
    assert [item.why for item in standing(place.around).agents] == [[], []]
    policy = place.state / "policy/policy.toml"
    policy.write_text('[modes]\nclaude-code = "monitor"\n', encoding="utf-8")
    why = {item.agent: item.why for item in standing(place.around).agents}
    assert why == {
        "claude-code": ["not as this version and this policy would have it: run `spawngate protect claude-code`"],
        "cursor": [],
    }


@pytest.mark.parametrize("context", [False, True])
def test_every_agent_is_up_to_date_after_protect(place: Place, context: bool) -> None:
    place.write(".aws/amazonq/cli-agents/a.json", b"{}")
    hooked = [agent for agent in AGENTS if load_agent(agent).hook is not None]
    place.protect(*hooked, context=context)
    found = standing(place.around)
    assert [item.agent for item in found.agents if any("not as this version" in why for why in item.why)] == []
    assert {item.state for item in found.agents} == {"installed"}


def test_document_follows_its_schema(place: Place) -> None:
    place.protect("claude-code")
    document = msgspec.json.decode(msgspec.json.encode(standing(place.around)))
    jsonschema.Draft202012Validator(schema()).validate(document)
