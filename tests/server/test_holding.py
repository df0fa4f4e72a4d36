"""Legal holds: made, changed, lifted, recorded, and in force in the store."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server import holding
from spawngate.server.fleet.database import MissingError
from spawngate.server.holding import HoldView
from spawngate.server.store.port import Item, StoreError
from spawngate.trail.event import Event
from tests.server.fleetdata import NOW, OWNER, services


def test_a_hold_is_set_changed_and_lifted(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        made = holding.hold(parts, OWNER, "case 12", since="2026-11-01", until="", reason=" a case ")
        assert made == HoldView("case 12", "2026-11-01", "", "a case", "tester", NOW)
        holding.hold(parts, OWNER, "case 12", since="2026-11-01", until="2026-11-20", reason="a case")
        assert [(each.name, each.since, each.until) for each in holding.holds(parts)] == [
            ("case 12", "2026-11-01", "2026-11-20")
        ]
        holding.lift(parts, OWNER, "case 12")
        assert holding.holds(parts) == ()
        found = [each.event for each in parts.events.query(None, newest_first=False).entries]
        assert [
            (event.detail["what"], [(each.path, each.old, each.new) for each in event.subject.differences])
            for event in found
            if event.subject is not None
        ] == [
            ("hold-set", [("since", None, "2026-11-01"), ("reason", None, "a case")]),
            ("hold-changed", [("until", None, "2026-11-20")]),
            ("hold-lifted", []),
        ]


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("", {}, "a hold's name"),
        ("a/b", {}, "a hold's name"),
        ("x" * 101, {}, "a hold's name"),
        ("a", {"since": "yesterday"}, "a day of a hold is written"),
        ("a", {"until": "2026-02-30"}, "a day of a hold is written"),
        ("a", {"since": "2026-11-02", "until": "2026-11-01"}, "ends before it begins"),
        ("a", {"reason": " "}, "say why"),
        ("a", {"reason": "x" * 2001}, "say why"),
    ],
)
def test_a_wrong_hold_is_refused(tmp_path: Path, name: str, given: dict[str, str], problem: str) -> None:
    with services(tmp_path) as parts, pytest.raises(UsageError, match=problem):
        holding.hold(parts, OWNER, name, **{"since": "", "until": "", "reason": "why", **given})


def test_a_hold_that_cannot_be_read_is_shown_and_can_be_lifted(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        parts.control.put(Item("hold", "torn", b"{"))
        assert holding.holds(parts) == (HoldView("torn", "", "", "cannot be read, and keeps everything", "", ""),)
        holding.lift(parts, OWNER, "torn")
        with pytest.raises(MissingError):
            holding.lift(parts, OWNER, "torn")


def test_what_cannot_be_recorded_is_not_done(tmp_path: Path) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    with services(tmp_path) as parts:
        holding.hold(parts, OWNER, "a", since="", until="", reason="why")
        silent = replace(parts, record=broken)
        with pytest.raises(StoreError):
            holding.hold(silent, OWNER, "b", since="", until="", reason="why")
        with pytest.raises(StoreError):
            holding.lift(silent, OWNER, "a")
        assert [each.name for each in holding.holds(parts)] == ["a"]
