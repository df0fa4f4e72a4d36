"""What is kept before a change has the name that the real programs give it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from spawngate.configuration.backups import keeps, kept_as
from spawngate.configuration.files import MISSING, Content
from tests.configuration.called import MCP, outcome, shell

EVIL = b'{"mcpServers": {"a": {"command": "evil"}}}\n'


@pytest.mark.skipif(shutil.which("sed") is None or os.name == "nt", reason="sed is not installed")
@pytest.mark.parametrize("suffix", [".bak", "~", "b*", "*", "d/*", "x*y*"])
def test_names_as_sed_makes_them(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "f").write_bytes(b"before\n")
    subprocess.run(["sed", f"-i{suffix}", "s/before/after/", "f"], cwd=tmp_path, check=True, timeout=10)
    name = kept_as("f", suffix)
    assert (tmp_path / name).read_bytes() == (b"after\n" if name == "f" else b"before\n")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sed -i.bak s/a/b/ f", True),
        ("sed -Ei.bak s/a/b/ f", True),
        ("sed --in-place=.bak s/a/b/ f", True),
        ("sed -i s/a/b/ f", False),
        ("sed -n 5p f", False),
        ("perl -pi.bak -e s/a/b/ f", True),
        ("perl -pi -e s/a/b/ f", False),
        ("cp -b -S .bak a b", True),
        ("cp --suffix=.bak a b", True),
        ("cp -bS.bak a b", True),
        ("cp a b", False),
        ("cat -S f", False),
    ],
)
def test_which_commands_keep(command: str, expected: bool) -> None:
    program, *words = command.split()
    assert keeps(program, words) is expected


@pytest.mark.parametrize(
    "command",
    [
        "sed -i.json 's/x/y/' .mcp",
        "sed --in-place=.json 's/x/y/' .mcp",
        "sed -i'*.json' 's/x/y/' .mcp",
        "sed -Ei.json 's/x/y/' .mcp",
        "perl -pi.json -e 's/x/y/' .mcp",
        "perl -i.json -pe 's/x/y/' .mcp",
        "ruby -pi.json -e 'gsub(/x/, \"y\")' .mcp",
        "cp -b -S .json new .mcp",
        "cp --backup --suffix=.json new .mcp",
        "mv -bS.json new .mcp",
        "install -b -S .json new .mcp",
    ],
)
def test_a_backup_that_is_an_agents_file_is_judged(command: str) -> None:
    files: dict[str, Content] = {"/home/dev/p/.mcp": EVIL, "/home/dev/p/new": b"new\n"}
    found, *_ = outcome(shell(command), lambda path: files.get(path, MISSING))
    assert found.differences, "it is known what stands there then"
    assert {one.facts.path for one in found.differences} == {MCP}
