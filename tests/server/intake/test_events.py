"""Batches of records: stored once, in order, whole; hostile ones are refused and leave nothing behind."""

import gzip
import json
import threading
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
import zstandard

from spawngate.server.store.port import Appended, Entry, OutboxEntry, StoreBusyError
from spawngate.sync.messages import EVENTS, Gap, GapLine
from tests.server import fleetdata
from tests.server.intake.enrolled import Fleet
from tests.server.intake.enrolled import fleet as opened
from tests.sync.records import STREAM, head_of, sealed

LINES = sealed(20)


def post(fleet: Fleet, token: str, lines: list[bytes], *, stream: str = STREAM, **headers: str) -> Any:
    body = b"".join(line + b"\n" for line in lines)
    return fleet.send("POST", f"{EVENTS}?stream={stream}", token, body, **headers)


def stored(fleet: Fleet, endpoint: str) -> list[bytes]:
    page = fleet.services.events.query(None, limit=1_000, newest_first=False)
    found = [entry for entry in page.entries if entry.endpoint == endpoint]
    return [entry.record for entry in sorted(found, key=lambda entry: entry.sequence)]


def test_records_are_stored_as_they_came(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    answer = post(fleet, enrolled.token, LINES)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 20, "interval": 60})
    assert stored(fleet, enrolled.endpoint) == LINES
    entries = fleet.services.events.query(None, limit=1, newest_first=False).entries
    assert (entries[0].time, entries[0].received) == ("2026-11-21T10:00:00.000000Z", fleetdata.NOW)
    assert fleet.told("trail-gap") == []


@pytest.mark.parametrize(
    ("pack", "encoding"), [(gzip.compress, "gzip"), (zstandard.ZstdCompressor().compress, "zstd"), (bytes, "")]
)
def test_batches_travel_packed(fleet: Fleet, pack: Any, encoding: str) -> None:
    enrolled = fleet.enrolled()
    body = pack(b"".join(line + b"\n" for line in LINES))
    answer = fleet.send("POST", f"{EVENTS}?stream={STREAM}", enrolled.token, body, content_encoding=encoding)
    assert answer.json()["accepted"] == 20
    assert stored(fleet, enrolled.endpoint) == LINES


