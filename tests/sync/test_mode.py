"""The mode of a roll-out in the settings of its policy."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.decision import Mode, Verdict
from spawngate.model.errors import UsageError
from spawngate.policy.settings import parse_settings
from spawngate.sync import mode

SETTINGS = """
# for the laptops
base = "strict"
mode = "enforce"
approvals = true
[modes]
cursor = "monitor"
[launches.sandbox]
read = ["~/a \\"b\\""]
"""


@pytest.mark.parametrize(
    ("wanted", "in_force", "cursor", "refusals"),
    [
        ("monitor", Mode.MONITOR, Mode.MONITOR, Verdict.DENY),
        ("ask", Mode.ENFORCE, Mode.MONITOR, Verdict.ASK),
        ("enforce", Mode.ENFORCE, Mode.MONITOR, Verdict.DENY),
    ],
)
def test_the_mode_is_in_the_settings(wanted: Any, in_force: Mode, cursor: Mode, refusals: Verdict) -> None:
    files = mode.with_mode({"policy.toml": SETTINGS, "a.cedar": "x"}, wanted)
    found = parse_settings("policy.toml", files["policy.toml"])
    assert (found.mode, found.mode_of("cursor"), found.refusals) == (in_force, cursor, refusals)
    assert (found.base, found.approvals, files["a.cedar"]) == ("strict", True, "x")
    assert found.launches.sandbox is not None
    assert found.launches.sandbox.read == ('~/a "b"',)


def test_a_policy_without_settings_gets_some() -> None:
    assert mode.with_mode({"a.cedar": "x"}, "monitor") == {"a.cedar": "x", "policy.toml": 'mode = "monitor"\n'}


def test_monitor_beats_the_mode_of_a_single_agent() -> None:
    files = mode.with_mode({"policy.toml": '[modes]\ncursor = "enforce"\n'}, "monitor")
    assert parse_settings("policy.toml", files["policy.toml"]).mode_of("cursor") is Mode.MONITOR


@pytest.mark.parametrize("text", ["mode = ", "a = 1.5", "a = 2026-11-21", "[a]\nb = [{c = 1}]"])
def test_what_no_setting_is_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        mode.with_mode({"policy.toml": text}, "enforce")


_NAMES = st.text(min_size=1, max_size=8)
_VALUES = st.one_of(st.text(max_size=20), st.booleans(), st.integers(-9, 9), st.lists(st.text(max_size=9), max_size=3))


@given(st.dictionaries(_NAMES, st.one_of(_VALUES, st.dictionaries(_NAMES, _VALUES, max_size=3)), max_size=4))
def test_what_is_written_is_read_back(table: dict[str, Any]) -> None:
    assert tomllib.loads(mode.written(table)) == table
