"""Variables and headers."""

import base64

import pytest

from spawngate.redact.fields import cookies, defaults, env_value, header_value
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown

GITHUB = "ghp_" + "a1B2" * 9


def shown_if_any(text: str | None) -> str | None:
    return None if text is None else shown(text)


def env(name: str, value: str) -> str | None:
    marker = Marker(b"k")
    return shown_if_any(env_value(marker, name, value, Line(marker).judge))


def header(name: str, value: str) -> str | None:
    marker = Marker(b"k")
    return shown_if_any(header_value(marker, name, value, Line(marker).judge))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ANY", "hunter", "<env-value>"),
        ("ANY", "", ""),
        ("ANY", "true", "true"),
        ("ANY", "8080", "8080"),
        ("ANY", "1234567", "<env-value>"),
        ("DB_PASSWORD", "1234", "<env-value>"),
        ("ANY", "${OTHER}", "${OTHER}"),
        ("ANY", "${OTHER:-abc}", "${OTHER:-<env-value>}"),
        ("ANY", GITHUB, "<github-token>"),
        ("DATABASE_URL", "postgres://u:p@h/db", "<env-value>"),
        ("NODE_ENV", "production", "production"),
        ("NODE_ENV", GITHUB, "<github-token>"),
        ("LOG_LEVEL", "Tr0ub4dor&3", "<password>"),
        ("PORT", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "<env-value>"),
        ("HTTPS_PROXY", "http://u:hunter@proxy:3128", "http://u:<url-password>@proxy:3128"),
        ("UV_INDEX_URL", "https://u:hunter@h/simple", "https://u:<url-password>@h/simple"),
        ("npm_config_//registry.example.com/:_authToken", "hunter", "<env-value>"),
        ("npm_config_registry", "https://npm.example.com/", "https://npm.example.com/"),
        ("NODE_OPTIONS", "--require ./x.js", "--require ./x.js"),
        ("NODE_OPTIONS", f"--require ./x.js --token {GITHUB}", "--require ./x.js --token <github-token>"),
    ],
)
def test_env_value(name: str, value: str, expected: str) -> None:
    assert env(name, value) == expected


def test_a_hidden_address_also_gives_its_password() -> None:
    marker = Marker(b"k")
    env_value(marker, "DATABASE_URL", "postgres://u:hunter@h/db", Line(marker).judge)
    assert marker.fingerprint("hunter") in {secret.fingerprint for secret in marker.secrets}
    assert {secret.place for secret in marker.secrets} == {"DATABASE_URL"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", "Bearer abc", "Bearer <header-value>"),
        ("Authorization", f"token {GITHUB}", "token <github-token>"),
        ("Authorization", "abc", "<header-value>"),
        ("Authorization", "Bearer ${TOKEN}", "Bearer ${TOKEN}"),
        ("Authorization", "Bearer ${TOKEN:-abc}", "Bearer ${TOKEN:-<header-value>}"),
        ("Authorization", "Basic " + base64.b64encode(b"u:p").decode(), "Basic <basic-auth>"),
        ("X-Anything", "abc", "<header-value>"),
        ("X-Flag", "true", "true"),
        ("Content-Type", "application/json", "application/json"),
        ("User-Agent", f"x/{GITHUB}", "<header-value>"),
        ("Cookie", "a=b; c=d", "a=<cookie>; c=<cookie>".replace("; c", ";<X>").replace("<X>", " c")),
    ],
)
def test_header_value(name: str, value: str, expected: str) -> None:
    assert header(name, value) == expected


def test_cookies_without_a_name() -> None:
    assert shown_if_any(cookies(Marker(b"k"), "abc", "Cookie")) == "<cookie>"


def test_defaults() -> None:
    assert defaults(Marker(b"k"), "abc", "X") is None
    assert defaults(Marker(b"k"), "${A:-true}", "X") == "${A:-true}"
    assert shown_if_any(defaults(Marker(b"k"), "${A-abc}", "X")) == "${A-<env-value>}"
