"""The machine's own proxy, from variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.upstream_proxy import upstream_of


def told(variables: dict[str, str], host: str = "api.example", *, secure: bool = True) -> tuple[str, int, bytes] | None:
    found = upstream_of(variables, host, secure=secure)
    return None if found is None else (found.host, found.port, found.credentials)


@pytest.mark.parametrize(
    ("variables", "secure", "found"),
    [
        ({}, True, None),
        ({"https_proxy": "http://proxy.corp:3128"}, True, ("proxy.corp", 3128, b"")),
        ({"HTTPS_PROXY": "proxy.corp"}, True, ("proxy.corp", 80, b"")),
        ({"https_proxy": "http://one", "HTTPS_PROXY": "http://two"}, True, ("one", 80, b"")),
        ({"https_proxy": "http://proxy"}, False, None),
        ({"http_proxy": "http://proxy:1/"}, False, ("proxy", 1, b"")),
        ({"HTTP_PROXY": "http://proxy:1"}, False, ("proxy", 1, b"")),
        ({"HTTP_PROXY": "http://proxy:1", "REQUEST_METHOD": "GET"}, False, None),
        ({"ALL_PROXY": "http://all:9"}, False, ("all", 9, b"")),
        ({"all_proxy": "socks5://all:9"}, True, None),
        ({"https_proxy": "https://all:9"}, True, None),
        ({"https_proxy": "http://ann:p%40ss@[::1]:3128"}, True, ("::1", 3128, b"YW5uOnBAc3M=")),
        ({"https_proxy": "http://proxy:99999"}, True, None),
        ({"https_proxy": "http://:80"}, True, None),
        ({"https_proxy": "http://pröxy:80"}, True, None),
    ],
)
def test_which(variables: dict[str, str], secure: bool, found: tuple[str, int, bytes] | None) -> None:
    assert told(variables, secure=secure) == found


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("", "localhost", True),
        ("", "127.0.0.1", True),
        ("*", "api.example", True),
        ("api.example", "api.example", True),
        ("example", "api.example", True),
        (".example", "api.example", True),
        ("*.example", "api.example", True),
        ("xample", "api.example", False),
        ("a, b api.example:443", "api.example", True),
        ("10.0.0.0/8", "10.1.1.1", True),
        ("10.0.0.0/8", "11.1.1.1", False),
        ("10.0.0.0/8", "api.example", False),
        ("[::2]", "::2", True),
    ],
)
def test_what_needs_none(no_proxy: str, host: str, direct: bool) -> None:
    assert (told({"https_proxy": "http://p:1", "no_proxy": no_proxy}, host) is None) is direct


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text(proxy: str, exceptions: str) -> None:
    found = told({"https_proxy": proxy, "no_proxy": exceptions})
    assert found is None or (found[0] and 0 < found[1] < 65536)
