"""`server.deliver.choice`: which of those that wait are sent, and which are given up."""

from collections.abc import Iterator

import msgspec
import pytest

from spawngate.routing.backoff import PATIENCE
from spawngate.routing.breaker import Breaker
from spawngate.server.deliver.choice import Choice, chosen, unusable
from spawngate.server.deliver.ledger import Pending
from tests.routing.samples import NOTICE

NOW = 1_000_000.0
OPEN = Breaker(5, 1, NOW + 10, "HTTP 500")


def pending(id: str, *, key: str = "", due: float = NOW, created: float = NOW - 5, reason: str = "") -> Pending:
    return Pending(msgspec.structs.replace(NOTICE, id=id, key=key or id), "chat", created, due, reason=reason)


A, B, C = pending("a"), pending("b"), pending("c")
LATE = pending("late", due=NOW + 9)
OLD = pending("old", due=NOW + 9, created=NOW - PATIENCE - 1, reason="HTTP 503")


@pytest.mark.parametrize(
    ("waiting", "room", "busy", "breaker", "begin", "dead"),
    [
        ([A, B, C], 2, (), Breaker(), [A, B], []),
        ([A, B, C], 0, (), Breaker(), [], []),
        ([A, B, C], 5, ("a",), Breaker(), [B, C], []),
        ([A, pending("b", key="a"), C], 5, (), Breaker(), [A, C], []),
        ([A, pending("b", key="a"), C], 5, ("a",), Breaker(), [C], []),
        ([LATE, pending("b", key="late"), C], 5, (), Breaker(), [C], []),
        ([OLD, A], 5, (), Breaker(), [A], [(OLD, "HTTP 503")]),
        ([A, B], 1, (), OPEN, [], []),
        ([OLD, pending("older", created=1.0), A], 1, (), OPEN, [], [(OLD, "HTTP 503"), ("older", "HTTP 500")]),
        ([A, B], 1, (), Breaker(5, 1, NOW, "HTTP 500"), [A], []),
    ],
)
def test_chosen(
    waiting: list[Pending],
    room: int,
    busy: tuple[str, ...],
    breaker: Breaker,
    begin: list[Pending],
    dead: list[tuple[Pending | str, str]],
) -> None:
    found = chosen(waiting, room, busy, breaker, NOW)
    assert found.begin == tuple(begin)
    assert [(each.notice.id, why) for each, why in found.dead] == [
        (each if isinstance(each, str) else each.notice.id, why) for each, why in dead
    ]


@pytest.mark.parametrize("breaker", [Breaker(), OPEN])
def test_no_more_is_looked_at_than_is_needed(breaker: Breaker) -> None:
    looked = []

    def waiting() -> Iterator[Pending]:
        for number in range(1_000):
            looked.append(number)
            yield pending(f"n{number}")

    assert len(chosen(waiting(), 2, (), breaker, NOW).begin) == (0 if breaker.open else 2)
    assert len(looked) <= 3


def test_where_there_is_no_destination() -> None:
    removed = [(each, "the destination was removed") for each in (OLD, A, B)]
    assert unusable([OLD, A, B], NOW, removed=True) == Choice((), tuple(removed))
    assert unusable([OLD, A, B], NOW, removed=False) == Choice((), ((OLD, "the destination could not be used"),))
