"""The fixture that every test of the intake needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.intake.enrolled import Fleet
from tests.server.intake.enrolled import fleet as opened


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with opened(tmp_path) as found:
        yield found
