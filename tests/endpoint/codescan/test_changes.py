"""What changed since a revision; and that nothing which a hostile repository names is run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from spawngate.endpoint.codescan.changes import changes_since
from spawngate.model.errors import UsageError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
QUIET = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.test",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.test",
}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, env=QUIET | {"HOME": str(folder)}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """main with two files; a branch that changes one, adds one and removes one."""
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for name, text in {"a.py": "one\n", "b.py": "two\n", "c.py": "three\n", "sub/d.py": "four\n"}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "checkout", "-q", "-b", "work")
    (folder / "a.py").write_text("one more\n")
    (folder / "sub/e.py").write_text("five\n")
    git(folder, "rm", "-q", "c.py")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "second")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def told(folder: Path, revision: str = "main", **more: tuple[str, ...]) -> tuple[list[str], list[str]]:
    found = changes_since(str(folder), revision, files(folder), **more)
    return sorted(found.changed), sorted(found.gone)


def test_new_changed_and_gone(project: Path) -> None:
    assert told(project) == (["a.py", "sub/e.py"], ["c.py"])
    assert changes_since(str(project), "main", files(project)).commit == git(project, "rev-parse", "main")


def test_what_is_not_committed_counts_too(project: Path) -> None:
    (project / "b.py").write_text("other\n")
    (project / "new.py").write_text("new\n")
    assert told(project, "HEAD") == (["b.py", "new.py"], [])


def test_what_happened_on_the_other_branch_since_does_not(project: Path) -> None:
    git(project, "checkout", "-q", "main")
    (project / "b.py").write_text("main goes on\n")
    git(project, "commit", "-q", "-am", "third")
    git(project, "checkout", "-q", "work")
    assert told(project) == (["a.py", "sub/e.py"], ["c.py"])


def test_packed_names_and_tags_and_ids_and_ancestors(project: Path) -> None:
    git(project, "tag", "v1", "main")
    git(project, "tag", "-a", "-m", "x", "v2", "main")
    git(project, "pack-refs", "--all")
    git(project, "gc", "-q")
    first = git(project, "rev-parse", "main")
    assert {str(told(project, name)) for name in ("v1", "v2", first, first[:10], "HEAD~1", "HEAD^")} == {
        str((["a.py", "sub/e.py"], ["c.py"]))
    }


def test_a_folder_of_the_repository(project: Path) -> None:
    assert told(project / "sub") == (["e.py"], [])
    (project / "fresh").mkdir()
    (project / "fresh/x.py").write_text("x\n")
    assert told(project / "fresh") == (["x.py"], [])


def test_a_linked_work_tree(project: Path, tmp_path: Path) -> None:
    git(project, "worktree", "add", "-q", "-b", "third", str(tmp_path / "tree"), "work")
    (tmp_path / "tree/b.py").write_text("here\n")
    assert told(tmp_path / "tree") == (["a.py", "b.py", "sub/e.py"], ["c.py"])


def test_a_shallow_clone_is_compared_with_the_revision_itself(project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", project.as_uri(), str(clone))
    assert told(clone, "origin/main") == (["a.py", "sub/e.py"], ["c.py"])


def test_files_of_a_repository_within_count_as_changed(project: Path) -> None:
    assert told(project, nested=("sub",)) == (["a.py", "sub/d.py", "sub/e.py"], ["c.py"])


def test_names_that_are_no_utf8(project: Path) -> None:
    path = os.fsencode(project) + b"/\xff\n.py"
    with open(path, "wb") as file:
        file.write(b"x\n")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "odd")
    with open(path, "wb") as file:
        file.write(b"y\n")
    found = changes_since(str(project), "HEAD", {"\udcff\n.py": b"y\n", "a.py": b"one more\n"})
    assert found.changed == {"\udcff\n.py"}


@pytest.mark.parametrize(
    "revision", ["missing", "", "--all", "-h", "main\nx", "main:a.py", "x" * 400, "@{u}", "main..work"]
)
def test_what_is_no_revision_is_wrong_use(project: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="--changed-since"):
        told(project, revision)


def test_no_repository_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--changed-since"):
        changes_since(str(tmp_path), "main", {})


@pytest.mark.parametrize("text", ["gitdir: /nowhere\n", "nonsense", ""])
def test_a_file_that_names_no_repository_is_wrong_use(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").write_text(text)
    with pytest.raises(UsageError, match="--changed-since"):
        changes_since(str(tmp_path), "main", {})


def test_no_program_that_the_repository_names_is_run(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything in a repository that makes git start a program leaves a mark when it does."""
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho "$0 $@" >> {ran}\nexit 0\n')
    trap.chmod(0o755)
    included = tmp_path / "included"
    included.write_text(f"[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n")
    settings = {
        "core.fsmonitor": trap, "core.hooksPath": tmp_path / "hooks", "core.pager": trap, "core.sshCommand": trap,
        "core.askPass": trap, "core.editor": trap, "core.alternateRefsCommand": trap, "core.gitProxy": trap,
        "diff.external": trap, "diff.x.textconv": trap, "diff.x.command": trap, "filter.x.clean": trap,
        "filter.x.smudge": trap, "filter.x.process": trap, "filter.x.required": "true", "merge.x.driver": trap,
        "credential.helper": trap, "gpg.program": trap, "log.showSignature": "true", "include.path": included,
        "pager.ls-tree": trap, "pager.merge-base": trap, "alias.ls-tree": f"!{trap}",
        "uploadpack.packObjectsHook": trap,
        "extensions.partialClone": "origin", "remote.origin.promisor": "true", "remote.origin.url": f"ext::{trap} %s",
        "protocol.ext.allow": "always", "remote.origin.uploadpack": trap, "trace2.eventTarget": ran,
    }  # fmt: skip
    for key, value in settings.items():
        git(project, "config", key, str(value))
    (tmp_path / "hooks").mkdir()
    hooks = ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc")
    for folder in (tmp_path / "hooks", project / ".git/hooks"):
        for hook in hooks:
            shutil.copy(trap, folder / hook)
    (project / ".gitattributes").write_text("*.py diff=x filter=x merge=x\n")
    shutil.copy(trap, project / "git")
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(trap))
    monkeypatch.chdir(project)
    ran.unlink(missing_ok=True)  # the settings themselves may have run it
    # An object that is missing is what a partial clone would fetch.
    blob = git_plain(project, "rev-parse", "HEAD:sub")
    ran.unlink(missing_ok=True)
    lost = project / ".git/objects" / blob[:2] / blob[2:]
    assert told(project)[0] == [".gitattributes", "a.py", "git", "sub/e.py"]
    lost.unlink(missing_ok=True)
    told(project)
    assert not ran.exists(), ran.read_text()
    # The trap is a trap: git as people call it falls into it.
    subprocess.run(
        ["git", "status"], cwd=project, env=QUIET | {"HOME": str(tmp_path)}, check=False, capture_output=True
    )
    assert ran.exists()


def git_plain(folder: Path, *words: str) -> str:
    """Like `git`, where the configuration of the repository may make it fail."""
    done = subprocess.run(["git", *words], cwd=folder, env=QUIET, check=False, capture_output=True, text=True)
    return done.stdout.strip()
