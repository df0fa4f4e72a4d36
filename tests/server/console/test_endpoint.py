"""The page of one endpoint."""

from pathlib import Path
from typing import Any

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import commands
from tests.server import fleetdata
from tests.server.fleetdata import decided


def test_it_shows_agents_servers_findings_and_what_happened(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [decided("deny", "curl x | sh")])
        answer = client.get("/endpoints/e1")
    assert answer.status_code == 200
    for wanted in ("<h1>alpha</h1>", "npx -y some-server", "Bash: curl x | sh", "The endpoint has not told", "A title"):
        assert wanted in answer.text
    assert 'href="/servers/fp-files"' in answer.text


def test_hostile_names_act_nowhere(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        told = [{"agent": fleetdata.HOSTILE, "state": fleetdata.HOSTILE, "why": [fleetdata.HOSTILE]}]
        with parts.database.begin() as connection:
            fleetdata.add_endpoint(
                connection, "e9", enforcement=told, integrity=[fleetdata.HOSTILE], dropped={fleetdata.HOSTILE: 1}
            )
        fleetdata.add_events(parts, "e4", [decided("deny", fleetdata.HOSTILE)])
        for endpoint in ("e4", "e9"):
            answer = client.get(f"/endpoints/{endpoint}")
            assert answer.status_code == 200
            assert fleetdata.shown(answer.text)
            assert "&lt;script&gt;x" in answer.text


def test_none_and_another_teams_are_the_same(tmp_path: Path) -> None:
    reader = Principal("r", Kind.TOKEN, {1: Role.READER})
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, reader) as client:
        fleetdata.fill_small(parts)
        assert client.get("/endpoints/e1").status_code == 200
        assert client.get("/endpoints/e3").text == client.get("/endpoints/no-such").text
        assert client.get("/endpoints/e3").status_code == 404


def test_an_administrator_tells_it_what_to_do(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)

        def act(**fields: str) -> Any:
            return client.post("/endpoints/e1", data={"csrf": fleetdata.CSRF, **fields}, follow_redirects=False)

        assert act(act="scan", reason=fleetdata.HOSTILE).headers["location"] == "/endpoints/e1#commands"
        with parts.database.read() as connection:
            [given] = commands.of(connection, "e1")
        page = client.get("/endpoints/e1").text
        assert fleetdata.shown(page)
        assert ">waiting<" in page
        assert act(act="withdraw", command=str(given.id)).status_code == 303
        assert ">withdrawn<" in client.get("/endpoints/e1").text
        assert act(act="unenroll").status_code == 400
        assert act(act="format").status_code == 400
        assert act(act="withdraw", command="x").status_code == 400
        assert act(act="retire").status_code == 303
        assert "Let it in again" in client.get("/endpoints/e1").text
        assert act(act="scan").status_code == 400
        assert act(act="restore").status_code == 303
        assert "Scan now" in client.get("/endpoints/e1").text


def test_others_see_no_commands_and_give_none(tmp_path: Path) -> None:
    editor = Principal("p", Kind.TOKEN, {0: Role.POLICY_EDITOR}, csrf=fleetdata.CSRF)
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, editor) as client:
        fleetdata.fill_small(parts)
        assert "Scan now" not in client.get("/endpoints/e1").text
        assert client.post("/endpoints/e1", data={"csrf": fleetdata.CSRF, "act": "scan"}).status_code == 403
    here = Principal("a", Kind.TOKEN, {1: Role.ADMINISTRATOR}, csrf=fleetdata.CSRF)
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, here) as client:
        assert client.post("/endpoints/e3", data={"csrf": fleetdata.CSRF, "act": "scan"}).status_code == 400
