"""What a relay loads before every server's start is counted in a bare interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

import spawngate

SOURCE = Path(spawngate.__file__).parents[1]
HEAVY = {
    *("json", "re", "enum", "dataclasses", "typing", "collections", "functools", "hashlib", "inspect", "contextlib"),
    *(
        "subprocess",
        "socket",
        "signal",
        "selectors",
        "threading",
        "tempfile",
        "shutil",
        "pathlib",
        "importlib",
        "ctypes",
    ),
}


@pytest.mark.parametrize("modules", [["session"], ["session", "traffic"], ["session", "probation"]])
def test_nothing_heavy_is_imported(modules: list[str]) -> None:
    code = (
        f"import sys; sys.path.append({str(SOURCE)!r}); before = set(sys.modules)\n"
        + "".join(f"import spawngate.endpoint.launcher.{module}\n" for module in modules)
        + "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    assert len(loaded) < 45
