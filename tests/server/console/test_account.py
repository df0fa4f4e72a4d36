"""The page of the own account."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.server.access import passwords
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from tests.server.applied import World, world
from tests.server.fleetdata import client, services

OLD, NEW = "correct horse battery", "staple correct horse"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_somebody_changes_their_password(server: World) -> None:
    ann = server.person("<b>Ann", {0: Role.READER}, password=passwords.hashed(OLD))
    here, there = server.browser(ann), server.browser(ann)
    page = here.get("/account").text
    assert "&lt;b&gt;Ann" in page
    assert "Sign out everywhere else" in page
    form = {"old": OLD, "new": NEW, "again": NEW}
    for wrong, why in (
        ({"old": "x"}, "The old password is wrong."),
        ({"again": "x"}, "The two new passwords are not the same."),
        ({"new": "x", "again": "x"}, "a password has 12 to 1024 characters"),
    ):
        answer = here.post("/account/password", {**form, **wrong})
        assert answer.status_code == 400
        assert re.search(rf'role="alert">[^<]*{why}', answer.text)
        assert OLD not in answer.text
    assert there.get("/account").status_code == 200
    answer = here.post("/account/password", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")
    again = server.client(cookies={"spawngate-plain": answer.cookies["spawngate-plain"]})
    assert "Your password is changed." in again.get(answer.headers["location"]).text
    assert there.get("/account").headers["location"] == "/login?next=/account"


def test_somebody_signs_out_everywhere_else(server: World) -> None:
    ann = server.person("Ann", {0: Role.READER}, issuer="https://id.example", subject="1")
    here, there = server.browser(ann), server.browser(ann)
    assert "Your password is changed there: https://id.example" in here.get("/account").text
    assert here.post("/account/sessions").headers["location"] == "/account?done=sessions"
    assert there.get("/account").status_code == 303
    page = here.get("/account?done=sessions").text
    assert "You are signed in here and nowhere else." in page
    assert "Sign out everywhere else" not in page
    assert 'role="status"' not in here.get("/account?done=<script>").text


def test_a_program_and_the_local_user_have_no_account(server: World, tmp_path: Path) -> None:
    program = server.program(Role.OWNER)
    assert program.get("/account").status_code == 404
    assert program.post("/account/sessions").status_code == 403
    with services(tmp_path / "other") as parts:
        assert client(pages.routes, parts).get("/account").status_code == 404
