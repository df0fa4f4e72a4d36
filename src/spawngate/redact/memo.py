"""A redactor that remembers its answers, because configuration repeats itself: the same launch in ten files, the
same paths in every scan.

What it keeps is keyed by a keyed digest of the question, never by the raw text, and the answers are redacted:
nothing secret stays in memory between two scans.
Must not be here: redaction itself (`redact.redactor`).
"""

import hashlib
from collections.abc import Callable, Sequence

from spawngate.redact.redactor import Redacted, RedactedArgv, Redactor

MAX_KEPT = 50_000
"""Answers that are kept; when there are more, all are forgotten and it starts anew."""
LONGEST_KEPT = 4_096
"""Characters of a question that is remembered: longer ones seldom come again and would fill the memory."""


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
        return self._remember("text", super().text, value)

    def name(self, value: str) -> Redacted:
        """See `Redactor.name`."""
        return self._remember("name", super().name, value)

    def path(self, value: str) -> Redacted:
        """See `Redactor.path`."""
        return self._remember("path", super().path, value)

    def url(self, value: str) -> Redacted:
        """See `Redactor.url`."""
        return self._remember("url", super().url, value)

    def command_line(self, value: str) -> Redacted:
        """See `Redactor.command_line`."""
        return self._remember("command_line", super().command_line, value)

    def argv(self, command: str | None, args: Sequence[str]) -> RedactedArgv:
        """See `Redactor.argv`."""
        if len(command or "") + sum(map(len, args)) > LONGEST_KEPT:
            return super().argv(command, args)
        question = self._question("argv", command, *args)
        answer = self._argvs.get(question)
        if answer is None:
            answer = super().argv(command, args)
            if len(self._argvs) >= (self._kept or MAX_KEPT):
                self._argvs.clear()
            self._argvs[question] = answer
        return answer

    def _remember(self, method: str, redact: Callable[[str], Redacted], value: str) -> Redacted:
        if len(value) > LONGEST_KEPT:
            return redact(value)
        question = self._question(method, value)
        answer = self._texts.get(question)
        if answer is None:
            answer = redact(value)
            if len(self._texts) >= (self._kept or MAX_KEPT):
                self._texts.clear()
            self._texts[question] = answer
        return answer

    def _question(self, method: str, *parts: str | None) -> bytes:
        digest = hashlib.blake2b(method.encode(), key=self._digest_key, digest_size=16)
        for part in parts:
            data = b"" if part is None else part.encode("utf-8", "surrogatepass")
            # Lengths keep ("ab", "c") and ("a", "bc") apart; a missing part differs from an empty one.
            digest.update(b"\xff" if part is None else len(data).to_bytes(8, "big"))
            digest.update(data)
        return digest.digest()
