"""Static files: a written list, vendored programs as they were published."""

import hashlib
from importlib.resources import files
from pathlib import Path

from spawngate.server.console import assets
from spawngate.server.console.assets import FILES
from tests.server import fleetdata

VENDORED = {
    "vendor/htmx.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "vendor/uplot.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "vendor/uplot.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
}
"""SHA-256 of dist/htmx.min.js of npm's htmx.org 4.0.1, and of the dist files of npm's uplot 1.6.32."""


def test_the_list_is_the_folder() -> None:
    folder = Path(str(files("spawngate.server.console"))) / "static"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(FILES)


def test_vendored_programs_are_unchanged_and_have_their_licences() -> None:
    assert {name: hashlib.sha256(assets.read(name)).hexdigest() for name in VENDORED} == VENDORED
    assert b"Zero-Clause BSD" in assets.read("vendor/htmx.LICENSE")
    assert b"MIT License" in assets.read("vendor/uplot.LICENSE")


def test_files_are_served_by_name_and_tag(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(assets.routes, parts) as client:
        answer = client.get("/static/console.css")
        again = client.get("/static/console.css", headers={"if-none-match": answer.headers["etag"]})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert answer.content == assets.read("console.css")
        assert (again.status_code, again.content) == (304, b"")
        for name in ("..%2fpage.py", "vendor", "", "none.js"):
            assert client.get(f"/static/{name}").status_code == 404


def test_our_own_files_act_within_the_policy() -> None:
    script = assets.read("console.js").decode()
    for forbidden in ("eval(", "innerHTML", "new Function", "document.write", 'setAttribute("on'):
        assert forbidden not in script
    assert "http" not in assets.read("console.css").decode()
