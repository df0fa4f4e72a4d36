"""Entries that recur: groups with and without a matcher, and those that only inform."""

from spawngate.agents.hooks.entries import command, grouped, informing, program
from spawngate.agents.hooks.registration import Insertion


def test_group() -> None:
    assert grouped("PreToolUse", command(10, {"x": 1}), extra={"y": 2}, alternatives=(("PreToolUse",),)) == Insertion(
        ("hooks", "PreToolUse"),
        {"matcher": "*", "y": 2, "hooks": [{"type": "command", "command": "{command}", "timeout": 10, "x": 1}]},
        event="PreToolUse",
        alternatives=(("PreToolUse",),),
    )


def test_group_without_matcher_at_the_root() -> None:
    assert grouped("stop", program(5), matcher=None, root=(), needed=False) == Insertion(
        ("stop",),
        {"hooks": [{"type": "command", "command": "{program}", "args": ["{args}"], "timeout": 5}]},
        event="stop",
        needed=False,
    )


def test_informing() -> None:
    found = informing(command(1), events=("PostToolUse", "SessionStart"))
    assert [(item.pointer, item.needed, "matcher" in str(item.entry)) for item in found] == [
        (("hooks", "PostToolUse"), False, True),
        (("hooks", "SessionStart"), False, False),
    ]
