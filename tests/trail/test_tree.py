"""RFC 6962's tree: known roots, proofs of everything, and no proof of anything else."""

import hashlib

import pymerkle  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.tree import (
    EMPTY,
    Growing,
    ProofError,
    check_consistency,
    check_inclusion,
    consistency,
    inclusion,
    leaf,
    node,
    ranges,
    root_of,
)

DATA = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60" * 16)]
"""Leaves of certificate-transparency's own test vectors; the last is of our own."""
LEAVES = [leaf(data) for data in DATA]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
}
"""Roots of the first leaves, from the same vectors (google/certificate-transparency, merkletree tests)."""


def reference(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    power = 1
    while power * 2 < len(leaves):
        power *= 2
    return node(reference(leaves[:power]), reference(leaves[power:]))


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_empty() -> None:
    assert Growing().root == EMPTY


LISTS = st.integers(1, 70).map(lambda size: [leaf(bytes([number])) for number in range(size)])


@given(LISTS)
def test_growing_is_the_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == reference(leaves)


@given(LISTS, st.data())
def test_every_leaf_is_proved(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion(index, len(leaves), ranges(leaves))
    root = root_of(leaves)
    check_inclusion(leaves[index], index, len(leaves), proof, root)
    wrong = {
        "leaf": (leaf(b"other"), index, len(leaves), proof, root),
        "place": (leaves[index], index + 1, len(leaves), proof, root),
        "root": (leaves[index], index, len(leaves), proof, EMPTY),
        "short": (leaves[index], index, len(leaves) + 1, proof[:-1], root),
        "long": (leaves[index], index, len(leaves), [*proof, root], root),
        "part": (leaves[index], index, len(leaves), [EMPTY, *proof[1:]], root),
    }
    with pytest.raises(ProofError):
        check_inclusion(*wrong[data.draw(st.sampled_from(sorted(wrong)))])


@given(LISTS, st.data())
def test_every_older_tree_is_proved(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(0, len(leaves)))
    before, after = root_of(leaves[:old]), root_of(leaves)
    proof = consistency(old, len(leaves), ranges(leaves))
    check_consistency(old, len(leaves), proof, before, after)
    other = [leaf(b"forged"), *leaves[1:]]
    if old > 0:
        with pytest.raises(ProofError):
            check_consistency(old, len(leaves), proof, root_of(other[:old]), after)
        with pytest.raises(ProofError):
            check_consistency(old, len(leaves), consistency(old, len(leaves), ranges(other)), before, root_of(other))
    with pytest.raises(ProofError):
        check_consistency(old, len(leaves), [*proof, EMPTY], before, after)


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_no_such_trees(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="not larger"):
        consistency(old, new, ranges(LEAVES))
    with pytest.raises(ProofError, match="not larger"):
        check_consistency(old, new, [], EMPTY, EMPTY)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_such_leaf(index: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion(index, 3, ranges(LEAVES))


@given(st.integers(0, 300), st.integers(0, 300), st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_foreign_proofs_are_refused_or_right(old: int, new: int, proof: list[bytes]) -> None:
    with pytest.raises(ProofError):
        check_inclusion(EMPTY, old, new, proof, leaf(b"root"))
    with pytest.raises(ProofError):
        check_consistency(old, new, proof, leaf(b"old"), leaf(b"new"))


def test_another_program_makes_the_same_trees() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    growing = Growing()
    for number in range(70):
        data = b"%d" % number
        other.append_entry(data)
        growing.append(leaf(data))
        assert other.get_root() == growing.root
