"""Patterns to paths, and roots to projects."""

import os
from pathlib import Path

import pytest

from spawngate.endpoint import tree as tree_module
from spawngate.endpoint.files import Mounts
from spawngate.endpoint.tree import Limits, Tree, walk
from spawngate.model.observed import Diagnostic

FAR = Limits(depth=10, folders=1_000, seconds=10)


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def matches(root: Path, pattern: str, tree: Tree | None = None) -> list[str]:
    return [os.path.relpath(path, root) for path in (tree or Tree()).match(f"{root}/{pattern}")]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a.json", ["a.json"]),
        ("none.json", []),
        ("s/*/SKILL.md", ["s/one/SKILL.md", "s/two/SKILL.md"]),
        ("s/*.md", ["s/top.md"]),
        ("s/**/*.md", ["s/top.md", "s/one/SKILL.md", "s/two/SKILL.md", "s/two/deep/x.md"]),
        ("**/x.md", ["s/two/deep/x.md"]),
        ("s/one", []),  # a folder, and a name that folders have
        ("s/two.json", ["s/two.json"]),  # a folder where a file was meant is worth a diagnostic
        ("s/.rules", []),  # of which there are both files and folders
    ],
)
def test_match(tmp_path: Path, pattern: str, found: list[str]) -> None:
    make(tmp_path, "a.json", "s/one/SKILL.md", "s/two/SKILL.md", "s/two/deep/x.md", "s/top.md", "s/node_modules/p/q.md")
    make(tmp_path, "s/two.json/a", "s/.rules/b")
    assert matches(tmp_path, pattern) == found


def test_folders_match_where_they_are_wanted(tmp_path: Path) -> None:
    make(tmp_path, "Claude_1/Roaming/Claude/a", "Claude_2/b", "Claude_3/Roaming/Claude")
    tree = Tree()
    assert [
        path.removeprefix(f"{tmp_path}/") for path in tree.match(f"{tmp_path}/Claude_*/Roaming/Claude", folders=True)
    ] == ["Claude_1/Roaming/Claude", "Claude_3/Roaming/Claude"]
    assert sorted(tree.match(f"{tmp_path}/Claude_*", folders=True)) == [f"{tmp_path}/Claude_{n}" for n in (1, 2, 3)]


def test_loops_end(tmp_path: Path) -> None:
    make(tmp_path, "a/x.md")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "self").symlink_to("self")
    assert matches(tmp_path, "a/**/*.md") == ["a/x.md", "a/again/x.md"]


def test_special_files_are_found_but_not_touched(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.md")
    (tmp_path / "dangling.md").symlink_to("nowhere")
    assert matches(tmp_path, "*.md") == ["dangling.md", "fifo.md"]
    assert matches(tmp_path, "fifo.md") == ["fifo.md"]


def test_network_mount_is_named_and_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "net/a.json")
    tree = Tree(Mounts((f"{tmp_path}/net",)))
    assert matches(tmp_path, "net/a.json", tree) == []
    assert matches(tmp_path, "*/a.json", tree) == []
    assert tree.diagnostics == [
        Diagnostic(
            f"{tmp_path}/net", "network-mount", "is a network mount and was not entered; pass --network to read it"
        )
    ]


def test_crowded_folder_is_cut_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "MAX_NAMES", 10)
    make(tmp_path, *(f"d/{number:03}.md" for number in range(30)))
    tree = Tree()
    assert len(matches(tmp_path, "d/*.md", tree)) == 10
    assert [(note.reason, note.message) for note in tree.diagnostics] == [
        ("budget", "holds more than 10 names; only the first were looked at")
    ]


def test_walk_finds_projects_nearest_first(tmp_path: Path) -> None:
    make(
        tmp_path,
        "one/.mcp.json",
        "one/sub/CLAUDE.md",
        "two/src/a.py",
        "node_modules/p/.mcp.json",
        ".hidden/.mcp.json",
        "three/.mcp.json/file",
    )
    (tmp_path / "link").symlink_to(tmp_path / "one")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [os.path.relpath(path, tmp_path) for path in walk(Tree(), str(tmp_path), {".mcp.json", "CLAUDE.md"}, FAR)]
    assert found == ["one", "three", "one/sub"]


def test_walk_knows_markers_with_a_star(tmp_path: Path) -> None:
    make(tmp_path, "one/app.code-workspace", "two/.roorules-code", "three/code-workspace", "four/x.roorules-code")
    found = walk(Tree(), str(tmp_path), {"*.code-workspace", ".roorules-*"}, FAR)
    assert [os.path.relpath(path, tmp_path) for path in found] == ["one", "two"]


def test_walk_says_when_it_stops(tmp_path: Path) -> None:
    make(tmp_path, *(f"{number}/x/.mcp.json" for number in range(20)))
    tree = Tree()
    assert list(walk(tree, str(tmp_path), {".mcp.json"}, Limits(5, 5, 10), home=True)) == []
    assert [(note.path, note.reason, note.message) for note in tree.diagnostics] == [
        (
            str(tmp_path),
            "budget",
            "the search for projects stopped after 5 folders; name the folder with --root to look further",
        )
    ]


def test_walk_depth(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/.mcp.json", "a/.mcp.json")
    found = walk(Tree(), str(tmp_path), {".mcp.json"}, Limits(2, 100, 10))
    assert [os.path.relpath(path, tmp_path) for path in found] == ["a"]
