"""Records: what was written is what is read, and damage is noticed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.provenance import record
from spawngate.provenance.content import prints_of
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.session import Session
from spawngate.provenance.subjects import Subject

PRINTS = Fingerprinter(b"k")
SUBJECTS = [
    Subject("launch", ("@evil/mcp-helper",)),
    Subject("install", ("plainname",)),
    Subject("code", runs=("/p/run.sh",)),
    Subject("address", ("clean.test",)),
]
PAGE = "npx @evil/mcp-helper plainname https://clean.test/"


def whole() -> bytes:
    page = prints_of(PAGE, PRINTS)
    return b"".join(
        (
            record.began_record(77),
            record.read_record("web page x", 4, 0, page),
            record.clean_record(prints_of("clean.test", PRINTS), prompt=True),
            record.wrote_record(Session(PRINTS).path("/p/run.sh"), 0),
            record.label_record(["secret_read", "no label"], 9),
        )
    )


def test_replayed() -> None:
    made = Session(PRINTS)
    data = whole()
    assert record.replay(data, made) == len(data)
    assert (made.calls, made.root, made.labels, made.heard) == (9, 77, {"secret_read"}, True)
    assert [(taint.kind, taint.said) for taint in made.judge(SUBJECTS)] == [
        ("launch", "web page x read 5 calls ago"),
        ("install", "web page x read 5 calls ago"),
        ("code", "web page x read 5 calls ago"),
    ]


def test_snapshot_is_the_same_session() -> None:
    first, second = Session(PRINTS), Session(PRINTS)
    record.replay(whole(), first)
    data = record.snapshot(first)
    assert record.replay(data, second) == len(data)
    assert second.judge(SUBJECTS) == first.judge(SUBJECTS)
    assert (second.calls, second.root, second.labels, second.heard) == (9, 77, {"secret_read"}, True)
    number = second.read("later", prints_of("x", PRINTS))
    assert number == 1


def test_holds_no_text() -> None:
    for word in (b"evil", b"plainname", b"clean.test", b"run.sh"):
        assert word not in whole()


@given(st.integers(0, 600))
def test_cut_off(length: int) -> None:
    data = whole()
    made = Session(PRINTS)
    understood = record.replay(data[:length], made)
    assert understood <= length
    assert ("content_forgotten" in made.labels) is (understood < min(length, len(data)))


@given(st.integers(0, 400), st.integers(1, 255))
@settings(max_examples=200)
def test_changed(at: int, flip: int) -> None:
    data = bytearray(whole())
    at %= len(data)
    data[at] ^= flip
    made = Session(PRINTS)
    record.replay(bytes(data), made)
    assert "content_forgotten" in made.labels


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert 0 <= record.replay(data, Session(PRINTS)) <= len(data)
