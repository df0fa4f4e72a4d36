"""The modules that start with every server stay light: what they import is counted in a bare interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

import spawngate

SOURCE = Path(spawngate.__file__).parents[1]
HEAVY = {"json", "re", "enum", "dataclasses", "typing", "collections", "functools", "hashlib", "inspect", "contextlib"}


@pytest.mark.parametrize("module", ["jsontext", "framing", "message", "answers", "refusal", "relay", "probe"])
def test_nothing_heavy_is_imported(module: str) -> None:
    code = (
        f"import sys; sys.path.append({str(SOURCE)!r}); before = set(sys.modules); "
        f"import spawngate.protocol.{module}; print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert loaded & HEAVY == set()
    assert f"spawngate.protocol.{module}" in run.stdout.split()
