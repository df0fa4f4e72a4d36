"""OCSF in a file: one line for every event."""

import json

import pytest

from spawngate.routing.destination import Done, Failed, FileLines, Outcome
from spawngate.routing.destinations.ocsf_file import DESTINATION, OcsfFileSettings, read
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import drive, samples
from tests.trail.mappings.ocsf_check import faults


def test_every_type() -> None:
    settings = decode(OcsfFileSettings, {"path": "/var/log/spawngate/ocsf.ndjson", "keep": 3}, "d")
    outcome, (sent,) = drive(DESTINATION, settings, samples(), lambda outgoing: Done())
    assert outcome == Outcome("delivered")
    assert isinstance(sent, FileLines)
    assert (sent.path, sent.rotate_bytes, sent.keep) == ("/var/log/spawngate/ocsf.ndjson", 100 << 20, 3)
    documents = [json.loads(line) for line in sent.lines]
    assert [document["metadata"]["event_code"] for document in documents] == [item.type for item in samples().items]
    assert [faults(document) for document in documents] == [[]] * len(documents)
    assert all(line.endswith(b"}\n") and line.count(b"\n") == 1 for line in sent.lines)


def test_read() -> None:
    assert read(Done()) == Outcome("delivered")
    assert read(Failed("write", "no space left")) == Outcome("retry", "write: no space left", blame="destination")


@pytest.mark.parametrize(
    ("change", "where"),
    [({"path": "x"}, "path"), ({"path": "/x/"}, "path"), ({"rotate_bytes": 5}, "rotate_bytes"), ({"keep": -1}, "keep")],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(OcsfFileSettings, {"path": "/x", **change}, "d")
