"""The fleet benchmark, small: a server process that is killed while endpoints send loses and doubles nothing."""

import re

import pytest

from bench import fleet


def test_a_server_that_is_killed_loses_and_doubles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = fleet.main(["--endpoints", "12", "--seconds", "8", "--rate", "60", "--peak", "2", "--kill", "1"])
    said = capsys.readouterr().out
    found = re.search(r"in the store: ([\d,]+) of ([\d,]+); lost (\d+), doubled (\d+)", said)
    assert found is not None, said
    stored, made, lost, doubled = (int(each.replace(",", "")) for each in found.groups())
    assert (code, lost, doubled, stored) == (0, 0, 0, made), said
    assert made > 300
