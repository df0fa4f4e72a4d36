"""Ends, notes and sandboxes of decisions, and approvals by the API that nobody asked for."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.server.access.roles import Role
from spawngate.server.deciding import LONGEST_NOTE, confinement, moment, noted
from spawngate.server.fleet import approvals
from tests.server.applied import world
from tests.server.fleetdata import NOW, fill_small
from tests.server.views.test_approvals import asked


@pytest.mark.parametrize(
    ("given", "end"),
    [
        (None, None),
        ("", ""),
        ("2026-11-21", "2026-11-21T23:59:59.999999Z"),
        ("2026-12-31T01:00:00+01:00", "2026-12-31T00:00:00.000000Z"),
    ],
)
def test_an_end_is_a_day_or_a_time(given: str | None, end: str | None) -> None:
    assert moment(given, NOW) == end


@pytest.mark.parametrize("given", ["2026-11-20", "2026-13-01", "soon", NOW, "2026-12-31T00:00:00"])
def test_an_end_that_is_none_or_over(given: str) -> None:
    with pytest.raises(UsageError, match="end"):
        moment(given, NOW)


def test_a_note_is_one_line_in_bounds() -> None:
    assert noted(" a\n\tb ") == "a b"
    assert len(noted("x" * 5_000)) == LONGEST_NOTE


def test_a_sandbox_is_stated_or_refused() -> None:
    assert confinement({"read": ["~/src"], "network": "1"}) == Confinement(read=("~/src",), network=True)
    assert confinement({"off": True}) == Confinement(off=True)
    for wrong in ({"read": ["src"]}, {"hosts": ["a b"]}, {"network": True, "hosts": ["a.test"]}):
        with pytest.raises(UsageError, match="sandbox: "):
            confinement(wrong)


def test_a_definition_of_the_inventory_is_approved_by_its_fingerprint(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        fill_small(server.parts)
        core = server.program(Role.POLICY_EDITOR, 1)
        suggested = core.get("/api/v1/suggested-approvals").json()["items"]
        assert [(each["fingerprint"], each["endpoints"], each["obstacle"]) for each in suggested] == [
            ("fp-files", 2, "")
        ]
        body = {"fingerprint": "fp-files", "team": 1, "reason": "reviewed", "expires": "2026-12-31"}
        made = core.post("/api/v1/approvals", json=body)
        assert made.status_code == 201
        item = made.json()["item"]
        assert (item["reach"], item["team"], item["name"], item["expires_at"]) == (
            "team",
            1,
            "files",
            "2026-12-31T23:59:59.999999Z",
        )
        assert core.get("/api/v1/suggested-approvals").json()["items"] == []
        wrong: dict[int, dict[str, Any]] = {
            403: {"team": 0},
            404: {"team": 2},
            400: {"reason": " "},
            422: {"reason": ""},
        }
        for status, change in wrong.items():
            assert core.post("/api/v1/approvals", json={**body, **change}).status_code == status
        assert core.post("/api/v1/approvals", json={**body, "fingerprint": "fp-drift"}).status_code == 404
        assert server.program(Role.ANALYST).post("/api/v1/approvals", json=body).status_code == 403


def test_a_request_is_approved_into_a_sandbox(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        fill_small(server.parts)
        number = asked(server.parts, "e1")
        http = server.program(Role.POLICY_EDITOR)
        path = f"/api/v1/approvals/{number}/approve"
        assert http.post(path, json={"sandbox": {"read": ["src"]}}).status_code == 400
        assert http.post(path, json={"reach": "endpoint", "expires": "2026-11-20"}).status_code == 400
        assert http.post(path, json={"sandbox": {"read": ["~/src"], "network": True}}).status_code == 200
        with server.parts.database.read() as connection:
            held = approvals.get(connection, number)
        assert (held.state, held.launch["sandbox"]) == ("approved", {"read": ["~/src"], "network": True})
        assert server.acts() == []
        assert [each.type for each in server.parts.events.query(None).entries] == ["approval"]
