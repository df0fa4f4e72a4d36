"""Whether the version of a subject lies in the releases an advisory names.

Belongs here: exact versions, ranges and unknown versions against spans, lists of versions and doubts.
Must not be here: what to call the result (`advisories.match`), and orders of versions (`advisories.versions`).
Source: https://ossf.github.io/osv-schema, "evaluation"; beyond it, whole ranges of versions are decided where every
version of the range has the same answer.
"""

from dataclasses import dataclass
from typing import Any, Literal

from spawngate.advisories.model import Affected, Doubt, Span
from spawngate.advisories.pins import Interval, Kind, Pin
from spawngate.advisories.versions import Scheme, key, scheme_of

State = Literal["in", "out", "unsure"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a version lies. `fix` is the release that repairs it: to update to when `in`, already passed when `out`."""

    state: State
    fix: str | None = None
    why: str = ""
    closed: bool = True
    """For `in`: the releases that are affected end somewhere."""


def describe(entry: Affected) -> str:
    """The affected releases in words."""
    parts = [_words(span) for one in entry.ranges for span in one.spans]
    if entry.versions and not parts:
        listed = ", ".join(entry.versions[:4]) + (" and more" if len(entry.versions) > 4 else "")
        parts.append(listed)
    return " and ".join(parts) or ("some commits" if entry.ranges else "every release")


def _words(span: Span) -> str:
    start = "" if span.introduced == "0" else f"from {span.introduced}"
    if span.fixed or span.limit:
        end = f"before {span.fixed or span.limit}"
    elif span.last_affected:
        end = f"up to {span.last_affected}"
    else:
        end = "" if start else "every release"
    return f"{start} {end}".strip() + (" on" if start and not end else "")


def judge(entry: Affected, pin: Pin) -> Verdict:
    """Where the pinned version lies among the releases of `entry`."""
    if _everything(entry) and not entry.doubts:
        return Verdict("in", closed=False)
    match pin.kind:
        case Kind.EXACT:
            return _exact(entry, pin.version)
        case Kind.RANGE:
            return _interval(entry, pin)
        case Kind.NEWEST:
            return _newest(entry, pin)
        case Kind.BRANCH:
            why = f"`{pin.text}` is a branch or tag that names no version"
        case Kind.COMMIT:
            why = "a commit is pinned, and which version it is can only be told with the repository"
        case Kind.DIGEST:
            why = "a digest is pinned, and which version it is can only be told with the image"
        case _:
            why = "the version is written with a variable" if pin.text else "the version could not be read"
    doubt = next((doubt for doubt in entry.doubts if _unbounded(doubt)), None)
    if doubt is not None:
        return Verdict("unsure", _only_fix(entry), doubt.why)
    if _everything(entry):
        return Verdict("in", closed=False)
    return Verdict("unsure", _only_fix(entry), f"{why}; affected: {describe(entry)}")


def _everything(entry: Affected) -> bool:
    if not entry.ranges:
        return not entry.versions
    return any(
        span.introduced == "0" and not (span.fixed or span.last_affected or span.limit)
        for one in entry.ranges
        for span in one.spans
    )


def _unbounded(doubt: Doubt) -> bool:
    span = doubt.span
    return span is not None and span.introduced == "0" and not (span.fixed or span.last_affected or span.limit)


def _only_fix(entry: Affected) -> str | None:
    fixes = [span.fixed for one in entry.ranges for span in one.spans if span.fixed]
    return fixes[-1] if fixes else None


# -- one version --------------------------------------------------------------------------------------------------


def _exact(entry: Affected, version: str) -> Verdict:
    for doubt in entry.doubts:
        if _listed(entry, doubt.versions, version) or (doubt.span and _inside(entry, "", doubt.span, version)):
            return Verdict("unsure", _only_fix(entry), doubt.why)
    if _listed(entry, entry.versions, version):
        return Verdict("in", _fix_after(entry, version))
    passed: str | None = None
    for one in entry.ranges:
        if one.type == "GIT":
            return Verdict("unsure", None, "the record counts commits, which only the repository can put in order")
        for span in one.spans:
            inside = _inside(entry, one.type, span, version)
            if inside is None:
                return Verdict(
                    "unsure", _only_fix(entry), f"`{version}` is no version of this kind; affected: {describe(entry)}"
                )
            if inside:
                return Verdict("in", span.fixed, closed=bool(span.fixed or span.last_affected or span.limit))
            if span.fixed and (_order(entry, one.type, span.fixed, version) or 0) <= 0:
                passed = span.fixed
    if not entry.ranges and not entry.versions:
        return Verdict("in", closed=False)
    return Verdict("out", passed, _above_last(entry, version))


def _above_last(entry: Affected, version: str) -> str:
    """Why the answer is a guess for a version after the last one that was looked at."""
    for one in entry.ranges:
        for span in one.spans:
            if span.last_affected and (_order(entry, one.type, span.last_affected, version) or 0) < 0:
                return f"{span.last_affected} is the last release that was examined"
    return ""


def _fix_after(entry: Affected, version: str) -> str | None:
    for one in entry.ranges:
        for span in one.spans:
            if span.fixed and (_order(entry, one.type, span.fixed, version) or 0) > 0:
                return span.fixed
    return None


def _schemes(entry: Affected, type_: str) -> tuple[Scheme, ...]:
    own = scheme_of(entry.ecosystem)
    first: tuple[Scheme, ...] = ("semver",) if type_ == "SEMVER" else (own,) if own else ()
    return (*first, "plain") if own is not None or first else ()


def _order(entry: Affected, type_: str, left: str, right: str) -> int | None:
    for scheme in _schemes(entry, type_):
        a, b = key(scheme, left), key(scheme, right)
        if a is not None and b is not None:
            return int(a > b) - int(a < b)
    return None


def _listed(entry: Affected, versions: tuple[str, ...], version: str) -> bool:
    if version in versions:
        return True
    type_ = entry.ranges[0].type if entry.ranges else ""
    return any(_order(entry, type_, listed, version) == 0 for listed in versions)


def _inside(entry: Affected, type_: str, span: Span, version: str) -> bool | None:
    """None where the version cannot be put in the order of the span."""
    if not type_:
        type_ = entry.ranges[0].type if entry.ranges else ""
    if span.introduced != "0":
        after = _order(entry, type_, version, span.introduced)
        if after is None:
            return None
        if after < 0:
            return False
    end = span.fixed or span.limit or span.last_affected
    if end is None:
        return True
    before = _order(entry, type_, version, end)
    if before is None:
        return None
    return before <= 0 if span.last_affected else before < 0


# -- several versions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Segment:
    """Keys of one order. None stands for the end of the order on that side."""

    low: Any
    high: Any
    high_open: bool
    fix: str | None = None

    def meets(self, other: "_Segment") -> bool:
        return not (self._before(other) or other._before(self))

    def _before(self, other: "_Segment") -> bool:
        if self.high is None or other.low is None:
            return False
        return bool(self.high < other.low or (self.high == other.low and self.high_open))

    def holds(self, other: "_Segment") -> bool:
        if self.low is not None and (other.low is None or other.low < self.low):
            return False
        if self.high is None:
            return True
        if other.high is None or other.high > self.high:
            return False
        return bool(other.high < self.high or other.high_open or not self.high_open)


def _segments(entry: Affected, scheme: Scheme, spans: list[Span], versions: tuple[str, ...]) -> list[_Segment] | None:
    found: list[_Segment] = []
    for span in spans:
        end = span.fixed or span.limit or span.last_affected
        low = None if span.introduced == "0" else key(scheme, span.introduced)
        high = key(scheme, end) if end else None
        if (low is None and span.introduced != "0") or (end and high is None):
            return None
        found.append(_Segment(low, high, not span.last_affected, span.fixed))
    for version in versions:
        point = key(scheme, version)
        if point is not None:
            found.append(_Segment(point, point, False))
    return found


def _interval(entry: Affected, pin: Pin) -> Verdict:
    type_ = entry.ranges[0].type if entry.ranges else ""
    hint = f"the version is a range (`{pin.text}`); affected: {describe(entry)}"
    for scheme in _schemes(entry, type_):
        spans = [span for one in entry.ranges for span in one.spans]
        affected = _segments(entry, scheme, spans, entry.versions)
        asked = _asked(scheme, pin.intervals)
        if affected is None or asked is None:
            continue
        for doubt in entry.doubts:
            doubted = _segments(entry, scheme, [doubt.span] if doubt.span else [], doubt.versions) or []
            if any(one.meets(other) for one in doubted for other in asked):
                return Verdict("unsure", _only_fix(entry), doubt.why)
        if not any(one.meets(other) for one in affected for other in asked):
            passed = [
                one.fix
                for one in affected
                if one.fix and all(other.low is not None and other.low >= one.high for other in asked)
            ]
            return Verdict("out", passed[-1] if passed else None)
        whole = [next((one for one in affected if one.holds(other)), None) for other in asked]
        if all(one is not None for one in whole):
            first = whole[0]
            assert first is not None
            return Verdict("in", first.fix, f"every version of the range `{pin.text}`", first.high is not None)
        return Verdict("unsure", _only_fix(entry), hint)
    return Verdict("unsure", _only_fix(entry), hint)


def _asked(scheme: Scheme, intervals: tuple[Interval, ...]) -> list[_Segment] | None:
    found: list[_Segment] = []
    for interval in intervals:
        low = key(scheme, interval.low) if interval.low is not None else None
        high = key(scheme, interval.high) if interval.high is not None else None
        if (low is None) != (interval.low is None) or (high is None) != (interval.high is None):
            return None
        found.append(_Segment(low, high, interval.high_open))
    return found


def _newest(entry: Affected, pin: Pin) -> Verdict:
    """No version was given. The newest release is affected only if the affected releases have no end."""
    if any(_unbounded(doubt) for doubt in entry.doubts):
        return Verdict("unsure", _only_fix(entry), next(doubt.why for doubt in entry.doubts if _unbounded(doubt)))
    endless = any(
        not (span.fixed or span.last_affected or span.limit) for one in entry.ranges for span in one.spans
    ) or (not entry.ranges and not entry.versions)
    what = f"`{pin.text}` moves" if pin.text else "no version is pinned"
    if endless:
        return Verdict("in", None, f"{what}, and the newest releases are affected", closed=False)
    return Verdict(
        "unsure",
        _only_fix(entry),
        f"{what}: the newest release or one from a cache would run; affected: {describe(entry)}",
    )
