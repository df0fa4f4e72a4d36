"""What published trees have to say, held against results."""

from pathlib import Path
from typing import Any

import pytest
from bench.codescan_named import EXPECTED, Named, Row, Wanted, folders_of, main, named, told, wrong

HANDLER = {"path": "pkg/api/routes.py", "line": 1, "function": "test"}
BETWEEN = {"path": "pkg/service.py", "line": 5, "function": "Service.check"}
LAUNCH = {"path": "pkg/launching.py", "line": 9, "function": "Launcher.start"}
WANTED = Wanted("api/routes.py test", "launching.py Launcher.start", "high", ("check",), ("command",), ("role",), 1)


def result(*findings: dict[str, Any], mcp: bool = True, lines: int = 10) -> dict[str, Any]:
    return {"findings": list(findings), "mcp": mcp, "statistics": {"lines": lines}}


def finding(grade: str = "high", *, slots: tuple[str, ...] = ("command",), guard: str = "role check") -> dict[str, Any]:
    trace = [HANDLER, BETWEEN, LAUNCH]
    site = {"path": LAUNCH["path"], "line": 9}
    return {"grade": grade, "slots": list(slots), "guards": [{"name": guard}], "trace": trace, "site": site}


OTHER = {**finding(), "trace": [BETWEEN, LAUNCH]}


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        (result(finding()), []),
        (result(), ["no path from test to Launcher.start"]),
        (result(OTHER), ["no path from test to Launcher.start"]),
        (result(OTHER, finding()), ["test: in place 2, not 1"]),
        (result(finding("medium")), ["test: medium, not high"]),
        (result(finding("info")), ["no path from test to Launcher.start"]),
        (result(finding(slots=("env",))), ["test: slots env"]),
        (result(finding(guard="login")), ["test: no guard 'role'"]),
        (result({**finding(), "trace": [HANDLER, LAUNCH]}), ["test: not through check"]),
        (result(finding(), lines=0), ["nothing was read"]),
    ],
)
def test_a_result_is_held_against_what_is_true(said: dict[str, Any], faults: list[str]) -> None:
    assert wrong(Named("x", ("x",), "", (WANTED,)), said) == faults


def test_silent_trees_say_nothing_above_information() -> None:
    silent = Named("x", ("x",), "", silent=True, mcp=False)
    assert wrong(silent, result(finding("info"), mcp=False)) == []
    assert wrong(silent, result(finding("low"))) == ["low at pkg/launching.py:9", "taken for a project with MCP"]


def test_the_table_is_read_whole() -> None:
    trees = named(EXPECTED.read_text())
    assert len({tree.name for tree in trees}) == len(trees)
    assert all(bool(tree.expect) != tree.silent for tree in trees)
    assert sum(not tree.mcp for tree in trees) >= 10
    with pytest.raises(TypeError):
        named("trees: [{name: x, tree: [x], from: y, silnt: true}]")


def test_trees_that_are_not_there_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = Named("x", ("a", "b"), "")
    (tmp_path / "a").mkdir()
    assert folders_of(tree, tmp_path, {}) == []
    assert folders_of(tree, tmp_path, {"b": tmp_path}) == [tmp_path / "a", tmp_path]
    assert main(["--trees", str(tmp_path), "--only", "GPT"]) == 2
    assert "not there: GPT Researcher" in capsys.readouterr().out


def test_a_tree_that_is_wrong_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "a.py").write_text("x = 1\n")
    assert main(["--trees", str(tmp_path), "--only", "Requests"]) == 0
    (tmp_path / "requests" / "a.py").write_text(
        "import sys\nfrom mcp import StdioServerParameters\nStdioServerParameters(command=sys.argv[1])\n"
    )
    assert main(["--trees", str(tmp_path), "--only", "Requests"]) == 1
    assert "WRONG low at a.py:3; taken for a project with MCP" in capsys.readouterr().out


def test_a_line_of_the_table() -> None:
    line = told(Row("x", (), {"high": 1, "info": 2}, 1000, 1.25, 2.5))
    assert " ".join(line.split()) == "x 1,000 1 0 0 2 1.2 2.5 ok"
