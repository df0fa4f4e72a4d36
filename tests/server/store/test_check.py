"""What no store takes; the conformance suite has the cases, here is what they do not show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.server.store.check import check
from spawngate.server.store.port import Entry

AT = "2026-11-21T10:00:00.000001Z"


def test_what_is_taken() -> None:
    entry = Entry("e", "s", 3, AT, "2026-11-21T10:00:01.000000Z", "x", b'{"type":"x"}')
    assert check(entry) == (1795255200000001, 1795255201000000, {"type": "x"})


@given(st.text(max_size=30))
def test_names_stand_in_a_line_of_words(name: str) -> None:
    try:
        check(Entry(name, "s", 1, AT, AT, "x", b'{"type":"x"}'))
    except UsageError as error:
        assert name not in str(error) or len(name) < 2  # noqa: PT017  # most names are refused, and that is no failure
    else:
        assert name == "".join(name.split())
        assert name


@pytest.mark.parametrize(
    "record", [b"", b"[]", b"null", b'{"type":1}', b'{"type":"x"', b'{"type":"\\ud800"}', b"1" * 9]
)
def test_no_records(record: bytes) -> None:
    with pytest.raises(UsageError):
        check(Entry("e", "s", 1, AT, AT, "x", record))
