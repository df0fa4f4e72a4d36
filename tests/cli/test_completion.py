"""`spawngate completion`: the script that it prints completes our words in the shell itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent


def printed(shell: str) -> str:
    words = [sys.executable, "-m", "spawngate", "completion", shell]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_asks_our_program(shell: str) -> None:
    script = printed(shell)
    assert f"_SPAWNGATE_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=script, text=True, check=False, timeout=60).returncode == 0


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_text(printed("bash"))
    source = f". {script}; COMP_WORDS=(spawngate {{}}); COMP_CWORD={{}}; _spawngate_completion spawngate;"
    ask = source + " echo ${{COMPREPLY[@]}}"
    environment = {"PATH": f"{PROGRAM}:{os.defpath}", "HOME": str(tmp_path)}

    def completed(words: str, at: int) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", ask.format(words, at)],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            timeout=60,
        )
        return done.stdout.split()

    assert completed("ver", 1) == ["verify", "version"]
    assert "--start-agents" in completed("verify --start", 2)


def test_unknown_shell_is_bad_usage() -> None:
    words = [sys.executable, "-m", "spawngate", "completion", "csh"]
    assert subprocess.run(words, capture_output=True, check=False, timeout=60).returncode == 2
