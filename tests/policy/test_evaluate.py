"""The decision: deny beats ask beats log beats allow, erring forbids count, order never does."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.evaluate import evaluate, matched_policies, with_findings
from spawngate.policy.policies import SETS, PolicySet, load_policies, shipped, shipped_text
from spawngate.policy.question import ACTIONS, Question

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SHELL = Question("claude-code", "shell", programs=("rm",))
OVERFLOW = "context.severity + 9223372036854775807 > 3"


def finding(severity: Severity, rule: str = "r", confidence: Confidence = Confidence.HIGH, pack: str = "") -> Finding:
    return Finding(rule, "Title", severity, confidence, f"Saw {rule}.", "Do that.", pack=pack)


def policies(*texts: str) -> PolicySet:
    """Policies from short forms: `deny a: condition`, `permit b`, ..."""
    found = []
    for text in texts:
        head, _, condition = text.partition(": ")
        word, name, *notes = head.split()
        effect = "permit" if word == "permit" else "forbid"
        verdict = "" if word == "permit" else f'@verdict("{word}")'
        when = f" when {{ {condition} }}" if condition else ""
        found.append(
            f'@id("{name}") @reason("Because {name}.") {verdict} {" ".join(notes)} '
            f"{effect} (principal, action, resource){when};"
        )
    return load_policies({"a.cedar": "\n".join(found)}, NOW)


@pytest.mark.parametrize(
    ("severities", "verdict", "reasons"),
    [
        ((), Verdict.ALLOW, ()),
        ((Severity.INFO,), Verdict.ALLOW, ()),
        ((Severity.LOW, Severity.INFO), Verdict.LOG, ("baseline-log-low",)),
        ((Severity.LOW, Severity.MEDIUM), Verdict.ASK, ("baseline-ask-medium",)),
        ((Severity.HIGH, Severity.MEDIUM), Verdict.DENY, ("baseline-deny-high",)),
        ((Severity.HIGH, Severity.CRITICAL), Verdict.DENY, ("baseline-deny-critical",)),
    ],
)
def test_baseline(severities: tuple[Severity, ...], verdict: Verdict, reasons: tuple[str, ...]) -> None:
    decision = evaluate(SHELL, [finding(severity, severity.value) for severity in severities], shipped())
    assert (decision.verdict, decision.reasons) == (verdict, reasons)


def test_whole_decision() -> None:
    low, high = finding(Severity.LOW, "a"), finding(Severity.HIGH, "b")
    assert evaluate(SHELL, [low, high], shipped(), Mode.MONITOR) == Decision(
        verdict=Verdict.DENY,
        reasons=("baseline-deny-high",),
        findings=(high, low),
        severity=Severity.HIGH,
        errors=(),
        message="Refused: Saw b. Do that.",
        mode=Mode.MONITOR,
        policy=shipped().revision,
    )


def test_what_is_not_understood_needs_a_person() -> None:
    decision = evaluate(SHELL, (), shipped(), errors=("the input is not a JSON object",))
    assert (decision.verdict, decision.reasons, decision.errors, decision.message) == (
        Verdict.ASK,
        ("baseline-ask-not-understood",),
        ("the input is not a JSON object",),
        "Needs a person's approval: the input is not a JSON object.",
    )
    assert evaluate(SHELL, [finding(Severity.HIGH)], shipped(), errors=("x",)).verdict is Verdict.DENY


@pytest.mark.parametrize(
    ("name", "question", "verdict", "reasons"),
    [
        ("baseline", Question("a", "launch", approvals=True), Verdict.DENY, ("baseline-deny-not-approved",)),
        ("baseline", Question("a", "launch", approvals=True, approved=True), Verdict.ALLOW, ()),
        ("baseline", Question("a", "launch"), Verdict.ALLOW, ()),
        ("baseline", Question("a", "shell", approvals=True), Verdict.ALLOW, ()),
        ("strict", Question("a", "mcp", server="x"), Verdict.ASK, ("strict-ask-unknown-server",)),
        ("strict", Question("a", "mcp", server="x", server_known=True, tier="official"), Verdict.ALLOW, ()),
        ("strict", Question("a", "shell", opaque=("program",)), Verdict.ASK, ("strict-ask-opaque",)),
        ("strict", Question("a", "shell", opaque=("arguments",)), Verdict.ALLOW, ()),
        ("strict", Question("a", "other", understood=False), Verdict.DENY, ("strict-deny-not-understood",)),
        ("observe", Question("a", "other", understood=False), Verdict.LOG, ("observe-log-not-understood",)),
    ],
)
def test_shipped_sets(name: str, question: Question, verdict: Verdict, reasons: tuple[str, ...]) -> None:
    decision = evaluate(question, (), shipped(name))
    assert (decision.verdict, decision.reasons, decision.errors) == (verdict, reasons, ())


def test_strict_refuses_unattended_what_it_would_ask() -> None:
    medium = [finding(Severity.MEDIUM)]
    assert evaluate(SHELL, medium, shipped("strict")).verdict is Verdict.ASK
    alone = Question("claude-code", "shell", permission_mode="bypassPermissions")
    assert evaluate(alone, medium, shipped("strict")).verdict is Verdict.DENY


@pytest.mark.parametrize(
    ("texts", "verdict", "reasons", "errors"),
    [
        ((), Verdict.DENY, ("nothing-permits",), 0),
        (("permit p",), Verdict.ALLOW, (), 0),
        (("permit p", "log l", "ask a", "deny d"), Verdict.DENY, ("d",), 0),
        (("permit p", "log l", "ask b", "ask a"), Verdict.ASK, ("a", "b"), 0),
        (("permit p", "log l", "deny d: context.privileged"), Verdict.LOG, ("l",), 0),
        (("permit p", f"deny d: {OVERFLOW}"), Verdict.DENY, ("d",), 1),
        (("permit p", f"ask d: {OVERFLOW}", "log l"), Verdict.ASK, ("d",), 1),
        ((f"permit p: {OVERFLOW}",), Verdict.DENY, ("nothing-permits",), 1),
        (("permit p", f"permit q: {OVERFLOW}"), Verdict.ALLOW, (), 1),
    ],
)
def test_precedence_and_errors(texts: tuple[str, ...], verdict: Verdict, reasons: tuple[str, ...], errors: int) -> None:
    decision = evaluate(SHELL, [finding(Severity.LOW)], policies(*texts))
    assert (decision.verdict, decision.reasons, len(decision.errors)) == (verdict, reasons, errors)


def test_an_exception_spares_the_rules_it_names_where_it_matches() -> None:
    held = policies(
        "permit p",
        "deny d: context.severity >= 3",
        'permit spared @excepts("r") : context.cwd like "/srv/app*"'.replace(") :", "):"),
    )
    inside, outside = Question("a", "shell", cwd="/srv/app/x"), Question("a", "shell", cwd="/home")
    high = finding(Severity.HIGH)
    assert evaluate(outside, [high], held).verdict is Verdict.DENY
    decision = evaluate(inside, [high], held)
    assert (decision.verdict, decision.reasons, decision.findings) == (Verdict.ALLOW, ("spared",), (high,))
    assert evaluate(inside, [high, finding(Severity.HIGH, "other")], held).verdict is Verdict.DENY


def test_silence_is_granted_by_a_permit_that_says_so_and_by_nothing_else() -> None:
    held = policies("permit p", 'permit quiet @silent: context.programs.contains("ls")')
    listing = Question("a", "shell", programs=("ls",))
    assert evaluate(listing, (), held) == Decision(
        Verdict.ALLOW, ("quiet",), message="Allowed.", policy=held.revision, silent=True
    )
    assert evaluate(SHELL, (), held).silent is False
    loud = policies("permit p", "permit quiet @silent", "log l")
    assert evaluate(listing, (), loud).silent is False


def test_matched_policies_for_an_explanation() -> None:
    question = with_findings(SHELL, [finding(Severity.HIGH, pack="destructive")])
    assert [policy.id for policy in matched_policies(question, shipped())] == ["baseline-deny-high"]
    assert (question.findings, question.packs, question.severity) == (("r",), ("destructive",), 3)


def test_confidence() -> None:
    question = with_findings(SHELL, [finding(Severity.HIGH, "a", Confidence.LOW), finding(Severity.LOW, "b")])
    assert (question.severity, question.sure_severity) == (3, 1)


FINDINGS = st.lists(st.builds(finding, st.sampled_from(list(Severity)), st.sampled_from(["a", "b", "c"])), max_size=6)
TEXT = st.text(max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
QUESTIONS = st.builds(
    Question,
    agent=TEXT,
    action=st.sampled_from(ACTIONS),
    tool=TEXT,
    permission_mode=st.sampled_from(["", "yolo", "default"]),
    programs=TEXTS,
    opaque=st.lists(st.sampled_from(["program", "input", "x"]), max_size=2).map(tuple),
    server=TEXT,
    server_known=st.booleans(),
    tier=st.sampled_from(["official", "community", "unknown", ""]),
    approvals=st.booleans(),
    approved=st.booleans(),
    understood=st.booleans(),
)
NAMES = st.sampled_from(SETS)


@given(QUESTIONS, FINDINGS, NAMES)
def test_total(question: Question, findings: list[Finding], name: str) -> None:
    decision = evaluate(question, findings, shipped(name))
    assert (decision.verdict is Verdict.ALLOW) is (decision.reasons == ())
    assert "undecided" not in decision.reasons


@given(QUESTIONS, FINDINGS, NAMES, st.randoms())
def test_order_free(question: Question, findings: list[Finding], name: str, random: object) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert evaluate(question, shuffled, shipped(name)) == evaluate(question, findings, shipped(name))


@given(st.permutations(["permit p", "log l: context.severity >= 1", "ask a: context.severity >= 2", "deny d: true"]))
def test_order_of_policies_does_not_matter(texts: list[str]) -> None:
    assert evaluate(SHELL, [finding(Severity.LOW)], policies(*texts)).reasons == ("d",)


CONDITIONS = ["true", "context.understood", "context.severity >= 2", 'context.programs.contains("a")', OVERFLOW]


@given(
    QUESTIONS,
    FINDINGS,
    st.lists(st.tuples(st.sampled_from(["deny", "ask", "log"]), st.sampled_from(CONDITIONS)), max_size=3),
    st.tuples(st.sampled_from(["deny", "ask", "log"]), st.sampled_from(CONDITIONS)),
)
def test_a_further_forbid_never_loosens(
    question: Question, findings: list[Finding], held: list[tuple[str, str]], further: tuple[str, str]
) -> None:
    texts = ["permit p", *(f"{word} f{at}: {condition}" for at, (word, condition) in enumerate(held))]
    before = evaluate(question, findings, policies(*texts)).verdict
    after = evaluate(question, findings, policies(*texts, f"{further[0]} more: {further[1]}")).verdict
    assert after.rank >= before.rank


@given(QUESTIONS, FINDINGS, NAMES)
def test_a_further_finding_never_loosens(question: Question, findings: list[Finding], name: str) -> None:
    before = evaluate(question, findings, shipped(name)).verdict
    assert evaluate(question, [*findings, finding(Severity.MEDIUM)], shipped(name)).verdict.rank >= before.rank


@given(QUESTIONS, FINDINGS, NAMES)
def test_monitor_decides_the_same(question: Question, findings: list[Finding], name: str) -> None:
    """That a monitored deny blocks nobody is the encoders' promise; see tests/agents/hooks."""
    enforced = evaluate(question, findings, shipped(name))
    watched = evaluate(question, findings, shipped(name), Mode.MONITOR)
    assert (watched.verdict, watched.reasons, watched.mode) == (enforced.verdict, enforced.reasons, Mode.MONITOR)


