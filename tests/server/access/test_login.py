"""The doors: sign-in, sign-out; and how somebody might get in by another way."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access import passwords, welcoming
from spawngate.server.access.limits import Rate
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from tests.server.applied import ORIGIN, World, world

PASSWORD = "correct horse battery"
FORM = {"name": "Ann", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def ann(server: World) -> int:
    """The owner, with a password."""
    return server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))


def first_word(server: World) -> str:
    return welcoming.first_run_link(server.parts.database, server.clock[0], "").partition("word=")[2]


def cookie_of(response: Any) -> str:
    return str(response.cookies.get("spawngate-plain", ""))


def signed_in(client: Any) -> bool:
    return bool(client.get("/api/v1/me").status_code == 200)


def test_without_an_owner_the_door_says_where_the_link_is(server: World) -> None:
    answer = server.client().get("/login")
    assert answer.status_code == 403
    assert "Open the link that it printed" in answer.text


# Passwords ------------------------------------------------------------------------------------------------------------


def test_sign_in_and_out(server: World, ann: int) -> None:
    client = server.client()
    assert "Sign in" in client.get("/login").text
    answer = client.post("/login", data={"name": "ann", "password": PASSWORD, "next": "/endpoints"}, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints")
    assert re.fullmatch(r"spawngate-plain=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", answer.headers["set-cookie"]), (
        answer.headers["set-cookie"]
    )
    assert signed_in(client)
    assert client.get("/login?next=/findings").headers["location"] == "/findings"
    page = client.get("/endpoints").text
    csrf = re.search(r'name="csrf" value="([\w-]{43})"', page)
    assert csrf is not None
    word = client.cookies["spawngate-plain"]
    assert client.post("/logout", data={"csrf": csrf[1]}, headers=ORIGIN).status_code == 303
    assert not signed_in(server.client(cookies={"spawngate-plain": word})), "the session has ended at the server"
    assert [what for _, what, _ in server.acts()] == ["session-begun", "session-ended"]


def test_over_tls_the_cookie_is_our_hosts_alone(tmp_path: Path) -> None:
    with world(tmp_path, base="https://spawngate.example") as server:
        server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))
        client = server.client(base_url="https://spawngate.example")
        answer = client.post(
            "/login", data={"name": "Ann", "password": PASSWORD}, headers={"origin": "https://spawngate.example"}
        )
        assert re.fullmatch(
            r"__Host-spawngate=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", answer.headers["set-cookie"]
        )
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert signed_in(client)
        plain = server.client(cookies={"spawngate-plain": client.cookies["__Host-spawngate"]})
        assert not signed_in(plain), "a cookie that any host could have set is none"


@pytest.mark.parametrize(
    ("name", "password"), [("Ann", "wrong password!"), ("Nobody", PASSWORD), ("", ""), ("Ann", "")]
)
def test_what_is_wrong_is_told_in_one_way(server: World, ann: int, name: str, password: str) -> None:
    answer = server.client().post("/login", data={"name": name, "password": password}, headers=ORIGIN)
    assert answer.status_code == 401
    assert "Name or password is wrong." in answer.text
    assert cookie_of(answer) == ""
    # What was typed as a name may be a password: only names that are somebody's are recorded.
    assert server.acts() == ([("Ann", "session-refused", "Ann")] if name == "Ann" else [])


def test_who_is_disabled_or_only_at_a_provider_has_no_password(server: World, ann: int) -> None:
    bob = server.person("Bob", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))
    with server.writing() as connection:
        users.disable(connection, bob, server.clock[0])
    server.person("Carl", {0: Role.READER}, issuer="https://id.example", subject="1")
    for name in ("Bob", "Carl"):
        for password in (PASSWORD, ""):
            form = {"name": name, "password": password}
            assert server.client().post("/login", data=form, headers=ORIGIN).status_code == 401


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Whose buckets do not fill again while a test runs on a busy machine."""
    monkeypatch.setattr("spawngate.server.access.login.LOGINS", Rate(10, 0.001))
    with world(tmp_path / "slow") as made:
        made.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))
        yield made


def test_guessing_a_name_is_slowed_down(slow: World) -> None:
    client = slow.client()
    statuses = [
        client.post("/login", data={"name": "Ann", "password": "x"}, headers=ORIGIN).status_code for _ in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
    late = client.post("/login", data={"name": "aNN", "password": PASSWORD}, headers=ORIGIN)
    assert late.status_code == 429, "not even the right one, or a guesser would know"
    assert int(late.headers["retry-after"]) > 0
    assert client.post("/login", data={"name": "Bob", "password": "x"}, headers=ORIGIN).status_code == 401


def test_nobody_is_kept_out_by_others_who_try_their_name(slow: World) -> None:
    eve = slow.client(client=("203.0.113.9", 1))
    for _ in range(12):
        eve.post("/login", data={"name": "Ann", "password": "x"}, headers=ORIGIN)
    assert eve.post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN).status_code == 429
    here = slow.client(client=("198.51.100.1", 1))
    assert here.post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN).status_code == 303


