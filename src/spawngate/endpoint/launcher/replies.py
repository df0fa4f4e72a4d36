"""SHELL by its folder, pure in fact: the daemon's answers as values, and nothing taken for one that is none.

Belongs here: shapes. Must not be here: what is done on an answer (`session`).
An answer that is not wholly understood is no answer: the configured failure meaning takes its place.
"""

from __future__ import annotations

from spawngate.protocol.jsontext import Unreadable, decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spawngate.launch.hosts import Declared

MAX_PROBE = 120.0
"""Seconds that a probe may take, whatever an answer says."""


class BadReply(ValueError):
    """Not an answer to this question."""


class Grant:
    """What a process may reach: `network`, `hosts`, and absolute paths to read or to write.

    With hosts, nothing else of the network is left to it; `network` says then that all of it is, where that cannot
    be held. `upstream`: hosts are reached through the proxy that the environment names. `env`: variables that it gets
    where it has none of the name.
    """

    __slots__ = ("declared", "env", "hosts", "network", "read", "upstream", "write")

    def __init__(self, value: dict[str, object]) -> None:
        self.network = _truth(value, "network")
        self.hosts = _texts(value, "hosts")
        self.upstream = value.get("upstream") is True
        self.env = _variables(value)
        self.declared: list[Declared] = []
        if self.hosts:
            from spawngate.launch.hosts import declared

            try:
                self.declared = [declared(each) for each in self.hosts]
            except ValueError:
                raise BadReply("hosts") from None
        self.read = _paths(value, "read")
        self.write = _paths(value, "write")


class Start:
    """The answer to `start`."""

    __slots__ = (
        "allowed",
        "confine",
        "decide",
        "drop",
        "launch",
        "message",
        "pins",
        "probe",
        "program",
        "results",
        "seconds",
    )

    def __init__(self, data: bytes) -> None:
        value = _object(data)
        self.allowed = _verdict(value)
        self.message = _text(value, "message")
        self.launch = _text(value, "launch")
        self.program = ""
        self.probe: Grant | None = None
        self.confine: Grant | None = None
        self.seconds = 0.0
        self.drop: frozenset[str] = frozenset()
        self.decide = self.pins = True
        self.results = False
        if not self.allowed:
            return
        self.program = _text(value, "program")
        if self.program and not self.program.startswith("/"):
            raise BadReply("program")
        probe, confine, relay = value.get("probe"), value.get("confine"), value.get("relay")
        if isinstance(probe, dict):
            seconds = probe.get("seconds")
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
                raise BadReply("probe")
            self.probe, self.seconds = Grant(probe), min(float(seconds), MAX_PROBE)
        elif probe is not None:
            raise BadReply("probe")
        if isinstance(confine, dict):
            self.confine = Grant(confine)
        elif confine is not None:
            raise BadReply("confine")
        if not isinstance(relay, dict):
            raise BadReply("relay")
        self.decide, self.pins = _truth(relay, "tools"), _truth(relay, "pins")
        # Of an older daemon, which takes no results.
        self.results = "results" in relay and _truth(relay, "results")
        self.drop = frozenset(_texts(value, "drop"))


class Verdict:
    """The answer to `probed`, `call` and `tools`."""

    __slots__ = ("allowed", "message", "withhold")

    def __init__(self, data: bytes) -> None:
        value = _object(data)
        self.allowed = _verdict(value)
        self.message = _text(value, "message")
        self.withhold = _texts(value, "withhold")


def _object(data: bytes) -> dict[str, object]:
    try:
        value = decode(data)
    except Unreadable:
        raise BadReply("no JSON") from None
    if not isinstance(value, dict):
        raise BadReply("no object")
    return value


def _verdict(value: dict[str, object]) -> bool:
    verdict = value.get("verdict")
    if verdict not in ("allow", "deny"):
        raise BadReply("verdict")
    return verdict == "allow"


def _text(value: dict[str, object], key: str) -> str:
    found = value.get(key, "")
    if not isinstance(found, str) or "\0" in found:
        raise BadReply(key)
    return found


def _texts(value: dict[str, object], key: str) -> list[str]:
    found = value.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadReply(key)
    return found


def _variables(value: dict[str, object]) -> dict[bytes, bytes]:
    found = value.get("env", {})
    if not isinstance(found, dict):
        raise BadReply("env")
    made: dict[bytes, bytes] = {}
    for name, text in found.items():
        if not isinstance(text, str) or not name or "=" in name or "\0" in name + text:
            raise BadReply("env")
        made[name.encode("utf-8", "surrogateescape")] = text.encode("utf-8", "surrogateescape")
    return made


def _paths(value: dict[str, object], key: str) -> list[str]:
    found = _texts(value, key)
    if not all(one.startswith("/") and "\0" not in one for one in found):
        raise BadReply(key)
    return found


def _truth(value: dict[str, object], key: str) -> bool:
    found = value.get(key)
    if not isinstance(found, bool):
        raise BadReply(key)
    return found
