"""Wrappers that come with the system."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "nice rm x": ["nice", "rm x"],
    "nice -n 5 rm x": ["nice", "rm x"],
    "nice -5 rm x": ["nice", "rm x"],
    "nice --adjustment=5 rm x": ["nice", "rm x"],
    "nice --adj 5 rm x": ["nice", "rm x"],
    "ionice -c 3 rm x": ["ionice", "rm x"],
    "ionice -c3 -t rm x": ["ionice", "rm x"],
    "ionice -p 12": None,
    "nohup rm x": ["nohup", "rm x | background"],
    "setsid -f rm x": ["setsid", "rm x | background"],
    "setsid --fork rm x": ["setsid", "rm x | background"],
    "timeout 5 rm x": ["timeout", "rm x"],
    "timeout -k 1 5 rm x": ["timeout", "rm x"],
    "timeout -k1 -s KILL 5m rm x": ["timeout", "rm x"],
    "timeout --signal=TERM --foreground 5 rm x": ["timeout", "rm x"],
    "timeout 5": None,
    "stdbuf -oL -eL rm x": ["stdbuf", "rm x"],
    "stdbuf --output=L rm x": ["stdbuf", "rm x"],
    "time -p rm x": ["time", "rm x"],
    "time -f %e -o out rm x": ["time", "rm x"],
    "chrt -f 10 rm x": ["chrt", "rm x"],
    "chrt -i rm x": ["chrt", "rm x"],
    "chrt -p 12": None,
    "taskset -c 0,1 rm x": ["taskset", "rm x"],
    "taskset 0x3 rm x": ["taskset", "rm x"],
    "taskset -p 12": None,
    "prlimit --nofile=10 rm x": ["prlimit", "rm x"],
    "prlimit -n10 rm x": ["prlimit", "rm x"],
    "prlimit --pid 12": None,
    "numactl --cpunodebind=0 -m 0 rm x": ["numactl", "rm x"],
    "unshare -rm rm x": ["unshare", "rm x"],
    "unshare --mount=/x --user rm x": ["unshare", "rm x"],
    "unshare -n": ["unshare", "sh"],
    "nsenter -t 1 -m -u rm x": ["nsenter+", "rm x"],
    "nsenter --target 1 --mount --wd=/x rm x": ["nsenter+", "rm x"],
    "nsenter -at 1": ["nsenter+", "sh"],
    "setpriv --reuid=bob --clear-groups rm x": ["setpriv", "rm x | user=bob"],
    "setpriv -d": None,
    "chroot /mnt rm x": ["chroot+", "rm x"],
    "chroot --userspec=bob:g /mnt rm x": ["chroot+", "rm x | user=bob"],
    "chroot /mnt": ["chroot+", "sh"],
    "caffeinate -is rm x": ["caffeinate", "rm x"],
    "caffeinate -t 5 rm x": ["caffeinate", "rm x"],
    "arch -arm64 rm x": ["arch", "rm x"],
    "arch -x86_64 -e A=1 rm x": ["arch", "rm x | A=1"],
    "linux32 rm x": ["linux32", "rm x"],
    "setarch i686 -R rm x": ["setarch", "rm x"],
    "setarch -R rm x": ["setarch", "rm x"],
    "daemonize -u bob -c /tmp rm x": ["daemonize", "rm x | cwd=/tmp user=bob background"],
    "nice --10 rm x": ["nice", "rm x"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
