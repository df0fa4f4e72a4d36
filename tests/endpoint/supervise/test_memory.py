"""Reading what another process wants to execute; every address is foreign."""

import contextlib
import ctypes
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.supervise.memory import MAX_WORDS, UnreadableError, Wanted, wanted
from spawngate.endpoint.supervise.seccomp import AT_EMPTY_PATH, Notification

ME = os.getpid()


class Laid:
    """Words in this process's own memory, as `execve` gets them."""

    def __init__(self, path: bytes, argv: list[bytes], environment: list[bytes]) -> None:
        self._path = ctypes.create_string_buffer(path)
        self._lists = [(ctypes.c_char_p * (len(words) + 1))(*words, None) for words in (argv, environment)]
        self.path = ctypes.addressof(self._path)
        self.argv, self.environment = (ctypes.addressof(each) for each in self._lists)

    def asked(self, folder: int = -100, flags: int = 0) -> Notification:
        """A notification of it."""
        return Notification(1, ME, self.path, self.argv, self.environment, folder, flags)


WORD = st.binary(max_size=40).map(lambda word: word.replace(b"\0", b"?"))


@given(WORD.filter(bool), st.lists(WORD, max_size=6), st.lists(WORD, max_size=6))
def test_words_come_as_they_are(path: bytes, argv: list[bytes], environment: list[bytes]) -> None:
    laid = Laid(path, argv, environment)
    found = wanted(laid.asked())
    variables = tuple((name, value) for name, _, value in (os.fsdecode(each).partition("=") for each in environment))
    program = os.path.normpath(os.path.join(os.getcwd(), os.fsdecode(path)))
    assert found == Wanted(program, tuple(map(os.fsdecode, argv)), variables, os.getcwd())


def test_a_word_over_many_pages() -> None:
    long = b"a" * 100_000
    laid = Laid(b"/a", [long], [])
    assert wanted(laid.asked()).argv == (long.decode(),)


def test_by_descriptor() -> None:
    descriptor = os.open("/bin", os.O_RDONLY)
    try:
        named, empty = Laid(b"sh", [], []), Laid(b"", [], [])
        assert wanted(named.asked(descriptor)).program == os.path.join(os.path.realpath("/bin"), "sh")
        assert wanted(empty.asked(descriptor, AT_EMPTY_PATH)).program == os.path.realpath("/bin")
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(
    ("laid", "folder", "problem"),
    [
        (Laid(b"/a", [b"x"] * (MAX_WORDS + 1), []), -100, "more arguments"),
        (Laid(b"/a", [b"x" * 100_000] * 40, []), -100, "longer than what is read"),
        (Laid(b"/a", [b"x" * 200_000], []), -100, "a word of it"),
        (Laid(b"", [], []), -100, "names no program"),
        (Laid(b"a", [], []), 9_999, "folder or descriptor"),
    ],
)
def test_more_than_is_read(laid: Laid, folder: int, problem: str) -> None:
    with pytest.raises(UnreadableError, match=problem):
        wanted(laid.asked(folder))


def test_nothing_there() -> None:
    with pytest.raises(UnreadableError, match="an address"):
        wanted(Notification(1, ME, 8, 0, 0, -100, 0))
    with pytest.raises(UnreadableError, match="memory cannot be read"):
        wanted(Notification(1, 2**22 + 1, 8, 0, 0, -100, 0))


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_any_address_is_read_or_refused(path: int, argv: int) -> None:
    with contextlib.suppress(UnreadableError):
        wanted(Notification(1, ME, path, argv, 0, -100, 0))
