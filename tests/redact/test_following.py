"""What happens to a word that another word announced."""

import pytest

from spawngate.redact.following import Cookie, Env, Hide
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("abc", "<flag-value>"),
        ("${ABC}", "${ABC}"),
        ("${ABC:-abc}", "${ABC:-<flag-value>}"),
        ("$ABC)", "$ABC)"),
        ("}}", "}}"),
        ('"]', '"]'),
        ("***", "***"),
        ("!!!", "<flag-value>"),
        ("", ""),
    ],
)
def test_hide(word: str, expected: str) -> None:
    assert shown(Hide(Marker(b"k"), "flag-value", "--token")(word)) == expected


def test_hide_takes_the_password_out_of_basic() -> None:
    marker = Marker(b"k")
    Hide(marker, "basic-auth", "Basic")("bWU6aHVudGVy")
    assert [secret.fingerprint for secret in marker.secrets] == [marker.fingerprint("hunter")]


def test_hide_keeps_a_scheme() -> None:
    assert shown(Hide(Marker(b"k"), "flag-value", "auth", scheme=True)("Bearer abc")) == "Bearer <header-value>"


def test_env_judges_by_the_name() -> None:
    line = Line(Marker(b"k"))
    assert Env(line, "NODE_ENV")("production") == "production"
    assert shown(Env(line, "ANY")("production")) == "<env-value>"


def test_cookie() -> None:
    assert shown(Cookie(Marker(b"k"), "-b")("a=b;")) == "a=<cookie>;"
