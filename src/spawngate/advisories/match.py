"""Which advisories hit which subjects, and what to do about it.

Belongs here: the answer to each pair, why, and how sure. Must not be here: orders and ranges of versions
(`advisories.ranges`), finding subjects (`advisories.subjects`, `endpoint.projects`) and output.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spawngate.advisories.database import Database
from spawngate.advisories.model import Advisory, Affected, Answer, Archived, Key
from spawngate.advisories.pins import Kind
from spawngate.advisories.ranges import Verdict, describe, judge
from spawngate.advisories.subjects import Source, Subject, key
from spawngate.advisories.versions import compare, scheme_of
from spawngate.model.finding import Confidence

_ORDER = (Answer.AFFECTED, Answer.NO_FIX, Answer.UNCERTAIN, Answer.FIXED, Answer.NOT_AFFECTED)
_FORMS = {"image": "image", "GitHub": "source", "app": "application"}


@dataclass(frozen=True, slots=True)
class Match:
    """One advisory's word about one subject."""

    advisory: Advisory
    subject: Subject
    package: Key
    """The package of the advisory that the subject stands for."""
    answer: Answer
    why: str
    confidence: Confidence
    fixed_in: str = ""
    """The first good release: to update to where affected, already reached where fixed."""
    certain: bool = True
    """The subject is that package for certain, not by its name only."""

    @property
    def hits(self) -> bool:
        """Whether a person has to look at it."""
        return self.answer in (Answer.AFFECTED, Answer.NO_FIX, Answer.UNCERTAIN)


def match(subjects: Iterable[Subject], database: Database) -> tuple[Match, ...]:
    """Every answer of every advisory about the subjects' packages, worst first; nothing for what no advisory knows.

    One subject has one answer per fault: records that are aliases of one another are joined, and where they disagree
    the answer is uncertain.
    """
    listed = _known_better(tuple(subjects), database)
    found: list[Match] = []
    for subject in listed:
        found.extend(_joined(_all(subject, database)))
    return tuple(sorted(_without_guesses(found), key=_sorting))


def archived(subjects: Iterable[Subject], database: Database) -> tuple[tuple[Subject, Archived], ...]:
    """The subjects whose projects were archived upstream."""
    found: list[tuple[Subject, Archived]] = []
    for subject in subjects:
        for package, certain in database.keys(key(subject.ecosystem, subject.name)):
            known = database.archived(package)
            if known is not None and certain:
                found.append((subject, known))
                break
    return tuple(found)


def _sorting(one: Match) -> tuple[int, int, str, str, str]:
    severity = one.advisory.severity
    rank = -severity.rank if severity is not None else 0
    return _ORDER.index(one.answer), rank, one.advisory.id, one.subject.path, one.subject.name


def _known_better(subjects: Sequence[Subject], database: Database) -> tuple[Subject, ...]:
    """Without tools of unknown version whose application, with its version, is there too; each subject once."""
    known: set[Key] = set()
    for subject in subjects:
        if subject.source is Source.APPLICATION and subject.pin.kind is Kind.EXACT:
            known.update(package for package, _ in database.keys(key(subject.ecosystem, subject.name)))
    kept: list[Subject] = []
    for subject in dict.fromkeys(subjects):
        if subject.source is Source.TOOL and subject.pin.kind is Kind.UNKNOWN:
            keys = [package for package, _ in database.keys(key(subject.ecosystem, subject.name))]
            if any(package in known for package in keys):
                continue
        kept.append(subject)
    return tuple(kept)


def _all(subject: Subject, database: Database) -> list[Match]:
    own = key(subject.ecosystem, subject.name)
    best: dict[str, Match] = {}
    for package, certain in database.keys(own):
        for advisory, entry in database.find(package):
            one = _answer(subject, package, advisory, entry, certain)
            held = best.get(advisory.id)
            if held is None or _ORDER.index(one.answer) < _ORDER.index(held.answer):
                best[advisory.id] = one
    for advisory in database.named(own[1]):
        why = "only the name is the same; compare its owner and origin with the advisory's sources"
        best.setdefault(
            advisory.id, Match(advisory, subject, own, Answer.UNCERTAIN, why, Confidence.LOW, certain=False)
        )
    return list(best.values())


