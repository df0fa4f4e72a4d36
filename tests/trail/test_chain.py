"""The chain: what is dropped, altered, inserted or moved is found and named."""

import hashlib
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.chain import GENESIS, Fault, Head, Verified, read, seal, verify
from spawngate.trail.event import Event, EventType


def events(count: int) -> list[Event]:
    return [Event(EventType.DECISION, f"t{number}", 1, message=f"m{number}") for number in range(count)]


START = Head("s")


def sealed(made: Sequence[Event], head: Head = START) -> tuple[list[bytes], Head]:
    lines = []
    for event in made:
        line, head = seal(event, head)
        lines.append(line)
    return lines, head


LINES, END = sealed(events(6))
HASHES = [json.loads(line)["hash"] for line in LINES]


def check(lines: Sequence[bytes], head: Head | None = None) -> Verified:
    return verify(lambda: lines, head)


def test_sealed_record_is_what_anybody_can_compute() -> None:
    line, head = seal(Event(EventType.DECISION, "t", 1, message="é\x1b"), Head("s"))
    value = json.loads(line)
    digest = value.pop("hash")
    assert value == {
        "at": "t",
        "message": "é\x1b",
        "previous": GENESIS,
        "schema_version": 1,
        "sequence": 1,
        "stream": "s",
        "type": "decision",
    }
    data = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert digest == hashlib.sha256(data).hexdigest()
    assert head == Head("s", 1, digest)
    assert b"\n" not in line


def test_whole_chain() -> None:
    assert check(LINES) == Verified(6, 1, END)
    assert check(LINES, END) == Verified(6, 1, END)
    assert check([]) == Verified(0, 0, None)
    assert check([b"", LINES[0], b" "]) == Verified(1, 1, Head("s", 1, HASHES[0]))


@pytest.mark.parametrize("at", range(6))
def test_altered(at: int) -> None:
    lines = list(LINES)
    lines[at] = lines[at].replace(b"m%d" % at, b"M%d" % at)
    found = check(lines)
    assert found.records == at
    assert found.fault == Fault(
        "altered", at + 1, at + 1, f"record {at + 1} was altered: its content does not match its hash"
    )


@pytest.mark.parametrize("at", range(1, 6))
def test_made_anew(at: int) -> None:
    """Altered with a hash that fits: then the next one does not follow."""
    before = Head("s", at - 1, GENESIS if at == 1 else HASHES[at - 2])
    lines = [*LINES[: at - 1], seal(Event(EventType.DECISION, "t", 1), before)[0], *LINES[at:]]
    found = check(lines)
    assert found.fault == Fault(
        "altered", at + 1, at + 1, f"record {at + 1} does not follow record {at}: one of them was made anew"
    )


@pytest.mark.parametrize("at", range(1, 5))
def test_dropped(at: int) -> None:
    found = check([*LINES[:at], *LINES[at + 1 :]])
    assert found == Verified(
        at, 1, Head("s", at, HASHES[at - 1]), Fault("dropped", at + 1, at + 1, f"record {at + 1} is missing")
    )


def test_several_dropped() -> None:
    found = check([LINES[0], LINES[4]])
    assert found.fault == Fault("dropped", 2, 2, "records 2 to 4 are missing")


def test_beginning_dropped() -> None:
    found = check(LINES[2:])
    assert found.fault == Fault(
        "dropped", 1, 1, "records 1 to 2 are missing, and no record of a deletion by retention names them"
    )


def test_end_dropped_shows_against_a_noted_head() -> None:
    assert check(LINES[:4]).fault is None
    assert check(LINES[:4], END) == Verified(
        4,
        1,
        Head("s", 4, HASHES[3]),
        Fault("shortened", 4, 5, "ends at record 4; record 6 was noted as written"),
    )
    assert check([], END).fault == Fault("shortened", 0, 1, "ends at record 0; record 6 was noted as written")


def test_all_made_anew_shows_against_a_noted_head() -> None:
    other, _ = sealed([Event(EventType.DECISION, "x", 1) for _ in range(6)])
    assert check(other, END).fault == Fault("altered", 6, 6, "record 6 is not the one that was noted")
    assert check(other, Head("s", 3, HASHES[2])).fault == Fault(
        "altered", 3, 3, "record 3 is not the one that was noted"
    )


@pytest.mark.parametrize("at", range(1, 5))
def test_swapped(at: int) -> None:
    lines = list(LINES)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert check(lines).fault == Fault(
        "reordered", at + 2, at + 1, f"record {at + 1} stands behind record {at + 2}, on line {at + 2}"
    )


