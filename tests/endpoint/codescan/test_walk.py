"""The walk of a tree that may be hostile: what is read, what is left out, and that nothing hangs or leads out."""

import os
import socket
import time
from pathlib import Path

import pytest

from spawngate.endpoint.codescan.walk import Limits, Tree, joined, read_tree
from spawngate.model.errors import UsageError


def fill(folder: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def told(tree: Tree) -> list[tuple[str, str]]:
    return [(item.path, item.reason) for item in tree.diagnostics]


def test_sources_and_what_resolves_them(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "src/b.ts", "pyproject.toml", "web/tsconfig.json", "uv.lock", "README.md", "x.yaml")
    fill(tmp_path, ".spawngate/code.toml", ".spawngate/models/own.yaml", ".spawngate/models/note.txt")
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["a.py", "src/b.ts"]
    assert sorted(tree.others) == [".spawngate/code.toml", "pyproject.toml", "uv.lock", "web/tsconfig.json"]
    assert sorted(tree.models) == [".spawngate/models/own.yaml"]
    assert sorted(tree.files) == sorted([*tree.sources, *tree.others])
    assert (tree.lines, tree.cut, tree.diagnostics, dict(tree.skipped)) == (2, False, [], {})


def test_dependencies_and_caches_are_left_out_and_counted(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "a.py",
        "node_modules/x/index.js",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        ".git/hooks/x.py",
        "__pycache__/x.py",
    )
    fill(tmp_path, "vendor/modules.txt", "vendor/x/x.js", "lib/site-packages/x.py")
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["a.py"]
    assert dict(tree.skipped) == {"dependencies": 4}


def test_a_copy_made_by_hand_is_source(tmp_path: Path) -> None:
    fill(tmp_path, "vendor/mcp_adapters/client.py", "third_party/x.rs")
    assert sorted(read_tree(str(tmp_path)).sources) == ["third_party/x.rs", "vendor/mcp_adapters/client.py"]


def test_what_a_build_wrote_is_left_out_beside_its_source(tmp_path: Path) -> None:
    fill(tmp_path, "p/src/a.ts", "p/dist/a.js", "p/dist/b.js", "p/package.json", "p/dist/package.json")
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["p/src/a.ts"]
    assert sorted(tree.others) == ["p/dist/package.json", "p/package.json"]
    assert dict(tree.skipped) == {"built": 2}


def test_a_published_package_has_nothing_but_its_build(tmp_path: Path) -> None:
    fill(tmp_path, "package.json", "gulpfile.ts", *(f"dist/{number}.js" for number in range(9)), "dist/a.d.ts")
    tree = read_tree(str(tmp_path))
    assert len(tree.sources) == 10
    assert dict(tree.skipped) == {"declarations": 1}


def test_minified_files_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "a.min.js")
    fill(tmp_path, "long.js", text="x" * 40_000 + "\n")
    fill(tmp_path, "short.js", text="x" * 900 + "\n")
    fill(tmp_path, "data.js", text="let x = 1\n" * 20 + "x" * 40_000 + "\n")
    fill(tmp_path, "bundle.js", text="x" * (2 << 20))
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["data.js", "short.js"]
    assert dict(tree.skipped) == {"minified": 3}
    assert not tree.cut


def test_lines_may_end_in_carriage_returns_alone(tmp_path: Path) -> None:
    fill(tmp_path, "old.py", text="a = 1\rb = 2\r")
    tree = read_tree(str(tmp_path))
    assert (tree.sources, tree.lines) == ({"old.py": b"a = 1\nb = 2\n"}, 2)


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    fill(outside, "secret.py", "deep/secret.py")
    tree_root = tmp_path / "tree"
    fill(tree_root, "real/a.py")
    (tree_root / "out.py").symlink_to(outside / "secret.py")
    (tree_root / "out").symlink_to(outside)
    (tree_root / "loop").symlink_to(tree_root)
    (tree_root / "self.py").symlink_to("self.py")
    (tree_root / "again").symlink_to("real")
    (tree_root / "pyproject.toml").symlink_to("/dev/zero")
    tree = read_tree(str(tree_root))
    assert sorted(tree.files) == ["real/a.py"]
    assert dict(tree.skipped) == {"links": 6}


