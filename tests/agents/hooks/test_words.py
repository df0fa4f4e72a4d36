"""Words of a refusal: what, why, by which rule, how to go on; on one bounded line without anything that steers."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.words import LONGEST, plain, question, refusal
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Decision, Verdict
from spawngate.model.finding import Confidence, Finding, Severity

HIGH = Finding("home-removal", "t", Severity.HIGH, Confidence.HIGH, "It removes the home folder.", "r")
LOW = Finding("quiet", "t", Severity.LOW, Confidence.HIGH, "It is quiet", "r")
TAIL = (
    "Do not try another way to the same end. A person can look at it with `spawngate audit tail`, "
    "and allow it by a policy or with `spawngate approve`."
)
SHELL = ToolCall("a", "Bash", ToolKind.SHELL)


def test_refusal() -> None:
    decision = Decision(Verdict.DENY, ("baseline-7", "home-removal"), (LOW, HIGH), message="It removes a home")
    assert refusal(decision, SHELL) == (
        f"Spawngate refused this command. It removes a home. (policy baseline-7, home-removal; rule quiet) {TAIL}"
    )


def test_refusal_without_a_message_says_what_was_found() -> None:
    assert refusal(Decision(Verdict.DENY, findings=(HIGH, LOW)), None) == (
        f"Spawngate refused this call. It removes the home folder.; It is quiet. (rule home-removal, quiet) {TAIL}"
    )


def test_the_verdict_is_not_said_twice() -> None:
    decision = Decision(Verdict.DENY, message="Refused: It is bad. Do not do it.")
    assert refusal(decision, SHELL) == f"Spawngate refused this command. It is bad. Do not do it. {TAIL}"
    asked = Decision(Verdict.ASK, message="Needs a person's approval: It is odd.")
    assert question(asked, None).startswith("Spawngate asks before this call. It is odd. Where nobody")


def test_refusal_with_nothing_known() -> None:
    assert refusal(Decision(Verdict.DENY), SHELL) == f"Spawngate refused this command. {TAIL}"


def test_question_that_had_to_be_refused() -> None:
    text = refusal(Decision(Verdict.ASK, ("p",), message="Why."), SHELL)
    assert text == (
        "Spawngate stopped this command: a person has to approve it, and this agent cannot ask one here. "
        f"Why. (policy p) {TAIL}"
    )


def test_question() -> None:
    assert question(Decision(Verdict.ASK, ("p",), message="Why."), SHELL) == (
        "Spawngate asks before this command. Why. (policy p) "
        "Where nobody answers it is refused; then do not try another way to the same end."
    )


def test_errors_are_said() -> None:
    text = refusal(Decision(Verdict.DENY, errors=("policy x: no such attribute",)), SHELL)
    assert text == (
        f"Spawngate refused this command. Not everything could be judged: policy x: no such attribute. {TAIL}"
    )


def test_long_lists_say_how_many_more() -> None:
    text = refusal(Decision(Verdict.DENY, tuple(f"p{number}" for number in range(20))), SHELL)
    assert "(policy p0, p1, p2, p3, p4, p5, p6, p7 and 12 more)" in text


def test_what_steers_is_escaped() -> None:
    assert plain("a\x1b[2Jb\u202ec\r\nd\x00") == "a\\u{1b}[2Jb\\u{202e}c d\\u{0}"


def test_cut_is_visible() -> None:
    assert plain("x" * 50, 10) == "x" * 9 + "\u2026"


@given(st.text(), st.lists(st.text(), max_size=30), st.lists(st.text(), max_size=5))
def test_any_decision_gives_one_bounded_printable_line(message: str, reasons: list[str], errors: list[str]) -> None:
    decision = Decision(Verdict.DENY, tuple(reasons), errors=tuple(errors), message=message)
    for text in (refusal(decision, SHELL), question(decision, None)):
        assert 0 < len(text) <= LONGEST
        assert all(character.isprintable() for character in text)
        assert text.startswith("Spawngate ")
