"""docs/policy.md speaks of every field, action, annotation and set, and of no others."""

import re
from pathlib import Path

from spawngate.policy.policies import SETS
from spawngate.policy.question import ACTIONS, FIELDS

PAGE = (Path(__file__).parents[2] / "docs/policy.md").read_text(encoding="utf-8")


def test_every_field_has_a_row() -> None:
    table = PAGE.split("`context` has:")[1]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FIELDS)


def test_every_action_and_set_is_named() -> None:
    assert [word for word in (*ACTIONS, *SETS) if f"`{word}`" not in PAGE] == []


def test_every_annotation_is_named() -> None:
    words = ("id", "reason", "verdict", "severity", "owner", "expires", "excepts", "silent")
    assert [word for word in words if f"`@{word}" not in PAGE] == []
