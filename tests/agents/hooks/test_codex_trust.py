"""Codex's record of trust: hashes as published by other readers of its source and as 0.169.0 reported them."""

from typing import Any

import pytest

from spawngate.agents.hooks.codex_trust import handler_hash, is_trusted, records, trusted
from spawngate.model.json import Json

OURS: dict[str, Json] = {"type": "command", "command": "/tmp/h/.state/hook/spawngate-hook codex-cli", "timeout": 10}
PATH = "/tmp/h/.codex/hooks.json"


def test_hash_with_the_default_timeout_is_the_published_one() -> None:
    handler: dict[str, Json] = {
        "type": "command",
        "command": "'/Applications/GWT.app/Contents/MacOS/gwtd' hook event PostToolUse",
    }
    assert handler_hash("post_tool_use", {"matcher": "*"}, handler) == (
        "sha256:9c3ce103f03f0b27a28bc4a30883f7e98a80b5df566b4572fcbb2955ebf5ba62"
    )


def test_hash_is_what_codex_reports() -> None:
    """`hooks/list` of codex 0.169.0 for these entries in `/tmp/h8home/.codex/hooks.json`."""
    handler: dict[str, Json] = {
        "type": "command",
        "command": "/tmp/h8home/.state/hook/spawngate-hook codex-cli",
        "timeout": 10,
    }
    expected = {
        ("pre_tool_use", "*"): "a3c991a5aa3aa66a152ef270839f9ec3c3bd5de60de7be3e8125277a21cd6b6e",
        ("post_tool_use", "*"): "c88b9ca750b79bb30789cda6dcabb2d9d783b12a118fbf451041fd3a37d02f05",
        ("user_prompt_submit", None): "1761c1d07e3c1dddfbec82824070cab9fa9694b58fb845ce68308456bc6a1196",
    }
    for (label, matcher), digest in expected.items():
        group: dict[str, Json] = {} if matcher is None else {"matcher": matcher}
        assert handler_hash(label, group, handler) == f"sha256:{digest}"


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"timeout": 11}, False),
        ({"command": "/other"}, False),
        ({"async": True}, False),
        ({"statusMessage": "x"}, False),
        ({"async": False}, True),
        ({"unknown": 1}, True),
        ({"commandWindows": "x"}, True),
    ],
)
def test_hash_depends_on_what_codex_looks_at(change: dict[str, Json], same: bool) -> None:
    assert (handler_hash("pre_tool_use", {}, {**OURS, **change}) == handler_hash("pre_tool_use", {}, OURS)) is same


def test_windows_command_counts_on_windows() -> None:
    other = {**OURS, "commandWindows": "x"}
    assert handler_hash("stop", {}, other, "windows") == handler_hash("stop", {}, {**OURS, "command": "x"})


def test_matcher_of_an_event_without_one_is_passed_over() -> None:
    assert handler_hash("stop", {"matcher": "x"}, OURS) == handler_hash("stop", {}, OURS)
    assert handler_hash("pre_tool_use", {"matcher": "x"}, OURS) != handler_hash("pre_tool_use", {}, OURS)


def test_keys_count_groups_and_handlers() -> None:
    foreign = {"type": "command", "command": "/other"}
    value: Any = {
        "hooks": {
            "PreToolUse": [{"hooks": [foreign]}, {"matcher": "*", "hooks": [foreign, OURS]}, 1, {"hooks": 2}],
            "SubagentStart": [{"hooks": [OURS]}],
            "Stop": None,
        }
    }
    assert [key for key, _ in trusted(PATH, value)] == [
        f"{PATH}:pre_tool_use:1:1",
        f"{PATH}:subagent_start:0:0",
    ]
    config: Any = {"hooks": {"state": {}}}
    for operation in records(PATH, value):
        assert operation.how == "set"
        config["hooks"]["state"][operation.pointer[2]] = {"trusted_hash": operation.value}
    assert is_trusted(PATH, value, config)
    config["hooks"]["state"][f"{PATH}:subagent_start:0:0"]["enabled"] = False
    assert not is_trusted(PATH, value, config)
    value["hooks"]["PreToolUse"].insert(0, {"hooks": []})
    assert not is_trusted(PATH, value, {"hooks": {"state": {}}})


@pytest.mark.parametrize("value", [None, [], {"hooks": []}, {"hooks": {"PreToolUse": 1}}, {}])
def test_file_without_ours_is_not_trusted(value: Any) -> None:
    assert records(PATH, value) == ()
    assert not is_trusted(PATH, value, {})
