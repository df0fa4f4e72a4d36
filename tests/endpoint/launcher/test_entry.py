"""What the agent gave the launcher."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.launcher.entry import Entry, Misused, read_environment, working_folder


def descriptor(data: bytes) -> int:
    file = os.memfd_create("test")
    os.write(file, data)
    os.lseek(file, 0, 0)
    return file


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--id"],
        ["--id", "x", "--"],
        ["--id", "x", "y", "z"],
        ["--id", "", "--", "x"],
        ["x", "y", "--", "z"],
        ["--id", "x", "--", ""],
    ],
)
def test_other_words(words: list[str]) -> None:
    with pytest.raises(Misused):
        Entry(words, {}, "/", 1)


def test_the_question() -> None:
    environment = {b"PATH": b"/bin", b"TOKEN": b"secret", b"NODE_OPTIONS": b"\xff", b"\xe4": b"x"}
    entry = Entry(["--id", "e", "--", "npx", "-y", "--id", "x\udcff"], environment, "/w", 7)
    question = json.loads(entry.question())
    assert question == {
        "schema_version": 1,
        "id": "e",
        "command": "npx",
        "args": ["-y", "--id", "x\udcff"],
        "cwd": "/w",
        "env": {"PATH": "/bin", "NODE_OPTIONS": "\udcff"},
        "env_names": ["TOKEN", "\udce4"],
        "parent": 7,
    }
    assert b"secret" not in entry.question()
    assert entry.without(frozenset({"TOKEN", "\udce4", "other"})) == {b"PATH": b"/bin", b"NODE_OPTIONS": b"\xff"}


def test_the_first_of_equal_names_counts() -> None:
    assert read_environment(descriptor(b"A=1\0A=2\0=C:\0no\0B=\0C=x=y\0tail")) == {b"A": b"1", b"B": b"", b"C": b"x=y"}


@given(st.binary(max_size=400))
def test_any_bytes_are_an_environment(data: bytes) -> None:
    found = read_environment(descriptor(data))
    assert all(name and b"=" not in name and b"\0" not in name + value for name, value in found.items())


def test_search(tmp_path: Path) -> None:
    for name, mode in (("a/x", 0o644), ("b/x", 0o755), ("c/x", 0o755)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(mode)
    path = f"{tmp_path}/a:b:{tmp_path}/c".encode()
    entry = Entry(["--id", "e", "--", "x"], {}, str(tmp_path), 1)
    assert entry.search({b"PATH": path}) == f"{tmp_path}/b/x"
    assert entry.search({b"PATH": b"/nonexistent"}) == ""
    assert Entry(["--id", "e", "--", "./c/x"], {}, str(tmp_path), 1).search({}) == f"{tmp_path}/./c/x"
    assert Entry(["--id", "e", "--", "/c/x"], {}, str(tmp_path), 1).search({}) == "/c/x"
    assert Entry(["--id", "e", "--", "sh"], {}, "", 1).search({}) in ("/bin/sh", "/usr/bin/sh", "/usr/local/bin/sh")


def test_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    assert working_folder() == str(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert working_folder() == ""
