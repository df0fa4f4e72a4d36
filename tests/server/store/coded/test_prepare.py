"""Checked before it comes near a lock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.server.store.coded.prepare import prepare
from spawngate.server.store.port import Entry
from spawngate.trail import leaf

AT = "2026-11-21T10:00:00.000001Z"


def test_what_a_row_needs() -> None:
    entry = Entry("e", "s", 3, AT, "2026-11-21T10:00:01.000000Z", "x", b'{"type":"x"}')
    found = prepare(entry)
    assert (found.entry, found.time, found.received) == (entry, 1795255200000001, 1795255201000000)
    assert found.leaf == leaf.hashed(entry.received, "e", b'{"type":"x"}')
    assert found.mark == leaf.mark(found.leaf)
    assert found.columns.words[0] == ("x",)


@given(st.binary(max_size=100))
def test_any_record_is_taken_or_refused(record: bytes) -> None:
    with pytest.raises(UsageError):
        prepare(Entry("e", "s", 1, AT, AT, "\0 never", record))


def test_nesting_has_an_end() -> None:
    deep = b'{"type":"x","detail":' + b"[" * 400 + b"]" * 400 + b"}"
    assert prepare(Entry("e", "s", 1, AT, AT, "x", deep)).columns.words[0] == ("x",)
    deeper = b'{"type":"x","detail":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    with pytest.raises(UsageError, match=r"deep|object"):
        prepare(Entry("e", "s", 1, AT, AT, "x", deeper))
