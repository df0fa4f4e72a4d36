"""Seals of rows and of their counts."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.sealing import MODULUS, Seals, Totals, kept_sum

SEALS = Seals(b"k" * 32)


@given(st.lists(st.tuples(st.text(), st.binary()), max_size=10))
def test_a_table_as_it_was_written_has_no_fault(values: list[tuple[str, bytes]]) -> None:
    totals = Totals()
    sealed = []
    for name, value in values:
        seal = SEALS.seal("t", name, value)
        totals("t", None, seal)
        sealed.append((name, seal, seal))
    count, added = totals.changes.get("t", (0, 0))
    total = SEALS.total("t", count, added % MODULUS)
    assert SEALS.is_total("t", count, total)
    assert kept_sum(total) == added % MODULUS
    assert list(SEALS.faults("t", sealed, (count, total))) == []
    assert not Seals(b"other").is_total("t", count, total)
    assert not SEALS.is_total("other", count, total)


def test_parts_do_not_run_into_each_other() -> None:
    assert SEALS.seal("a", "bc") != SEALS.seal("ab", "c")


def test_a_row_that_went_takes_its_seal_along() -> None:
    totals = Totals()
    one, two = SEALS.seal("t", "1"), SEALS.seal("t", "2")
    totals("t", None, one)
    totals("t", one, two)
    totals("t", two, None)
    assert totals.changes == {"t": (0, 0)}


def test_faults_have_names() -> None:
    one = SEALS.seal("t", "1")
    total = SEALS.total("t", 1, int.from_bytes(one, "big"))
    assert list(SEALS.faults("t", [("a", one, b"x" * 32)], (1, total))) == [
        "t: a was altered or inserted: its seal does not match",
        "t: rows are other ones than were written",
    ]
    assert list(SEALS.faults("t", [], (1, total))) == ["t: 1 of 1 rows missing"]
    assert list(SEALS.faults("t", [("a", one, one), ("b", one, one)], (1, total))) == ["t: 1 of 1 rows too many"]
    assert list(SEALS.faults("t", [("a", one, one)], None)) == ["t: the count of its rows is missing"]
    assert list(SEALS.faults("t", [("a", one, one)], (1, total[:32] + b"x" * 32))) == [
        "t: the count of its rows was altered: its seal does not match"
    ]