HELD = {
    "strict": load_policies({"strict.cedar": shipped_text("strict")}, NOW),
    "looking": policies(
        "permit p",
        f"deny overflow: context.severity == 2 && {OVERFLOW}",
        'ask on-a: context.programs.contains("a")',
        'log tool: context.tool like "*x*"',
        'permit spared @excepts("a"): context.server_known',
    ),
}
"""Kept over all examples, so that most are answered from what was kept of others."""


@settings(max_examples=300)
@given(QUESTIONS, FINDINGS, st.sampled_from(sorted(HELD)))
def test_what_is_kept_of_earlier_questions_changes_no_answer(
    question: Question, findings: list[Finding], name: str
) -> None:
    held = HELD[name]
    fresh = load_policies(held.texts, NOW)
    assert evaluate(question, findings, held) == evaluate(question, findings, fresh)
    assert evaluate(question, findings, held) == evaluate(question, findings, fresh)


@pytest.mark.parametrize(
    ("condition", "first", "second"),
    [
        ('principal == Agent::"b"', Question("a", "shell"), Question("b", "shell")),
        ('action == Action::"read"', Question("a", "shell"), Question("a", "read")),
        ('resource == Server::"x"', Question("a", "mcp", server="y"), Question("a", "mcp", server="x")),
        ('resource == Launch::"x"', Question("a", "launch"), Question("a", "launch", package="x")),
        ("context.understood == false", Question("a", "shell"), Question("a", "shell", understood=False)),
        ('context.programs == ["a", "b"]', Question("a", "shell"), Question("a", "shell", programs=("b", "a"))),
    ],
)
def test_everything_that_a_policy_can_look_at_tells_questions_apart(
    condition: str, first: Question, second: Question
) -> None:
    held = policies("permit p", f"deny d: {condition}")
    found = [evaluate(question, (), held).verdict for question in (first, second, first, second)]
    assert found == [Verdict.ALLOW, Verdict.DENY] * 2


def test_answers_that_are_kept_are_bounded() -> None:
    held = policies("permit p", 'deny d: context.tool like "*x*"')
    for number in range(1_500):
        evaluate(Question("a", "shell", tool=f"t{number}"), (), held)
    evaluate(Question("a", "shell", tool="t" * 5_000), (), held)
    assert sorted(len(tool) for *_, tool in held.main.answers)[-1] < 100
    assert len(held.main.answers) == 1_500 - 1_024


def test_a_question_that_cannot_be_written_is_refused() -> None:
    held = policies("permit p", 'deny d: context.tool like "*x*"')
    decision = evaluate(Question("a", "shell", tool="\ud800"), (), held)
    assert (decision.verdict, decision.reasons, decision.errors) == (
        Verdict.DENY,
        ("undecided",),
        ("the question cannot be written",),
    )
