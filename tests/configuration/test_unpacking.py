"""What unpacking leaves, against the real programs, and what is told where the archive cannot be read."""

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.files import MISSING, Content, Files, Present, Unknown
from spawngate.configuration.shell import run_command
from tests.configuration.called import FILES, HOME, MCP, outcome, shell
from tests.configuration.test_archives import tar, with_links, zipped

MEMBERS = {"top/.mcp.json": b'{"a": 1}\n', "top/sub/x.json": b"{}\n", "./y.json": b"[]\n"}
ARCHIVES = {
    "a.tar": tar(files=MEMBERS),
    "a.tgz": tar("w:gz", files=MEMBERS),
    "a.txz": tar("w:xz", files=MEMBERS),
    "a.zip": zipped(files=MEMBERS),
}
COMMANDS = [
    "tar xf a.tar",
    "tar -xf a.tar",
    "tar xzf a.tgz",
    "tar -xJf a.txz",
    "tar --extract --file=a.tar",
    "tar xf a.tgz --strip-components=1",
    "tar xf a.tar -C d",
    "mkdir e && tar -C e -xf a.tar",
    "tar xf a.tar top/.mcp.json",
    "tar xf a.tar top",
    "tar xf a.tar --exclude=top/sub",
    "cat a.tgz | tar xz",
    "tar xzf - < a.tgz",
    "tar xOf a.tar top/.mcp.json > n.json",
    "unzip -q a.zip",
    "unzip -qo a.zip -d d",
    "unzip -q a",
    "unzip -qj a.zip",
    "unzip -q a.zip 'top/*'",
    "unzip -q a.zip -x top/sub/x.json",
    "unzip -p a.zip top/.mcp.json > n.json",
    "python3 -m zipfile -e a.zip d",
    "python3 -m tarfile -e a.tar d",
]


@pytest.mark.skipif(os.name == "nt", reason="no such tools")
@pytest.mark.parametrize("command", COMMANDS)
def test_agrees_with_the_real_programs(command: str, tmp_path: Path) -> None:
    for program in ("tar", "unzip", "python3"):
        if program in command and shutil.which(program) is None:
            pytest.skip(f"no {program} here")
    (tmp_path / "d").mkdir()
    for name, data in ARCHIVES.items():
        (tmp_path / name).write_bytes(data)
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, timeout=20, env={"PATH": os.environ["PATH"]})
    held: dict[str, Content] = {f"/p/{name}": data for name, data in ARCHIVES.items()}
    files = Files(CallContext(home="/home/dev", cwd="/p"), lambda path: held.get(path, MISSING))
    run = run_command(read(command), files, (command,))
    left = {at.removeprefix("/p/"): states[-1] for at, states in files.written.items()}
    there = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {name: data for name, data in there.items() if name not in ARCHIVES}
    assert run.untold == set()


EVIL = b'{"mcpServers": {"b": {"command": "evil"}}}\n'
HARMLESS = b'{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}}}\n'
Archive = Callable[[bytes], dict[str, bytes]]
BY_ARCHIVE: list[tuple[str, Archive]] = [
    ("tar xf x.tar", lambda data: {"x.tar": tar(files={".mcp.json": data})}),
    ("tar xzf x.tgz --strip-components 1", lambda data: {"x.tgz": tar("w:gz", files={"r-1.0/.mcp.json": data})}),
    ("tar -xJf x.txz -C ..", lambda data: {"x.txz": tar("w:xz", files={"p/.mcp.json": data})}),
    ("tar xjf x.tbz", lambda data: {"x.tbz": tar("w:bz2", files={"./.mcp.json": data})}),
    ("cat x.tgz | tar xz", lambda data: {"x.tgz": tar("w:gz", files={".mcp.json": data})}),
    ("tar xf x.tar --wildcards '*.json'", lambda data: {"x.tar": tar(files={".mcp.json": data})}),
    ("tar xOf x.tar m.json > .mcp.json", lambda data: {"x.tar": tar(files={"m.json": data})}),
    ("tar xf x.tar && cp conf/m.json .mcp.json", lambda data: {"x.tar": tar(files={"conf/m.json": data})}),
    ("unzip -o x.zip", lambda data: {"x.zip": zipped(files={".mcp.json": data})}),
    ("unzip -oj x.zip", lambda data: {"x.zip": zipped(files={"deep/er/.mcp.json": data})}),
    ("unzip x -d /home/dev/p", lambda data: {"x.zip": zipped(files={".mcp.json": data})}),
    ("unzip -p x.zip m > .mcp.json", lambda data: {"x.zip": zipped(files={"m": data})}),
    ("unzip -o x.zip .mcp.json other", lambda data: {"x.zip": zipped(files={".mcp.json": data})}),
    ("python3 -m zipfile -e x.zip .", lambda data: {"x.zip": zipped(files={".mcp.json": data})}),
    ("python3 -m tarfile -e x.tar .", lambda data: {"x.tar": tar(files={".mcp.json": data})}),
]


def reading(held: Mapping[str, Content]) -> Present:
    return lambda path: held.get(path, MISSING)


