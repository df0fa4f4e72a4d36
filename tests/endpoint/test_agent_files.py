"""Agents' files are read with bounds, and nothing that could block is opened."""

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spawngate.configuration.files import LARGEST, MISSING, Unknown
from spawngate.endpoint.agent_files import MOUNTS_SECONDS, AgentFiles
from spawngate.endpoint.files import Mounts


def test_a_file_a_link_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "l").symlink_to("f")
    (tmp_path / "gone").symlink_to("nowhere")
    read = AgentFiles()
    assert [read(str(tmp_path / name)) for name in ("f", "l", "none", "f/below", "gone")] == [
        b"x",
        b"x",
        MISSING,
        MISSING,
        Unknown("unreadable"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    read = AgentFiles()
    assert {read(str(tmp_path / name)) for name in ("pipe", "folder")} == {Unknown("not-a-file")}
    assert read("/dev/zero") == Unknown("not-a-file")


def test_bounds(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST + 1)
    read = AgentFiles()
    assert read(str(tmp_path / "large")) == Unknown("oversized")
    assert [read(path) for path in ("relative", "/a\0b", "")] == [Unknown("unreadable")] * 3
    assert read("/" + "x" * 5_000) == Unknown("unreadable")


def test_nothing_on_a_network_is_touched(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "f")
    read = AgentFiles(lambda: Mounts((str(tmp_path),)))
    assert read(str(tmp_path / "f")) == Unknown("network")
    assert read.resolve(str(tmp_path / "link")) == str(tmp_path / "link")


def test_where_a_path_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    read = AgentFiles()
    assert read.resolve(str(tmp_path / "alias" / "new.json")) == str((tmp_path / "real" / "new.json").resolve())
    assert [read.resolve(path) for path in ("x", "/a\0b")] == ["x", "/a\0b"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "f").write_text("x")
    (root / "a (deleted)").mkdir()
    for name, target in {
        "to-folder": "a/b",
        "to-file": "a/f",
        "absolute": str(root / "a"),
        "nowhere": "a/gone",
        "nowhere-deep": "gone/deeper",
        "loop": "loop",
        "one": "two",
        "two": "one",
        "chain": "absolute",
        "a/b/up": "../..",
        "a/b/in": "up/to-folder",
        "to-deleted": "a (deleted)",
        "self": "/proc/self",
    }.items():
        (root / name).symlink_to(target)
    return root


NAMES: list[str] = [
    "a",
    "b",
    "f",
    "to-folder",
    "to-file",
    "absolute",
    "nowhere",
    "nowhere-deep",
    "loop",
    "one",
    "chain",
    "up",
    "in",
    "to-deleted",
    "gone",
    "new.json",
    ".",
    "..",
    "self",
    "fd",
    "cwd",
]
NAMES += ["a (deleted)", ""]


@given(st.lists(st.sampled_from(NAMES), max_size=6), st.booleans())
@example(["nowhere"], False)
@example(["nowhere", "x"], False)
@example(["nowhere-deep", "new.json"], False)
@example(["loop", "new.json"], False)
@example(["to-file", "new.json"], False)
@example(["a (deleted)", "gone"], True)
def test_leads_where_realpath_says(tree: Path, parts: list[str], slash: bool) -> None:
    path = "/".join([str(tree), *parts]) + "/" * slash
    assert AgentFiles().resolve(path) == os.path.realpath(path)


@pytest.mark.parametrize("path", ["/", "//", "/proc/self/fd/0", "/dev/stdin", "/gone/gone/gone"])
def test_odd_places_lead_where_realpath_says(path: str) -> None:
    assert AgentFiles().resolve(path) == os.path.realpath(path)


@pytest.mark.parametrize("call", ["open", "readlink"])
def test_where_the_kernel_does_not_tell_every_part_is_followed(
    tree: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = str(tree / "chain" / "b" / "in" / "new.json")
    found = os.path.realpath(path)
    real = getattr(os, call)

    def refuses(at: str, *more: object) -> object:
        if call == "open" or at.startswith("/proc/self/fd/"):
            raise PermissionError
        return real(at, *more)

    monkeypatch.setattr(os, call, refuses)
    assert AgentFiles().resolve(path) == found == str(tree / "a" / "b" / "new.json")


def test_mounts_are_looked_up_again_later() -> None:
    asked: list[float] = []
    now = [0.0]

    def mounts() -> Mounts:
        asked.append(now[0])
        return Mounts()

    read = AgentFiles(mounts, lambda: now[0])
    for at in (0.0, MOUNTS_SECONDS - 1, MOUNTS_SECONDS):
        now[0] = at
        read("/nonexistent")
    assert asked == [0.0, MOUNTS_SECONDS]
