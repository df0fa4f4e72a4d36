"""The colours that a viewer chose."""

from pathlib import Path

from spawngate.server.console import pages
from tests.server import fleetdata
from tests.server.fleetdata import CSRF


def test_colours_are_kept_in_a_cookie(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        assert 'data-theme="auto"' in client.get("/endpoints").text
        answer = client.post("/preferences/theme", data={"csrf": CSRF, "theme": "dark", "back": "/servers"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/servers")
        cookie = answer.headers["set-cookie"].lower()
        assert "spawngate_theme=dark" in cookie
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert 'data-theme="dark"' in client.get("/endpoints").text


def test_other_words_set_nothing(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        answer = client.post("/preferences/theme", data={"csrf": CSRF, "theme": '"><script>', "back": "https://x"})
        assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/", False)
        client.cookies.set("spawngate_theme", '"><script>alert(1)</script>')
        assert 'data-theme="auto"' in client.get("/endpoints").text
