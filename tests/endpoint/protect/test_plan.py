"""Plans: new bytes or a reason, and the diff that a person is shown."""

from pathlib import Path

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import HookFile
from spawngate.endpoint.protect.journal import Journal
from spawngate.endpoint.protect.plan import MAX_DIFF, Planned, diff, diff_lines, plan
from spawngate.endpoint.protect.targets import Target
from spawngate.model.artifact import Scope

OPERATION = Operation(("hooks", "x"), {"command": "/s/spawngate-hook a"})


def target(path: Path, file: HookFile | None = None, whole: str = "") -> Target:
    return Target("a", str(path), file or HookFile("~/f", Scope.USER), (OPERATION,), whole=whole)


def planned(item: Target, folder: Path) -> Planned:
    return plan(item, Journal(), folder / "chains")


def test_diff_shows_what_changes_and_only_that(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'{\r\n\t"a": 1\r\n}')
    item = planned(target(path), tmp_path)
    assert item.is_change
    assert item.base == b'{\r\n\t"a": 1\r\n}'
    assert diff([item]).split("\n") == [
        f"--- {path}",
        f"+++ {path}",
        "@@ -1,3 +1,10 @@",
        " {",
        '-    "a": 1',
        '+    "a": 1,',
        '+    "hooks": {',
        '+        "x": [',
        "+            {",
        '+                "command": "/s/spawngate-hook a"',
        "+            }",
        "+        ]",
        "+    }",
        " } (no line end)",
    ]
    assert path.read_bytes() == b'{\r\n\t"a": 1\r\n}'


def test_new_file_is_shown_as_new(tmp_path: Path) -> None:
    item = planned(target(tmp_path / "f.json"), tmp_path)
    assert item.base is None
    assert diff([item]).startswith(f"--- /dev/null\n+++ {tmp_path}/f.json\n@@ -0,0 +1,")


def test_long_diffs_are_cut(tmp_path: Path) -> None:
    file = HookFile("~/f", Scope.USER, Format.TEXT)
    lines = diff([planned(target(tmp_path / "p.js", file, "x\n" * 50), tmp_path)]).splitlines()
    assert len(lines) == 17
    assert lines[-1] == "... 37 more lines"
    path = tmp_path / "f.json"
    path.write_bytes(b'{"a": [' + b"\n1," * 9 + b"\n1]}")
    assert len(diff([planned(target(path), tmp_path)]).splitlines()) < MAX_DIFF


def test_entry_goes_where_the_file_has_the_list_already(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'{"x": []}')
    item = target(path)
    item = Target(item.agent, item.path, item.file, item.operations, {0: (("x",),)})
    found = planned(item, tmp_path)
    assert found.after is not None
    assert b'"hooks"' not in found.after
    path.write_bytes(b'{"x": [], "hooks": {"x": []}}')
    found = planned(item, tmp_path)
    assert found.after is not None
    assert found.after.startswith(b'{"x": [], "hooks": {"x": [\n')


def test_file_of_others_is_chained_or_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "PreToolUse"
    path.write_bytes(b"#!/bin/sh\necho theirs\n")
    whole = "#!/bin/sh\nexec /s/spawngate-hook a\n"
    alone = planned(target(path, HookFile("~/f", Scope.USER, Format.TEXT), whole), tmp_path)
    assert alone.problem == "a file of somebody else's has that name; move it away first"
    chained = planned(target(path, HookFile("~/f", Scope.USER, Format.TEXT, chains=True), whole), tmp_path)
    assert chained.chain == b"#!/bin/sh\necho theirs\n"
    assert chained.chained.startswith(str(tmp_path / "chains"))
    assert chained.after is not None
    assert chained.chained.encode() in chained.after
    windows = planned(target(path, HookFile("~/f", Scope.USER, Format.TEXT, chains=True), "$input | x"), tmp_path)
    assert windows.problem != ""


def test_what_others_wrote_in_ours_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "p.js"
    path.write_bytes(b'run("/old/spawngate-hook")')
    item = planned(target(path, HookFile("~/f", Scope.USER, Format.TEXT), "new"), tmp_path)
    assert (item.after, item.base, item.problem) == (b"new", None, "")


def test_lines_with_text_of_the_user_are_known(tmp_path: Path) -> None:
    dense, lined = tmp_path / "dense.json", tmp_path / "lined.json"
    dense.write_bytes(b'{"key":"secret-of-the-user"}')
    lined.write_bytes(b'{\n  "key": "secret-of-the-user"\n}\n')
    lines = diff_lines([planned(target(dense), tmp_path), planned(target(lined), tmp_path)])
    assert all("secret" in line or "spawngate" not in line for line, ours in lines if not ours)
    assert not any("secret" in line for line, ours in lines if ours)
    assert any("spawngate-hook" in line for line, ours in lines if ours)
