"""An office of its own for each test. Its folder is not below a temporary one, which the rules would speak of."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endpoint.launching.offices import Office


@pytest.fixture
def office() -> Iterator[Office]:
    root = Path(tempfile.mkdtemp(prefix=".spawngate-office-", dir=Path.home()))
    try:
        made = Office(root)
        yield made
        made.launches.close()
    finally:
        shutil.rmtree(root)
