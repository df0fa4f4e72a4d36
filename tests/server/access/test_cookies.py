"""Cookies of sign-in."""

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from spawngate.server.access import cookies


def connection(*headers: str) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [(b"cookie", each.encode("latin-1")) for each in headers]})


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        (("__Host-spawngate=abc",), "abc"),
        (("a=b; __Host-spawngate=abc; c=d",), "abc"),
        (('__Host-spawngate="abc"',), "abc"),
        (("__Host-spawngate=abc; __Host-spawngate=abc",), "abc"),
        (("__Host-spawngate=abc; __Host-spawngate=x",), ""),
        (("__Host-spawngate=abc", "__Host-spawngate=x"), ""),
        (("spawngate-plain=abc",), ""),
        (("spawngate=abc",), ""),
        (("__host-spawngate=abc",), ""),
        ((";;;=;__Host-spawngate",), ""),
        ((), ""),
    ],
)
def test_a_cookie_is_read_by_its_whole_name_and_once(headers: tuple[str, ...], value: str) -> None:
    assert cookies.read(connection(*headers), cookies.SESSION, secure=True) == value


@pytest.mark.parametrize(
    ("secure", "expected"),
    [
        (True, "__Host-spawngate=w; HttpOnly; Max-Age=9; Path=/; SameSite=lax; Secure"),
        (False, "spawngate-plain=w; HttpOnly; Max-Age=9; Path=/; SameSite=lax"),
    ],
)
def test_a_cookie_is_bound(secure: bool, expected: str) -> None:
    response = Response()
    cookies.put(response, cookies.SESSION, "w", secure, 9)
    assert response.headers["set-cookie"] == expected


def test_a_cookie_is_deleted() -> None:
    response = Response()
    cookies.clear(response, cookies.SESSION, secure=True)
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert response.headers["set-cookie"].startswith('__Host-spawngate="";')
