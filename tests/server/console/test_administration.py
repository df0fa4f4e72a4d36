"""Pages of teams and people."""

from pathlib import Path
from typing import Any

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import users
from spawngate.server.services import Services
from tests.server.fleetdata import CSRF, HOSTILE, NOW, client, fill_small, services, shown
from tests.server.views.test_access import fill_access

TEAM_ADMIN = Principal("Kai", Kind.USER, {1: Role.ADMINISTRATOR}, csrf=CSRF)
ADMIN = Principal("Sam", Kind.USER, {0: Role.ADMINISTRATOR}, csrf=CSRF)


def post(http: Any, path: str, **form: str) -> Any:
    """A form of ours."""
    return http.post(path, data={"csrf": CSRF, **form})


def roles(parts: Services, user: int) -> dict[int, Role]:
    """Somebody's roles."""
    with parts.database.read() as connection:
        return users.roles_of(connection, user)


def test_teams_are_made_renamed_and_deleted(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        http = client(pages.routes, parts)
        made = post(http, "/administration/teams", name="<b>Data")
        assert made.headers["location"] == "/administration/teams/3"
        assert "&lt;b&gt;Data" in http.get("/administration").text
        assert post(http, "/administration/teams/3", name="Data").status_code == 303
        assert post(http, "/administration/teams/1", act="remove").status_code == 400
        assert post(http, "/administration/teams/3", act="remove").headers["location"] == "/administration"
        assert "Data" not in http.get("/administration").text
        told = [str(each.event.detail["what"]) for each in parts.events.query(None, newest_first=False).entries]
        assert told == ["team-created", "team-changed", "team-removed"]


def test_people_are_invited_given_roles_and_disabled(tmp_path: Path) -> None:
    with services(tmp_path, base="https://spawngate.example") as parts:
        fill_small(parts)
        http = client(pages.routes, parts, ADMIN)
        made = post(http, "/administration/people", name="Ana", email="ana@example.org", role="analyst", invite="1")
        assert made.status_code == 200
        assert "https://spawngate.example/invitation?word=" in made.text
        assert roles(parts, 1) == {0: Role.ANALYST}
        assert post(http, "/administration/teams/1/members", who="ana", role="policy-editor").status_code == 303
        assert roles(parts, 1) == {0: Role.ANALYST, 1: Role.POLICY_EDITOR}
        assert post(http, "/administration/teams/1/members", user="1", role="").status_code == 303
        assert roles(parts, 1) == {0: Role.ANALYST}
        assert post(http, "/administration/people/1", act="disable").status_code == 303
        assert "disabled" in http.get("/administration/people/1").text
        assert post(http, "/administration/people/1", act="enable").status_code == 303
        assert post(http, "/administration/people/1", act="end-sessions").status_code == 303
        assert "invitation?word=" in post(http, "/administration/people/1", act="invite").text
        for form in ({}, {"name": "Bo", "role": "king"}, {"name": "ana"}):
            assert post(http, "/administration/people", **form).status_code == 400
        assert post(http, "/administration/people/1", act="sing").status_code == 400
        assert post(http, "/administration/people", name="Owner", role="owner").status_code == 403


def test_nobody_gives_or_takes_what_is_above_them(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        with parts.database.begin() as connection:
            boss = users.create(connection, "Boss", NOW, roles={0: Role.OWNER, 1: Role.OWNER})
            mate = users.create(connection, HOSTILE.replace("\x1b", "").replace("\u202e", ""), NOW)
        http = client(pages.routes, parts, TEAM_ADMIN)
        assert post(http, "/administration/teams/1/members", user=str(mate), role="owner").status_code == 403
        assert post(http, "/administration/teams/1/members", user=str(boss), role="").status_code == 403
        assert post(http, "/administration/teams/2/members", user=str(mate), role="reader").status_code == 400
        assert post(http, "/administration/teams/0/members", user=str(mate), role="reader").status_code == 400
        assert post(http, "/administration/teams/1/members", user=str(mate), role="reader").status_code == 303
        assert (roles(parts, mate), roles(parts, boss)[1]) == ({1: Role.READER}, Role.OWNER)
        page = http.get("/administration/teams/1").text
        assert shown(page)
        listed = http.get("/administration").text
        assert "Core" in listed
        assert "Web" not in listed
        for path in ("/administration/teams/2", "/administration/teams/0", "/administration/teams/x"):
            assert http.get(path).status_code == 404
        assert http.get("/administration/people").status_code == 403
        admin = client(pages.routes, parts, ADMIN)
        assert shown(admin.get("/administration/people").text)
        assert post(admin, f"/administration/people/{boss}", act="invite").status_code == 403
        assert post(admin, f"/administration/people/{boss}", act="disable").status_code == 403


def test_lists_have_facets_searches_and_exports(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill_small(parts)
        fill_access(parts)
        http = client(pages.routes, parts)
        for path, name, number in (
            ("/administration", "teams", 3),
            ("/administration/people", "people", 4),
            ("/administration/tokens", "tokens", 4),
            ("/administration/enrolments", "enrolments", 4),
        ):
            page = http.get(path).text
            assert shown(page)
            assert f'href="{path}.csv"' in page
            assert 'name="page" value="' + name + '"' in page, "a search can be saved"
            assert len(http.get(f"{path}.json").json()["rows"]) == number
            assert len(http.get(f"{path}.csv").text.splitlines()) == number + 1
        assert [row["name"] for row in http.get("/administration/people.json?role=analyst&team=2").json()["rows"]] == [
            "Cy"
        ]
        assert [row["name"] for row in http.get("/administration/tokens.json?q=state:ended").json()["rows"]] == ["old"]
        team = client(pages.routes, parts, TEAM_ADMIN)
        assert [row["name"] for row in team.get("/administration/tokens.json").json()["rows"]] == ["lost", "old"]
        assert [row["name"] for row in team.get("/administration/enrolments.json").json()["rows"]] == ["code", "mdm"]
        assert [row["name"] for row in team.get("/administration.json").json()["rows"]] == ["Core"]
        assert team.get("/administration/people.json").status_code == 403
        for path in ("tokens", "enrolments"):
            assert team.get(f"/administration/{path}.json?team=2").json()["rows"] == []
