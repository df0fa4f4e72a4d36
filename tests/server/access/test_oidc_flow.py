"""Sign-in at a real provider over HTTP (oidc-provider-mock), from the button to the session, and what goes wrong."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from spawngate.server.access.oidc import Grant, Provider, Settings
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from tests.server.applied import World, world
from tests.server.postgres import _free_port


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own: its module is full of deprecations, which are errors here."""
    port = _free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx2.get(f"{address}/.well-known/openid-configuration").raise_for_status()
                break
            except httpx2.HTTPError:
                time.sleep(0.1)
        else:
            process.kill()
            pytest.skip("oidc-provider-mock does not start here")
        yield address
        process.terminate()


def settings(issuer: str, **given: Any) -> Settings:
    groups = {
        "security": (Grant("organisation", Role.ANALYST),),
        "admins": (Grant("organisation", Role.ADMINISTRATOR),),
    }
    values: dict[str, Any] = {"client_id": "spawngate", "client_secret": "s", "create": True, "groups": groups}
    return Settings(issuer, **(values | given))


@pytest.fixture
def server(tmp_path: Path, issuer: str) -> Iterator[World]:
    provider = Provider(settings(issuer))
    with world(tmp_path, provider=provider) as made:
        yield made
    provider.close()


def at_provider(issuer: str, subject: str, **claims: Any) -> None:
    """What the provider says of somebody."""
    httpx2.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()


def to_provider(client: TestClient, target: str = "/endpoints") -> str:
    """Press the button; the address at the provider."""
    answer = client.get("/login/provider", params={"next": target})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def back_from(address: str, subject: str, action: str = "") -> str:
    """Sign in there; the path and query with which the browser comes back."""
    answer = httpx2.post(address, data={"sub": subject, **({"action": action} if action else {})})
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def me(client: TestClient) -> Any:
    answer = client.get("/api/v1/me")
    return answer.json()["item"] if answer.status_code == 200 else None


def test_somebody_new_signs_in_with_the_roles_of_their_groups(server: World, issuer: str) -> None:
    at_provider(
        issuer, "ann", preferred_username="Ann", email="a@example.org", email_verified=True, groups=["security"]
    )
    client = server.client()
    assert "Sign in with your organisation" in client.get("/login").text
    answer = client.get(back_from(to_provider(client), "ann"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints")
    assert (me(client)["name"], me(client)["roles"]) == ("Ann", {"0": "analyst"})
    assert [what for _, what, _ in server.acts()] == ["user-created-by-provider", "session-begun"]


def test_roles_follow_the_groups_with_every_login(server: World, issuer: str) -> None:
    for groups, roles in ((["security"], {"0": "analyst"}), (["admins"], {"0": "administrator"})):
        at_provider(issuer, "bea", name="Bea", groups=groups)
        client = server.client()
        client.get(back_from(to_provider(client), "bea"))
        assert me(client)["roles"] == roles
    at_provider(issuer, "bea", name="Bea", groups=[])
    client = server.client()
    assert client.get(back_from(to_provider(client), "bea")).status_code == 403
    assert me(client) is None
    with server.parts.database.read() as connection:
        assert users.find(connection, "Bea").roles == {}


def test_without_a_group_nobody_is_let_in(server: World, issuer: str) -> None:
    at_provider(issuer, "eve", name="Eve", groups=["strangers"])
    client = server.client()
    answer = client.get(back_from(to_provider(client), "eve"))
    assert answer.status_code == 403
    assert "nobody has given you a role" in answer.text
    with server.parts.database.read() as connection:
        assert users.page(connection)[0] == []


def test_who_was_invited_is_bound_by_the_verified_address(tmp_path: Path, issuer: str) -> None:
    provider = Provider(settings(issuer, create=False, groups={}))
    with world(tmp_path, provider=provider) as server:
        carl = server.person("Carl", {0: Role.READER}, email="carl@example.org")
        at_provider(issuer, "liar", email="carl@example.org", email_verified=False)
        client = server.client()
        assert client.get(back_from(to_provider(client), "liar")).status_code == 403
        at_provider(issuer, "carl", email="Carl@example.org", email_verified=True)
        client.get(back_from(to_provider(client), "carl"))
        assert me(client)["name"] == "Carl"
        at_provider(issuer, "third", email="carl@example.org", email_verified=True)
        client = server.client()
        assert client.get(back_from(to_provider(client), "third")).status_code == 403, "the place is taken"
        with server.writing() as connection:
            users.give(connection, carl, 0, Role.READER)
            users.disable(connection, carl, server.clock[0])
        client = server.client()
        assert client.get(back_from(to_provider(client), "carl")).status_code == 403
    provider.close()


def test_another_browser_cannot_be_signed_in_with_a_link(server: World, issuer: str) -> None:
    """Login CSRF: Eve's way back, opened by Ann."""
    at_provider(issuer, "eve2", name="Eve", groups=["security"])
    eve, ann = server.client(), server.client()
    link = back_from(to_provider(eve), "eve2")
    assert ann.get(link).status_code == 403
    assert me(ann) is None
    assert eve.get(link).status_code == 403, "the state was used up"


def test_a_way_back_works_once_and_for_ten_minutes(server: World, issuer: str) -> None:
    at_provider(issuer, "dan", name="Dan", groups=["security"])
    client = server.client()
    link = back_from(to_provider(client), "dan")
    assert client.get(link).status_code == 303
    assert client.get(link).status_code == 403
    client = server.client()
    link = back_from(to_provider(client), "dan")
    server.later(minutes=10)
    assert client.get(link).status_code == 403
    assert me(client) is None


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=y", "?error=access_denied&state=x", "?state="])
def test_other_ways_back_lead_nowhere(server: World, query: str) -> None:
    client = server.client()
    to_provider(client)
    assert client.get(f"/login/callback{query}").status_code == 403


def test_a_wrong_code_or_a_no_of_the_provider(server: World, issuer: str) -> None:
    client = server.client()
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    answer = client.get("/login/callback", params={"state": state, "code": "stolen"})
    assert (answer.status_code, "Sign-in failed" in answer.text) == (403, True)
    address = to_provider(client)
    state = parse_qs(urlsplit(address).query)["state"][0]
    answer = client.get("/login/callback", params={"state": state, "error": "access_denied"})
    assert (answer.status_code, "did not let you in" in answer.text) == (403, True)
    assert me(client) is None


def test_one_goes_on_at_this_server_only(server: World, issuer: str) -> None:
    at_provider(issuer, "fay", name="Fay", groups=["security"])
    client = server.client()
    answer = client.get(back_from(to_provider(client, "//evil.example/"), "fay"))
    assert answer.headers["location"] == "/"


def test_a_provider_that_is_away_is_told(tmp_path: Path) -> None:
    provider = Provider(settings("http://127.0.0.1:1"))
    with world(tmp_path, provider=provider) as server:
        answer = server.client().get("/login/provider")
        assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)
    provider.close()
