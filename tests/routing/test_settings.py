"""`routing.settings`: validation says what and where and shows no value; secrets are marked and hidden."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.settings import (
    Secret,
    Settings,
    SettingsError,
    decode,
    secret_fields,
    shown,
    url_problem,
)


class Example(Settings, frozen=True, kw_only=True):
    url: str
    token: Secret = ""
    older: tuple[Secret, ...] = ()
    most: int = 3


def test_secrets_are_known_and_shown_nowhere() -> None:
    settings = decode(Example, {"url": "https://a.example/", "token": "t0psecret", "older": ["0ld"]}, "x")
    assert secret_fields(Example) == {"token", "older"}
    assert shown(settings) == {
        "url": "https://a.example/",
        "token": "(set)",
        "older": "(set)",
        "most": 3,
        "allow_internal": (),
        "ca_file": "",
        "certificate_file": "",
        "key_file": "",
        "proxy": "",
        "timeout_seconds": 15.0,
    }
    assert "t0psecret" not in repr(settings)
    assert "0ld" not in repr(settings)


def test_the_query_of_an_address_may_be_a_secret_too() -> None:
    settings = decode(Example, {"url": "https://a.example/x?token=t0psecret"}, "x")
    assert shown(settings)["url"] == "https://a.example/x?(set)"
    assert "t0psecret" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "destination.a: a setting is missing: `url`"),
        ({"url": 5}, "destination.a.url: Expected `str`, got `int`"),
        ({"url": "x", "most": "hunter2"}, "destination.a.most: Expected `int`, got `str`"),
        ({"url": "x", "older": [1]}, "destination.a.older[0]: Expected `str`, got `int`"),
        (
            {"url": "x", "tokn": "hunter2"},
            "destination.a: there is no setting `tokn`; there are allow_internal, ca_file, certificate_file, key_file, "
            "most, older, proxy, timeout_seconds, token, url",
        ),
        ({"url": "x", "timeout_seconds": 0}, "destination.a.timeout_seconds: must be between 0.1 and 300"),
        ({"url": "x", "proxy": "socks5://p:1"}, "destination.a.proxy: must begin with http://"),
    ],
)
def test_wrong_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(Example, given, "destination.a")
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://hooks.slack.com/services/T/B/x", ""),
        ("http://127.0.0.1:8080/a?b=c", ""),
        ("https://[2001:db8::1]:8443/", ""),
        ("https://user:pw@a.example/", "must not hold a user or password; there are settings for these"),
        ("https://@a.example/", "must not hold a user or password; there are settings for these"),
        ("ftp://a.example/", "must begin with https:// or http://"),
        ("//a.example/", "must begin with https:// or http://"),
        ("https://a.example/#x", "must not hold a fragment (#)"),
        ("https://a.example\r\nX: y/", "must not hold blanks, control characters or backslashes"),
        ("https://a.example\\@b.example/", "must not hold blanks, control characters or backslashes"),
        ("https:///x", "has no host or port that could be asked"),
        ("https://a.example:0/", "has no host or port that could be asked"),
        ("https://a.example:99999/", "is no URL"),
        ("https://[::1/", "is no URL"),
        ("https://a..example/", "has no host or port that could be asked"),
        ("https://a.example,b.example/", "has no host or port that could be asked"),
    ],
)
def test_urls(url: str, problem: str) -> None:
    assert url_problem(url) == problem


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(url_problem(text), str)
    assert isinstance(url_problem(f"https://{text}"), str)
