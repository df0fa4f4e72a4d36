"""Versions against spans, lists, doubts and ranges of versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.advisories import pins
from spawngate.advisories.model import Affected, Doubt, Range, Span
from spawngate.advisories.pins import Interval, Kind, Pin
from spawngate.advisories.ranges import Verdict, describe, judge


def entry(*spans: Span, ecosystem: str = "npm", type_: str = "SEMVER", **more: tuple[str, ...]) -> Affected:
    return Affected(ecosystem, "x", (Range(type_, spans),) if spans else (), **more)  # type: ignore[arg-type]  # only texts are passed


@pytest.mark.parametrize(
    ("version", "state", "fix"),
    [
        ("0.9.0", "out", None),
        ("1.0.0", "in", "1.2.0"),
        ("1.2.0-rc.1", "in", "1.2.0"),
        ("1.2.0", "out", "1.2.0"),
        ("1.9.0", "out", "1.2.0"),
        ("2.0.0", "in", "2.1.0"),
        ("2.1.0", "out", "2.1.0"),
    ],
)
def test_spans(version: str, state: str, fix: str | None) -> None:
    verdict = judge(entry(Span("1.0.0", fixed="1.2.0"), Span("2.0.0", fixed="2.1.0")), pins.exact(version))
    assert (verdict.state, verdict.fix) == (state, fix)


def test_last_affected_and_limit() -> None:
    one = entry(Span("0", last_affected="1.5.0"))
    assert judge(one, pins.exact("1.5.0")).state == "in"
    assert judge(one, pins.exact("1.5.1")) == Verdict("out", None, "1.5.0 is the last release that was examined")
    assert judge(entry(Span("0", limit="2.0.0")), pins.exact("2.0.0")) == Verdict("out")


def test_a_version_of_another_kind_is_unsure() -> None:
    verdict = judge(entry(Span("0", fixed="1.2.0")), pins.exact("banana"))
    assert verdict == Verdict("unsure", "1.2.0", "`banana` is no version of this kind; affected: before 1.2.0")


def test_everything_needs_no_version() -> None:
    for one in (entry(Span("0")), entry()):
        assert judge(one, pins.exact("banana")) == Verdict("in", closed=False)
        assert describe(one) == "every release"


def test_an_ecosystem_without_an_order_knows_its_listed_versions() -> None:
    one = entry(Span("0", fixed="2"), ecosystem="Debian:12", type_="ECOSYSTEM", versions=("1.0-1",))
    assert judge(one, pins.exact("1.0-1")).state == "in"
    assert judge(one, pins.exact("1.0-2")).state == "unsure"


def test_listed_versions_only() -> None:
    one = entry(versions=("1.0.0", "1.0.2"))
    states = [judge(one, pins.exact(version)).state for version in ("1.0.0", "v1.0.2", "1.0.1")]
    assert states == ["in", "in", "out"]
    assert describe(one) == "1.0.0, 1.0.2"


def test_doubts_come_first() -> None:
    doubt = Doubt("they disagree", Span("1.1.0", fixed="1.2.0"), ("3.0.0",))
    one = Affected("npm", "x", (Range("SEMVER", (Span("0", fixed="1.2.0"),)),), (), (doubt,))
    states = [judge(one, pins.exact(version)).state for version in ("1.0.0", "1.1.5", "1.2.0", "3.0.0")]
    assert states == ["in", "unsure", "out", "unsure"]
    assert judge(one, pins.from_npm("^1.1.0")) == Verdict("unsure", "1.2.0", "they disagree")
    assert judge(one, pins.from_npm("<1.1.0")).state == "in"


def test_commits_are_unsure_but_for_listed_tags() -> None:
    one = Affected("GitHub", "o/r", (Range("GIT", ()),), ("v1.0.0",))
    assert judge(one, pins.from_git("v1.0.0")).state == "in"
    assert judge(one, pins.from_git("v1.1.0")).state == "unsure"


VERSIONS = [f"{a}.{b}.{c}" for a in range(3) for b in range(3) for c in range(3)]
places = st.integers(0, len(VERSIONS) - 1)


@given(places, places, places, places, st.booleans(), st.booleans())
def test_a_range_has_the_answer_of_all_its_versions(a: int, b: int, c: int, d: int, closed: bool, open_: bool) -> None:
    """Soundness: a decided range of versions never contradicts one of the versions in it."""
    low, high = VERSIONS[min(a, b)], VERSIONS[max(a, b)]
    span = Span(low, last_affected=high) if closed else Span(low, fixed=high)
    one = entry(span)
    asked = Pin(Kind.RANGE, "r", "", (Interval(VERSIONS[min(c, d)], VERSIONS[max(c, d)], open_),))
    inside = VERSIONS[min(c, d) : max(c, d) + (0 if open_ else 1)]
    states = {judge(one, pins.exact(version)).state for version in inside}
    verdict = judge(one, asked)
    if verdict.state != "unsure" and inside:
        assert states == {verdict.state}
