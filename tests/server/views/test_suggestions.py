"""The suggested allowlist."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet import approvals
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.views.filters import Filters
from spawngate.server.views.suggestions import FACETS, Suggestion, requested, suggested, suggestions_of
from tests.server.fleetdata import HOSTILE, NOW, add_artifact, fill_small, services


def test_what_is_in_use_and_undecided_most_used_first(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        found = suggested(parts, None, 1)
        assert [(each.fingerprint, each.endpoints, each.severity, each.advisories) for each in found.rows] == [
            ("fp-files", 2, "critical", 1),
            ("fp-drift", 1, "", 1),
            ("fp-evil", 1, "", 0),
        ]
        assert [each.harmless for each in found.rows] == [False, False, False]
        assert (
            found.rows[2].obstacle == "it runs text, which only the endpoint can identify: have it asked for from there"
        )
        assert found.rows[2].name == HOSTILE
        assert [each.fingerprint for each in suggested(parts, None).rows] == ["fp-files"]
        assert [each.fingerprint for each in suggested(parts, frozenset({2}), 1).rows] == ["fp-drift", "fp-evil"]
        assert suggested(parts, frozenset(), 1).rows == ()


def test_the_list_is_narrowed(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        every = suggestions_of(parts, None, Filters.of([("least", "1")], FACETS))
        assert (every.total, every.looked_at, every.covered, every.beyond) == (3, 3, 0, False)
        assert {each.name: {one.value: one.count for one in each.options} for each in every.facets} == {
            "stands": {"something against it": 2, "not from here": 1}, "tier": {"unknown": 2, "official": 1},
        }  # fmt: skip
        one = suggestions_of(parts, None, Filters.of([("least", "1"), ("stands", "not from here")], FACETS))
        assert [each.fingerprint for each in one.rows] == ["fp-evil"]
        assert suggestions_of(parts, None, Filters.of([("q", "fp-files")], FACETS), facets=False).facets == ()
        first = suggestions_of(parts, None, Filters.of([("least", "1"), ("limit", "1")], FACETS))
        assert first.cursor is not None
        rest = suggestions_of(parts, None, Filters.of([("least", "1"), ("cursor", first.cursor)], FACETS))
        assert (first.rows + rest.rows, rest.cursor) == (every.rows, None)


@pytest.mark.parametrize(("state", "left"), [("approved", 0), ("ended", 1), ("revoked", 0)])
def test_what_is_decided_is_not_suggested(tmp_path: Path, state: str, left: int) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        with parts.database.begin() as connection:
            for endpoint in ("e1", "e2"):
                add_artifact(
                    connection,
                    endpoint,
                    "notes",
                    team=1,
                    name="notes",
                    fingerprint="fp-notes",
                    launch={"command": "uvx"},
                )
        about, name = requested(parts, None, "fp-notes")
        assert (about.command, name) == ("uvx -y some-server", "notes")
        before = suggested(parts, frozenset({1}))
        assert [each.fingerprint for each in before.rows] == ["fp-files", "fp-notes"]
        assert before.rows[1] == Suggestion(
            "fp-notes", "notes", "uvx -y some-server", "unknown", 2, "2026-11-02T09:00:00.000000Z", "", 0,
            about.identity.fingerprint, "", "nothing known",
        )  # fmt: skip
        assert before.rows[1].harmless
        with parts.database.begin() as connection:
            made = approvals.grant(
                connection, about, team=0, reach="organisation", by="Jo", now=NOW, name=name,
                expires=NOW if state == "ended" else "",
            )  # fmt: skip
            if state == "revoked":
                approvals.revoke(connection, made.id, by="Jo", now=NOW)
        after = suggested(parts, frozenset({1}))
        assert ["fp-notes" in [each.fingerprint for each in after.rows], after.covered] == [bool(left), 1 - left]


def test_only_ones_own_definitions_can_be_asked_for(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        with pytest.raises(MissingError):
            requested(parts, frozenset({1}), "fp-drift")
        with pytest.raises(MissingError):
            requested(parts, None, "fp-none")
        with pytest.raises(UsageError, match="cannot be approved from here"):
            requested(parts, None, "fp-evil")


def test_what_was_looked_at_is_what_is_asked_for(tmp_path: Path) -> None:
    """An endpoint may say another thing between the look and the approval."""
    with services(tmp_path) as parts:
        fill_small(parts)
        looked_at = requested(parts, None, "fp-drift")[0].identity.fingerprint
        assert requested(parts, None, "fp-drift", looked_at)[0].identity.fingerprint == looked_at
        with parts.database.begin() as connection:
            other = {"command": "npx", "args": ["-y", "evil-server"]}
            record = connection.execute(
                select(ARTIFACTS.c.record).where(ARTIFACTS.c.fingerprint == "fp-drift")
            ).scalar()
            values = {"record": {**(record or {}), "launch": other}}
            connection.execute(update(ARTIFACTS).where(ARTIFACTS.c.fingerprint == "fp-drift").values(values))
        with pytest.raises(ConflictError, match="told otherwise than when you looked"):
            requested(parts, None, "fp-drift", looked_at)
        assert requested(parts, None, "fp-drift")[0].identity.args == ("-y", "evil-server")


def test_what_endpoints_do_not_agree_on_is_not_asked_for(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        with parts.database.begin() as connection:
            launch = {"command": "npx", "args": ["-y", "evil-server"]}
            add_artifact(connection, "e3", "lie", team=2, name="files", fingerprint="fp-files", launch=launch)
        with pytest.raises(UsageError, match="endpoints do not agree on what it runs"):
            requested(parts, None, "fp-files")
        assert requested(parts, frozenset({1}), "fp-files")[0].command == "npx -y some-server", "of a team that agrees"
