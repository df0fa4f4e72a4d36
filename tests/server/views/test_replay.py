"""Drafts held against the trail."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.model.errors import UsageError
from spawngate.server.services import Services
from spawngate.server.views.replay import Changes, Count, Example, replayed
from spawngate.trail.event import Event
from tests.server.fleetdata import HOSTILE, add_events, decided, fill_small, services

FILES = {
    "own.cedar": (
        '@id("all") @reason("r") permit (principal, action, resource);\n'
        '@id("no-npm") @reason("r") @verdict("ask") forbid (principal, action, resource)\n'
        'when { context.programs.contains("npm") };'
    ),
    "policy.toml": 'base = "none"\n',
}
DAY_BEFORE = "2026-11-20T12:00:00.000000Z"


def asked(verdict: str, program: str, at: str = DAY_BEFORE, **more: Any) -> Event:
    """A decision with its question."""
    event = decided(verdict, f"{program} {more.pop('rest', '')}".strip(), at, **more)
    assert event.call is not None
    return msgspec.structs.replace(
        event, question={"action": "shell"}, call=msgspec.structs.replace(event.call, programs=(program,))
    )


def fill(parts: Services) -> None:
    """Decisions of two teams."""
    fill_small(parts)
    add_events(parts, "e1", [asked("allow", "npm", rest=HOSTILE), asked("allow", "ls"), decided("deny", "old")])
    add_events(parts, "e3", [asked("deny", "npm"), asked("allow", "npm", "2026-11-01T12:00:00.000000Z")])


def test_what_a_draft_would_change(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        found = replayed(parts, None, FILES, 7)
        assert (found.total, found.changed, found.unasked, found.stopped) == (3, 2, 1, "")
        assert (found.before, found.after) == ({"allow": 2, "deny": 1}, {"allow": 1, "ask": 2})
        assert sorted(msgspec.structs.astuple(each) for each in found.changes) == [
            ("allow", "ask", 1),
            ("deny", "ask", 1),
        ]
        assert found.by_policy == (Count("no-npm", "no-npm", 2),)
        assert found.by_agent == (Count("cursor", "cursor", 2),)
        assert sorted(each.label for each in found.by_endpoint) == ["alpha", "gamma"]
        assert found.since == "2026-11-14T12:00:00.000000Z"
        assert len(found.examples) == 2
        assert replayed(parts, None, FILES, 30).total == 4


def test_a_team_replays_its_own(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        found = replayed(parts, frozenset({2}), FILES, 7)
        assert found.changes == (Changes("deny", "ask", 1),)
        assert found.examples == (Example(DAY_BEFORE, "gamma", "cursor", "deny", "ask", ("no-npm",), "npm"),)
        assert replayed(parts, frozenset(), FILES, 7).total == 0


def test_it_is_bounded_and_says_so(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        some = replayed(parts, None, FILES, 30, most=1)
        assert (some.total, some.stopped) == (1, "the newest 1 decisions were asked")
        late = replayed(parts, None, FILES, 30, seconds=-0.0)
        assert (late.total, late.stopped) == (0, "it took too long")


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        for files, days in (({"x.cedar": "("}, 7), (FILES, 0), (FILES, 91)):
            with pytest.raises(UsageError):
                replayed(parts, None, files, days)
