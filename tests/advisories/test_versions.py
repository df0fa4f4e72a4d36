"""Orders of versions: total, and the ones that the ecosystems' own tools have."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import InvalidVersion, Version

from spawngate.advisories.versions import MAX_LENGTH, Scheme, compare, key, scheme_of

NODE = json.loads((Path(__file__).parent / "node_semver.json").read_text(encoding="utf-8"))
"""Pairs and what node-semver 7.8 says of them in its loose mode; written by running it."""

numbers = st.integers(0, 12).map(str)
releases = st.lists(numbers, min_size=1, max_size=4).map(".".join)
words = st.sampled_from(["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC"])
joints = st.sampled_from(["", ".", "-", "_"])


@st.composite
def pep440(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(["", "", "v", "1!"])) + draw(releases)
    if draw(st.booleans()):
        text += draw(joints) + draw(words) + draw(joints) + draw(numbers)
    if draw(st.booleans()):
        text += draw(st.sampled_from([".post", "-", "post", "-r", ".rev"])) + draw(numbers)
    if draw(st.booleans()):
        text += draw(st.sampled_from([".dev", "dev", "-dev"])) + draw(st.one_of(st.just(""), numbers))
    if draw(st.booleans()):
        text += "+" + draw(st.sampled_from(["abc", "1", "1.2", "abc.1", "ABC-2", "0"]))
    return text


plain = st.builds(
    lambda head, release, tail: head + release + tail,
    st.sampled_from(["", "v", "v."]),
    releases,
    st.sampled_from(
        ["", "-rc1", "-rc.2", "-lts", "-stable.1", "-nightly", ".dev3", "-post1", "-beta", "_patch2", "+x"]
    ),
)
maven = st.builds(
    lambda release, tail: release + tail,
    releases,
    st.sampled_from(["", "-alpha-1", "a1", ".Final", "-SNAPSHOT", "-rc2", "-sp1", "-jre", "-1", ".x", "-1-snapshot"]),
)
semver = st.builds(
    lambda release, tail: release + tail,
    st.lists(numbers, min_size=3, max_size=3).map(".".join),
    st.sampled_from(["", "-alpha", "-alpha.1", "-1", "-1.a", "+b1", "-rc.1+b2", "-x-y.0", "-beta.11", "-beta.2"]),
)
SCHEMES: dict[Scheme, st.SearchStrategy[str]] = {"pep440": pep440(), "semver": semver, "maven": maven, "plain": plain}


@settings(max_examples=400)
@given(pep440(), pep440())
def test_pep440_agrees_with_packaging(left: str, right: str) -> None:
    a, b = Version(left), Version(right)
    assert compare("pep440", left, right) == (a > b) - (a < b)


@settings(max_examples=400)
@given(st.text(alphabet="0123456789.abcdevrcpostlfina!+-_ ", max_size=14))
def test_pep440_takes_what_packaging_takes(text: str) -> None:
    try:
        Version(text)
        valid = True
    except InvalidVersion:
        valid = False
    assert (key("pep440", text) is not None) == valid


@pytest.mark.parametrize("scheme", SCHEMES)
def test_order_is_total(scheme: Scheme) -> None:
    @settings(max_examples=150)
    @given(st.tuples(*[SCHEMES[scheme]] * 3))
    def check(triple: tuple[str, str, str]) -> None:
        order = {(a, b): compare(scheme, a, b) for a in triple for b in triple}
        for a, b in itertools.product(triple, triple):
            one, other = order[a, b], order[b, a]
            assert one is not None
            assert other is not None
            assert one == -other
        for a, b, c in itertools.permutations(triple):
            if (order[a, b] or 0) <= 0 and (order[b, c] or 0) <= 0:
                assert (order[a, c] or 0) <= 0

    check()


def test_semver_agrees_with_node_semver() -> None:
    assert len(NODE) > 200
    assert [(a, b, compare("semver", a, b)) for a, b, _ in NODE] == [(a, b, order) for a, b, order in NODE]


@pytest.mark.parametrize(
    ("text", "same"),
    [("1.2", "1.2.0"), ("v1.2.3", "1.2.3"), ("2025.7.01", "2025.7.1"), ("1.2.3.0", "1.2.3"), ("1", "1.0.0")],
)
def test_semver_is_lenient(text: str, same: str) -> None:
    assert compare("semver", text, same) == 0


MAVEN = [
    "1-alpha2snapshot",
    "1-alpha2",
    "1-alpha-123",
    "1-beta-2",
    "1-beta123",
    "1-m2",
    "1-m11",
    "1-rc",
    "1-cr2",
    "1-rc123",
    "1-SNAPSHOT",
    "1",
    "1-sp",
    "1-sp2",
    "1-sp123",
    "1-abc",
    "1-def",
    "1-pom-1",
    "1-1-snapshot",
    "1-1",
    "1-2",
    "1-123",
]
"""In the order that Maven's documentation of its comparison gives."""


def test_maven_qualifiers_are_in_order() -> None:
    for (at, left), (place, right) in itertools.product(enumerate(MAVEN), enumerate(MAVEN)):
        assert compare("maven", left, right) == (at > place) - (at < place), (left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("1", "1.0"), ("1", "1-ga"), ("1.0-Final", "1"), ("1a1", "1-alpha-1"), ("1cr", "1rc"), ("1x", "1.0.0-x")],
)
def test_maven_equal_spellings(left: str, right: str) -> None:
    assert compare("maven", left, right) == 0


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1.82.6-nightly", "1.82.6"),
        ("v0.8.2-rc2", "v0.8.2"),
        ("1.9.0", "1.10.9-lts"),
        ("1.80.11-stable", "1.80.11-stable.1"),
        ("1.9544.26", "1.9545"),
        ("2025.9.25", "2025.12.18"),
        ("1.0-alpha", "1.0-beta"),
        ("1.0", "1.0-post1"),
    ],
)
def test_plain_order(lower: str, higher: str) -> None:
    assert compare("plain", lower, higher) == -1


def test_plain_words_that_change_nothing() -> None:
    assert compare("plain", "v1.10.9-lts", "1.10.9") == 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["", " ", "1" * (MAX_LENGTH + 1), "\u0661.0"])
def test_what_is_no_version_has_no_place(scheme: Scheme, text: str) -> None:
    assert key(scheme, text) is None


def test_words_are_no_versions() -> None:
    schemes: tuple[Scheme, ...] = ("pep440", "semver", "plain")
    assert [compare(scheme, "main", "1.0") for scheme in schemes] == [None, None, None]


def test_schemes_of_ecosystems() -> None:
    ecosystems = ("PyPI", "npm", "Go", "Maven", "GitHub", "Debian:12", "maven")
    assert [scheme_of(one) for one in ecosystems] == ["pep440", "semver", "semver", "maven", "plain", None, "maven"]
