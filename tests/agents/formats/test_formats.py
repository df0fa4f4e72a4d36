"""`agents.formats`: what all formats share."""

import pytest

from spawngate.agents.formats import writable


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, 0),
        (-255, -255),
        (2**14_284 - 1, 2**14_284 - 1),
        (-(2**14_284) + 1, -(2**14_284) + 1),
        (2**14_284, "0x1" + "0" * 3_571),
        (-(2**14_284), "-0x1" + "0" * 3_571),
    ],
    ids=["zero", "negative", "longest", "longest negative", "too long", "too long and negative"],
)
def test_writable(number: int, written: int | str) -> None:
    assert writable(number) == written
    assert str(writable(number))
