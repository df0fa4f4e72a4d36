"""Baselines: what one holds, and what counts in spite of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.baseline import SUPPRESSED, compare, read, write
from spawngate.codescan.finding import Grade
from spawngate.model.errors import UsageError
from tests.codescan.findings import GUARDED, finding

WRITTEN = write([finding(), GUARDED], "2026-11-22T00:00:00Z")


def test_what_a_file_holds() -> None:
    document = json.loads(WRITTEN)
    assert document == {
        "schema_version": 1,
        "created": "2026-11-22T00:00:00Z",
        "findings": [
            {
                "fingerprint": finding().fingerprint,
                "rule": "mcp-launch-http",
                "grade": "high",
                "path": "src/tools.py:12",
                "count": 2,
            }
        ],
    }


def test_suppressed_findings_are_no_part_of_it() -> None:
    assert json.loads(write([replace(finding(), suppressed="known")], ""))["findings"] == []
    assert len(json.loads(write([replace(finding(), suppressed=SUPPRESSED)], ""))["findings"]) == 1


def test_what_was_there_is_held_and_what_is_new_is_not() -> None:
    new = replace(finding(), fingerprint="new")
    found = compare([finding(line=99), new], read(write([finding()], ""), "b.json"), "b.json")
    assert [item.suppressed for item in found.findings] == [SUPPRESSED, ""]
    assert found.notes == ()


def test_as_many_are_held_as_were_counted() -> None:
    found = compare([finding(), finding(), finding()], read(WRITTEN, "b.json"), "b.json")
    assert [item.suppressed for item in found.findings] == [SUPPRESSED, SUPPRESSED, ""]


def test_what_became_worse_counts_again() -> None:
    before = read(write([finding(grade=Grade.LOW)], ""), "b.json")
    found = compare([finding()], before, "b.json")
    assert [item.suppressed for item in found.findings] == [""]
    assert [(item.reason, item.message) for item in found.notes] == [
        ("baseline-worse", "src/tools.py:12 was low and is high now")
    ]


def test_what_is_gone_is_told() -> None:
    found = compare([], read(WRITTEN, "b.json"), "b.json")
    assert [(item.path, item.reason, item.message) for item in found.notes] == [
        ("b.json", "baseline-gone", "2 findings of the baseline are gone: write it anew")
    ]


def test_a_suppressed_finding_is_not_gone() -> None:
    known = replace(finding(), suppressed="known")
    assert compare([known], read(write([finding()], ""), "b"), "b").notes == ()


def test_a_grade_that_is_none_holds_nothing() -> None:
    broken = json.loads(write([finding()], ""))
    broken["findings"][0]["grade"] = "harmless"
    found = compare([finding()], read(json.dumps(broken).encode(), "b"), "b")
    assert [item.suppressed for item in found.findings] == [""]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"schema_version": 2, "created": "", "findings": []}', b"\xff"])
def test_what_is_no_baseline_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"b\.json"):
        read(data, "b.json")


def test_a_name_that_is_no_text_can_be_written() -> None:
    assert b"odd\\\\udc80.py:12" in write([finding(path="odd\udc80.py")], "")


@given(st.binary(max_size=200))
def test_bytes_are_a_baseline_or_refused(data: bytes) -> None:
    try:
        read(data, "b")
    except UsageError:
        return