def test_a_tree_that_is_named_through_a_link_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "real", "a.py")
    (tmp_path / "link").symlink_to("real")
    tree = read_tree(str(tmp_path / "link"))
    assert (tree.root, sorted(tree.sources)) == (str(tmp_path / "real"), ["a.py"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_special_files_are_told_and_not_waited_for(tmp_path: Path) -> None:
    fill(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "package.json")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.ts"))
        started = time.monotonic()
        tree = read_tree(str(tmp_path))
    assert time.monotonic() - started < 5
    assert sorted(tree.files) == ["a.py"]
    assert told(tree) == [("package.json", "not-a-file"), ("pipe.py", "not-a-file"), ("s.ts", "not-a-file")]


def test_a_huge_file_is_told_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.py").open("wb") as file:
        file.write(b"x = 1\n" * 100_000)
        file.truncate(1 << 30)
    fill(tmp_path, "a.py")
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["a.py"]
    assert told(tree) == [("huge.py", "oversized")]
    assert tree.cut


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    os.mkdir(folder + b"/\xff")
    with open(folder + b"/\xff/\xfe.py", "wb") as file:
        file.write(b"x\n")
    with open(folder + b"/new\nline.py", "wb") as file:
        file.write(b"x\n")
    assert sorted(read_tree(str(tmp_path)).sources) == ["new\nline.py", "\udcff/\udcfe.py"]


def test_deep_folders_end_somewhere(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("deeper", dir_fd=here)
        below = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    fill(tmp_path, "a.py")
    tree = read_tree(str(tmp_path))
    assert sorted(tree.sources) == ["a.py"]
    assert [(item.reason, item.message) for item in tree.diagnostics] == [
        ("budget", "is more than 64 levels deep and was not read")
    ]
    assert tree.cut


@pytest.mark.parametrize(
    ("limits", "sources"),
    [(Limits(files=2), 3), (Limits(total=12), 2), (Limits(entries=3), 4), (Limits(seconds=-1.0), 4)],
)
def test_limits_are_told(tmp_path: Path, limits: Limits, sources: int) -> None:
    fill(tmp_path, "a/1.py", "b/1.py", "c/1.py", "d/1.py")
    fill(tmp_path, "1.py", "2.py", "3.py", "4.py")
    tree = read_tree(str(tmp_path), limits)
    assert tree.cut
    assert [reason for _, reason in told(tree)] == ["budget"]
    assert len(tree.sources) <= max(sources, 4)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "closed/b.py")
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        tree = read_tree(str(tmp_path))
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert told(tree) == [("closed", "unreadable"), ("a.py", "unreadable")]
    assert tree.cut


def test_repositories_within_are_named(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "sub/.git/config", "sub/b.py", "module/.git", "module/c.py", ".git/config")
    tree = read_tree(str(tmp_path))
    assert tree.nested == ["module", "sub"]
    assert sorted(tree.sources) == ["a.py", "module/c.py", "sub/b.py"]


def test_trees_that_are_one_program(tmp_path: Path) -> None:
    fill(tmp_path, "a/src/x.py", "b/c/y.py", "b/c/pyproject.toml", "b/c/.spawngate/models/m.yaml", "b/c/z.min.js")
    (tmp_path / "b/c/huge.py").write_text("x = 1\n" * 300_000)
    whole = joined([read_tree(str(tmp_path / "a/src")), read_tree(str(tmp_path / "b/c"))])
    assert whole.root == str(tmp_path)
    assert sorted(whole.files) == ["a/src/x.py", "b/c/pyproject.toml", "b/c/y.py"]
    assert sorted(whole.models) == ["b/c/.spawngate/models/m.yaml"]
    assert (whole.lines, dict(whole.skipped), whole.cut) == (2, {"minified": 1}, True)
    assert told(whole) == [("b/c/huge.py", "oversized")]


def test_a_tree_within_another_cannot_be_joined(tmp_path: Path) -> None:
    fill(tmp_path, "a/x.py", "a/b/y.py")
    for paths in (("a", "a/b"), ("a", "a")):
        with pytest.raises(UsageError, match="--together"):
            joined([read_tree(str(tmp_path / path)) for path in paths])


def test_a_single_file_is_a_tree(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "b.py")
    assert sorted(read_tree(str(tmp_path / "a.py")).sources) == ["a.py"]


@pytest.mark.parametrize("path", ["missing", "with\0nul"])
def test_nothing_there_is_wrong_use(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError):
        read_tree(f"{tmp_path}/{path}")


def test_a_special_file_as_the_tree_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no folder and no regular file"):
        read_tree("/dev/null")
