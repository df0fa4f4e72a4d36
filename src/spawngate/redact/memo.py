"""A redactor that remembers its answers, because configuration repeats itself: the same launch in ten files, the
same paths in every scan.

What it keeps is keyed by a keyed digest of the question, never by the raw text, and the answers are redacted:
nothing secret stays in memory between two scans.
Must not be here: redaction itself (`redact.redactor`).
"""

import hashlib
import re
from collections.abc import Callable, Sequence

from spawngate.redact.plain import is_plain_path
from spawngate.redact.redactor import Redacted, RedactedArgv, Redactor

MAX_KEPT = 50_000
"""Answers that are kept; when there are more, all are forgotten and it starts anew."""
LONGEST_KEPT = 4_096
"""Characters of a question that is remembered: longer ones seldom come again and would fill the memory."""


_PLAIN = re.compile(r"[a-z]{1,7}(?:[-_.][a-z]{1,7})?")
"""Words that no method but `url` changes, as a test tries: names of programs, classes of places. Most texts are such.
With a slash more is asked (`redact.plain`): `scott/imp` is an account and its password."""


def _is_plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None or is_plain_path(value)


class RememberingRedactor(Redactor):
    """Same answers as `Redactor`, faster the second time. `kept`: answers that are kept of texts and of lists each."""

    def __init__(self, key: bytes, kept: int | None = None) -> None:
        super().__init__(key)
        self._kept = kept
        self._digest_key = hashlib.blake2b(b"memo", key=key[:64], digest_size=32).digest()
        self._texts: dict[bytes, Redacted] = {}
        self._argvs: dict[bytes, RedactedArgv] = {}

    def text(self, value: str) -> Redacted:
        """See `Redactor.text`."""
        return Redacted(value) if _is_plain(value) else self._remember(b"text\0", super().text, value)

    def name(self, value: str) -> Redacted:
        """See `Redactor.name`."""
        return Redacted(value) if _is_plain(value) else self._remember(b"name\0", super().name, value)

    def path(self, value: str) -> Redacted:
        """See `Redactor.path`."""
        return Redacted(value) if _is_plain(value) else self._remember(b"path\0", super().path, value)

    def url(self, value: str) -> Redacted:
        """See `Redactor.url`."""
        return self._remember(b"url\0", super().url, value)

    def command_line(self, value: str) -> Redacted:
        """See `Redactor.command_line`."""
        if _is_plain(value):
            return Redacted(value)
        return self._remember(b"command_line\0", super().command_line, value)

    def argv(self, command: str | None, args: Sequence[str]) -> RedactedArgv:
        """See `Redactor.argv`."""
        if len(command or "") + sum(map(len, args)) > LONGEST_KEPT:
            return super().argv(command, args)
        question = self._question(command, *args)
        answer = self._argvs.get(question)
        if answer is None:
            answer = super().argv(command, args)
            if len(self._argvs) >= (self._kept or MAX_KEPT):
                self._argvs.clear()
            self._argvs[question] = answer
        return answer

    def _remember(self, method: bytes, redact: Callable[[str], Redacted], value: str) -> Redacted:
        if len(value) > LONGEST_KEPT:
            return redact(value)
        told = method + value.encode("utf-8", "surrogatepass")
        question = hashlib.blake2b(told, key=self._digest_key, digest_size=16).digest()
        answer = self._texts.get(question)
        if answer is None:
            answer = redact(value)
            if len(self._texts) >= (self._kept or MAX_KEPT):
                self._texts.clear()
            self._texts[question] = answer
        return answer

    def _question(self, *parts: str | None) -> bytes:
        digest = hashlib.blake2b(key=self._digest_key, digest_size=16)
        for part in parts:
            data = b"" if part is None else part.encode("utf-8", "surrogatepass")
            # Lengths keep ("ab", "c") and ("a", "bc") apart; a missing part differs from an empty one.
            digest.update(b"\xff" if part is None else len(data).to_bytes(8, "big"))
            digest.update(data)
        return digest.digest()
