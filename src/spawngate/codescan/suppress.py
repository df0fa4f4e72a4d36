"""Suppressions: findings that somebody has looked at and answers for, with a reason and, if wished, an end.

Belongs here: the two notations, whom a suppression covers, and what is said of one that has ended or covers nothing.
Must not be here: findings that were there before (`codescan.baseline`), reading files, the clock (`today` is given).

In a comment, on the line of the launch, alone on the line above it, or for the whole file within its first 40 lines:

    # spawngate: ignore[mcp-launch-http] only admins reach this form until=2027-03-31
    // spawngate: ignore-file[mcp-launch-*] examples of the manual, never deployed

In `.spawngate/code.toml` at the top of the project, for paths or single findings:

    [[suppress]]
    rule = "mcp-launch-*"
    path = "examples/**"
    reason = "examples of the manual, never deployed"
    until = 2027-03-31

A suppression without a rule, without a reason, or with an end that is no date covers nothing, and this is said: what is
written half must not open a gate. The last day counts still.
"""

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from spawngate.agents.formats.toml import parse_toml
from spawngate.codescan.finding import CodeFinding
from spawngate.model.observed import Diagnostic

FILE = ".spawngate/code.toml"
"""Where a project's own suppressions lie."""
HEAD = 40
"""Lines of a file in which a suppression for the whole of it may stand."""
LONGEST_REASON = 300
MOST = 1_000
"""Suppressions of one file that are read."""
_MARK = re.compile(rb"spawngate:[ \t]*ignore")
_INLINE = re.compile(
    r"(?:#|//|/\*|\*|--|<!--|\{/\*)[ \t]*spawngate:[ \t]*ignore(?P<file>-file)?"
    r"(?:[ \t]*\[(?P<rules>[^\]\n]{0,300})\])?(?P<rest>[^\n]{0,500})"
)
_UNTIL = re.compile(r"(?:^|\s)until=(\S*)")
_CODE = re.compile(r"[^\s#/*<{!-]")


@dataclass(frozen=True, slots=True)
class Suppression:
    """Somebody's word that findings are known."""

    rules: tuple[str, ...]
    """Ids of rules; `*` stands for any characters."""
    reason: str
    until: date | None
    """The last day on which it counts; None for no end."""
    where: str
    """File that it stands in."""
    at: int
    """Line that it stands on, from 1."""
    path: str
    """Pattern of paths (`*`, `**`); a single path for an inline one."""
    lines: tuple[int, ...] = ()
    """Lines of launches that it covers; empty for every line."""
    fingerprint: str = ""
    """A single finding; empty for every one."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Findings after suppressions."""

    findings: tuple[CodeFinding, ...]
    """All of them, in their order; `suppressed` says why one counts no more."""
    notes: tuple[Diagnostic, ...]
    """Suppressions that have ended, and those that cover nothing."""


def mentions(source: bytes) -> bool:
    """Whether a source can hold a suppression at all: a quick look."""
    return _MARK.search(source) is not None


def inline(path: str, source: bytes) -> tuple[tuple[Suppression, ...], tuple[Diagnostic, ...]]:
    """The suppressions in a file's comments, and what is wrong with those that cannot count. Raises nothing."""
    found: list[Suppression] = []
    trouble: list[Diagnostic] = []
    if not mentions(source):
        return (), ()
    for number, line in enumerate(source.decode("utf-8", "replace").split("\n"), 1):
        match = _INLINE.search(line) if "spawngate:" in line else None
        if match is None:
            continue
        if len(found) + len(trouble) >= MOST:
            trouble.append(Diagnostic(path, "budget", f"holds more than {MOST} suppressions; the rest do not count"))
            break
        rest = re.sub(r"(\*/\}?|-->)\s*$", "", match["rest"])
        until = _UNTIL.search(rest)
        reason = " ".join(_UNTIL.sub(" ", rest, count=1).split()).lstrip(":- ").strip()
        rules = tuple(word.strip() for word in (match["rules"] or "").split(",") if word.strip())
        end, wrong = _end(until[1] if until else None)
        if match["file"] and number > HEAD:
            wrong = f"stands after line {HEAD}: ignore-file counts at the head of a file only"
        wrong = _missing(rules, reason) or wrong
        if wrong:
            trouble.append(Diagnostic(path, "suppression", f"line {number}: the suppression does not count: {wrong}"))
            continue
        alone = _CODE.search(line[: match.start()]) is None
        lines = () if match["file"] else (number, number + 1) if alone else (number,)
        found.append(Suppression(rules, reason[:LONGEST_REASON], end, path, number, path, lines))
    return tuple(found), tuple(trouble)


