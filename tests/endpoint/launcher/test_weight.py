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


def loaded(modules: list[str]) -> list[str]:
    """What is loaded with these."""
    code = (
        f"import sys; sys.path.append({str(SOURCE)!r}); before = set(sys.modules)\n"
        + "".join(f"import spawngate.endpoint.launcher.{module}\n" for module in modules)
        + "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_the_question_is_asked_before_the_rest_is_loaded() -> None:
    ours = [name for name in loaded(["opening"]) if name.startswith("spawngate.")]
    assert ours == [
        "spawngate.endpoint",
        "spawngate.endpoint.launcher",
        "spawngate.endpoint.launcher.alone",
        "spawngate.endpoint.launcher.ask",
        "spawngate.endpoint.launcher.entry",
        "spawngate.endpoint.launcher.loop",
        "spawngate.endpoint.launcher.opening",
        "spawngate.launch",
        "spawngate.launch.carried_environment",
        "spawngate.model",
        "spawngate.model.launchconf",
        "spawngate.protocol",
        "spawngate.protocol.jsontext",
    ]


@pytest.mark.parametrize("modules", [["session"], ["session", "probation"]])
def test_nothing_heavy_is_imported(modules: list[str]) -> None:
    found = loaded(modules)
    assert {name.partition(".")[0] for name in found} & HEAVY == set()
    assert len(found) < 45
