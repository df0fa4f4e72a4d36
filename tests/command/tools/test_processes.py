"""What programs of `command.tools.processes` do, by their arguments."""

import pytest

from spawngate.command.tools.processes import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kill 4711", ("kill",)),
    ("kill -9 -1", ("kill", "kill-all")),
    ("pkill vite", ("kill",)),
    ("pkill -f spawngate", ("kill", "spawngate-off")),
    ("killall falcond", ("antivirus-off", "kill")),
    ("pkill claude", ("agent-kill", "kill")),
    ("systemctl status nginx", ()),
    ("systemctl stop nginx", ("service-stop",)),
    ("systemctl stop auditd", ("antivirus-off", "service-stop")),
    ("systemctl enable x.service", ("service-create",)),
    ("systemctl poweroff", ("power",)),
    ("service nginx stop", ("service-stop",)),
    ("crontab -l", ()),
    ("crontab -r", ("schedule-clear",)),
    ("crontab a", ("schedule",)),
    ("at now", ("interactive-shell", "runs-input", "schedule", "shell-escape")),
    ("launchctl load ~/Library/LaunchAgents/x.plist", ("service-create",)),
    ("defaults write com.apple.LaunchServices LSQuarantine -bool NO", ("quarantine-remove",)),
    ("shutdown -h now", ("power",)),
    ("shutdown -c", ()),
    ("ps aux", ("list-processes",)),
    ("tmux new -d x", ()),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
