"""Settings of package managers that say nothing about sources."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.package_settings import names_no_source, only_comments


@pytest.mark.parametrize(
    "text",
    [
        "engine-strict=true",
        "# a note\n\nsave-exact = true\nfund=false",
        "[global]\ntimeout = 60\nno-cache-dir = false",
        "nodeLinker: node-modules\nenableTelemetry: false",
        "ignore-scripts=true\nstrict-ssl=true",
        'tag-version-prefix=""',
    ],
)
def test_harmless(text: str) -> None:
    assert names_no_source(text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "registry=https://npm.example.net/",
        "@acme:registry=https://npm.example.net/",
        "//npm.example.net/:_authToken=x",
        "engine-strict=true\nregistry=https://npm.example.net/",
        "ignore-scripts=false",
        "strict-ssl=false",
        "script-shell=/tmp/x",
        "node-options=--require ./x.js",
        "proxy=http://198.51.100.7",
        "save-prefix=//npm.example.net",
        "[global]\nindex-url = https://pypi.example.net/simple",
        "timeout = $(curl x)",
        "what is this",
    ],
)
def test_anything_else_counts_as_a_source(text: str) -> None:
    assert not names_no_source(text.splitlines())


def test_a_protecting_line_that_goes_is_not_harmless() -> None:
    assert not names_no_source(["ignore-scripts=true"], kept=False)
    assert names_no_source(["save-exact=true"], kept=False)


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_lines_with_an_address_are_none(lines: list[str]) -> None:
    names_no_source(lines)
    assert not names_no_source([*lines, "registry=https://npm.example.net/"])


@pytest.mark.parametrize(
    ("text", "expected"), [("# a", True), ("// a\n\n# b", True), ("", False), ("# a\nb = 1", False)]
)
def test_only_comments(text: str, expected: bool) -> None:
    assert only_comments(text) is expected
