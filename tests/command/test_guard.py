"""What reaches Spawngate by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.guard import _means_us
from tests.command.told import facts


def _off(command: str) -> bool:
    return any("spawngate-off" in found.acts for found in facts(command))


@pytest.mark.parametrize(
    "command",
    [
        "kill $(pgrep spawngate)",
        "kill `cat ~/.local/state/spawngate/daemon.pid`",
        "ps aux | grep '[s]pawngate' | awk '{print $2}' | xargs kill -9",
        "pgrep -f spawngate | while read p; do kill -9 $p; done",
        "for p in $(pgrep spawngate); do kill $p; done",
        'rm -f "$(command -v spawngate-hook)"',
        "cp /bin/true $(which spawngate)",
        "mv $(which spawngate) /tmp",
        "renice 19 -p $(pgrep spawngate)",
        "find ~ -name '*spawngate*' -exec rm -rf {} +",
        "pkill -f 'spawn[g]ate'",
        "killall -r 'spawn.*'",
        "fuser -k /run/user/1000/spawngate/daemon.sock",
        "nc -lU /run/user/1000/spawngate/daemon.sock",
        "alias spawngate=true",
        "hash -p /bin/true spawngate",
        "brew services stop spawngate",
        "git -C ~/.config/spawngate reset --hard",
        "pwsh -c 'Get-Process | Where-Object Name -like *spawngate* | Stop-Process'",
        "pwsh -c 'Disable-ScheduledTask spawngate'",
        "pwsh -c 'Remove-Item Env:SPAWNGATE_SOCKET'",
        "pwsh -c 'Set-Alias spawngate Write-Output'",
        "systemctl --user freeze spawngate",
        "unlink /tmp/spawngate-1000/daemon.sock",
        "echo 1 > /sys/fs/cgroup/user.slice/spawngate.service/cgroup.freeze",
        "env -u SPAWNGATE_SOCKET claude -p x",
        "docker run -v ~/.config/spawngate:/c alpine true",
        "dbus-update-activation-environment SPAWNGATE_MODE=off",
        "python3 -c \"import psutil; [p.kill() for p in psutil.process_iter() if 'spawngate' in p.name()]\"",
        "python3 -Im spawngate unprotect",
        "set -Ux SPAWNGATE_MODE off",
        "echo '0.0.0.0 spawngate.example.com' >> /etc/hosts && pkill spawngate",
    ],
)
def test_out_of_the_way(command: str) -> None:
    assert _off(command)


@pytest.mark.parametrize(
    "command",
    [
        "pgrep spawngate",
        "ps aux | grep spawngate",
        "kill $(lsof -ti :3000)",
        "pgrep node | xargs kill",
        "cp ~/.config/spawngate/config.toml /tmp/x",
        "cp $(which spawngate) /tmp/x",
        "pkill -f webpack",
        "pkill -f gateway",
        "rm -rf spawngate/build",
        "git commit -m 'Remove spawngate docs'",
        "git branch -D spawngate",
        "grep -r 'spawngate unprotect' docs",
        "pip show spawngate",
        "git -C ~/.config/spawngate log",
        "pwsh -c 'Get-Item Env:SPAWNGATE_SOCKET'",
        "pwsh -c 'Remove-Item spawngate/build'",
        "rm -rf ~/src/spawngate/dist",
        "docker run -v $PWD/spawngate:/c alpine true",
        "env -u FOO claude -p x",
        "echo x > /work/spawngate/notes.md",
        "alias ll='ls -l'",
        "docker run -e SPAWNGATE_TOKEN=x ghcr.io/x/spawngate",
        'python3 -c "import spawngate; print(spawngate.__version__)"',
        "find . -name '*spawngate*'",
    ],
)
def test_looked_at(command: str) -> None:
    assert not _off(command)


@pytest.mark.parametrize(
    ("pattern", "ours"),
    [
        ("spawngate", True),
        ("spawngat", True),
        ("spawn", True),
        ("^spawn.*e", True),
        ("node|spawngate", True),
        ("s.awngate", True),
        ("gateway", False),
        ("spawner", False),
        ("daemon", False),
        ("pa", False),
        ("", False),
    ],
)
def test_patterns_for_processes(pattern: str, ours: bool) -> None:
    assert _means_us(pattern) is ours


@given(st.text(alphabet="spawngate.*[]()|+?\\x", max_size=60))
def test_any_pattern(pattern: str) -> None:
    assert isinstance(_means_us(pattern), bool)
