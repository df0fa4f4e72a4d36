"""What `spawngate status` tells of the fleet."""

from pathlib import Path

from spawngate.endpoint.sync import enrolment, kept
from spawngate.endpoint.sync.standing import fleet
from spawngate.endpoint.sync.words import Status
from tests.endpoint.sync.test_enrolment import HELD


def test_enrolled_or_not(tmp_path: Path) -> None:
    assert fleet(tmp_path) == {}
    enrolment.save(tmp_path, HELD)
    kept.keep_status(tmp_path, Status(last_contact="2026", problem="away", bundle=7, backlog=9, dropped={"moment": 1}))
    assert fleet(tmp_path) == {
        "server": "https://a.example",
        "endpoint": "e1",
        "team": "red",
        "last_contact": "2026",
        "problem": "away",
        "refused": "",
        "bundle": 7,
        "backlog": 9,
        "dropped": {"moment": 1},
    }
    (tmp_path / "sync" / "enrolment.json").write_text("rubbish")
    assert "is damaged" in str(fleet(tmp_path)["problem"])
