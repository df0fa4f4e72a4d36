"""Changes of files: what every kind of tool would change, under the names that agents give fields."""

import pytest
from tests.agents.hooks.test_inputs import read

from spawngate.model.call import Edit
from spawngate.model.json import Json


@pytest.mark.parametrize(
    ("tool", "source", "expected"),
    [
        ("write", {"filePath": "a", "content": ""}, {"paths": ["a"], "edits": [Edit("a", None, "")]}),
        ("write", {"path": "a"}, {"paths": ["a"], "edits": [Edit("a", None, "")]}),
        (
            "edit",
            {"path": "a", "edits": [{"oldText": "x", "newText": "y"}, {"oldText": "z", "newText": ""}]},
            {"paths": ["a"], "edits": [Edit("a", "x", "y"), Edit("a", "z", "")]},
        ),
        ("edit", {"path": "a", "new_string": "y"}, {"paths": ["a"], "edits": [Edit("a", "", "y")]}),
        ("edit", {"path": "a", "diff": "@@ -1 +1 @@"}, {"paths": ["a"], "edits": [Edit("a", "", "@@ -1 +1 @@")]}),
        ("delete_file", {"target_file": "a"}, {"paths": ["a"], "edits": [Edit("a")]}),
        ("move_file", {"source": "a", "destination": "b"}, {"paths": ["a", "b"], "edits": [Edit("a", moved_to="b")]}),
        ("file_editor", {"command": "undo_edit", "path": "a"}, {"paths": ["a"]}),
        (
            "notebook_edit",
            {"notebook_path": "n", "new_source": ["a", "b"]},
            {"paths": ["n"], "edits": [Edit("n", "", "a\nb")]},
        ),
        (
            "patch",
            {"mode": "replace", "path": "a", "old_string": "x", "new_string": "y"},
            {"paths": ["a"], "edits": [Edit("a", "x", "y")]},
        ),
        (
            "StrReplaceFile",
            {"path": "a", "edit": {"old": "x", "new": "y", "replace_all": True}},
            {"paths": ["a"], "edits": [Edit("a", "x", "y", everywhere=True)]},
        ),
        (
            "StrReplaceFile",
            {"path": "a", "edit": [{"old": "x", "new": ""}]},
            {"paths": ["a"], "edits": [Edit("a", "x", "")]},
        ),
        ("create_directory", {"dirPath": "d"}, {"paths": ["d"]}),
        (
            "file_editor",
            {"command": "rename", "path": "a", "new_path": "b"},
            {"paths": ["a", "b"], "edits": [Edit("a", moved_to="b")]},
        ),
        ("file_editor", {"command": "delete", "path": "a"}, {"paths": ["a"], "edits": [Edit("a")]}),
        (
            "file_editor",
            {"path": "a", "old_str": "x", "new_str": "y"},
            {"paths": ["a"], "edits": [Edit("a", "x", "y")]},
        ),
        (
            "write_file",
            {"path": "a", "content": "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE"},
            {"paths": ["a"], "edits": [Edit("a", None, "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE")]},
        ),
        (
            "edit",
            {"path": "a", "patch": "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n"},
            {"paths": ["a"], "edits": [Edit("a", "x\n", "y\n")]},
        ),
    ],
)
def test_changes(tool: str, source: dict[str, Json], expected: dict[str, object]) -> None:
    found, problems = read(tool, source)
    assert found == expected
    assert problems in ([], ["diff: not understood"])


@pytest.mark.parametrize(
    ("tool", "source", "expected"),
    [
        ("write", {}, ["path: missing"]),
        ("write", {"path": ["a"], "content": "x"}, ["path: expected text", "path: missing"]),
        ("write", {"path": "a", "content": {"b": 1}}, ["content: expected text"]),
        ("edit", {"path": "a"}, ["new_string: missing"]),
        ("edit", {"path": "a", "old_string": 1, "new_string": "x"}, ["old_string: expected text"]),
        (
            "edit",
            {"edits": [{"old_string": "x", "new_string": "y"}, 5]},
            ["edits.path: missing", "edits: expected a list of maps", "path: missing"],
        ),
        ("apply_patch", {"patch": "nothing"}, ["patch: not understood"]),
        ("delete", {}, ["path: missing"]),
        ("move_file", {"source": "a"}, ["destination: missing"]),
    ],
)
def test_problems(tool: str, source: dict[str, Json], expected: list[str]) -> None:
    assert read(tool, source)[1] == expected


def test_a_value_instead_of_a_text_is_judged_all_the_same() -> None:
    found, _ = read("write", {"path": "a", "content": {"mcpServers": {}}})
    assert found["edits"] == [Edit("a", None, '{"mcpServers": {}}')]
