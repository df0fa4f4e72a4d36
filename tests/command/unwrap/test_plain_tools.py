"""Wrappers that are installed, and the dynamic linker."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "strace -f -e trace=open -o log rm x": ["strace", "rm x"],
    "strace -ff -olog -p 12": None,
    "strace -E A=1 rm x": ["strace", "rm x | A=1"],
    "ltrace -S -o log rm x": ["ltrace", "rm x"],
    "valgrind --leak-check=full rm x": ["valgrind", "rm x"],
    "catchsegv rm x": ["catchsegv", "rm x"],
    "unbuffer rm x": ["unbuffer", "rm x"],
    "unbuffer -p rm x": ["unbuffer", "rm x"],
    "faketime '2020-01-01' rm x": ["faketime", "rm x"],
    "faketime -f '@2020' rm x": ["faketime", "rm x"],
    "cpulimit -l 10 -- rm x": ["cpulimit", "rm x"],
    "xvfb-run -a -s '-screen 0' rm x": ["xvfb-run", "rm x"],
    "dbus-run-session -- rm x": ["dbus-run-session", "rm x"],
    "systemd-inhibit --what=sleep rm x": ["systemd-inhibit", "rm x"],
    "systemd-run --user --on-calendar=daily rm x": ["systemd-run+", "rm x | background"],
    "systemd-run -p User=bob --uid=bob -E A=1 rm x": ["systemd-run+", "rm x | A=1 user=bob background"],
    "systemd-run -t --working-directory=/tmp rm x": ["systemd-run+", "rm x | cwd=/tmp background"],
    "run0 rm x": ["run0", "rm x | user=root"],
    "run0 -u bob": ["run0", "sh | user=bob"],
    "fakeroot rm x": ["fakeroot", "rm x"],
    "fakeroot -l lib -- rm x": ["fakeroot", "rm x"],
    "proot -r / -w /tmp rm x": ["proot", "rm x | cwd=/tmp"],
    "proot -0 -b /x rm x": ["proot", "rm x"],
    "firejail --noprofile --net=none rm x": ["firejail", "rm x"],
    "firejail": ["firejail", "sh"],
    "torsocks -i rm x": ["torsocks", "rm x"],
    "proxychains4 -q -f c rm x": ["proxychains4", "rm x"],
    "gosu bob:g rm x": ["gosu", "rm x | user=bob"],
    "su-exec bob rm x": ["su-exec", "rm x | user=bob"],
    "setuidgid bob rm x": ["setuidgid", "rm x | user=bob"],
    "chpst -u bob -C /tmp rm x": ["chpst", "rm x | cwd=/tmp user=bob"],
    "envdir dir rm x": ["envdir", "rm x"],
    "dumb-init -- rm x": ["dumb-init", "rm x"],
    "tini -s -- rm x": ["tini", "rm x"],
    "eatmydata rm x": ["eatmydata", "rm x"],
    "runcon -t x_t rm x": ["runcon", "rm x"],
    "runcon u:r:t rm x": ["runcon", "rm x"],
    "capsh --drop=all -- -c 'rm x'": ["capsh", "bash -c 'rm x'"],
    "lckdo -w lock rm x": ["lckdo", "rm x"],
    "perf record -g -o out rm x": ["perf", "rm x"],
    "perf stat -e cycles -- rm x": ["perf", "rm x"],
    "perf stat --pre 'rm y' -- rm x": ["perf", "$ rm y", "rm x"],
    "perf list": None,
    "perf trace -p 12": None,
    "/lib64/ld-linux-x86-64.so.2 /bin/rm x": ["ld-linux-x86-64.so.2", "/bin/rm x"],
    "ld-musl-x86_64.so.1 --preload /tmp/x.so rm x": ["ld-musl-x86_64.so.1", "rm x | LD_PRELOAD=/tmp/x.so"],
    "ld.so --list rm": None,
    "hyperfine -w 3 --prepare 'rm y' 'rm x' 'rm z'": ["hyperfine", "$ rm y", "$ rm x | repeated", "$ rm z | repeated"],
    "rlwrap -c rm x": ["rlwrap", "rm x"],
    "aa-exec -p prof rm x": ["aa-exec", "rm x"],
    "dtach -n /tmp/d rm x": ["dtach", "rm x | background"],
    "ssh-agent rm x": ["ssh-agent", "rm x"],
    "ssh-agent -s": None,
    "ddtrace-run rm x": ["ddtrace-run", "rm x"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