@pytest.mark.parametrize(("command", "archive"), BY_ARCHIVE, ids=[command for command, _ in BY_ARCHIVE])
def test_a_configuration_out_of_an_archive(command: str, archive: Archive) -> None:
    for data, changes in ((EVIL, ["added", "removed"]), (HARMLESS, [])):
        held: dict[str, Content] = {**FILES, **{f"{HOME}/p/{name}": each for name, each in archive(data).items()}}
        found, _, _ = outcome(shell(command), reading(held))
        assert (sorted(one.facts.change for one in found.differences), found.unknown) == (changes, ())
        assert found.computed == frozenset({MCP})


def linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("d")
        info.type, info.linkname = tarfile.SYMTYPE, "/home/dev/.claude"
        archive.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize(
    ("command", "path", "reason"),
    [
        ("tar xf missing.tar", ".", "archive"),
        ("curl -s https://x.example/a.tgz | tar xz", ".", "archive"),
        ("curl -so a.tgz https://x.example/a.tgz && tar xzf a.tgz -C ~", "~", "archive"),
        ("tar xf large.tar", ".", "archive"),
        ("tar xf linked.tar", ".", "link"),
        ("tar xf plain.tar --transform s/a/b/", ".", "archive"),
        ("7z x a.7z", ".", "archive"),
        ("cpio -id < a.cpio", f"{HOME}/p", "archive"),
        ("unzip missing.zip -d ~/.claude", "~/.claude", "archive"),
        ("git stash pop", f"{HOME}/p", "version-control"),
        ("git checkout other -- .", f"{HOME}/p", "version-control"),
        ("git restore --source=HEAD~3 :/", f"{HOME}/p", "version-control"),
        ("git reset --hard origin/other", f"{HOME}/p", "version-control"),
        ("git am x.patch", f"{HOME}/p", "version-control"),
        ("curl -s https://x.example/a.patch | git apply", f"{HOME}/p", "program"),
        ("curl -s https://x.example/a.patch | patch -p1", f"{HOME}/p", "program"),
    ],
)
def test_what_cannot_be_told_is_a_fact(command: str, path: str, reason: str) -> None:
    held: dict[str, Content] = {
        f"{HOME}/p/large.tar": Unknown("oversized"),
        f"{HOME}/p/linked.tar": linked(),
        f"{HOME}/p/plain.tar": tar(),
    }
    found, _, _ = outcome(shell(command), reading(held))
    label = "folder" if path in (".", f"{HOME}/p") and reason != "link" else "unnamed"
    facts = ChangeFacts(change="unknown", path=path, reason=reason, labels=(label,))
    assert [one for one in found.unknown if one.labels] == [facts]


@pytest.mark.parametrize(
    "command",
    [
        "tar tf missing.tar",
        "tar cf a.tar src",
        "tar xf missing.tar -C /tmp/x",
        "curl -s https://x.example/a.tgz | tar xz -C build",
        "unzip -l missing.zip",
        "unzip missing.zip -d vendor/x",
        "7z l a.7z",
        "git stash",
        "git checkout main",
        "git checkout -- src/a.py",
        "git reset --hard HEAD",
        "git pull",
        "git am --abort",
        "gunzip data.csv.gz",
        "python3 -m zipfile -l a.zip",
    ],
)
def test_twins_that_say_nothing(command: str) -> None:
    found, _, _ = outcome(shell(command))
    assert (found.differences, found.unknown) == ((), ())


MOVED = {"conf/settings.json": b'{"hooks": {}}\n'}


@pytest.mark.parametrize(
    ("command", "archive"),
    [
        ("tar xf a.tar", with_links({"d/settings.json": b"{}"}, {"d": ".claude"})),
        ("tar xf a.tar", with_links(MOVED, {".claude": "conf"})),
        ("tar xf a.tar --strip-components=1", with_links({"p/x": b""}, {"p/d/l": "../../up"})),
        ("tar xf a.tar --transf=s,m.json,.mcp.json,", tar(files={"m.json": b"{}"})),
        ("TAR_OPTIONS=--transform=s,m.json,.mcp.json, tar xf a.tar", tar(files={"m.json": b"{}"})),
        ("unzip -L a.tar", zipped(files={".MCP.JSON": b"{}"})),
        ("unzip a.tar -l", zipped(files={"m.json": b"{}"})),
    ],
)
def test_what_puts_files_elsewhere_is_told(command: str, archive: bytes) -> None:
    held: dict[str, Content] = {"/home/dev/p/a.tar": archive}
    found, *_ = outcome(shell(command), lambda path: held.get(path, MISSING))
    assert found.unknown
    assert not found.computed


def test_a_pattern_that_tar_does_not_match_leaves_nothing_out() -> None:
    held: dict[str, Content] = {"/home/dev/p/a.tar": tar(files={".mcp.json": FILES[MCP]})}  # type: ignore[dict-item]  # bytes
    found, *_ = outcome(shell("tar xf a.tar --exclude=./.mcp.json"), lambda path: held.get(path, MISSING))
    assert [one.facts.name for one in found.differences] == ["a"]
