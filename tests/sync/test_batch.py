"""Batches: in order behind what the server has, gaps declared, altered records taken and told."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync.batch import Batch, BatchError, Broken, read
from spawngate.sync.messages import Gap, GapLine
from spawngate.trail.chain import Head
from tests.sync.records import INSTALLATION, STREAM, head_of, sealed

LINES = sealed(10)
EMPTY = Head(STREAM)


def gap(first: int, last: int, hash_: str = "", reason: str = "given-up") -> bytes:
    return msgspec.json.encode(GapLine(Gap(first, last, reason, hash_)))  # type: ignore[arg-type]


def told(found: Batch) -> tuple[list[int], list[int], int, list[str]]:
    sequences = [each.sequence for each in found.records]
    return sequences, [each.sequence for each in found.repeated], found.accepted, [each.what for each in found.broken]


def refused(head: Head, lines: list[bytes], installation: str = INSTALLATION) -> tuple[str, int, int]:
    with pytest.raises(BatchError) as error:
        read(head, lines, installation)
    return error.value.code, error.value.line, error.value.accepted


def test_records_behind_what_is_there() -> None:
    found = read(EMPTY, LINES, INSTALLATION)
    assert told(found) == (list(range(1, 11)), [], 10, [])
    assert [each.line for each in found.records] == LINES
    assert {(each.type, each.at) for each in found.records} == {("decision", "2026-11-21T10:00:00.000000Z")}


def test_what_is_there_already_is_known_for_it() -> None:
    assert told(read(head_of(LINES[5]), LINES)) == ([7, 8, 9, 10], [1, 2, 3, 4, 5, 6], 10, [])
    assert told(read(head_of(LINES[9]), LINES)) == ([], list(range(1, 11)), 10, [])
    assert told(read(head_of(LINES[9]), LINES[2:4])) == ([], [3, 4], 10, [])


def test_a_batch_before_its_time_comes_again() -> None:
    assert refused(head_of(LINES[2]), LINES[5:]) == ("gap", 0, 3)
    assert refused(EMPTY, LINES[1:]) == ("gap", 0, 0)
    assert refused(head_of(LINES[2]), [*LINES[3:5], *LINES[6:]]) == ("gap", 0, 3)


def test_records_in_another_order_are_no_batch() -> None:
    assert refused(EMPTY, [LINES[1], LINES[0], *LINES[2:]]) == ("gap", 0, 0)


def test_a_declared_gap_is_passed_over() -> None:
    found = read(EMPTY, [*LINES[:3], gap(4, 6, head_of(LINES[5]).hash), *LINES[6:]])
    assert told(found) == ([1, 2, 3, 7, 8, 9, 10], [], 10, [])
    assert found.gaps == (Gap(4, 6, "given-up", head_of(LINES[5]).hash),)


def test_a_gap_whose_end_is_not_known_cannot_be_checked() -> None:
    assert told(read(EMPTY, [gap(1, 6, reason="expired"), *LINES[6:]]))[3] == []


def test_a_chain_that_does_not_go_on_behind_a_gap_is_told() -> None:
    found = read(EMPTY, [gap(1, 6, "a" * 64), *LINES[6:]])
    assert found.broken == (Broken("trail-broken", 7, "record 7 does not follow record 6"),)


def test_a_gap_that_was_told_before_is_none() -> None:
    found = read(head_of(LINES[7]), [gap(4, 6), *LINES[6:]])
    assert (told(found)[:3], found.gaps) == (([9, 10], [7, 8], 10), ())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([gap(1, 6)], ("line", 1, 0)),
        ([*LINES[:2], gap(5, 6), LINES[6]], ("gap", 0, 0)),
        ([gap(6, 5), LINES[0]], ("line", 1, 0)),
        ([b'{"gap":{}}', LINES[0]], ("line", 1, 0)),
        ([b""], ("line", 1, 0)),
        ([LINES[0], b"", LINES[1]], ("line", 2, 0)),
        ([LINES[0][:-1]], ("line", 1, 0)),
        ([LINES[0][:40]], ("line", 1, 0)),
        ([b"null"], ("line", 1, 0)),
        ([b"[" * 100_000], ("line", 1, 0)),
        ([b"x" * ((1 << 20) + 1)], ("line", 1, 0)),
        ([sealed(1, stream="another")[0]], ("line", 1, 0)),
        ([LINES[0], sealed(2, endpoint="1" * 32)[1]], ("line", 2, 0)),
    ],
)
def test_what_is_no_batch(lines: list[bytes], expected: tuple[str, int, int]) -> None:
    assert refused(EMPTY, lines) == expected


def test_a_record_that_names_no_endpoint_is_the_senders() -> None:
    assert told(read(EMPTY, sealed(2, endpoint=""), INSTALLATION))[2] == 2


def test_an_altered_record_is_taken_and_told() -> None:
    altered = LINES[4].replace(b"call 5", b"call x")
    found = read(EMPTY, [*LINES[:4], altered, *LINES[5:]])
    assert told(found)[0] == list(range(1, 11))
    message = "record 5 was altered: its content does not match its hash"
    assert found.broken == (Broken("trail-altered", 5, message),)


def test_a_chain_made_anew_is_told() -> None:
    other = sealed(7, at="2026-11-20T10:00:00.000000Z", head=head_of(LINES[0]))
    found = read(EMPTY, [*LINES[:3], *other[2:]])
    assert [each.what for each in found.broken] == ["trail-broken"]
    again = read(head_of(LINES[2]), other[:2])
    assert [(each.what, each.sequence) for each in again.broken] == [("trail-altered", 3)]


@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=60), st.just(gap(2, 3))), max_size=12),
    st.integers(0, 9),
)
def test_any_lines_are_a_batch_or_refused(lines: list[bytes], at: int) -> None:
    head = head_of(LINES[at - 1]) if at else EMPTY
    try:
        found = read(head, lines, INSTALLATION)
    except BatchError:
        return
    sequences = [each.sequence for each in found.records]
    assert sequences == sorted(set(sequences))
    assert all(sequence > at for sequence in sequences)
    assert found.accepted == max([at, *sequences])


@given(st.permutations(range(6)), st.integers(1, 4))
def test_batches_in_any_order_lose_and_double_nothing(order: list[int], size: int) -> None:
    """A server that refuses what comes too early, and a sender that comes again, store every record once."""
    parts = [LINES[at * 2 : at * 2 + 1 + size] for at in range(5)]
    held: list[bytes] = []
    head = EMPTY
    for _ in range(6):
        for at in order:
            if at >= len(parts):
                continue
            try:
                found = read(head, parts[at], INSTALLATION)
            except BatchError:
                continue
            held.extend(each.line for each in found.records)
            head = head_of(held[-1]) if held else EMPTY
    assert held == LINES
