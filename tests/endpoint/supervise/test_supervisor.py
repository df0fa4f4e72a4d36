"""Which words a process may show after it was let go on; the rest is seen in test_run.py."""

import errno
from pathlib import Path

import pytest

from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import _ends_as, _missing, is_launcher


@pytest.mark.parametrize(
    ("words", "argv", "expected"),
    [
        (["a", "b"], ("a", "b"), True),
        (["/bin/sh", "/x/a", "b"], ("a", "b"), True),
        (["/usr/bin/env", "node", "/x/a", "b", "c"], ("a", "b", "c"), True),
        (["/bin/sh", "/x/a"], ("a",), True),
        (["a", "other"], ("a", "b"), False),
        (["b", "a"], ("a", "b"), False),
    ],
)
def test_words(words: list[str], argv: tuple[str, ...], expected: bool) -> None:
    assert _ends_as(words, Wanted("/x/a", argv, (), "/")) is expected


def test_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    places = ("file", "none", "file/below", ".")
    assert [_missing(str(tmp_path / place)) for place in places] == [0, errno.ENOENT, errno.ENOTDIR, errno.EACCES]


PYTHON = ("/usr/bin/python3", "-I", "-S", "-B", "/s/spawngate_launch.py")


@pytest.mark.parametrize(
    ("program", "argv", "environment", "launcher", "expected"),
    [
        ("/s/spawngate-launch", ("x", "--id", "e"), (("LD_PRELOAD", "/x.so"),), ("/s/spawngate-launch",), True),
        ("/s/other", ("/s/spawngate-launch",), (), ("/s/spawngate-launch",), False),
        ("/s/other", ("x",), (), (), False),
        (PYTHON[0], (*PYTHON, "--id", "e"), (("PYTHONPATH", "/x"),), PYTHON, True),
        (PYTHON[0], ("/tmp/x/bin/python3", *PYTHON[1:]), (), PYTHON, False),
        (PYTHON[0], (*PYTHON, "--id", "e"), (("LD_PRELOAD", "/x.so"),), PYTHON, False),
        (PYTHON[0], (*PYTHON, "--id", "e"), (("GLIBC_TUNABLES", "x"),), PYTHON, False),
        (PYTHON[0], ("python3", "-S", "-B", PYTHON[4]), (), PYTHON, False),
        (PYTHON[0], ("python3", "-I", "-S", "-B", "/tmp/spawngate_launch.py"), (), PYTHON, False),
        (PYTHON[0], ("python3", "-I", "-S", "-B"), (), PYTHON, False),
        (PYTHON[0], ("python3", "-c", "x", *PYTHON[1:]), (), PYTHON, False),
        ("/usr/bin/python3.99", PYTHON, (), PYTHON, False),
    ],
)
def test_the_launcher(
    program: str,
    argv: tuple[str, ...],
    environment: tuple[tuple[str, str], ...],
    launcher: tuple[str, ...],
    expected: bool,
) -> None:
    assert is_launcher(Wanted(program, argv, environment, "/"), launcher) is expected
