"""`readers.hook_lists`: lists of hooks, and folders with a manifest."""

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Sibling
from spawngate.agents.readers.hook_lists import HookFolder, HookList
from spawngate.agents.readers.texts import content_digest
from spawngate.model.json import Json
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    nested,
    read,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)


def test_list() -> None:
    value: Json = {
        "hooks": [
            {"event": "PreToolUse", "matcher": "Bash", "command": "a", "timeout": 5},
            {"command": "b"},
            {"event": "Stop"},
            None,
            "x",
            {"event": [], "matcher": {}, "command": "c", "enabled": False},
        ]
    }
    assert read(HookList(), given_value(value, project="/w")) == (
        [
            item(
                "hook",
                "PreToolUse:Bash",
                pointer="hooks[0]",
                detail={
                    "event": "PreToolUse",
                    "matcher": "Bash",
                    "command": "a",
                    "type": "command",
                    "timeout_ms": 5000,
                },
                project="/w",
            ),
            item(
                "hook",
                "unknown",
                pointer="hooks[1]",
                detail={"event": "unknown", "command": "b", "type": "command"},
                project="/w",
            ),
            item("hook", "Stop", pointer="hooks[2]", detail={"event": "Stop", "type": "unknown"}, project="/w"),
            item(
                "hook",
                "unknown",
                pointer="hooks[5]",
                status="disabled",
                detail={"event": "unknown", "command": "c", "type": "command"},
                project="/w",
            ),
        ],
        [wrong("hooks[3]"), wrong("hooks[4]"), wrong("hooks[5].event", "text"), wrong("hooks[5].matcher", "text")],
    )


def test_own_words_and_an_action_below() -> None:
    reader = HookList(("a", "b"), event="on", matcher="when", action="then", timeout_unit="ms")
    value: Json = {"a": {"b": [{"on": "save", "when": "*.py", "then": {"command": "x", "timeout": 9}}, {"then": 7}]}}
    assert read(reader, given_value(value)) == (
        [
            item(
                "hook",
                "save:*.py",
                pointer="a.b[0]",
                detail={"event": "save", "matcher": "*.py", "command": "x", "type": "command", "timeout_ms": 9},
            ),
            item("hook", "unknown", pointer="a.b[1]", detail={"event": "unknown", "type": "unknown"}),
        ],
        [wrong("a.b[1].then")],
    )


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({}, []),
        ({"hooks": None}, []),
        ({"hooks": {}}, [wrong("hooks", "a list")]),
        ({"hooks": "x"}, [wrong("hooks", "a list")]),
    ],
)
def test_no_list(value: Json, left: list[tuple[str, str]]) -> None:
    assert read(HookList(), given_value(value)) == ([], left)


SIBLINGS = (Sibling("README.md", 5, False, "aa"), Sibling("handler.ts", 9, True, "bb"))
FOLDER = "/home/ana/.tool/hooks/notify/HOOK.md"
FILES: Json = [
    {"path": "README.md", "bytes": 5, "executable": False, "digest": "aa"},
    {"path": "handler.ts", "bytes": 9, "executable": True, "digest": "bb"},
]


def test_folder() -> None:
    document = given_value(
        {"meta": {"events": ["start", "stop"]}, "description": "Tells"}, path=FOLDER, siblings=SIBLINGS, project="/w"
    )
    detail = {
        "type": "file",
        "command": "/home/ana/.tool/hooks/notify/handler.ts",
        "description": "Tells",
        "files": FILES,
    }
    assert read(HookFolder("meta.events"), document) == (
        [
            item(
                "hook",
                event,
                path=FOLDER,
                detail={"event": event, **detail},
                project="/w",
                content=content_digest(document),
            )
            for event in ("start", "stop")
        ],
        [],
    )


@pytest.mark.parametrize(
    ("manifest", "left"),
    [
        ({}, []),
        ({"events": None}, []),
        ({"events": []}, []),
        ({"events": {"a": 1}}, []),
        ({"events": [{}]}, [wrong("events[0]", "text")]),
        ({"events": 7, "description": []}, [wrong("description", "text"), wrong("events", "a list")]),
    ],
)
def test_folder_without_events(manifest: Json, left: list[tuple[str, str]]) -> None:
    expected = item(
        "hook",
        "unknown",
        path=FOLDER,
        status="unreadable",
        detail={"event": "unknown", "type": "file", "files": []},
        content="d1",
    )
    assert read(HookFolder(), given_value(manifest, path=FOLDER)) == ([expected], left)


def test_a_changed_handler_changes_the_content() -> None:
    changed = (SIBLINGS[0], Sibling("handler.ts", 9, True, "cc"))
    found = [
        read(HookFolder(), given_value({"events": "a"}, path=FOLDER, siblings=siblings))[0][0]["content"]
        for siblings in (SIBLINGS, SIBLINGS[::-1], changed)
    ]
    assert found[0] == found[1] != found[2]


def test_wrong_types_everywhere() -> None:
    reader = HookList(action="then")
    survive_all(reader, wrong_everywhere({"hooks": [{"event": "a", "matcher": "b", "then": {"command": "x"}}]}))
    survive_all(HookFolder("a.b"), wrong_everywhere({"a": {"b": ["c"]}, "description": "d"}))


@given(anything("event", "matcher", "then", "command", "events", "description"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(HookList(action="then"), given_value(nested(("hooks",), value)))
    survive(HookFolder(), given_value(value, path=FOLDER, siblings=SIBLINGS))
