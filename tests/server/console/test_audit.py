"""Pages of what administrators did, of retention and of saved searches."""

from pathlib import Path

from spawngate.server import administering, holding
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.store.port import Item
from tests.server.console.test_administration import ADMIN, TEAM_ADMIN, post
from tests.server.fleetdata import CSRF, HOSTILE, client, fill_small, services, shown
from tests.server.views.test_approvals import asked

ANALYST = Principal("Ana", Kind.USER, {0: Role.ANALYST}, user=None, csrf=CSRF)


def test_every_act_is_listed_for_the_organisation(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts)
        post(http, "/administration/teams", name="Data")
        number = asked(parts, "e1", HOSTILE)
        post(http, f"/approvals/{number}/decide", verdict="deny", note=HOSTILE)
        page = client(pages.routes, parts, ANALYST).get("/administration/audit")
        assert page.status_code == 200
        assert shown(page.text)
        assert "team Data created by tester" in page.text
        rows = http.get("/administration/audit.json").json()["rows"]
        assert [(row["type"], row["user"]) for row in rows] == [("approval", "tester"), ("administration", "tester")]
        assert http.get("/administration/audit.json?type=approval").json()["rows"] == rows[:1]
        team = client(pages.routes, parts, TEAM_ADMIN)
        assert "Acts belong to no team" in team.get("/administration/audit").text
        assert team.get("/administration/audit.json").json()["rows"] == []
        assert http.get("/administration/audit?q=(((").status_code == 400


def test_retention_is_the_owners(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert 'value="90"' in http.get("/administration/retention").text
        assert post(http, "/administration/retention", days="30").status_code == 303
        assert administering.kept(parts) == 30
        for wrong in ("0", "x", "999999", ""):
            assert post(http, "/administration/retention", days=wrong).status_code == 400
        assert post(client(pages.routes, parts, ADMIN), "/administration/retention", days="5").status_code == 403
        assert administering.kept(parts) == 30


def test_legal_holds_are_the_owners(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert "Nothing is held" in http.get("/administration/retention").text
        form = {"name": "case 7", "since": "2026-11-01", "until": "", "reason": HOSTILE}
        assert post(http, "/administration/holds", **form).headers["location"] == "/administration/retention"
        page = http.get("/administration/retention").text
        assert shown(page)
        assert "case 7" in page
        wrong = (
            {"name": "x"},
            {"name": "", "reason": "y"},
            {"name": "none", "act": "lift"},
            form | {"until": "2026-10-01"},
        )
        for each in wrong:
            assert post(http, "/administration/holds", **each).status_code == 400, each
        admin = client(pages.routes, parts, ADMIN)
        assert post(admin, "/administration/holds", name="case 7", act="lift").status_code == 403
        assert "/administration/holds" not in admin.get("/administration/retention").text
        assert [each.name for each in holding.holds(parts)] == ["case 7"]
        assert post(http, "/administration/holds", name="case 7", act="lift").status_code == 303
        assert holding.holds(parts) == ()


def test_a_hold_that_nobody_can_read_is_lifted_here(tmp_path: Path) -> None:
    """Whatever its name is, which the command line chose."""
    with services(tmp_path) as parts:
        parts.control.put(Item("hold", "a/b <i>", b"{"))
        http = client(pages.routes, parts)
        assert "cannot be read, and keeps everything" in http.get("/administration/retention").text
        assert post(http, "/administration/holds", name="a/b <i>", act="lift").status_code == 303
        assert holding.holds(parts) == ()
