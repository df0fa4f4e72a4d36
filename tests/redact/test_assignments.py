"""Assignments, pairs and header lines, one at a time."""

import pytest

from spawngate.redact import assignments
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from tests.redact.shown import shown

GITHUB = "ghp_" + "a1B2" * 9


def shown_if_any(text: str | None) -> str | None:
    return None if text is None else shown(text)


@pytest.mark.parametrize(
    ("word", "leading", "text"),
    [
        ("A=b", True, "A=<env-value>"),
        ("A=b", False, None),
        ("name=b", True, None),
        ("password=b", True, "password=<env-value>"),
        ("$env:A='b'", False, "$env:A=<env-value>"),
        ("$env:A", False, "$env:A"),
        ("$env:A/b", False, None),
        # base64 that ends with equals signs is no assignment
        ("OaGRAIAKdJpKiC0Io4pup60bJgz1oH8hTU91C9iAXpIg==", True, None),
        (f"{GITHUB}=b", True, None),
    ],
)
def test_variable(word: str, leading: bool, text: str | None) -> None:
    found = assignments.variable(Line(Marker(b"k")), word, leading, set())
    assert (shown_if_any(found[0]) if found else None) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("X-Key: abc", "X-Key: <header-value>"),
        ("@{X-Key='abc';Accept=x}", "@{X-Key=<header-value>;Accept=x}"),
        ("abc", "abc"),
    ],
)
def test_header_line(value: str, expected: str) -> None:
    assert shown_if_any(assignments.header_line(Line(Marker(b"k")), value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A=b", "A=<env-value>"),
        ("A=https://u:abc@h/x", "A=https://u:<url-password>@h/x"),
        ("A_TOKEN=https://h/x", "A_TOKEN=<env-value>"),
        ("A_DSN=https://u:abc@h/x", "A_DSN=https://u:<url-password>@h/x"),
        ("A=https://h/ x", "A=<env-value>"),
        ("abc", "abc"),
    ],
)
def test_env_pair(value: str, expected: str) -> None:
    assert shown_if_any(assignments.env_pair(Line(Marker(b"k")), value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a=b,password=c", "a=b,password=<named-value>"),
        ("a=b", None),
        ("a=b c=d", None),
    ],
)
def test_pairs(value: str, expected: str | None) -> None:
    assert shown_if_any(assignments.pairs(Line(Marker(b"k")), value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("me:abc@h.example", "me:<dsn-password>@h.example"),
        ("npm:abc@latest", None),
        ("password:abc", "password:<named-value>"),
        ('"password":"abc"}', '"password":"<named-value>"}'),
        ("token:required", None),
        ("a:b", None),
        ("[secret:password:0123456789abcdef]:abc@h", "<password>:<dsn-password>@h"),
    ],
)
def test_colon(value: str, expected: str | None) -> None:
    assert shown_if_any(assignments.colon(Line(Marker(b"k")), value)) == expected


def test_excused() -> None:
    for value in ("", "${X}", "true", "-", "env:X"):
        assert assignments.excused("password", value)
    assert assignments.excused("auth", "oauth")
    assert not assignments.excused("password", "oauth")
