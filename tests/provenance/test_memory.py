"""Sessions in memory: loaded from their records, and the oldest leave."""

from array import array

from spawngate.provenance import record
from spawngate.provenance.content import Prints
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.memory import MOST_BYTES, Sessions

PRINTS = Prints(array("Q", range(1, 400)), array("Q"), array("Q"))


def sessions(held: dict[str, bytes], most: int = MOST_BYTES) -> Sessions:
    def keep(name: str, data: bytes, whole: bool) -> None:
        held[name] = data if whole else held.get(name, b"") + data

    return Sessions(Fingerprinter(b"k"), lambda name: held.get(name, b""), keep, most)


def test_what_is_written_is_loaded_again() -> None:
    held: dict[str, bytes] = {}
    made = sessions(held)
    session = made.load("a.1")
    made.write("a.1", session, record.read_record("web page x", 3, 0, PRINTS))
    assert made.recorded("a.1") == len(held["a.1"])
    again = sessions(held).load("a.1")
    assert [(number, source.label) for number, source in again.sources()] == [(0, "web page x")]


def test_the_oldest_leaves_and_comes_back() -> None:
    held: dict[str, bytes] = {}
    made = sessions(held, most=180_000)
    for number in range(4):
        name = f"a.{number}"
        session = made.load(name)
        session.read("x", PRINTS)
        made.write(name, session, record.read_record("x", 0, 0, PRINTS))
        if number:
            made.used("a.0")
        made.measure(name)
    assert [name for name, _ in made.items()] == ["a.3", "a.0"]
    assert made.size < 180_000
    assert (made.get("a.1"), made.load("a.1").quiet) == (None, False)


def test_the_end() -> None:
    held: dict[str, bytes] = {}
    made = sessions(held)
    made.write("a.1", made.load("a.1"), record.label_record(["secret_read"], 0))
    made.end("a.1")
    assert (held, len(made), made.size, made.recorded("a.1")) == ({"a.1": b""}, 0, 0, 0)
