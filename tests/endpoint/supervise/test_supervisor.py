"""Which words a process may show after it was let go on; the rest is seen in test_run.py."""

import errno
from pathlib import Path

import pytest

from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import _ends_as, _missing


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
