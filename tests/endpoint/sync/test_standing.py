"""What `spawngate status` tells of the fleet."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from spawngate.endpoint.sync import enrolment, kept
from spawngate.endpoint.sync.standing import fleet
from spawngate.endpoint.sync.words import Status
from spawngate.trail.moment import stamp
from tests.endpoint.sync.test_enrolment import HELD


def test_enrolled_or_not(tmp_path: Path) -> None:
    assert fleet(tmp_path) == {}
    enrolment.save(tmp_path, HELD)
    status = Status(last_contact="2026", problem="away", bundle=7, backlog=9, dropped={"moment": 1})
    kept.keep_status(tmp_path, status)
    told = {
        "server": "https://a.example",
        "endpoint": "e1",
        "team": "red",
        "last_contact": "2026",
        "problem": "away",
        "refused": "",
        "bundle": 7,
        "vouched": "",
        "stale": False,
        "backlog": 9,
        "dropped": {"moment": 1},
    }
    assert fleet(tmp_path) == told
    for days, stale in ((6, False), (8, True)):
        vouched = stamp(datetime.now(UTC) - timedelta(days=days))
        kept.keep_status(tmp_path, msgspec.structs.replace(status, vouched=vouched, stale_days=7))
        assert fleet(tmp_path) == {**told, "vouched": vouched, "stale": stale}
    (tmp_path / "sync" / "enrolment.json").write_text("rubbish")
    assert "is damaged" in str(fleet(tmp_path)["problem"])
