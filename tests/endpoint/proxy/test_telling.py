"""What a remote server said, told beside the traffic and within bounds."""

import asyncio
from collections.abc import Mapping

from spawngate.endpoint.proxy.ask import NoAnswerError
from spawngate.endpoint.proxy.telling import MOST, MOST_AT_ONCE, Telling


class Daemon:
    def __init__(self, *, away: bool = False) -> None:
        self.away = away
        self.told: list[Mapping[str, object]] = []

    async def __call__(self, verb: str, payload: Mapping[str, object]) -> Mapping[str, object]:
        assert verb == "told"
        self.told.append(payload)
        if self.away:
            raise NoAnswerError("the daemon is not there")
        return {}


def told(daemon: Daemon, *pieces: bytes) -> list[Mapping[str, object]]:
    async def main() -> None:
        telling = Telling(daemon)
        await telling.close()
        for piece in pieces:
            telling.said("l", piece)
        await telling.close()

    asyncio.run(main())
    return daemon.told


def test_pieces_together() -> None:
    assert told(Daemon(), b"one", b"two") == [{"launch": "l", "partial": False, "lines": b"one\ntwo"}]


def test_of_a_long_piece_its_ends() -> None:
    (only,) = told(Daemon(), b"a" * MOST_AT_ONCE + b"b" * MOST_AT_ONCE)
    half = MOST_AT_ONCE // 2
    assert only == {"launch": "l", "partial": True, "lines": b"a" * half + b"\n" + b"b" * half}


def test_what_is_too_much_is_told_to_be_missing() -> None:
    found = told(Daemon(), *[b"x" * MOST_AT_ONCE] * 6)
    assert sum(len(bytes(each["lines"])) for each in found if isinstance(each["lines"], bytes)) == MOST
    assert [each["partial"] for each in found] == [True, False, False, False]


def test_a_daemon_that_is_away() -> None:
    found = told(Daemon(away=True), *[b"x" * MOST_AT_ONCE] * 2)
    assert [each["partial"] for each in found] == [False, True]
