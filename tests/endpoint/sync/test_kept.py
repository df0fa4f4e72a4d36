"""What is kept between two runs."""

from pathlib import Path

import pytest

from spawngate.endpoint.sync import enrolment, kept
from spawngate.endpoint.sync.outgoing import Position
from spawngate.endpoint.sync.words import Status
from tests.endpoint.sync.test_enrolment import HELD


def test_kept_and_found(tmp_path: Path) -> None:
    assert (kept.stamp(tmp_path), kept.position(tmp_path), kept.status(tmp_path)) == (None, Position(), Status())
    status = Status("https://a.example", "e1", problem="away", dropped={"moment": 3})
    kept.keep_status(tmp_path, status)
    assert kept.status(tmp_path) == Status()  # nothing is kept of an enrolment that is gone
    enrolment.save(tmp_path, HELD)
    kept.keep_status(tmp_path, status)
    kept.keep_position(tmp_path, Position("2026-11-21", 7, "s", 3))
    assert (kept.position(tmp_path), kept.status(tmp_path)) == (Position("2026-11-21", 7, "s", 3), status)
    before = kept.stamp(tmp_path)
    assert before == kept.stamp(tmp_path)
    enrolment.save(tmp_path, HELD)
    assert kept.stamp(tmp_path) != before


@pytest.mark.parametrize("data", [b"", b"rubbish", b'{"offset":"x"}'])
def test_what_is_damaged_is_the_begin(tmp_path: Path, data: bytes) -> None:
    kept.keep_position(tmp_path, Position("2026-11-21", 7, "s", 3))
    (tmp_path / "sync" / "position.json").write_bytes(data)
    assert kept.position(tmp_path) == Position()