def test_moved_back() -> None:
    lines = [LINES[0], LINES[2], LINES[3], LINES[1], LINES[4], LINES[5]]
    assert check(lines).fault == Fault("reordered", 4, 2, "record 2 stands behind record 3, on line 4")


@pytest.mark.parametrize("at", [2, 4, 6])
def test_repeated(at: int) -> None:
    lines = [*LINES[:at], LINES[1], *LINES[at:]]
    assert check(lines).fault == Fault("inserted", at + 1, 2, f"record 2 stands on line 2 and again on line {at + 1}")


def test_copy_from_further_on() -> None:
    lines = [LINES[0], LINES[4], *LINES[1:]]
    assert check(lines).fault == Fault("inserted", 2, 5, "record 5 stands on line 2 and again, in its place, on line 6")


def test_inserted_with_a_fitting_hash() -> None:
    foreign, _ = seal(Event(EventType.DECISION, "forged", 1), Head("s", 2, HASHES[1]))
    lines = [*LINES[:2], foreign, *LINES[2:]]
    assert check(lines).fault == Fault(
        "inserted", 3, 3, "two records claim place 3; the chain goes on from the one on line 4"
    )


def test_inserted_at_the_end() -> None:
    foreign, _ = seal(Event(EventType.DECISION, "forged", 1), Head("s", 4, HASHES[3]))
    assert check([*LINES, foreign]).fault == Fault(
        "inserted", 7, 5, "two records claim place 5; nothing follows the one on line 7"
    )


def test_other_stream() -> None:
    other, _ = sealed(events(1), Head("other", 2, HASHES[1]))
    assert check([*LINES[:2], *other]).fault == Fault("stream", 3, 3, "line 3 belongs to another stream")


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"[]",
        b"{}",
        b"\xff",
        b'{"hash":1}',
        LINES[2][:-1],
        LINES[2].replace(b'"sequence":3', b'"sequence":-3'),
        LINES[2].replace(b'"sequence":3', b'"sequence":true'),
        LINES[2].replace(b'"sequence":3', b'"sequence":3.0'),
        LINES[2].replace(b'"sequence":3', b'"sequence":' + b"9" * 40),
        LINES[2].replace(b'"stream":"s"', b'"stream":null'),
        b"[" * 100_000,
    ],
)
def test_unreadable(line: bytes) -> None:
    assert check([*LINES[:2], line, *LINES[3:]]).fault == Fault(
        "unreadable", 3, 3, "line 3, where record 3 should be, is no record"
    )


def test_another_program_may_write_it_anew() -> None:
    """`jq` puts blanks in and keeps the order; others sort."""
    for form in ({"indent": None}, {"sort_keys": True}, {"ensure_ascii": True}):
        again = [json.dumps(json.loads(line), **form).encode() for line in LINES]
        assert check(again) == Verified(6, 1, END)


def test_member_named_twice_is_altered() -> None:
    """One reader would see the first, another the last."""
    line = LINES[1].replace(b'{"at"', b'{"message":"other","at"')
    found = check([LINES[0], line])
    assert found.fault == Fault("altered", 2, 2, "record 2 was altered: its content does not match its hash")


def test_retention_accounts_for_the_beginning() -> None:
    last = {"stream": "s", "sequence": 2, "hash": HASHES[1]}
    told, _ = seal(Event(EventType.EXPIRED, "t", 1, detail={"last": last}), END)
    assert check([*LINES[2:], told]).expired == 2
    assert check([*LINES[2:], told]).fault is None
    assert check([*LINES[3:], told]).fault is not None
    assert check([*LINES, told]).expired == 0
    claimed, _ = seal(Event(EventType.DECISION, "t", 1, detail={"last": last}), END)
    assert check([*LINES[2:], claimed]).fault is not None


def test_first_record_must_begin() -> None:
    line, _ = seal(Event(EventType.DECISION, "t", 1), Head("s", 0, "1" * 64))
    assert check([line]).fault == Fault("altered", 1, 1, "the first record does not begin a chain")


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    assert read(data) is None


@given(st.integers(0, len(LINES[2]) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(at: int, by: int) -> None:
    line = bytearray(LINES[2])
    line[at] = (line[at] + by) % 256
    fault = check([*LINES[:2], bytes(line), *LINES[3:]]).fault
    assert fault is not None
    assert fault.line in (3, 4)


@given(st.lists(st.integers(0, 5), max_size=8))
def test_only_the_whole_chain_in_order_is_good(order: list[int]) -> None:
    found = check([LINES[at] for at in order], END)
    assert (found.fault is None) == (order == [0, 1, 2, 3, 4, 5])
