"""The writer: durable, alone, recovering, and forgetful after the days that it was told."""

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from unittest import mock

import msgspec
import pytest

from spawngate.endpoint.trail import direct, reader, segment, store
from spawngate.endpoint.trail.store import ROOM, TrailBusyError, TrailError, TrailStore
from spawngate.trail.chain import Head
from spawngate.trail.event import Event, EventType
from spawngate.trail.moment import stamp
from spawngate.trail.query import Query
from spawngate.trail.retention import SURE

DAY = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture(autouse=True, params=["direct", "cached"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything holds past the page cache and through it."""
    if request.param == "cached":
        monkeypatch.setattr(direct, "_FLAGS", 0)
    return str(request.param)


def event(message: str, **more: object) -> Event:
    return Event(EventType.DECISION, stamp(DAY), 1, message=message, **more)  # type: ignore[arg-type]  # fields of Event


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def opened(folder: Path, moment: datetime = DAY, **more: object) -> TrailStore:
    return TrailStore(folder, clock=at(moment), **more)  # type: ignore[arg-type]  # keywords of TrailStore


def told(folder: Path) -> list[tuple[str, str]]:
    """Type and message of every record, oldest first."""
    return [(value["type"], value.get("message", "")) for value, _ in reader.oldest(folder, Query())]


def good(folder: Path) -> bool:
    return reader.verify(folder).fault is None


def segment_of(folder: Path, moment: datetime = DAY) -> Path:
    return folder / segment.name(moment.date())


def test_append_and_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "trail"
    with opened(folder) as trail:
        first = trail.append([event("a"), event("b")])
        assert first.sequence == 2
        assert segment_of(folder).stat().st_size > ROOM
        stream = first.stream
    with opened(folder) as trail:
        assert trail.head == first
        assert trail.append([event("c")]).sequence == 3
        assert trail.append([]).sequence == 3
        assert trail.head.stream == stream
    assert [message for _, message in told(folder)] == ["a", "b", "c"]
    assert reader.verify(folder).records == 3
    assert segment_of(folder).read_bytes().endswith(b"}\n")


def test_private(tmp_path: Path) -> None:
    folder = tmp_path / "trail"
    folder.mkdir(mode=0o755)
    with opened(folder) as trail:
        trail.append([event("a")])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_one_writer(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(TrailBusyError, match="another process writes"):
        opened(tmp_path, wait=0.05)
    opened(tmp_path).close()


def test_a_day_has_its_file(tmp_path: Path) -> None:
    moments = [DAY, DAY + timedelta(days=1), DAY]
    with TrailStore(tmp_path, clock=lambda: moments[0]) as trail:
        trail.append([event("a")])
        moments.pop(0)
        trail.append([event("b")])
        moments.pop(0)
        trail.append([event("c")])  # the clock was set back: order is what counts
    assert [path.name for _, path in segment.segments(tmp_path)] == ["2026-11-21.ndjson", "2026-11-22.ndjson"]
    assert [message for _, message in told(tmp_path)] == ["a", "b", "c"]
    assert good(tmp_path)


@pytest.mark.parametrize(
    "rest",
    [
        b"x",
        b'{"at":"2026',
        b"\0\0\0x\0\0",
        b"\0" * 100 + b'{"at":1}\n',
        b'{"at":"\0\0\0\0"}\n{"at":"2026-11-21"}\n',
        b"\0\n",
        b"\xff" * 5000,
    ],
)
def test_torn_end_is_cut_off_and_told(tmp_path: Path, rest: bytes) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a"), event("b")])
    path = segment_of(tmp_path)
    with path.open("ab") as file:
        file.write(rest + b"\0" * 10)
    before = path.stat().st_size
    with opened(tmp_path) as trail:
        trail.append([event("c")])
    torn = rest.rstrip(b"\0")
    assert [(kind, text) for kind, text in told(tmp_path)] == [
        ("decision", "a"),
        ("decision", "b"),
        ("recovered", f"{len(torn)} torn bytes at the end of 2026-11-21.ndjson were cut off"),
        ("decision", "c"),
    ]
    assert good(tmp_path)
    kept = [each for each in tmp_path.iterdir() if each.name.startswith("torn-")]
    assert [each.read_bytes() for each in kept] == [torn]
    assert kept[0].name == f"torn-2026-11-21-{before - len(rest) - 10}"


def test_room_that_was_taken_is_no_loss(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a")])
    with segment_of(tmp_path).open("ab") as file:
        file.write(b"\0" * 5000)
    with opened(tmp_path) as trail:
        trail.append([event("b")])
    assert told(tmp_path) == [("decision", "a"), ("decision", "b")]


def test_segment_without_a_record(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        head = trail.append([event("a")])
    (tmp_path / "2026-11-22.ndjson").write_bytes(b'{"at"' + b"\0" * 20)
    with opened(tmp_path, DAY + timedelta(days=1)) as trail:
        assert trail.head == head
        trail.append([event("b")])
    assert [kind for kind, _ in told(tmp_path)] == ["decision", "recovered", "decision"]
    assert good(tmp_path)


def test_altered_record_stays_as_evidence(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a"), event("b"), event("c")])
    path = segment_of(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"message":"b"', b'"message":"B"'))
    with opened(tmp_path) as trail:
        trail.append([event("d")])
    assert [message for _, message in told(tmp_path)] == ["a", "B", "c", "d"]
    fault = reader.verify(tmp_path).fault
    assert fault is not None
    assert (fault.kind, fault.sequence) == ("altered", 2)


def test_loss_of_the_end_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a"), event("b"), event("c")])
        noted = trail.head
    path = segment_of(tmp_path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    assert reader.verify(tmp_path).fault is not None
    with opened(tmp_path) as trail:
        trail.append([event("d")])
    values = [value for value, _ in reader.oldest(tmp_path, Query())]
    assert [(value["type"], value.get("message")) for value in values] == [
        ("decision", "a"),
        ("self-protection", "the end of the trail is missing"),
        ("decision", "d"),
    ]
    assert values[1]["detail"]["noted"] == {"stream": noted.stream, "sequence": 3, "hash": noted.hash}


def test_loss_of_everything_is_told_in_a_new_stream(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        old = trail.append([event("a")])
    segment_of(tmp_path).unlink()
    with opened(tmp_path) as trail:
        new = trail.append([event("b")])
    assert new.stream != old.stream
    assert told(tmp_path) == [("self-protection", "the end of the trail is missing"), ("decision", "b")]
    assert good(tmp_path)


@pytest.mark.parametrize("note", [b"", b"x", b"[]", b'{"stream":1}', b"\xff"])
def test_damaged_note_is_no_harm(tmp_path: Path, note: bytes) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a")])
    (tmp_path / store.HEAD_FILE).write_bytes(note)
    with opened(tmp_path) as trail:
        trail.append([event("b")])
    assert told(tmp_path) == [("decision", "a"), ("decision", "b")]


def test_retention_deletes_whole_days_and_says_so(tmp_path: Path) -> None:
    for days in (10, 9, 8, 0):
        moment = DAY - timedelta(days=days)
        with opened(tmp_path, moment, retention=1000) as trail:
            trail.append([event(f"{days} a"), event(f"{days} b")])
    firsts = [value for value, _ in reader.oldest(tmp_path, Query())]
    for name in ("torn-2026-11-11-100", "torn-2026-11-21-100", "other"):
        (tmp_path / name).touch()
    with opened(tmp_path, retention=8) as trail:
        assert trail.head.sequence == 9
        assert trail.expire() == []
    assert [path.name for _, path in segment.segments(tmp_path)] == ["2026-11-13.ndjson", "2026-11-21.ndjson"]
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("2026")) == [
        "head.json",
        "lock",
        "other",
        "torn-2026-11-21-100",
    ]
    values = [value for value, _ in reader.oldest(tmp_path, Query())]
    assert [value.get("message") for value in values] == [
        "8 a",
        "8 b",
        "0 a",
        "0 b",
        "retention of 8 days: 2 days deleted",
    ]
    detail = values[-1]["detail"]
    assert detail["days"] == ["2026-11-11", "2026-11-12"]
    assert detail["first"]["hash"] == firsts[0]["hash"]
    assert detail["last"] == {"stream": firsts[3]["stream"], "sequence": 4, "hash": firsts[3]["hash"]}
    found = reader.verify(tmp_path)
    assert (found.fault, found.expired, found.first, found.records) == (None, 4, 5, 5)


def test_first_days_deleted_by_hand_show(tmp_path: Path) -> None:
    for days in (2, 1, 0):
        with opened(tmp_path, DAY - timedelta(days=days)) as trail:
            trail.append([event("a")])
    (tmp_path / "2026-11-19.ndjson").unlink()
    fault = reader.verify(tmp_path).fault
    assert fault is not None
    assert (fault.kind, fault.message[:25]) == ("dropped", "records 1 to 1 are missin")


def test_too_long_event_is_written_without_details(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("a", detail={"x": "y" * (store.MAX_LINE + 1)}), event("b")])
    values = [value for value, _ in reader.oldest(tmp_path, Query())]
    assert [(value["message"], value.get("detail")) for value in values] == [("a", {"cut": True}), ("b", None)]
    assert good(tmp_path)


@pytest.mark.parametrize("call", ["pwrite", "fdatasync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_failure_records_nothing_and_heals(
    tmp_path: Path, call: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if call == "fdatasync":
        monkeypatch.setattr(direct, "_FLAGS", 0)  # the other way has no use for it
    real = getattr(os, call)
    with opened(tmp_path) as trail:
        trail.append([event("a")])
        with mock.patch.object(os, call, side_effect=OSError(number, os.strerror(number))):
            for _ in range(3):
                with pytest.raises(TrailError, match="cannot be"):
                    trail.append([event("lost")])
        assert getattr(os, call) is real
        with mock.patch.object(store, "PAUSE", 0):
            trail._retry = 0
            trail.append([event("b")])
    assert [message for _, message in told(tmp_path)] == ["a", "b"]
    assert good(tmp_path)


def test_half_a_batch_is_taken_back(tmp_path: Path) -> None:
    real = os.pwrite
    calls: list[int] = []

    def half(descriptor: int, data: bytes, offset: int) -> int:
        calls.append(offset)
        if len(calls) == 1:
            return real(descriptor, data[: len(data) // 2], offset)
        raise OSError(errno.ENOSPC, "No space left on device")

    with opened(tmp_path) as trail:
        trail.append([event("a")])
        with mock.patch.object(os, "pwrite", half), pytest.raises(TrailError, match="No space"):
            trail.append([event("lost" * 100), event("lost")])
        trail.append([event("b")])
    assert [message for _, message in told(tmp_path)] == ["a", "b"]
    assert good(tmp_path)


def test_short_writes_are_completed(tmp_path: Path) -> None:
    real = os.pwrite
    with opened(tmp_path) as trail, mock.patch.object(os, "pwrite", lambda fd, data, at: real(fd, data[:7], at)):
        trail.append([event("a"), event("b")])
    assert [message for _, message in told(tmp_path)] == ["a", "b"]
    assert good(tmp_path)


def test_without_room_in_advance(tmp_path: Path) -> None:
    real = os.pwrite

    def no_room(descriptor: int, data: bytes, offset: int) -> int:
        if not bytes(data).strip(b"\0"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data, offset)

    with opened(tmp_path) as trail, mock.patch.object(os, "pwrite", no_room):
        trail.append([event("a")])
        trail.make_room()
        trail.append([event("b")])
        assert b"\0" not in segment_of(tmp_path).read_bytes()
    assert [message for _, message in told(tmp_path)] == ["a", "b"]
    assert good(tmp_path)


def test_room_that_does_not_reach_the_disk_is_given_back(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        trail.append([event("x" * (ROOM - 1000))])
        size = segment_of(tmp_path).stat().st_size
        trail.append([event("x" * (ROOM - 1000))])
        used = len(segment_of(tmp_path).read_bytes().rstrip(b"\0"))
        assert used <= segment_of(tmp_path).stat().st_size <= size + 2 * ROOM
        with mock.patch.object(os, "fdatasync", side_effect=OSError(errno.EIO, "Input/output error")):
            trail.make_room()
        trail.append([event("b")])
        trail.make_room()
        assert segment_of(tmp_path).stat().st_size >= used + ROOM
    assert [message[-1] for _, message in told(tmp_path)] == ["x", "x", "b"]
    assert good(tmp_path)


def test_room_is_made_while_nobody_waits(tmp_path: Path) -> None:
    zeros: list[int] = []
    real = os.pwrite

    def counted(descriptor: int, data: bytes, offset: int) -> int:
        zeros.extend([offset] if not bytes(data).strip(b"\0") else [])
        return real(descriptor, data, offset)

    with opened(tmp_path) as trail, mock.patch.object(os, "pwrite", counted):
        for number in range(20):
            trail.append([event("x" * 20_000 + str(number))])
            trail.make_room()
            trail.make_room()
            size = segment_of(tmp_path).stat().st_size
            used = len(segment_of(tmp_path).read_bytes().rstrip(b"\0"))
            assert ROOM // 2 <= size - used <= 2 * ROOM
        assert len(zeros) == 2
        trail.close()
        trail.make_room()
    assert len(told(tmp_path)) == 20
    assert good(tmp_path)
    assert b"\0" not in segment_of(tmp_path).read_bytes()


@pytest.mark.parametrize(("number", "opens"), [(errno.EINVAL, True), (errno.EOPNOTSUPP, True), (errno.EIO, False)])
def test_folder_that_knows_no_fsync(tmp_path: Path, number: int, opens: bool) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    with mock.patch.object(os, "fsync", fsync):
        if opens:
            opened(tmp_path).close()
        else:
            with pytest.raises(TrailError, match="cannot be opened"):
                opened(tmp_path)


def test_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TrailError, match="cannot be used"):
        opened(tmp_path / "file" / "trail")


def test_segment_that_is_a_link_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    folder = tmp_path / "trail"
    folder.mkdir()
    segment_of(folder).symlink_to(target)
    with pytest.raises(TrailError):
        opened(folder)
    assert target.read_bytes() == b""
    segment_of(folder).unlink()
    opened(folder).close()


KILLED = """
import os, sys
from pathlib import Path
from spawngate.endpoint.trail.store import TrailStore
from spawngate.trail.event import Event
trail = TrailStore(Path(sys.argv[1]))
number = 0
while True:
    trail.append([Event("decision", "t", 1, message=f"{number + at}") for at in range(3)])
    number += 3
    os.write(1, f"{number}\\n".encode())
"""


def test_killed_at_any_moment_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    acknowledged = 0
    for round_ in range(3):
        with subprocess.Popen([sys.executable, "-c", KILLED, os.fspath(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            said = 0
            while said < 30 * (round_ + 1):
                said = int(process.stdout.readline())
            process.kill()
            for line in process.stdout.read().splitlines():
                said = int(line)
        acknowledged += said
        assert acknowledged <= len([1 for kind, _ in told(tmp_path) if kind == "decision"]) <= acknowledged + 3
        acknowledged = len([1 for kind, _ in told(tmp_path) if kind == "decision"])
    with TrailStore(tmp_path) as trail:
        trail.append([event("end")])
    assert good(tmp_path)


def test_stamp() -> None:
    assert stamp(datetime(2026, 11, 21, 10, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-21T08:00:00.000000Z"
    assert stamp(datetime(2026, 11, 21, 10, 0, 0, 5, UTC)) == "2026-11-21T10:00:00.000005Z"


def test_head_is_noted(tmp_path: Path) -> None:
    with opened(tmp_path) as trail:
        head = trail.append([event("a")])
    assert msgspec.json.decode((tmp_path / store.HEAD_FILE).read_bytes(), type=Head) == head
    assert reader.noted_head(tmp_path) == head


FULL = """
import json, os, sys
from pathlib import Path
from spawngate.endpoint.trail import reader, store
from spawngate.endpoint.trail.store import TrailError, TrailStore
from spawngate.trail.event import Event
from spawngate.trail.query import Query
store.PAUSE = 0
folder = Path(sys.argv[1]) / "trail"
ballast = Path(sys.argv[1]) / "ballast"
ballast.write_bytes(b"x" * 1_000_000)
trail = TrailStore(folder)
written = failed = 0
def fill():
    global written, failed
    while True:
        try:
            trail.append([Event("decision", "t", 1, message=f"{written} " + "y" * 3000)])
            written += 1
        except TrailError:
            failed += 1
            if failed % 3 == 0:
                return
fill()
full = written
ballast.unlink()
fill()
more = written - full
trail.close()
kept = [value for value, _ in reader.oldest(folder, Query()) if value["type"] == "decision"]
found = reader.verify(folder)
print(json.dumps({"full": full, "more": more, "failed": failed, "kept": len(kept), "fault": str(found.fault)}))
"""


def test_full_disk_and_room_again(tmp_path: Path) -> None:
    """A file system of two megabytes, full for real."""
    mounted = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o size=2m none "$1" && exec "$0" -c "$2" "$1"']
    found = subprocess.run(
        [*mounted, sys.executable, os.fspath(tmp_path), FULL], capture_output=True, text=True, check=False
    )
    if found.returncode and not found.stdout and "Traceback" not in found.stderr:
        pytest.skip(f"no file system can be mounted here: {found.stderr.strip()[:100]}")
    assert found.stderr == ""
    told_ = json.loads(found.stdout)
    assert told_["full"] > 100
    assert told_["more"] > 100
    assert told_["failed"] == 6
    assert (told_["kept"], told_["fault"]) == (told_["full"] + told_["more"], "None")


def test_a_clock_that_jumps_ahead_deletes_nothing_for_days(tmp_path: Path) -> None:
    for moment in (DAY, DAY + timedelta(days=4000)):
        with opened(tmp_path, moment, retention=8) as trail:
            trail.append([event("a")])
            assert trail.expire() == []
    assert len(segment.segments(tmp_path)) == 2
    for number in range(4001, 4001 + SURE):
        assert segment.segments(tmp_path)[0][0] == DAY.date()
        with opened(tmp_path, DAY + timedelta(days=number), retention=8) as trail:
            trail.append([event("b")])
    days = [(DAY + timedelta(days=each)).date() for each in range(4000, 4001 + SURE)]
    assert [day for day, _ in segment.segments(tmp_path)] == days


def test_a_machine_that_is_used_once_a_season_deletes_what_was_too_old_before(tmp_path: Path) -> None:
    for season in range(5):
        with opened(tmp_path, DAY + timedelta(days=season * 100), retention=90) as trail:
            trail.append([event("a")])
            trail.expire()
        assert len(segment.segments(tmp_path)) == min(season + 1, 2)


def test_retention_is_noted_for_every_writer(tmp_path: Path) -> None:
    with opened(tmp_path, DAY - timedelta(days=200)) as trail:
        trail.append([event("old")])
    for days in range(SURE, 0, -1):
        with opened(tmp_path, DAY - timedelta(days=days), retention=1000) as trail:
            trail.append([event("kept")])
    assert store.kept_days(tmp_path) == store.RETENTION_DAYS
    store.keep_days(tmp_path, 365)
    assert store.kept_days(tmp_path) == 365
    assert stat.S_IMODE((tmp_path / store.RETENTION_FILE).stat().st_mode) == 0o600
    opened(tmp_path).close()
    assert [message for _, message in told(tmp_path)] == ["old", *["kept"] * SURE]
    for damaged in (b"", b"x", b"-1", b"0", b"9" * 30, b"\xff"):
        (tmp_path / store.RETENTION_FILE).write_bytes(damaged)
        assert store.kept_days(tmp_path) == store.LONGEST_RETENTION
        opened(tmp_path).close()
    assert [message for _, message in told(tmp_path)] == ["old", *["kept"] * SURE]
    (tmp_path / store.RETENTION_FILE).unlink()
    opened(tmp_path).close()
    assert [kind for kind, _ in told(tmp_path)] == ["decision"] * SURE + ["expired"]
    with pytest.raises(TrailError, match="cannot be used"):
        store.keep_days(tmp_path / "lock", 5)
