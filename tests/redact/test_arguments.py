"""One argument for which no flag speaks."""

import pytest

from spawngate.redact import arguments
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown

GITHUB = "ghp_" + "a1B2" * 9
SENTRY = "sntrys_" + "a1B2" * 20 + "=_" + "c3D4" * 10


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{"token": "abc"}', '{"token": "<named-value>"}'),
        ("https://u:abc@h/x", "https://u:<url-password>@h/x"),
        ("Server=h;Password=abc", "Server=h;Password=<dsn-password>"),
        ("host=h password=abc", "host=h password=<dsn-password>"),
        ("X-Key: abc", "X-Key: <header-value>"),
        ("export A=abc", "export A=<env-value>"),
        ("jdbc:mysql://u:abc@h/x", "jdbc:mysql://u:<dsn-password>@h/x"),
        ("url=https://u:abc@h/x", "url=https://u:<url-password>@h/x"),
        (f"{GITHUB}.https://h/x", "<github-token>.https://h/x"),
        (f"$({GITHUB})", "$(<github-token>)"),
        ("$(cat file)", "$(cat file)"),
        (f"secrets.{SENTRY}", "secrets.<sentry-token>"),
        ("/home/alice/x", "/home/alice/x"),
        ("/asZqCoMdiFpMLkmYdC9SV7+nsi4Xh8IWphCl8co", "<high-entropy>"),
        ("/x/Tr0ub4dor&3/y", "/x/<password>/y"),
        ("x/passwd==2.0", "x/passwd==2.0"),
        ("passwd==abc", "passwd=<named-value>"),
        ("=cmd|' /C calc'!A0==2.0", "=cmd|' /C calc'!A0==2.0"),
        (" ", " "),
    ],
)
def test_argument(value: str, expected: str) -> None:
    assert shown(arguments.argument(Line(Marker(b"k")), value, "argument", prose=False, parent="")) == expected


def test_parent_excuses_a_revision() -> None:
    line = Line(Marker(b"k"))
    digest = "4f1c2d3e4b5a69788796a5b4c3d2e1f001122334"
    assert arguments.single(line, digest, "argument", "--commit") == digest
    assert shown(arguments.single(line, digest, "argument", "--name")) == "<high-entropy>"