def _answer(subject: Subject, package: Key, advisory: Advisory, entry: Affected, certain: bool) -> Match:
    verdict = judge(entry, subject.pin)
    fix = verdict.fix or next(iter(advisory.fixed_in), None) or ""
    one = Match(advisory, subject, package, Answer.NOT_AFFECTED, "", advisory.confidence, certain=certain)
    form = _FORMS.get(subject.ecosystem, "package")
    if entry.forms and form not in entry.forms:
        return replace(one, why=f"the fault is only in the {' and '.join(entry.forms)}, not in the {form}")
    if entry.platform and subject.platform and entry.platform != subject.platform:
        return replace(one, why=f"the fault exists on {entry.platform} only")
    version = subject.pin.version or subject.pin.text
    if verdict.state == "out":
        return _outside(one, entry, verdict, version)
    if not certain:
        why = f"known by its name only, which may be another program's; affected: {describe(entry)}"
        return replace(one, answer=Answer.UNCERTAIN, why=why, fixed_in=fix, confidence=Confidence.LOW)
    if verdict.state == "unsure":
        confidence = advisory.confidence if subject.pin.kind is Kind.EXACT else Confidence.LOW
        return replace(one, answer=Answer.UNCERTAIN, why=verdict.why, fixed_in=fix, confidence=confidence)
    if entry.platform and not subject.platform:
        why = f"the fault exists on {entry.platform} only, and the platform is not known"
        return replace(one, answer=Answer.UNCERTAIN, why=why, fixed_in=fix)
    why = verdict.why or (
        f"{version} is among the affected releases: {describe(entry)}" if version else describe(entry)
    )
    confidence = advisory.confidence
    if subject.pin.kind is not Kind.EXACT and confidence is Confidence.HIGH:
        confidence = Confidence.MEDIUM
    if advisory.malicious:
        return replace(
            one, answer=Answer.AFFECTED, why=f"malicious release: {why}", fixed_in=fix, confidence=confidence
        )
    if fix or (verdict.closed and not advisory.no_fix_known):
        return replace(one, answer=Answer.AFFECTED, why=why, fixed_in=fix, confidence=confidence)
    return replace(one, answer=Answer.NO_FIX, why=f"{why}; no fixed release is known", confidence=confidence)


def _outside(one: Match, entry: Affected, verdict: Verdict, version: str) -> Match:
    scheme = scheme_of(entry.ecosystem)
    passed = (compare(scheme, fix, version) if scheme else None for fix in one.advisory.fixed_in)
    good = (fix for fix, order in zip(one.advisory.fixed_in, passed, strict=True) if order is not None and order <= 0)
    fix = verdict.fix or next(good, None)
    if fix:
        return replace(one, answer=Answer.FIXED, why=f"{version} is at or above {fix}", fixed_in=fix)
    if verdict.why and one.advisory.no_fix_known:
        why = f"{version}: {verdict.why}, and no fix is known"
        return replace(one, answer=Answer.UNCERTAIN, why=why, confidence=Confidence.LOW)
    return replace(one, why=f"{version} is not among the affected releases: {describe(entry)}")


def _joined(found: Sequence[Match]) -> list[Match]:
    """One match per fault: of records that name one another, the first of the wheel; disagreement is uncertain."""
    groups: list[tuple[set[str], list[Match]]] = []
    for one in found:
        names = {one.advisory.id, *one.advisory.aliases}
        group = next((group for group in groups if group[0] & names), None)
        if group is None:
            groups.append((names, [one]))
        else:
            group[0].update(names)
            group[1].append(one)
    joined: list[Match] = []
    for _, members in groups:
        first = min(members, key=lambda one: one.advisory.imported)
        words = {one.hits for one in members}
        if len(words) > 1:
            said = "; ".join(f"{one.advisory.id} says {one.answer.value} ({one.why})" for one in members)
            first = replace(first, answer=Answer.UNCERTAIN, why=f"sources disagree: {said}")
        joined.append(first)
    return joined


def _without_guesses(found: Sequence[Match]) -> list[Match]:
    """Without matches by name where the same artifact has the same package for certain."""
    certain = {(one.subject.artifact, one.package) for one in found if one.certain and one.subject.artifact}
    return [one for one in found if one.certain or (one.subject.artifact, one.package) not in certain]
