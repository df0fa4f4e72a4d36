"""The second shell parser as a process: shfmt of the package `shfmt-py`, asked only where the first one fails.

Belongs here: finding the program and calling it. Must not be here: what its answer means (`command.shfmt`).
It is found beside this Python, never through PATH, which whoever starts us may have set; a language is always given, so
that it looks for no `.editorconfig`.
"""

import hashlib
import secrets
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from functools import cache
from pathlib import Path

TIMEOUT = 0.25
"""Seconds. It takes 2 ms; a text that holds it longer is one that no parser reads."""
MAX_TEXT = 65_536
"""Characters of a text that is worth asking about."""
MAX_ANSWER = 2_000_000
"""Bytes of an answer that are read. Longer ones take longer to read than a decision may."""


MAX_KEPT = 1 << 20
"""Bytes of answers that are kept."""


class Remembering:
    """Asks about a text once: agents send the same scripts again and again, and a process takes longer than all the
    rest of a decision. Texts are known by a keyed digest; a question that was refused or came late is asked anew."""

    def __init__(self, ask: Callable[[str], bytes | None], most: int = MAX_KEPT) -> None:
        self._ask = ask
        self._most = most
        self._key = secrets.token_bytes(32)
        self._kept: dict[bytes, bytes] = {}
        self._size = 0

    def __call__(self, text: str) -> bytes | None:
        """As what it asks."""
        question = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        answer = self._kept.get(question)
        if answer is None:
            answer = self._ask(text)
            if answer is not None and len(answer) <= self._most // 4:
                self._kept[question] = answer
                self._size += len(answer)
                while self._size > self._most:
                    self._size -= len(self._kept.pop(next(iter(self._kept))))
        return answer


@cache
def program() -> Path | None:
    """Where shfmt is; None where the package is not installed."""
    name = "shfmt.exe" if sys.platform == "win32" else "shfmt"
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / name).is_file():
            return folder / name
    return None


def syntax_tree(text: str, *, timeout: float = TIMEOUT) -> bytes | None:
    """shfmt's JSON for a text read as Bash; None where it refuses it, is not there, or does not answer in time."""
    try:
        return asked(text, timeout)
    except TimeoutError:
        return None


def asked(text: str, timeout: float) -> bytes | None:
    """As `syntax_tree`; raises TimeoutError where it does not answer in time."""
    path = program()
    if path is None or len(text) > MAX_TEXT:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - the program of our own dependency, with fixed arguments
            [str(path), "--to-json", "-ln", "bash"],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=path.parent,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    except OSError:
        return None
    return answer.stdout if answer.returncode == 0 and len(answer.stdout) <= MAX_ANSWER else None