def test_repeated_overlapping_and_early_batches_lose_and_double_nothing(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    parts = [LINES[:5], LINES[10:15], LINES[:5], LINES[3:10], LINES[10:15], LINES[15:], LINES[12:]]
    answers = [post(fleet, enrolled.token, part) for part in parts]
    assert [each.status_code for each in answers] == [200, 409, 200, 200, 200, 200, 200]
    assert answers[1].json() == {"error": "what comes behind record 5 is missing", "code": "gap", "accepted": 5}
    assert stored(fleet, enrolled.endpoint) == LINES
    assert [event["type"] for event in fleet.told()] == ["administration"]


def test_two_who_send_the_same_at_once_store_it_once(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(post(fleet, enrolled.token, LINES).status_code)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 6
    assert stored(fleet, enrolled.endpoint) == LINES


def test_endpoints_do_not_share_streams(fleet: Fleet) -> None:
    first, second = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    theirs = sealed(3, endpoint="1" * 32)
    assert post(fleet, first.token, LINES).status_code == 200
    assert post(fleet, second.token, theirs).json()["accepted"] == 3
    assert (stored(fleet, first.endpoint), stored(fleet, second.endpoint)) == (LINES, theirs)


def test_another_endpoints_records_are_refused_whole(fleet: Fleet) -> None:
    first, second = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    answer = post(fleet, second.token, LINES)
    expected = {"error": "a record is of another endpoint", "code": "line", "line": 1}
    assert (answer.status_code, answer.json()) == (422, expected)
    assert stored(fleet, first.endpoint) == stored(fleet, second.endpoint) == []


@pytest.mark.parametrize(
    ("body", "stream", "status", "code"),
    [
        (b"", STREAM, 422, "line"),
        (LINES[0], STREAM, 422, "line"),
        (b"\n", STREAM, 422, "line"),
        (LINES[0][:50] + b"\n", STREAM, 422, "line"),
        (LINES[0] + b"\nrubbish\n", STREAM, 422, "line"),
        (LINES[0] + b"\n", "another", 422, "line"),
        (LINES[0] + b"\n", "", 422, "stream"),
        (LINES[0] + b"\n", "a%20b", 422, "stream"),
        (LINES[0] + b"\n", "x" * 201, 422, "stream"),
        (b"x\n" * 3_000, STREAM, 413, "too-large"),
        (b'{"a":"' + b"x" * (1 << 20) + b'"}\n', STREAM, 422, "line"),
        (b"x" * (5 << 20), STREAM, 413, "body"),
    ],
)
def test_what_is_no_batch_leaves_nothing_behind(fleet: Fleet, body: bytes, stream: str, status: int, code: str) -> None:
    enrolled = fleet.enrolled()
    answer = fleet.send("POST", f"{EVENTS}?stream={stream}", enrolled.token, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert stored(fleet, enrolled.endpoint) == []


def test_bombs_are_refused(fleet: Fleet) -> None:
    token = fleet.enrolled().token
    bomb = b"\0" * (200 << 20)
    for pack, encoding in ((gzip.compress, "gzip"), (zstandard.ZstdCompressor().compress, "zstd")):
        answer = fleet.send("POST", f"{EVENTS}?stream={STREAM}", token, pack(bomb), content_encoding=encoding)
        assert (answer.status_code, answer.json()["code"]) == (413, "body")


def test_a_gap_is_told_once_with_what_was_given_up(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    gap = msgspec.json.encode(GapLine(Gap(6, 10, "given-up", head_of(LINES[9]).hash, {"decision:allow": 5})))
    lines = [*LINES[:5], gap, *LINES[10:]]
    assert post(fleet, enrolled.token, lines).json()["accepted"] == 20
    assert post(fleet, enrolled.token, lines).json()["accepted"] == 20
    assert stored(fleet, enrolled.endpoint) == [*LINES[:5], *LINES[10:]]
    [event] = fleet.told("trail-given-up")
    detail = {"first": 6, "last": 10, "reason": "given-up", "counts": {"decision:allow": 5}, "stream": STREAM}
    assert event["detail"] == {**detail, "what": "trail-given-up", "endpoint": enrolled.endpoint}


def test_an_altered_record_is_kept_and_told(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    altered = [*LINES[:4], LINES[4].replace(b"call 5", b"call x"), *LINES[5:]]
    assert post(fleet, enrolled.token, altered).status_code == 200
    assert stored(fleet, enrolled.endpoint) == altered
    [event] = fleet.told("trail-altered")
    assert (event["detail"]["sequence"], event["detail"]["endpoint"]) == (5, enrolled.endpoint)


@pytest.mark.parametrize("fails", ["telling", "storing"])
def test_what_a_batch_tells_of_itself_is_not_lost_by_a_fault(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """A gap and an altered record, and a store that fails once: the batch comes again, and they are told."""
    enrolled = fleet.enrolled()
    append = fleet.services.events.append
    failed: list[str] = []

    def append_once_it_works(batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        own = batch[0].endpoint != enrolled.endpoint
        if not failed and own == (fails == "telling"):
            failed.append(fails)
            raise StoreBusyError("not now")
        return append(batch, outbox)

    monkeypatch.setattr(fleet.services.events, "append", append_once_it_works)
    gap = msgspec.json.encode(GapLine(Gap(6, 10, "given-up", head_of(LINES[9]).hash, {})))
    lines = [LINES[0], LINES[1].replace(b"call 2", b"call x"), *LINES[2:5], gap, *LINES[10:]]
    statuses = [post(fleet, enrolled.token, lines).status_code for _ in range(3)]
    assert (statuses, failed) == ([503, 200, 200], [fails])
    assert stored(fleet, enrolled.endpoint) == [line for line in lines if line is not gap]
    assert [len(fleet.told(what)) for what in ("trail-given-up", "trail-altered")] == [1, 1]


def test_a_record_that_comes_again_as_another_is_told_and_not_stored(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    post(fleet, enrolled.token, LINES)
    other = sealed(3, at="2026-11-20T10:00:00.000000Z")
    for _ in range(3):
        assert post(fleet, enrolled.token, other).json()["accepted"] == 20
    assert stored(fleet, enrolled.endpoint) == LINES
    assert len(fleet.told("trail-altered")) == 1


def test_a_wrong_clock_changes_no_day_of_the_server(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    early, late = "2026-11-21T07:00:00.000000Z", "2099-01-01T00:00:00.000000Z"
    first = sealed(2, at=early)
    lines = [*first, *sealed(2, at=late, head=head_of(first[-1]))]
    assert post(fleet, enrolled.token, lines).status_code == 200
    entries = sorted(fleet.services.events.query(None, limit=9).entries, key=lambda each: (each.stream, each.sequence))
    mine = [(each.time, each.received) for each in entries if each.endpoint == enrolled.endpoint]
    assert mine == [(early, fleetdata.NOW)] * 2 + [(late, fleetdata.NOW)] * 2
    assert fleet.services.events.days() == ["2026-11-21"]


def test_a_record_without_a_time_has_that_of_its_arrival(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    post(fleet, enrolled.token, sealed(1, at="yesterday"))
    [entry] = [each for each in fleet.services.events.query(None, limit=9).entries if each.stream == STREAM]
    assert entry.time == fleetdata.NOW


def test_routes_wait_for_what_arrives(tmp_path: Any) -> None:
    def outbox(entries: Any) -> list[OutboxEntry]:
        return [OutboxEntry("siem", entry.key, fleetdata.NOW) for entry in entries if b"call 3" in entry.record]

    with opened(tmp_path, outbox=outbox) as fleet:
        enrolled = fleet.enrolled()
        post(fleet, enrolled.token, LINES[:5])
        post(fleet, enrolled.token, LINES[:5])
        [claimed] = fleet.services.events.claim("w", fleetdata.NOW, 60, 10)
        assert (claimed.route, json.loads(claimed.entry.record)["message"]) == ("siem", "call 3")
