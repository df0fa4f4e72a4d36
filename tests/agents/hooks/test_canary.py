"""Every agent's canary is an event that its decoder takes for that shell command, and its answers are told apart."""

import pytest
from tests.agents.hooks.speaking import hook_of

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.canary import ALLOWED, DENIED, SHAPES, Answer, payload, read_answer, text_of
from spawngate.model.call import HookEvent, HookReply, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict

HOOKED = [agent for agent in AGENTS if load_agent(agent).hook is not None]


def test_every_hook_has_its_canary() -> None:
    assert sorted(SHAPES) == HOOKED


@pytest.mark.parametrize("agent", HOOKED)
@pytest.mark.parametrize("command", [f"{DENIED}-0a1b", f"{ALLOWED}-0a1b"])
def test_canary_is_understood_as_the_command_that_it_is(agent: str, command: str) -> None:
    call = hook_of(agent).decode(payload(agent, command, "session-7", "/w"), {})
    assert (call.kind, call.commands, call.problems) == (ToolKind.SHELL, (command,), ())
    assert call.event in (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION)
    assert call.cwd == "/w"
    if agent != "reasonix":  # it tells no session
        assert call.session == "session-7"


@pytest.mark.parametrize("agent", HOOKED)
def test_answers_are_told_apart(agent: str) -> None:
    hook = hook_of(agent)
    call = hook.decode(payload(agent, f"{DENIED}-1", "s", "/w"), {})

    def answer(verdict: Verdict, mode: Mode = Mode.ENFORCE) -> Answer:
        return read_answer(
            hook, hook.encode(Decision(verdict, ("some-policy",), mode=mode, message="It is bad."), call), call
        )

    assert answer(Verdict.DENY) is Answer.REFUSES
    assert answer(Verdict.ASK) in ((Answer.ASKS,) if hook.asks == "yes" else (Answer.ASKS, Answer.REFUSES))
    assert answer(Verdict.LOG) is Answer.GOES_ON
    assert answer(Verdict.DENY, Mode.MONITOR) is Answer.GOES_ON


@pytest.mark.parametrize("agent", HOOKED)
@pytest.mark.parametrize(
    "reply",
    [
        HookReply(stdout=b"a line of a profile\n{}\n"),
        HookReply(exit_code=127, stderr=b"not found\n"),
        HookReply(exit_code=-9),
        HookReply(stdout=b"[" * 100_000),
        HookReply(stdout=b'{"permission'),
    ],
    ids=["text in front", "missing", "killed", "deep", "cut"],
)
def test_anything_else_is_not_understood(agent: str, reply: HookReply) -> None:
    assert read_answer(hook_of(agent), reply, None) is Answer.NOT_UNDERSTOOD


def test_words_of_an_answer() -> None:
    assert text_of(HookReply(stdout=b'{"reason": "a"}', stderr=b"b\xff")) == '{"reason": "a"} b\ufffd'
