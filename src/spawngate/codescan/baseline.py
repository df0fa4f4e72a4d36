"""Baseline: the findings that were there when a project began to look, so that only new ones fail its build.

Belongs here: the file's form, and which findings it holds. Must not be here: suppressions, which somebody answers for
(`codescan.suppress`), and reading the file.

A finding of the baseline counts again when its grade is worse than it was. Of several alike as many are held as the
baseline counted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from spawngate.codescan.finding import CodeFinding, Grade
from spawngate.model.errors import UsageError
from spawngate.model.observed import Diagnostic

SCHEMA_VERSION = 1
SUPPRESSED = "baseline"
"""What a held finding says in `suppressed`."""


class Known(msgspec.Struct, frozen=True):
    """One finding, or several that are alike."""

    fingerprint: str
    rule: str
    grade: str
    """The worst that was seen."""
    path: str
    """Of the launch, with its line: for people who read the file."""
    count: int = 1


class Baseline(msgspec.Struct, frozen=True):
    """A baseline file."""

    schema_version: int
    created: str
    """RFC 3339, UTC."""
    findings: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings after a baseline."""

    findings: tuple[CodeFinding, ...]
    """All of them, in their order; `suppressed` is `baseline` for those that it holds."""
    notes: tuple[Diagnostic, ...]
    """How many findings of the baseline are gone, and which are worse than they were."""


def write(findings: Iterable[CodeFinding], created: str) -> bytes:
    """The baseline of findings; those that a suppression covers are left out. Equal findings give equal bytes."""
    together: dict[str, list[CodeFinding]] = {}
    for finding in findings:
        if finding.suppressed in ("", SUPPRESSED):
            together.setdefault(finding.fingerprint, []).append(finding)
    known = [
        Known(
            fingerprint=mark,
            rule=alike[0].rule,
            grade=max((item.grade for item in alike), key=lambda grade: grade.rank).value,
            path=f"{_plain(alike[0].site.path)}:{alike[0].site.line}",
            count=len(alike),
        )
        for mark, alike in sorted(together.items())
    ]
    return msgspec.json.format(msgspec.json.encode(Baseline(SCHEMA_VERSION, created, tuple(known))), indent=2) + b"\n"


def read(data: bytes, path: str) -> Baseline:
    """A baseline file. Raises UsageError: a baseline that cannot be read holds nothing, and must not pass for one."""
    try:
        found = msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UsageError(f"{path}: is no baseline; `spawngate code --write-baseline {path}` makes one") from None
    if found.schema_version != SCHEMA_VERSION:
        raise UsageError(f"{path}: has schema_version {found.schema_version}, and {SCHEMA_VERSION} is understood")
    return found


def compare(findings: Sequence[CodeFinding], baseline: Baseline, path: str) -> Compared:
    """The findings, those that the baseline holds marked. Of several alike the first ones are held."""
    grades = {known.fingerprint: known.grade for known in baseline.findings}
    left = Counter({known.fingerprint: known.count for known in baseline.findings})
    compared: list[CodeFinding] = []
    worse: list[CodeFinding] = []
    for finding in findings:
        if not finding.suppressed and left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
            if finding.grade.rank <= _rank(grades[finding.fingerprint]):
                finding = replace(finding, suppressed=SUPPRESSED)
            else:
                worse.append(finding)
        elif finding.suppressed:
            left[finding.fingerprint] -= 1
        compared.append(finding)
    notes = [
        Diagnostic(
            path,
            "baseline-worse",
            f"{item.site.path}:{item.site.line} was {grades[item.fingerprint]} and is {item.grade.value} now",
        )
        for item in worse
    ]
    gone = sum(number for number in left.values() if number > 0)
    if gone:
        said = f"{gone} finding{'s' * (gone != 1)} of the baseline {'are' if gone != 1 else 'is'} gone: write it anew"
        notes.append(Diagnostic(path, "baseline-gone", said))
    return Compared(tuple(compared), tuple(notes))


def _rank(word: str) -> int:
    """Rank of a grade; that of none for a word that is no grade, so that it holds nothing."""
    return Grade(word).rank if word in set(Grade) else Grade.NONE.rank


def _plain(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
