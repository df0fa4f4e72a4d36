"""Programs under supervision, run by a process of their own: whoever installs a filter keeps it."""

import subprocess
import sys
from pathlib import Path

import pytest

SUPERVISE = """
import json, sys
from spawngate.endpoint.supervise.run import supervise
from spawngate.endpoint.supervise.supervisor import Answer
refused, run, words = json.loads(sys.argv[1])
def decide(what):
    sys.stderr.write(f"decided {what.argv}\\n")  # whole lines, from several threads
    return Answer(not any(each in " ".join(what.argv) for each in refused), "refused: " + what.argv[0])
sys.exit(supervise(words, decide, lambda told: sys.stderr.write(f"told {told}\\n"), launcher=[{launcher!r}], run=run))
"""


def _unsupported() -> str:
    code = "from spawngate.endpoint.supervise.seccomp import install\ninstall()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


WHY_NOT = _unsupported()
needs_seccomp = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@pytest.fixture
def launcher(tmp_path: Path) -> Path:
    """A launcher that starts what stands behind it."""
    path = tmp_path / "spawngate-launch"
    path.write_text('#!/bin/sh\nexec "$@"\n')
    path.chmod(0o700)
    return path
