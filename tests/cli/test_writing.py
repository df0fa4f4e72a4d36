"""Documents go to stdout or into files of their owner alone."""

import stat
from pathlib import Path

import click
import pytest

from spawngate.cli.writing import write


def test_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write("-", b"\xff\n")
    assert capfdbinary.readouterr().out == b"\xff\n"


def test_a_file_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(str(path), b"one\n")
    write(str(path), b"two\n")
    write(str(path), b"three\n", append=True)
    assert path.read_bytes() == b"two\nthree\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="cannot write"):
        write(str(tmp_path / "missing/a"), b"")
