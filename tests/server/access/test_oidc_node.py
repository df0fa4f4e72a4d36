"""Sign-in at a certified provider of another author (npm: oidc-provider), in a process of Node: `make test-oidc`."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from spawngate.server.access.oidc import KEYS_AGAIN, Grant, Provider, Settings
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from tests.server.applied import World, world
from tests.server.postgres import _free_port

FOLDER = os.environ.get("SPAWNGATE_OIDC_PROVIDER", "")
SCRIPT = Path(__file__).parent / "oidc_provider" / "serve.mjs"
pytestmark = pytest.mark.skipif(
    not (FOLDER and shutil.which("node")),
    reason="SPAWNGATE_OIDC_PROVIDER names no folder with npm's oidc-provider, or there is no node: make test-oidc",
)
GROUPS = {"security": (Grant("organisation", Role.ANALYST),), "admins": (Grant("organisation", Role.ADMINISTRATOR),)}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider, until the tests are over."""
    port = _free_port()
    command = ["node", os.fspath(SCRIPT), str(port), os.path.abspath(FOLDER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            assert b"ready" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait(10)


@pytest.fixture
def late() -> list[float]:
    """Seconds by which the server's clock is ahead."""
    return [0.0]


@pytest.fixture
def server(tmp_path: Path, issuer: str, late: list[float]) -> Iterator[World]:
    given: dict[str, Any] = {"client_id": "spawngate", "client_secret": "a secret of the test", "create": True}
    provider = Provider(Settings(issuer, groups=GROUPS, **given), clock=lambda: time.time() + late[0])
    with world(tmp_path, provider=provider) as made:
        yield made
    provider.close()


@pytest.fixture
def elsewhere() -> Iterator[httpx2.Client]:
    """The same person's browser at the provider."""
    with httpx2.Client(follow_redirects=False) as client:
        yield client


def account(issuer: str, subject: str, **claims: Any) -> None:
    """What the provider says of somebody."""
    httpx2.put(f"{issuer}/test/users/{subject}", json=claims).raise_for_status()


def to_provider(client: TestClient) -> str:
    """Press the button; the address at the provider."""
    answer = client.get("/login/provider", params={"next": "/endpoints"})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def back_from(elsewhere: httpx2.Client, address: str, subject: str) -> str:
    """Sign in and consent at the provider's own forms; the path and query with which the browser comes back."""
    answer = elsewhere.get(address)
    for _ in range(10):
        if answer.status_code == 200:
            prompt = "login" if 'value="login"' in answer.text else "consent"
            form = {"prompt": prompt, "login": subject, "password": "any"}
            answer = elsewhere.post(str(answer.url), data=form)
        assert answer.status_code in (302, 303), answer.text
        location = str(httpx2.URL(str(answer.url)).join(answer.headers["location"]))
        parts = urlsplit(location)
        if parts.netloc == "testserver":
            return f"{parts.path}?{parts.query}"
        answer = elsewhere.get(location)
    raise AssertionError("the provider does not come to an end")


def me(client: TestClient) -> Any:
    answer = client.get("/api/v1/me")
    return answer.json()["item"] if answer.status_code == 200 else None


def test_somebody_signs_in_with_the_roles_of_their_groups_and_out(
    server: World, issuer: str, elsewhere: httpx2.Client
) -> None:
    account(issuer, "ann", name="Ann", preferred_username="Ann", groups=["security"], email="a@example.org")
    client = server.client()
    address = to_provider(client)
    query = parse_qs(urlsplit(address).query)
    assert (query["code_challenge_method"], query["response_type"]) == (["S256"], ["code"])
    answer = client.get(back_from(elsewhere, address, "ann"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/endpoints"), answer.text
    mine = me(client)
    assert (mine["name"], mine["roles"]) == ("Ann", {"0": "analyst"})
    page = client.get("/endpoints").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    assert client.post("/logout", data={"csrf": csrf}, headers={"origin": "http://testserver"}).status_code == 303
    assert me(client) is None
    assert [what for _, what, _ in server.acts()] == ["user-created-by-provider", "session-begun", "session-ended"]


def test_roles_follow_the_groups(server: World, issuer: str, elsewhere: httpx2.Client) -> None:
    for groups, roles in ((["admins"], {"0": "administrator"}), (["security"], {"0": "analyst"})):
        account(issuer, "bea", name="Bea", groups=groups)
        client = server.client()
        client.get(back_from(elsewhere, to_provider(client), "bea"))
        assert me(client)["roles"] == roles
    account(issuer, "bea", name="Bea", groups=["strangers"])
    client = server.client()
    assert client.get(back_from(elsewhere, to_provider(client), "bea")).status_code == 403
    with server.parts.database.read() as connection:
        assert users.find(connection, "Bea").roles == {}


def test_a_way_back_without_its_challenge_is_refused_there(server: World, elsewhere: httpx2.Client) -> None:
    """The provider insists on PKCE: an address from which somebody took it gives no code."""
    client = server.client()
    parts = urlsplit(to_provider(client))
    kept = {k: v[0] for k, v in parse_qs(parts.query).items() if not k.startswith("code_challenge")}
    answer = elsewhere.get(f"{parts.scheme}://{parts.netloc}{parts.path}?{urlencode(kept)}")
    back = urlsplit(answer.headers["location"])
    assert parse_qs(back.query)["error"] == ["invalid_request"]
    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert me(client) is None


def test_a_code_of_another_login_is_refused(server: World, issuer: str, elsewhere: httpx2.Client) -> None:
    """A stolen code does not fit the verifier of another browser."""
    account(issuer, "eve", name="Eve", groups=["security"])
    victim, thief = server.client(), server.client()
    stolen = parse_qs(urlsplit(back_from(elsewhere, to_provider(victim), "eve")).query)["code"][0]
    state = parse_qs(urlsplit(to_provider(thief)).query)["state"][0]
    answer = thief.get("/login/callback", params={"code": stolen, "state": state})
    assert (answer.status_code, "Sign-in failed" in answer.text) == (403, True)
    assert me(thief) is None


def test_keys_that_change_are_fetched_anew(
    server: World, issuer: str, elsewhere: httpx2.Client, late: list[float]
) -> None:
    """Once a minute at most, whoever sends tokens that fit no key."""
    account(issuer, "fay", name="Fay", groups=["security"])
    first = server.client()
    first.get(back_from(elsewhere, to_provider(first), "fay"))
    assert me(first)["name"] == "Fay"
    httpx2.post(f"{issuer}/test/rotate").raise_for_status()
    second = server.client()
    early = second.get(back_from(elsewhere, to_provider(second), "fay"))
    assert (early.status_code, "InvalidKeyIdError" in early.text) == (403, True)
    late[0] = KEYS_AGAIN + 1
    answer = second.get(back_from(elsewhere, to_provider(second), "fay"))
    assert answer.status_code == 303, answer.text
    assert me(second)["name"] == "Fay"
