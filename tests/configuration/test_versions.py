"""Versions of files, as git itself says them."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration.files import MISSING, Unknown
from spawngate.configuration.versions import NotKnown, Repository, find
from tests.configuration.repositories import EVIL, ONE, present, repository, run_git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("versions") / "r")


def found(root: Path) -> Repository:
    repo = find(present, str(root))
    assert repo is not None
    return repo


@pytest.mark.parametrize(
    "revision", ["HEAD", "@", "main", "other", "v1", "refs/heads/other", "heads/same", "other~1", "same^", "v1~"]
)
def test_names_of_commits(root: Path, revision: str) -> None:
    assert found(root).commit(revision) == run_git(root, "rev-parse", f"{revision}^{{commit}}").strip()


@pytest.mark.parametrize("revision", ["nothing", "main~9", "../x", "main@{1}", "a b", "", "HEAD^2"])
def test_names_that_are_not_known(root: Path, revision: str) -> None:
    with pytest.raises(NotKnown):
        found(root).commit(revision)


def test_files(root: Path) -> None:
    repo = found(root)
    tree = repo.tree(repo.commit("other"))
    assert [path for path, _ in repo.files(tree)] == [".claude/settings.json", ".mcp.json", "code.py"]
    assert repo.content(repo.entry(tree, ".mcp.json")) == EVIL.encode()
    assert repo.content(repo.entry(repo.tree(repo.commit("main")), ".mcp.json")) == ONE.encode()
    assert repo.content(repo.entry(tree, "no/such")) is MISSING
    assert repo.content("0" * 40) == Unknown("version-control")


def test_packed_names_and_linked_folders(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    run_git(copy, "pack-refs", "--all")
    assert found(copy).commit("other") == found(root).commit("other")
    run_git(copy, "worktree", "add", "-q", str(tmp_path / "linked"), "same")
    linked = found(tmp_path / "linked")
    assert (linked.commit("HEAD"), linked.root) == (found(root).commit("same"), str(tmp_path / "linked"))


def test_packed_objects_are_not_known(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    run_git(copy, "gc", "-q")
    with pytest.raises(NotKnown):
        found(copy).tree(found(copy).commit("other"))


def test_no_repository(tmp_path: Path) -> None:
    assert find(lambda _: MISSING, str(tmp_path)) is None
    assert find(lambda _: b"nonsense", "/a") is None
    assert find(present, "relative") is None


@given(st.binary(max_size=200))
def test_any_object(data: bytes) -> None:
    repo = Repository(lambda _: data, "/r/.git", "/r")
    for read in (lambda: repo.commit("HEAD"), lambda: list(repo.files("0" * 40)), lambda: repo.tree("1" * 40)):
        with pytest.raises(NotKnown):
            read()
