"""The readers of the harvest, on small files of each format."""

import json
import subprocess
from pathlib import Path

import pytest
from bench.commands import harvest
from hypothesis import given
from hypothesis import strategies as st

WORKFLOW = """
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: |
          echo "${{ matrix.node-version }}"
          npm test
      - shell: pwsh
        run: Get-Date
      - shell: python
        run: print(1)
  win:
    runs-on: windows-latest
    steps:
      - run: dir
      - shell: bash
        run: ls
"""


def test_workflow() -> None:
    assert list(harvest.workflow(WORKFLOW)) == [
        ("npm ci", "posix", "workflow"),
        ('echo "matrix-node-version"\nnpm test', "posix", "workflow"),
        ("Get-Date", "powershell", "workflow"),
        ("ls", "posix", "workflow"),
    ]
    assert list(harvest.workflow("runs:\n  using: composite\n  steps:\n    - run: make\n      shell: bash\n")) == [
        ("make", "posix", "workflow")
    ]
    assert list(harvest.workflow("defaults: {run: {shell: pwsh}}\njobs: {a: {steps: [{run: dir}]}}\n")) == [
        ("dir", "powershell", "workflow")
    ]
    assert list(harvest.workflow("defaults: [1]\njobs: {a: {defaults: {run: 1}, steps: [{run: ls}]}}\n")) == [
        ("ls", "posix", "workflow")
    ]
    assert list(harvest.workflow(": [")) == []
    assert list(harvest.workflow("- a\n")) == []


def test_makefile() -> None:
    text = "PY = python3\n\ntest: build\n\t@$(PY) -m pytest \\\n\t  -q $(ARGS)\n"
    text += "\t-rm -rf $(BUILD_DIR)/x\n\techo $$HOME $@\n\t$(shell ls)\n\tA ?= b\n\tgo list -f {{.Dir}}\n"
    assert [command for command, _, _ in harvest.makefile(text)] == [
        "python3 -m pytest  -q args",
        "rm -rf build_dir/x",
        "echo $HOME target",
    ]


def test_package_json() -> None:
    text = json.dumps({"scripts": {"a": "tsc -p .", "b": "", "c": 1}})
    assert list(harvest.package_json(text)) == [("tsc -p .", "posix", "package script")]
    assert list(harvest.package_json("{")) == []
    assert list(harvest.package_json("[]")) == []
    assert list(harvest.package_json('{"scripts": []}')) == []


def test_dockerfile() -> None:
    text = (
        "FROM x\nRUN --mount=type=cache,target=/c apt-get update \\\n    # remark\n && apt-get install -y git\n"
        'RUN ["ls"]\nRUN <<EOF\nls\nEOF\nrun make\n'
    )
    assert [command for command, _, _ in harvest.dockerfile(text)] == [
        "apt-get update  \\\n && apt-get install -y git",
        "make",
    ]


def test_image_builds_of_other_shells_are_left_out() -> None:
    assert list(harvest.dockerfile("# escape=`\nFROM x\nRUN dir\n")) == []
    assert list(harvest.dockerfile('FROM x\nSHELL ["pwsh"]\nRUN dir\n')) == []


@given(st.text(max_size=300))
def test_readers_take_anything(text: str) -> None:
    for path in (".github/workflows/a.yml", "action.yaml", "Makefile", "a/package.json", "Dockerfile.dev", "README.md"):
        for command, dialect, place in harvest.extract(path, text):
            assert isinstance(command, str)
            assert dialect in {"posix", "powershell"}
            assert place


def test_a_mirror_is_read_at_its_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "package.json").write_text('{"scripts":{"a":"tsc -p .","b":"vite"}}')
    (work / "vendor").mkdir()
    (work / "vendor" / "package.json").write_text('{"scripts":{"a":"rollup"}}')
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.test", "-C", str(work)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    (tmp_path / "mirrors" / "acme+shop").mkdir(parents=True)
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(work), str(tmp_path / "mirrors" / "acme+shop" / "repo")], check=True
    )
    manifest = tmp_path / "m.toml"
    manifest.write_text('[repositories]\n"acme/shop" = "HEAD"\n"acme/absent" = "HEAD"\n')
    monkeypatch.setattr(harvest, "MANIFEST", manifest)
    found = harvest.harvested_cases(tmp_path / "mirrors")
    assert sorted((case.family, case.pack, case.text, case.note) for case in found) == [
        ("harvest-acme/shop", "everyday", "tsc -p .", "package script"),
        ("harvest-acme/shop", "everyday", "vite", "package script"),
    ]
    assert harvest.main([str(tmp_path / "mirrors")]) == 0
    assert harvest.main([str(tmp_path / "nothing")]) == 2


def test_manifest_pins_commits() -> None:
    repositories = harvest.manifest()
    assert len(repositories) >= 15
    assert [commit for commit in repositories.values() if len(commit) != 40 or int(commit, 16) < 0] == []
