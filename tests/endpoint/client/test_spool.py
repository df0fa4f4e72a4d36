"""Taking over the spool: nothing is lost, nothing is taken twice."""

import os
from pathlib import Path

from spawngate.endpoint.client.spool import Taken, forget, take
from spawngate.model.alone import DecidedAlone
from spawngate.model.hookconf import Failure

LINE = (
    '{"time":"2026-11-21T15:00:0%dZ","agent":"a","event":"","failure":"slow","verdict":"open","bytes":1,"sha256":""}\n'
)


def decision(number: int) -> DecidedAlone:
    return DecidedAlone(f"2026-11-21T15:00:0{number}Z", "a", "", Failure.SLOW, False, 1, "")


def test_nothing_there(tmp_path: Path) -> None:
    assert take(tmp_path / "spool") == Taken()


def test_taken_over_once(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_text(LINE % 1 + "rubbish\n")
    (tmp_path / "spool.dropped").write_bytes(b"...")
    taken = take(spool)
    assert (taken.decisions, taken.dropped, taken.damaged) == ((decision(1),), 3, 1)
    assert not spool.exists()
    forget(taken)
    assert os.listdir(tmp_path) == []
    assert take(spool) == Taken()


def test_what_was_taken_and_not_recorded_is_taken_again(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_text(LINE % 1)
    take(spool)
    spool.write_text(LINE % 2)
    taken = take(spool)
    assert taken.decisions == (decision(1), decision(2))
    assert len(taken.files) == 2


def test_a_line_that_came_late_is_not_lost(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_text(LINE % 1)
    with spool.open("a") as client:
        taken = take(spool)
        client.write(LINE % 2)
    forget(taken)
    assert take(spool).decisions == (decision(2),)


def test_links_and_special_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other").write_text(LINE % 1)
    (tmp_path / "spool").symlink_to("other")
    os.mkfifo(tmp_path / "spool.dropped")
    assert take(tmp_path / "spool") == Taken()
    assert sorted(os.listdir(tmp_path)) == ["other", "spool", "spool.dropped"]
