"""`readers.permissions`: settings, and rules in the shape of Claude Code."""

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.permissions import claude_permissions, rule_lists, setting
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from tests.agents.readers.seen import (
    anything,
    given_value,
    read,
    record,
    said,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)


def test_setting() -> None:
    document = given_value(None, project="/w")
    found = [
        setting(document, Topic.SWITCH, "n", {"a": 1}, "p"),
        setting(document, Topic.TRUST, "n", 1, "p", project="/v"),
    ]
    assert [record(one) for one in found] == [
        said("switch", "n", {"a": 1}, "p", project="/w"),
        said("trust", "n", 1, "p", project="/v"),
    ]


GOOD: Json = {
    "permissions": {
        "allow": ["Bash(ls)", "Read"],
        "ask": "Write",
        "deny": ["WebFetch"],
        "defaultMode": "acceptEdits",
        "additionalDirectories": ["/d"],
    }
}


def test_permissions() -> None:
    assert read(claude_permissions, given_value(GOOD)) == (
        [
            said("permission", "Bash(ls)", "allow", "permissions.allow"),
            said("permission", "Read", "allow", "permissions.allow"),
            said("permission", "Write", "ask", "permissions.ask"),
            said("permission", "WebFetch", "deny", "permissions.deny"),
            said("switch", "permissions.defaultMode", "acceptEdits", "permissions.defaultMode"),
            said("auto_approve", "acceptEdits", True, "permissions.defaultMode"),
            said("permission", "Directory(/d)", "allow", "permissions.additionalDirectories"),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("mode", "blanket"),
    [("bypassPermissions", True), ("acceptEdits", True), ("dontAsk", True), ("default", False), ("plan", False)],
)
def test_mode(mode: str, blanket: bool) -> None:
    found, _ = read(claude_permissions, given_value({"permissions": {"defaultMode": mode}}))
    switch = said("switch", "permissions.defaultMode", mode, "permissions.defaultMode")
    approval = said("auto_approve", mode, True, "permissions.defaultMode")
    assert found == ([switch, approval] if blanket else [switch])


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({}, []),
        ({"permissions": None}, []),
        ({"permissions": []}, [wrong("permissions")]),
        ({"permissions": {"allow": None, "defaultMode": 7}}, []),
        (
            {"permissions": {"allow": {}, "deny": [[], None], "additionalDirectories": 7}},
            [
                wrong("permissions.allow", "a list"),
                wrong("permissions.deny[0]", "text"),
                wrong("permissions.additionalDirectories", "a list"),
            ],
        ),
    ],
)
def test_wrong_types(value: Json, left: list[tuple[str, str]]) -> None:
    assert read(claude_permissions, given_value(value)) == ([], left)


WORDS = {
    "allow": "allow",
    "allowed": "allow",
    "always_allow": "allow",
    "deny": "deny",
    "exclude": "deny",
    "block": "deny",
    "reject": "deny",
    "never_allow": "deny",
    "ask": "ask",
    "ask_before": "ask",
    "prompt": "ask",
    "some_other": "some_other",
}


@pytest.mark.parametrize("word", WORDS)
def test_words_for_verdicts(word: str) -> None:
    def lists(document: Document) -> list[Sighting]:
        return list(rule_lists(document, document.map(), "p", (word,)))

    assert read(lists, given_value({word: ["r"]})) == ([said("permission", "r", WORDS[word], f"p.{word}")], [])


def test_wrong_types_everywhere() -> None:
    survive_all(claude_permissions, wrong_everywhere(GOOD))


@given(anything("permissions", "allow", "ask", "deny", "defaultMode", "additionalDirectories", "dontAsk"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(claude_permissions, given_value(value))
    survive(claude_permissions, given_value({"permissions": value}))
