"""All hooks together: who has one, any bytes are understood or refused, and every answer can be read."""

import json
from collections.abc import Mapping
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agents.hooks.speaking import hook_of

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialect import Hook, HookInputError
from spawngate.agents.hooks.plugins import PLUGINS
from spawngate.agents.hooks.registration import is_ours, render
from spawngate.model.artifact import Scope
from spawngate.model.call import HookEvent, HookReply, ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json

COMMAND = (
    "abacus amazon-q-cli antigravity augment claude-code cline codebuddy codex-cli copilot-cli crush cursor "
    "deepagents-cli devin-cli factory-droid gemini-cli goose grok-build hermes junie kimi-code kiro mistral-vibe "
    "openhands qoder qwen-code reasonix trae vscode windsurf"
)
PLUGIN = "amp kilo-code openclaw opencode pi"
HOOKED = sorted([*COMMAND.split(), *PLUGIN.split()])

ASKED = {
    "amp": "asked",
    "antigravity": "asked",
    "claude-code": "asked",
    "copilot-cli": "asked",
    "factory-droid": "asked",
    "grok-build": "asked",
    "junie": "asked",
    "openclaw": "asked",
    "pi": "asked",
    "vscode": "asked",
}
"""What a question before a tool becomes; refused in all others."""


def test_every_agent_with_a_hook() -> None:
    assert [agent for agent in AGENTS if load_agent(agent).hook is not None] == HOOKED


def test_plugin_agents() -> None:
    assert [agent for agent in HOOKED if hook_of(agent).form == "plugin"] == PLUGIN.split()


@pytest.mark.parametrize("agent", HOOKED)
def test_what_a_question_becomes(agent: str) -> None:
    hook = hook_of(agent)
    reply = hook.encode(Decision(Verdict.ASK, message="why"), ToolCall(agent, "Bash", ToolKind.SHELL))
    text = (reply.stdout + reply.stderr).decode()
    assert ("asked" if "Spawngate asks before" in text else "refused") == ASKED.get(agent, "refused")
    assert (hook.asks == "no") is (agent not in ASKED)
    assert "spawngate" in text.lower()


@pytest.mark.parametrize("agent", HOOKED)
def test_every_answer_is_one_object_or_nothing(agent: str) -> None:
    encode = hook_of(agent).encode
    for verdict, mode, event in product(Verdict, Mode, (*HookEvent, None)):
        call = None if event is None else ToolCall(agent, "Bash", ToolKind.SHELL, event=event)
        reply = encode(Decision(verdict, mode=mode, message="\x1b[2J\n{"), call)
        assert reply.exit_code in (0, 2)
        assert b"\x1b" not in reply.stdout + reply.stderr
        if reply.stdout:
            assert (reply.stdout.count(b"\n"), reply.stdout[-1:]) == (1, b"\n")
            assert isinstance(json.loads(reply.stdout), dict)
        if reply.exit_code == 2:
            assert (reply.stdout, reply.stderr[-1:]) == (b"", b"\n")
        nothing = encode(Decision(Verdict.ALLOW), call)
        if mode is Mode.MONITOR or verdict in (Verdict.ALLOW, Verdict.LOG):
            assert reply == nothing
        elif verdict is Verdict.DENY and event in (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION, None):
            assert reply != nothing


def test_codex_hears_no_word_that_it_does_not_know() -> None:
    reply = hook_of("codex-cli").encode(Decision(Verdict.ASK), ToolCall("codex-cli", "Bash", ToolKind.SHELL))
    answer = json.loads(reply.stdout)
    assert set(answer) == {"hookSpecificOutput"}
    assert set(answer["hookSpecificOutput"]) == {"hookEventName", "permissionDecision", "permissionDecisionReason"}
    assert answer["hookSpecificOutput"]["permissionDecision"] == "deny"


FIELDS = (
    "hook_event_name hookEventName event event_type hookName agent_action_name tool_name toolName tool tool_input "
    "toolInput toolArgs tool_call toolCall preToolUse tool_info command commands file_path path paths edits url "
    "urls prompt cwd session_id mcp_context workspace_roots extra name args input arguments server_name content "
    "patch diff code"
)
NAMES = st.sampled_from(FIELDS.split())
TEXTS = (
    "PreToolUse beforeShellExecution beforeMCPExecution BeforeTool pre_run_command tool_call Bash run_commands "
    "apply_patch Write Edit MultiEdit WebFetch Task mcp__a__b MCP:x mcp_a_b @a/b a__b fs_write fs_read use_aws editor "
    "ls http://a.test /w/a"
)
WORDS = st.sampled_from(TEXTS.split())
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=25,
)


