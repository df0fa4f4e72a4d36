"""`python -m spawngate.guard` runs programs and modules as Python would, guarded."""

import subprocess
import sys
from pathlib import Path

CODE = "import sys; print(__name__, sys.argv[1:], 'spawngate.endpoint.library.spawns' in sys.modules)"


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate.guard", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_program(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(CODE)
    done = run("program.py", "a", "-b", cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("__main__ ['a', '-b'] True\n", 0)


def test_module(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(CODE)
    done = run("-m", "module", "a", cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("__main__ ['a'] True\n", 0)


def test_usage(tmp_path: Path) -> None:
    for words in ((), ("-m",)):
        done = run(*words, cwd=tmp_path)
        assert (done.returncode, done.stderr.startswith("usage: python -m spawngate.guard")) == (2, True)
