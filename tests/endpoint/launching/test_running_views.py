"""What hooks know of servers that run."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.command.inventory import InventoryView, ServerView
from spawngate.endpoint.launching.known import Records, Running
from spawngate.endpoint.launching.running_views import RunningView, with_running

FILES = ServerView("my files", tier="official", capabilities=("filesystem",), transport="stdio", fingerprint="file")


def running(launch: str, **more: Any) -> Running:
    given = {"name": "my files", "agent": "cursor", "fingerprint": "f", "approved": True, **more}
    return Running(launch, "e", at="t", **given)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], (False, "file")),
        ([running("1")], (True, "f")),
        ([running("1", approved=False)], (False, "f")),
        ([running("1"), running("2", approved=False)], (False, "f")),
        ([running("1"), running("2", fingerprint="g")], (True, "")),
        ([running("1", agent="zed")], (False, "file")),
        ([running("1", name="other")], (False, "file")),
        ([running("1", parent=1)], (True, "f")),
        ([running("1", parent=2)], (False, "file")),
        ([running("1"), running("2", approved=False, parent=2)], (True, "f")),
    ],
)
def test_approved(tmp_path: Path, runs: list[Running], expected: tuple[bool, str]) -> None:
    records = Records(tmp_path)
    view = RunningView({"my files": FILES}, True, "cursor", records, lambda process: process == 1)
    for each in runs:
        records.start(each)
    for name in ("my files", "my_files"):
        found = view.server(name)
        assert found is not None
        assert (found.approved, found.fingerprint) == expected
        assert (found.name, found.tier, found.capabilities) == ("my files", "official", ("filesystem",))
    for each in runs:
        records.end(each.launch)
    assert view.server("my files") == FILES


def test_what_no_inventory_knows_yet(tmp_path: Path) -> None:
    records = Records(tmp_path)
    views = with_running({"cursor": InventoryView({"my files": FILES}, complete=True)}, records)
    assert views["cursor"].server("new") is None
    assert views["zed"].server("my files") is None
    records.start(running("1", name="new", tier="community"))
    records.start(running("2", agent="zed", approved=False))
    assert views["cursor"].server("new") == ServerView("new", tier="community", approved=True, fingerprint="f")
    assert views["zed"].server("my_files") == ServerView("my files", fingerprint="f")
    assert (views["cursor"].complete, views["zed"].complete) == (True, False)
    assert views["cursor"].server("") is None