def test_an_address_that_tries_many_names_is_slowed_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.login.WRONG_FROM_ADDRESS", Rate(3, 0.01))
    with world(tmp_path) as server:
        server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))
        client = server.client()
        statuses = [
            client.post("/login", data={"name": f"n{number}", "password": "x"}, headers=ORIGIN).status_code
            for number in range(5)
        ]
        assert statuses == [401] * 3 + [429] * 2
        other = server.client(client=("198.51.100.1", 1))
        assert other.post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN).status_code == 303


def test_an_office_behind_one_address_gets_in(server: World, ann: int) -> None:
    statuses = {
        server.client().post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN).status_code
        for _ in range(15)
    }
    assert statuses == {303}


def test_of_many_passwords_at_once_no_more_are_tried_than_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spawngate.server.access.login.WRONG_FROM_ADDRESS", Rate(3, 0.001))
    go, inside = threading.Event(), threading.Semaphore(0)

    def slow(held: str | None, password: str) -> bool:
        inside.release()
        assert go.wait(20)
        return False

    monkeypatch.setattr(passwords, "fits", slow)
    with world(tmp_path) as server:

        def tried(number: int) -> int:
            client = server.client(client=(f"2001:db8:0:1:{number:x}::1", 1))
            form = {"name": f"n{number}", "password": "x"}
            return client.post("/login", data=form, headers=ORIGIN).status_code

        with ThreadPoolExecutor(3) as pool:
            held = [pool.submit(tried, number) for number in range(3)]
            for _ in held:
                assert inside.acquire(timeout=20)
            assert [tried(number) for number in range(10, 13)] == [429] * 3, "one host has very many addresses"
            go.set()
            assert [each.result() for each in held] == [401] * 3


def test_a_right_password_does_not_count_as_a_wrong_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.login.WRONG_FROM_ADDRESS", Rate(2, 0.001))
    with world(tmp_path) as server:
        server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))
        form = {"name": "Ann", "password": PASSWORD}
        assert [server.client().post("/login", data=form, headers=ORIGIN).status_code for _ in range(4)] == [303] * 4


# Fixation and forgery -------------------------------------------------------------------------------------------------


def test_a_session_that_was_planted_is_ended_by_the_login(server: World, ann: int) -> None:
    """Session fixation: somebody sets their own session's cookie in another one's browser, and waits."""
    eve = server.person("Eve", {0: Role.READER})
    planted = server.browser(eve).word
    client = server.client(cookies={"spawngate-plain": planted})
    client.post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN)
    fresh = [each.value for each in client.cookies.jar if each.name == "spawngate-plain"]
    assert fresh[-1] != planted
    assert not signed_in(server.client(cookies={"spawngate-plain": planted}))


def test_a_word_that_nobody_gave_out_does_not_become_a_session(server: World, ann: int) -> None:
    client = server.client(cookies={"spawngate-plain": "chosen-by-eve"})
    answer = client.post("/login", data={"name": "Ann", "password": PASSWORD}, headers=ORIGIN)
    assert cookie_of(answer) not in ("", "chosen-by-eve")
    assert not signed_in(server.client(cookies={"spawngate-plain": "chosen-by-eve"}))


def test_two_cookies_that_differ_are_none(server: World, ann: int) -> None:
    word = server.browser(ann).word
    both = server.client(headers={"cookie": f"spawngate-plain={word}; spawngate-plain=planted"})
    assert not signed_in(both)
    twice = server.client(headers={"cookie": f"spawngate-plain={word}; spawngate-plain={word}"})
    assert signed_in(twice)


@pytest.mark.parametrize("path", ["/login", "/first-run", "/invitation", "/logout"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://evil.example"}, {"origin": "null"}, ORIGIN | {"sec-fetch-site": "cross-site"}],
)
def test_forms_of_other_pages_are_refused(server: World, ann: int, path: str, headers: dict[str, str]) -> None:
    """Login CSRF too: nobody signs another one's browser in."""
    browser = server.browser(ann)
    form = {"csrf": browser.csrf, "name": "Ann", "password": PASSWORD, "again": PASSWORD, "word": first_word(server)}
    answer = browser.client.post(path, data=form, headers=headers)
    assert answer.status_code == 403
    assert signed_in(browser.client)


def test_a_session_ends_by_time(server: World, ann: int) -> None:
    client = server.browser(ann).client
    server.later(hours=1, minutes=59)
    assert signed_in(client)
    server.later(hours=1, minutes=59)
    assert signed_in(client), "use is noted, so it goes on"
    server.later(hours=2)
    assert not signed_in(client)


def test_hostile_text_in_the_form_is_escaped(server: World, ann: int) -> None:
    name = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    answer = server.client().post("/login", data={"name": name, "password": "x", "next": name}, headers=ORIGIN)
    assert "<script" not in answer.text
    assert "<img src=x" not in answer.text
