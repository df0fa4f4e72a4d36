"""The build hook: native programs where there is a compiler, a pure wheel where there is none, never a failure."""

import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from spawngate.endpoint.client.place import is_static

ROOT = Path(__file__).parents[2]
NATIVE = "src/spawngate/_native"
NAMES = ["spawngate-hook", "spawngate-launch", "spawngate-confine"]
HOOK = f"{NATIVE}/spawngate-hook"
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What a build needs of the checkout, apart from it."""
    root = tmp_path / "tree"
    shutil.copytree(ROOT / "native", root / "native")
    (root / "src" / "spawngate").mkdir(parents=True)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore", "src/spawngate/__init__.py"):
        shutil.copy(ROOT / name, root / name)
    return root


def all_of(tree: Path) -> list[Path]:
    """Every native program, where a build puts it."""
    return [tree / NATIVE / name for name in NAMES]


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@needs_compiler
def test_built_where_there_is_a_compiler(hatch_build: ModuleType, tree: Path) -> None:
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)
    for name in NAMES:
        done = subprocess.run([tree / NATIVE / name, "--version"], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (0, f"{name} 1\n".encode())
    assert sorted(os.listdir(tree / NATIVE)) == sorted(NAMES)
    assert [line.partition(" built with ")[0] for line in said] == [f"{name}:" for name in NAMES]


@needs_compiler
@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the bare start is for Linux on x86-64"
)
def test_the_bare_start_comes_first(hatch_build: ModuleType, tree: Path) -> None:
    said: list[str] = []
    hatch_build.build(tree, said.append)
    for line, path in zip(said, all_of(tree), strict=True):
        assert " bare.c " in line
        assert is_static(path.read_bytes())
        assert path.stat().st_size < 60_000


@needs_compiler
def test_without_the_bare_start_there_is_a_c_library(hatch_build: ModuleType, tree: Path) -> None:
    (tree / "native" / "bare.c").write_text("#error another machine\n")
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)
    assert "bare.c" not in "".join(said)


def test_nothing_without_a_compiler(
    hatch_build: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / HOOK).parent.mkdir(parents=True)
    (tree / HOOK).write_text("of an older state of the sources")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == []
    assert said == ["no C compiler: the hook client and the launcher in Python will be used"]
    assert not (tree / HOOK).exists()


@needs_compiler
def test_a_compiler_that_fails_ends_nothing(
    hatch_build: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", str(script(tmp_path / "odd-cc", "echo 'no such header' >&2; exit 1")))
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == []
    assert said == [f"{name} could not be compiled: no such header" for name in NAMES]


@needs_compiler
def test_one_that_cannot_be_made_keeps_no_other_from_being_made(hatch_build: ModuleType, tree: Path) -> None:
    (tree / "native" / "walls.c").write_text("#error older headers\n")
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)[:2]
    assert said[-1].startswith("spawngate-confine could not be compiled: ")


@needs_compiler
def test_without_static_libraries_it_is_dynamic(
    hatch_build: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = f'for word in "$@"; do case $word in -static*) exit 1;; esac; done; exec {shutil.which("cc")} "$@"'
    monkeypatch.setenv("CC", str(script(tmp_path / "dynamic-cc", refuse)))
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)
    assert " -pie " in said[0]
    assert not is_static((tree / HOOK).read_bytes())


@needs_compiler
def test_a_compiler_with_words(hatch_build: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", f"{shutil.which('cc')} -DNOTHING")
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)
    assert f"built with {shutil.which('cc')} -DNOTHING " in said[0]


@needs_compiler
def test_a_compiler_that_does_not_work_is_passed_over(
    hatch_build: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "musl-gcc", "exit 1")
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said: list[str] = []
    assert hatch_build.build(tree, said.append) == all_of(tree)
    assert "musl" not in said[0]


@needs_compiler
def test_a_program_that_does_not_run_here_is_not_taken(
    hatch_build: ModuleType, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compiler for another machine, or a folder that allows no programs."""
    other = 'while [ "$1" != -o ]; do shift; done; printf "another machine" > "$2"; chmod +x "$2"'
    monkeypatch.setenv("CC", str(script(tmp_path / "cross-cc", other)))
    assert hatch_build.build(tree) == []
    assert not (tree / HOOK).exists()


def wheel(tree: Path, environment: dict[str, str]) -> tuple[str, dict[str, int]]:
    """Name of the wheel that hatchling makes, and its programs with their modes."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tree / "dist")]
    subprocess.run(words, cwd=tree, env={**os.environ, **environment}, check=True, capture_output=True)
    (path,) = (tree / "dist").iterdir()
    with zipfile.ZipFile(path) as archive:
        programs = {
            info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist() if "_native" in info.filename
        }
    return path.name, programs


@needs_compiler
def test_a_wheel_with_the_program(tree: Path) -> None:
    name, programs = wheel(tree, {})
    assert name.startswith("spawngate-")
    assert "-py3-none-" in name
    assert not name.endswith("-any.whl")
    assert programs == {f"spawngate/_native/{name}": 0o755 for name in NAMES}


def test_a_wheel_without_a_compiler_is_pure(tree: Path, tmp_path: Path) -> None:
    (tree / HOOK).parent.mkdir(parents=True)
    (tree / HOOK).write_text("of an older state of the sources")
    name, programs = wheel(tree, {"PATH": str(tmp_path), "CC": ""})
    assert name.endswith("-py3-none-any.whl")
    assert programs == {}


def test_a_pure_wheel_can_be_asked_for(tree: Path) -> None:
    name, programs = wheel(tree, {"SPAWNGATE_PURE": "1"})
    assert name.endswith("-py3-none-any.whl")
    assert programs == {}
