"""A content's fingerprints: bounded, and partial where not all of it was looked at."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.provenance.content import MOST_MARKED, WHOLE, prints_of
from spawngate.provenance.fingerprint import Fingerprinter

PRINTS = Fingerprinter(b"k")


def test_holds_tokens_and_nothing_else() -> None:
    found = prints_of("npx -y @evil/mcp-helper tracker", PRINTS)
    assert sorted(found.marked) == sorted(PRINTS.many([b"evilmcphelper", b"mcphelper"]))
    assert list(found.plain) == sorted(PRINTS.many([b"evil", b"tracker"]))
    assert (list(found.phrases), found.partial) == ([], False)


def test_beginning_end_and_slices_of_a_long_content() -> None:
    filler = "word " * (WHOLE // 3)
    found = prints_of(f"first.example/a {filler} last.example/b", PRINTS)
    assert found.partial
    assert {PRINTS.one(b"firstexamplea"), PRINTS.one(b"lastexampleb")} <= set(found.marked)


def test_no_more_than_the_bound() -> None:
    found = prints_of(" ".join(f"a{number}-b" for number in range(MOST_MARKED + 10)), PRINTS)
    assert (len(found.marked), found.partial) == (MOST_MARKED, True)
    # The longest are kept.
    assert PRINTS.one(f"a{MOST_MARKED + 9}b".encode()) in found.marked
    assert PRINTS.one(b"a9b") not in found.marked


@given(st.text(max_size=300))
def test_any_content(text: str) -> None:
    found = prints_of(text, PRINTS)
    assert len(set(found.marked)) == len(found.marked)
    for digests in (found.plain, found.phrases):
        assert list(digests) == sorted(set(digests))
