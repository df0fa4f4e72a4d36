"""TOML, whole and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats import Problem
from spawngate.agents.formats.toml import parse_toml


def test_whole_document() -> None:
    text = 'model = "x"\n[mcp_servers.a]\ncommand = "npx"\nargs = ["-y"]\nsince = 2026-01-02\n'
    text += '[mcp_servers.a.env]\nK = "v"\n'
    assert parse_toml(text) == (
        {
            "model": "x",
            "mcp_servers": {"a": {"command": "npx", "args": ["-y"], "since": "2026-01-02", "env": {"K": "v"}}},
        },
        (),
    )


def test_broken_table_loses_only_itself() -> None:
    text = "[a]\nx = 1\n[b]\ny = = 2\n[c.d]\nz = 3\n[[e]]\nn = 1\n[[e]]\nn = 2\n"
    assert parse_toml(text) == (
        {"a": {"x": 1}, "c": {"d": {"z": 3}}, "e": [{"n": 1}, {"n": 2}]},
        (Problem("malformed", "line 4: not valid TOML; the table was skipped"),),
    )


def test_key_twice() -> None:
    value, problems = parse_toml("[a]\nx = 1\nx = 2\n[b]\ny = 1\n")
    assert value == {"b": {"y": 1}}
    assert [problem.reason for problem in problems] == ["duplicate-key"]


@pytest.mark.parametrize(("prefix", "digits", "text"), [("0x", "f" * 4_000, None), ("0b", "1" * 16_000, "f" * 4_000)])
def test_number_too_long_to_write_becomes_text(prefix: str, digits: str, text: str | None) -> None:
    found = parse_toml(f"a = {prefix}{digits}\nb = [{{c = {prefix}{digits}, d = 0xff, e = true}}]\n")
    written = f"0x{text or digits}"
    assert found == ({"a": written, "b": [{"c": written, "d": 255, "e": True}]}, ())


def test_too_deep() -> None:
    value, problems = parse_toml("[good]\nx = 1\n[bad]\ny = " + "[" * 2_000 + "]" * 2_000 + "\n[after]\nz = 1\n")
    assert value == {"good": {"x": 1}, "after": {"z": 1}}
    assert [problem.reason for problem in problems] == ["too-deep"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\r\n"])
def test_empty(text: str) -> None:
    assert parse_toml(text) == ({}, ())


@given(st.text(alphabet='[]"=#.\n\rab1 -\\{},\0', max_size=80))
def test_never_raises(text: str) -> None:
    parse_toml(text)