def _check(hook: Hook, agent: str, payload: bytes, environment: Mapping[str, str]) -> None:
    call = None
    with suppress(HookInputError):
        call = hook.decode(payload, environment)
    if call is not None:
        assert call.agent == agent
        assert call == hook.decode(payload, environment)
        assert all(isinstance(problem, str) and len(problem) < 200 for problem in call.problems)
    for verdict in Verdict:
        assert isinstance(hook.encode(Decision(verdict), call), HookReply)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HOOKED), st.dictionaries(NAMES, VALUES, max_size=12))
def test_any_object_is_understood_or_refused(agent: str, payload: dict[str, Json]) -> None:
    _check(hook_of(agent), agent, json.dumps(payload).encode(), {})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HOOKED), st.binary(), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_any_bytes_are_understood_or_refused(agent: str, payload: bytes, environment: dict[str, str]) -> None:
    _check(hook_of(agent), agent, payload, environment)


@pytest.mark.parametrize("agent", HOOKED)
@pytest.mark.parametrize("payload", [b"{}", b'{"tool_input": {"command": "ls"}}', b'{"hook_event_name": "PreToolUse"}'])
def test_a_call_without_a_tool_is_refused(agent: str, payload: bytes) -> None:
    with pytest.raises(HookInputError, match="names no tool"):
        hook_of(agent).decode(payload, {})


MARKED = {
    "double": "mcp__probe__touch",
    "cursor": "MCP:touch",
    "prefixed": "mcp_probe_touch",
    "at": "@probe/touch",
    "bare-double": "probe__touch",
}


@pytest.mark.parametrize("agent", [agent for agent in HOOKED if hook_of(agent).mcp_form in MARKED])
def test_decoder_and_hook_agree_on_the_form_of_mcp_names(agent: str) -> None:
    hook = hook_of(agent)
    payload: dict[str, Json] = {"tool_name": MARKED[hook.mcp_form], "tool_input": {}}
    if agent == "windsurf":
        payload = {"agent_action_name": "pre_mcp_tool_use", "tool_info": {"mcp_server_name": "a", "mcp_tool_name": "b"}}
    assert hook.decode(json.dumps(payload).encode(), {}).kind is ToolKind.MCP


PLATFORMS: tuple[Platform, ...] = ("linux", "macos", "windows")


@pytest.mark.parametrize("agent", HOOKED)
def test_registration_is_sound(agent: str) -> None:
    hook = hook_of(agent)
    registration = hook.registration
    assert registration is not None
    argv = ("/s/hook/spawngate-hook", agent)
    for platform in PLATFORMS:
        files = [file for file in registration.files if file.scope is Scope.USER and platform in file.on]
        assert files, platform
        registered = 0
        for file in files:
            assert file.scope in (Scope.USER, Scope.MANAGED)
            if file.plugin:
                assert (file.plugin in PLUGINS, file.format) == (True, Format.TEXT)
                registered += 1
                continue
            if file.format is Format.TEXT:
                assert file.text
                registered += "{command}" in file.text or "{powershell}" in file.text
                continue
            for insertion in file.insertions:
                assert insertion.pointer
                if platform not in insertion.on or not insertion.event:
                    continue
                entry = render(insertion.entry, argv, platform, "/s/spawngate-hook.sh")
                assert is_ours(entry)
                assert "{" not in json.dumps(entry).replace('{"', "").replace("{}", "")
                registered += insertion.needed
        assert registered, platform


@pytest.mark.parametrize("agent", HOOKED)
def test_closed_switch_is_in_the_entries(agent: str) -> None:
    hook = hook_of(agent)
    assert hook.registration is not None
    assert hook.fails_closed is bool(hook.registration.fail_closed)
    if hook.fails_closed:
        needed = [
            item.entry for file in hook.registration.files for item in file.insertions if item.needed and item.event
        ]
        assert any(f'"{hook.registration.fail_closed}"' in json.dumps(entry) for entry in needed)
