"""What servers said to an agent, as the launcher or the proxy passed it on: one stream for each server of a process.

Belongs here: which sessions of an agent may have read a stream. Whoever passes results on knows the agent's process
and no session; a hook knows the session, and which processes it was called from. A stream belongs to every session of
its agent but those that are known to run in other processes, and only where a session in its own is known: what is
not known is taken for read.
Must not be here: contents (`provenance.content`), what processes there are (`endpoint.daemon.processes`).
"""

from collections.abc import Callable, Iterator, Sequence

from spawngate.provenance.memory import Sessions
from spawngate.provenance.session import Session

MARK = ".relay-"
"""In the name of a stream; no name of a session holds it."""
ANY = "any"
"""In place of an agent that is not known."""
MOST = 16
"""Streams of an agent that a call is compared with: the last ones."""

Recent = Callable[[str], Sequence[str]]
"""Names of the records of an agent that were used in the last days, the latest first."""


def is_stream(name: str) -> bool:
    """Whether a name in `Sessions` is that of a stream."""
    return MARK in name


class Streams:
    """The streams of all agents; they are kept among the sessions."""

    def __init__(self, sessions: Sessions, recent: Recent) -> None:
        self._sessions, self._recent = sessions, recent
        self._names: dict[str, list[str]] = {}

    def open(self, agent: str, digest: int, processes: frozenset[int]) -> tuple[str, Session, bool]:
        """The stream of a server of a process (`digest`): its name, what is in it, and whether its processes are news.

        `processes`: fingerprints of the agent's processes; none where they are not known.
        """
        name = f"{agent or ANY}{MARK}{digest:016x}"
        names = self._of(agent or ANY)
        if name in names:
            names.remove(name)
        names.insert(0, name)
        del names[MOST:]
        session = self._load(name)
        news = not processes <= session.processes
        session.processes |= processes
        return name, session, news

    def names(self, agent: str) -> list[str]:
        """Of the streams that sessions of this agent may have read."""
        return [*self._of(agent), *(self._of(ANY) if agent != ANY else ())]

    def read_by(self, agent: str, session: Session) -> list[Session]:
        """The streams that the session may have read."""
        names = self.names(agent)
        return [stream for stream in map(self._load, names) if not self._foreign(agent, session, stream)]

    def _foreign(self, agent: str, session: Session, stream: Session) -> bool:
        if not session.processes or not stream.processes or session.processes & stream.processes:
            return False
        return any(other.processes & stream.processes for other in self._its(agent) if other is not session)

    def _its(self, agent: str) -> Iterator[Session]:
        for name, session in self._sessions.items():
            if name.startswith(f"{agent}.") and not is_stream(name):
                yield session

    def _of(self, agent: str) -> list[str]:
        if agent not in self._names:
            self._names[agent] = [name for name in self._recent(agent) if is_stream(name)][:MOST]
        return self._names[agent]

    def _load(self, name: str) -> Session:
        found = self._sessions.get(name)
        return self._sessions.load(name) if found is None else found
