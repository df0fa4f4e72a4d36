"""What of an inventory lasts."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync.inventory import InventoryError, digest

DOCUMENT: dict[str, Any] = {
    "taken_at": "2026-11-21T10:00:00Z",
    "host": "h",
    "artifacts": [{"id": "a", "detail": {"running": {"pids": [1]}, "x": 1}}, {"id": "b", "detail": {}}],
    "findings": [],
    "statistics": {"seconds": 1.5},
}


def of(**more: Any) -> str:
    return digest(json.dumps(DOCUMENT | more).encode())


def test_what_passes_counts_not() -> None:
    running = [{"id": "a", "detail": {"running": {"pids": [2]}, "x": 1}}, {"id": "b", "detail": {}}]
    same = of(taken_at="2027-01-01T00:00:00Z", statistics={}, artifacts=running)
    assert same == of()


@pytest.mark.parametrize(
    "more", [{"host": "i"}, {"findings": [{"id": "r"}]}, {"advisories": [1]}, {"artifacts": DOCUMENT["artifacts"][:1]}]
)
def test_everything_else_does(more: dict[str, Any]) -> None:
    assert of(**more) != of()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"artifacts":1}', b'{"artifacts":["x"]}', b"[" * 9_999])
def test_what_is_no_inventory(data: bytes) -> None:
    with pytest.raises(InventoryError):
        digest(data)


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(InventoryError):
        assert len(digest(data)) == 64
