"""The pages of artifacts that are no servers."""

from pathlib import Path

from spawngate.server.console import pages
from tests.server import fleetdata


def test_one_name_and_one_secret(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        skill = client.get("/artifacts/skill/notes")
        secret = client.get("/secrets/secret-1")
        first = client.get("/artifacts?team=1")
    assert (first.status_code, first.headers["location"]) == (307, "/artifacts/agent?team=1")
    assert "alpha" in skill.text
    assert "gamma" in skill.text
    assert "<h1>github-token</h1>" in secret.text
    assert "files: TOKEN" in secret.text


def test_names_with_every_character_can_be_asked_for(tmp_path: Path) -> None:
    from urllib.parse import quote

    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            for name in ("a/b/c", "100%", "what?", "#1", "a b"):
                fleetdata.add_artifact(connection, "e1", f"id {name}", kind="skill", name=name)
        for name in ("a/b/c", "100%", "what?", "#1", "a b", fleetdata.HOSTILE):
            answer = client.get(f"/artifacts/skill/{quote(name, safe='')}")
            assert answer.status_code == 200, name
            assert fleetdata.shown(answer.text)


def test_what_is_not_there(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        for path in ("/artifacts/skill/none", "/artifacts/mcp_server/files", "/artifacts/x/y", "/secrets/none"):
            assert client.get(path).status_code == 404