def of_file(text: str, where: str = FILE) -> tuple[tuple[Suppression, ...], tuple[Diagnostic, ...]]:
    """The suppressions of a project's own file, and what is wrong with those that cannot count. Raises nothing."""
    value, problems = parse_toml(text)
    trouble = [Diagnostic(where, problem.reason, problem.message) for problem in problems]
    listed = value.get("suppress") if isinstance(value, Mapping) else None
    if listed is not None and (not isinstance(listed, Sequence) or isinstance(listed, str)):
        return (), (*trouble, Diagnostic(where, "unknown-shape", "`suppress` is no list of tables"))
    found: list[Suppression] = []
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.strip().startswith("[[suppress]]")]
    for number, entry in enumerate((listed or ())[:MOST]):
        at = starts[number] if number < len(starts) else 0
        one = _entry(entry, where, at)
        if isinstance(one, str):
            trouble.append(Diagnostic(where, "suppression", f"line {at}: the suppression does not count: {one}"))
        else:
            found.append(one)
    return tuple(found), tuple(trouble)


def answer(findings: Iterable[CodeFinding], suppressions: Sequence[Suppression], today: date) -> Answered:
    """The findings, those that a suppression covers marked, and what is to be said of the suppressions themselves."""
    in_force = [item for item in suppressions if item.until is None or today <= item.until]
    used: set[int] = set()
    ended: dict[int, int] = {}
    answered: list[CodeFinding] = []
    for finding in findings:
        holding = next((item for item in in_force if covers(item, finding)), None)
        if holding is not None and not finding.suppressed:
            used.add(id(holding))
            finding = replace(finding, suppressed=_told(holding))
        for item in suppressions:
            if item not in in_force and covers(item, finding):
                ended[id(item)] = ended.get(id(item), 0) + 1
        answered.append(finding)
    notes = []
    for item in suppressions:
        if id(item) in ended:
            number = ended[id(item)]
            said = f"line {item.at}: ended on {item.until}: {number} finding{'s' * (number != 1)} count again"
            notes.append(Diagnostic(item.where, "suppression-ended", said))
        elif id(item) not in used and item in in_force:
            notes.append(Diagnostic(item.where, "suppression-unused", f"line {item.at}: covers no finding"))
    return Answered(tuple(answered), tuple(notes))


def covers(suppression: Suppression, finding: CodeFinding) -> bool:
    """Whether a suppression is about a finding, whatever the day."""
    site = finding.site
    return (
        any(fnmatch.fnmatchcase(finding.rule, rule) for rule in suppression.rules)
        and _matches(suppression.path, site.path)
        and (not suppression.lines or site.line in suppression.lines)
        and suppression.fingerprint in ("", finding.fingerprint)
    )


def _matches(pattern: str, path: str) -> bool:
    """`*` within a folder, `**` across folders; a pattern without either is the path itself."""
    expression = "".join(
        {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
        for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    )
    return pattern == path or re.fullmatch(expression, path, re.DOTALL) is not None


def _told(suppression: Suppression) -> str:
    end = f" (until {suppression.until})" if suppression.until is not None else ""
    return f"{suppression.reason}{end}"


def _missing(rules: Sequence[str], reason: str) -> str:
    if not rules:
        return "it names no rule, as in ignore[mcp-launch-http]"
    return "" if reason else "it gives no reason"


def _end(text: str | None) -> tuple[date | None, str]:
    if text is None:
        return None, ""
    try:
        return date.fromisoformat(text.rstrip(".,;")), ""
    except ValueError:
        return None, "its end is no date, as in until=2027-03-31"


def _entry(entry: Any, where: str, at: int) -> "Suppression | str":
    """One table of the file; what is wrong with it as text."""
    if not isinstance(entry, Mapping):
        return "it is no table"
    unknown = sorted(set(entry) - {"rule", "path", "fingerprint", "reason", "until"})
    if unknown:
        return "it has keys that are not known; there are rule, path, fingerprint, reason and until"
    given = entry.get("rule")
    listed = [given] if isinstance(given, str) else given
    rules = tuple(item for item in listed if isinstance(item, str) and item) if isinstance(listed, list | tuple) else ()
    reason, path, mark = entry.get("reason"), entry.get("path"), entry.get("fingerprint", "")
    reason = " ".join(reason.split()) if isinstance(reason, str) else ""
    wrong = _missing(rules, reason)
    if not isinstance(mark, str) or (path is not None and not isinstance(path, str)) or not (path or mark):
        wrong = wrong or "it needs a `path` or a `fingerprint`, as text"
    until = entry.get("until")
    end: date | None = None
    if isinstance(until, datetime):
        end = until.date()
    elif isinstance(until, date):
        end = until
    elif until is not None:
        end, fault = _end(until) if isinstance(until, str) else (None, "its end is no date, as in until = 2027-03-31")
        wrong = wrong or fault
    if wrong:
        return wrong
    return Suppression(rules, reason[:LONGEST_REASON], end, where, at, path or "**", (), str(mark))
