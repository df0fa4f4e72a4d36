"""SHELL. Contents that decided calls may write to agents' files, remembered by digest until they appear.

Must not be here: which contents those are (`configuration.outcome`), and looking for them (`daemon.outside`).
"""

from collections.abc import Callable, Iterable, Mapping
from time import monotonic

MOST = 512
SECONDS = 3_600.0
"""How long a content is expected: a person may take time to approve the call."""


class Expected:
    """Digests of contents, by path."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    def __call__(self, contents: Mapping[str, Iterable[str]]) -> None:
        """These contents may be written from now on. The oldest are forgotten where there are too many."""
        until = self._clock() + SECONDS
        for path, digests in contents.items():
            for digest in digests:
                self._until.pop((path, digest), None)
                self._until[path, digest] = until
        while len(self._until) > MOST:
            del self._until[next(iter(self._until))]

    def take(self, path: str, digest: str) -> bool:
        """Whether this content was expected there; it is so once."""
        return self._until.pop((path, digest), 0.0) > self._clock()
