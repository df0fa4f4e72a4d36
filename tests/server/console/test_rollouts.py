"""The list of roll-outs, and moving them on."""

from pathlib import Path

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import rolling
from tests.server.fleetdata import CSRF, HOSTILE, NOW, client, services, shown
from tests.server.views.test_policies import fill

TEAM_EDITOR = Principal("Jo", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF)
READER = Principal("Ro", Kind.USER, {1: Role.READER}, csrf=CSRF)


def test_what_is_in_force_and_what_has_ended(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        http = client(pages.routes, parts)
        page = http.get("/rollouts").text
        assert shown(page)
        assert page.count('formaction="/rollouts/') == 3
        assert http.post("/rollouts/3/end", data={"csrf": CSRF, "back": "/rollouts?team=2"}).headers["location"] == (
            "/rollouts?team=2"
        )
        assert http.get("/rollouts").text.count('formaction="/rollouts/') == 2
        ended = http.get("/rollouts?state=ended").text
        assert "team Web" in ended
        assert "formaction" not in ended
        assert "No roll-out passes this filter" in http.get("/rollouts?mode=enforce").text
        rows = http.get("/rollouts.json?state=ended").json()["rows"]
        assert [(each["id"], each["name"], each["state"]) for each in rows] == [(3, "own", "ended")]
        assert http.get("/rollouts.csv").text.splitlines()[0].startswith('"id","team","team_name","group"')


def test_hostile_groups_act_nowhere(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        first, _, _ = fill(parts)
        with parts.database.begin() as connection:
            rolling.start(connection, first, team=0, group=HOSTILE[:200], mode="ask", percent=5, by=HOSTILE, now=NOW)
            rolling.start(connection, first, team=0, group="=1+1", mode="ask", percent=5, by="@x", now=NOW)
        http = client(pages.routes, parts)
        for path in ("/rollouts", "/policies", "/policies/own"):
            assert shown(http.get(path).text), path
        cells = [line.split('","') for line in http.get("/rollouts.csv").text.splitlines()]
        assert not [cell for line in cells for cell in line if cell.lstrip('"').startswith(("=", "+", "-", "@", "\t"))]


def test_an_empty_list_says_what_to_do(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        assert "No policy is rolled out" in client(pages.routes, parts).get("/rollouts").text


def test_one_is_moved_on(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        http = client(pages.routes, parts)
        moved = http.post("/rollouts/2", data={"csrf": CSRF, "mode": "enforce", "percent": "75", "back": "/policies"})
        assert (moved.status_code, moved.headers["location"]) == (303, "/policies")
        with parts.database.read() as connection:
            now = rolling.get(connection, 2)
        assert (now.mode, now.percent) == ("enforce", 75)
        for wrong in ({"percent": "x"}, {"percent": ""}, {"percent": "101"}, {"mode": "off"}):
            form = {"csrf": CSRF, "mode": "ask", "percent": "50", **wrong}
            assert http.post("/rollouts/2", data=form).status_code == 400
        for number, status in (("99", 400), ("x", 404), ("-1", 404), ("1" * 12, 404)):
            assert http.post(f"/rollouts/{number}/end", data={"csrf": CSRF}).status_code == status
        with parts.database.read() as connection:
            assert rolling.get(connection, 2) == now


@pytest.mark.parametrize(
    ("viewer", "number", "status"), [(READER, 2, 403), (TEAM_EDITOR, 1, 400), (TEAM_EDITOR, 3, 400)]
)
def test_others_change_nothing(tmp_path: Path, viewer: Principal, number: int, status: int) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        http = client(pages.routes, parts, viewer)
        form = {"csrf": CSRF, "mode": "monitor", "percent": "1"}
        assert http.post(f"/rollouts/{number}", data=form).status_code == status
        assert http.post(f"/rollouts/{number}/end", data=form).status_code == status
        with parts.database.read() as connection:
            assert rolling.get(connection, number).ended_at == ""
