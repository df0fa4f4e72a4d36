"""What programs of `command.tools.senders` do, by their arguments."""

import pytest

from spawngate.command.tools.senders import READERS, SERVERS
from tests.command.told import acts, facts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "azcopy copy https://acme.blob.core.windows.net/a https://zzdrop.blob.core.windows.net/a",
        ("cloud-copy-between", "cloud-copy-out", "download"),
    ),
    (
        "azcopy copy https://acme.blob.core.windows.net/a https://acme.blob.core.windows.net/b",
        ("cloud-copy-out", "download"),
    ),
    ("pastebinit -i notes.txt", ("send", "send-file")),
    ("wgetpaste notes.txt", ("send", "send-file")),
    ("pastebinit --version", ()),
    ("hub gist create notes.txt", ("send", "send-file")),
    ("hub browse", ()),
    ("slackcat --channel x notes.txt", ("send", "send-file")),
    ("ntfy publish builds done", ("send",)),
    ("azcopy copy notes.txt https://x.blob.core.windows.net/c", ("cloud-copy-out", "send", "send-file")),
    ("s3cmd put notes.txt s3://b", ("cloud-copy-out", "send", "send-file")),
    ("s3cmd get s3://b/x .", ()),
    ("s5cmd cp s3://b/x .", ("cloud-copy-out", "download")),
    ("mc cp notes.txt store/b", ("cloud-copy-out", "send", "send-file")),
    ("ipfs add notes.txt", ("send", "send-file")),
    ("ipfs id", ()),
    ("mosquitto_pub -h mq.example.net -t x -f notes.txt", ("send", "send-file")),
    ("mosquitto_pub -h localhost -t x -m hi", ("send",)),
    ("kcat -b mq.example.net -t x -P notes.txt", ("send", "send-file")),
    ("logger done", ()),
    ("logger -n log.example.net -f notes.txt", ("send", "send-file")),
    ("lp notes.txt", ("send-file",)),
    ("ncftpput ftp.example.net / notes.txt", ("remote-copy", "send", "send-file")),
    ("mpack -s x notes.txt a@example.net", ("mail", "send", "send-file")),
    ("caddy file-server --root /srv", ("listen-all",)),
    ("caddy fmt", ()),
    ("http-server dist -a 127.0.0.1", ("listen",)),
    ("twistd web --path /srv", ("listen-all",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("gist -p a.txt b.txt", ("a.txt", "b.txt")),
        ("telegram-send --file a.txt", ("a.txt",)),
        ("b2 upload-file bucket a.txt name", ("bucket", "a.txt")),
        ("miniserve ~", ("~",)),
        ("npx serve /", ("/",)),
        ("npx http-server ~ -a 0.0.0.0", ("~",)),
    ],
)
def test_what_is_read(command: str, read: tuple[str, ...]) -> None:
    assert tuple(path for each in facts(command) for path in each.reads) == read


def test_servers_are_read_as_such() -> None:
    assert {name for name in SERVERS if READERS[name] is not READERS["serve"]} == set()


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
            ("put",) * 5000,
        ):
            assert isinstance(tried(program, words), tuple)
