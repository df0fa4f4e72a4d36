"""Columns hold what the query language sees of a record."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded.columns import CODED, CUT, LONGEST, NUMBERS, REST, Columns
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import texts, values_at

KEYS = sorted({part for field in FIELDS.values() for path in field.paths for part in path.split(".")} | {"x", "id"})
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 1 << 40), st.sampled_from(["", "a", "7", "Straße", "deny"])),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.sampled_from(KEYS), below, max_size=4)),
    max_leaves=25,
)
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)


@given(RECORDS)
def test_a_column_holds_the_values_of_its_field(record: dict[str, Any]) -> None:
    columns = Columns.of(record)
    for name, words in zip(CODED, columns.words, strict=True):
        if name != REST:
            expected = [value for path in FIELDS[name].paths for value in values_at(record, path)]
            assert sorted(words or ()) == sorted(expected), name
            assert (words is None) == (not expected), name


@given(RECORDS)
def test_every_text_is_in_a_column(record: dict[str, Any]) -> None:
    columns = dict(zip(CODED, Columns.of(record).words, strict=True))
    held = {text for words in columns.values() for text in words or ()}
    wanted = set(texts(record))
    assert wanted <= held
    # A column has numbers and truths as texts too, of records that hold one where a text belongs.
    assert held - wanted <= set(columns_of_numbers(record))


def columns_of_numbers(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in columns_of_numbers(item)]
    if isinstance(value, list):
        return [text for item in value for text in columns_of_numbers(item)]
    return [] if value is None or isinstance(value, str) else [str(value), str(value).lower()]


@given(RECORDS)
def test_numbers_are_the_first_that_is_one(record: dict[str, Any]) -> None:
    (number,) = Columns.of(record).numbers
    found = [value for path in FIELDS[NUMBERS[0]].paths for value in values_at(record, path)]
    if number is None:
        assert not any(value.isdigit() for value in found)
    else:
        assert float(number) in [float(value) for value in found if value not in ("true", "false", "", "a", "deny")]


def test_a_long_rest_is_cut_and_says_so() -> None:
    columns = Columns.of({"detail": {"a": "x" * LONGEST, "b": "y"}})
    assert columns.words[CODED.index(REST)] == ("a", CUT)
