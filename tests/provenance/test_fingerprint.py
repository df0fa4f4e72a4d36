"""Fingerprints are keyed, of one length, and the same for equal tokens."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.provenance import fingerprint
from spawngate.provenance.fingerprint import Fingerprinter


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_many_are_the_single_ones(tokens: list[bytes]) -> None:
    prints = Fingerprinter(b"key")
    assert list(prints.many(tokens)) == [prints.one(token) for token in tokens]
    assert all(0 <= digest < 1 << 64 for digest in prints.many(tokens))


def test_another_key_gives_other_fingerprints() -> None:
    tokens = [b"evilmcphelper", b"httpsaexample", b""]
    assert Fingerprinter(b"a").many(tokens) == Fingerprinter(b"a").many(tokens)
    assert set(Fingerprinter(b"a").many(tokens)).isdisjoint(Fingerprinter(b"b").many(tokens))


def test_paths_are_kept_in_bounds_and_keep_their_fingerprints() -> None:
    prints = Fingerprinter(b"key")
    names = [f"/a/{number}" for number in range(fingerprint.MOST_KEPT + 10)]
    first = [prints.path(name) for name in names]
    assert len(prints._paths) == 10
    assert [prints.path(name) for name in names] == first == [prints.one(b"path\0" + name.encode()) for name in names]
    long = "/" + "a" * fingerprint.LONGEST_KEPT
    assert prints.path(long) == prints.one(b"path\0" + long.encode())
    assert long not in prints._paths
