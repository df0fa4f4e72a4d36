"""What an agent and its person read when a call is refused: what, why, by which rule, and how to go on.

One place for all agents. Plain text on one line: it ends in JSON strings, on stderr and in terminals. An agent that is
told nothing looks for a way round, so every text says that a person decides and what that person can run.
Must not be here: how a text is wrapped for one agent (`agents.hooks.replies`).
"""

import re
import unicodedata

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Decision, Verdict

LONGEST = 1_500
"""Characters of a whole text. Agents cut longer ones in places of their own (400 for stderr in one)."""

_MESSAGE = 700
_IDS = 8

_VERDICT = re.compile(r"^(?:Refused|Needs a person's approval|Allowed and recorded): (?=.)")
"""How a decision's message begins (`policy.words`), which our own first sentence says already."""

_WHAT = {
    ToolKind.SHELL: "this command",
    ToolKind.READ: "reading this file",
    ToolKind.WRITE: "this change of a file",
    ToolKind.FETCH: "this request",
    ToolKind.SEARCH: "this search",
    ToolKind.MCP: "this call of an MCP tool",
    ToolKind.SUBAGENT: "this sub-agent",
    ToolKind.OTHER: "this call",
}


def refusal(decision: Decision, call: ToolCall | None) -> str:
    """Why a call was refused, for the agent to read. Also where `ask` had to become a refusal."""
    what = _what(call)
    if decision.verdict is Verdict.ASK:
        head = f"Spawngate stopped {what}: a person has to approve it, and this agent cannot ask one here."
    else:
        head = f"Spawngate refused {what}."
    tail = (
        "Do not try another way to the same end. A person can look at it with `spawngate audit tail`, "
        "and allow it by a policy or with `spawngate approve`."
    )
    return _join(head, decision, tail)


def question(decision: Decision, call: ToolCall | None) -> str:
    """Why a person is asked, for that person to read."""
    tail = "Where nobody answers it is refused; then do not try another way to the same end."
    return _join(f"Spawngate asks before {_what(call)}.", decision, tail)


def plain(text: str, longest: int = LONGEST) -> str:
    """The text on one line without characters that steer a terminal or hide text, cut visibly."""
    text = text[: longest * 2]
    if text.isprintable():
        line = " ".join(text.split())
        return line if len(line) <= longest else f"{line[: longest - 1]}\u2026"
    kept: list[str] = []
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(f"\\u{{{ord(character):x}}}")
        else:
            kept.append(character)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}\u2026"


def _join(head: str, decision: Decision, tail: str) -> str:
    message = _VERDICT.sub("", plain(decision.message, _MESSAGE))
    if not message:
        message = plain("; ".join(dict.fromkeys(item.message for item in decision.findings)), _MESSAGE)
    if message and message[-1] not in ".!?\u2026":
        message += "."
    ids = [f"{name} {_list(values)}" for name, values in (("policy", decision.reasons), ("rule", _rules(decision)))]
    named = "; ".join(item for item, values in zip(ids, (decision.reasons, _rules(decision)), strict=True) if values)
    parts = (head, message, f"({named})" if named else "", "" if not decision.errors else _errors(decision), tail)
    return plain(" ".join(part for part in parts if part))


def _rules(decision: Decision) -> tuple[str, ...]:
    """Ids of rules, the gravest first; those that policies named already stand once."""
    ranked = sorted(decision.findings, key=lambda item: -item.severity.rank)
    return tuple(dict.fromkeys(item.rule for item in ranked if item.rule not in decision.reasons))


def _list(values: tuple[str, ...]) -> str:
    more = len(values) - _IDS
    return plain(", ".join(values[:_IDS]) + (f" and {more} more" if more > 0 else ""), 300)


def _errors(decision: Decision) -> str:
    return f"Not everything could be judged: {_list(decision.errors)}."


def _what(call: ToolCall | None) -> str:
    return _WHAT[call.kind] if call is not None else "this call"
