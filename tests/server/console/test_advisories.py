"""The page of one advisory."""

from pathlib import Path

from spawngate.server.console import pages
from tests.server import fleetdata


def test_where_it_hits_and_where_it_does_not(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            links = ["javascript:alert(1)", "https://example.org/a"]
            fleetdata.add_match(
                connection, "e2", "GHSA-1", "files", detail={"references": links, "why": fleetdata.HOSTILE}
            )
        one = client.get("/advisories/CVE-1")
        two = client.get("/advisories/CVE-2")
        links_ = client.get("/advisories/GHSA-1")
        assert client.get("/advisories/none").status_code == 404
    assert "It runs what a server sends." in one.text
    assert "alpha" in one.text
    assert fleetdata.shown(two.text)
    assert fleetdata.shown(links_.text)
    assert 'href="javascript:' not in links_.text
    assert 'href="https://example.org/a"' in links_.text
