"""SHELL. What a process that waits in `execve` wants to execute, read from its memory.

The memory belongs to somebody else: every address, length and text is foreign. Whoever reads must ask afterwards
whether the process still waited (`seccomp.waits`).
Must not be here: notifications, decisions.
"""

import os
import struct
from typing import NamedTuple

from spawngate.endpoint.supervise.seccomp import AT_EMPTY_PATH, Notification

MAX_WORDS = 4_096
MAX_WORD = 128 << 10
"""Bytes of one word; the system's own limit (MAX_ARG_STRLEN)."""
MAX_ALL = 2 << 20
PAGE = 4_096
_POINTER = struct.Struct("=Q")


class UnreadableError(Exception):
    """The process wants to execute something that cannot be read whole. The message holds no content."""


class Wanted(NamedTuple):
    """What a process wants to become."""

    program: str
    """Absolute path of the file; where it is asked for by descriptor, what that names."""
    argv: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    cwd: str


def wanted(asked: Notification) -> Wanted:
    """What the process of a notification wants to execute. Raises UnreadableError."""
    pid, folder = asked.pid, asked.folder
    try:
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(f"its memory cannot be read ({error.strerror})") from None
    try:
        named = _text(memory, asked.path)
        words = tuple(os.fsdecode(word) for word in _words(memory, asked.argv))
        variables = [os.fsdecode(word).partition("=") for word in _words(memory, asked.environment)]
    finally:
        os.close(memory)
    try:
        cwd = os.readlink(f"/proc/{pid}/cwd")
        if named:
            start = cwd if folder == -100 else os.readlink(f"/proc/{pid}/fd/{folder}")
            program = os.path.normpath(os.path.join(start, os.fsdecode(named)))
        elif asked.flags & AT_EMPTY_PATH:
            program = os.readlink(f"/proc/{pid}/fd/{folder}")
        else:
            raise UnreadableError("it names no program")
    except OSError as error:
        raise UnreadableError(f"its folder or descriptor cannot be read ({error.strerror})") from None
    return Wanted(program, words, tuple((name, value) for name, _, value in variables), cwd)


def _words(memory: int, address: int) -> list[bytes]:
    words: list[bytes] = []
    left = MAX_ALL
    if address == 0:
        return words
    while True:
        (pointer,) = _POINTER.unpack(_bytes(memory, address + 8 * len(words), 8))
        if pointer == 0:
            return words
        if len(words) == MAX_WORDS:
            raise UnreadableError("it has more arguments than are read")
        word = _text(memory, pointer)
        left -= len(word)
        if left < 0:
            raise UnreadableError("its arguments are longer than what is read")
        words.append(word)


def _text(memory: int, address: int) -> bytes:
    text = bytearray()
    while len(text) < MAX_WORD:
        # Never over the end of a page: the next one need not be there.
        block = _bytes(memory, address, PAGE - address % PAGE)
        end = block.find(0)
        if end >= 0:
            return bytes(text) + block[:end]
        text += block
        address += len(block)
    raise UnreadableError("a word of it is longer than what is read")


def _bytes(memory: int, address: int, size: int) -> bytes:
    try:
        found = os.pread(memory, size, address)
    except (OSError, OverflowError, ValueError):
        raise UnreadableError("an address in its memory cannot be read") from None
    if len(found) != size:
        raise UnreadableError("an address in its memory cannot be read")
    return found
