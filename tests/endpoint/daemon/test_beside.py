"""Work in a process beside: its value comes back, everything else is an error, and nothing of it stays."""

import asyncio
import os
import pickle
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from unittest import mock

import pytest

from spawngate.endpoint.daemon import beside as module
from spawngate.endpoint.daemon.beside import HURRIED, Beside, NoAnswerError, Turns, second_parser
from spawngate.endpoint.daemon.bounded import TakesLongError, bounded, brief
from spawngate.endpoint.shfmt import TIMEOUT, syntax_tree

Value = TypeVar("Value")


def run(what: Callable[[], Awaitable[Value]]) -> Value:
    async def main() -> Value:
        return await what()

    descriptors, children = len(os.listdir("/dev/fd")), processes()
    try:
        return asyncio.run(asyncio.wait_for(main(), 30))
    finally:
        assert len(os.listdir("/dev/fd")) == descriptors
        assert processes() <= children


def processes() -> set[str]:
    """Children of this process, those included that ended and were not waited for."""
    own = os.getpid()
    return set(Path(f"/proc/{own}/task/{own}/children").read_text("ascii").split())


def test_the_value_comes_back() -> None:
    value = {"a": ("b" * 1_000_000, os.getpid())}
    found = run(lambda: Beside().run(lambda: {"a": ("b" * 1_000_000, os.getppid())}))
    assert found == value


def test_it_is_another_process_without_descriptors() -> None:
    def look() -> object:
        return [str(os.getpid()), *sorted(os.listdir("/dev/fd"))]

    with socket.socket(), open(os.devnull, "rb") as file:
        assert file.fileno() > 2
        found = run(lambda: Beside().run(look))
    assert isinstance(found, list)
    assert found[0] != str(os.getpid())
    # its own pipe, and the folder that is being listed
    assert len(set(found[1:]) - {"0", "1", "2"}) == 2


def failing() -> object:
    raise RuntimeError


def busy() -> object:
    while True:
        pass


@pytest.mark.parametrize(
    "work",
    [failing, lambda: os._exit(3), lambda: os.abort(), lambda: time.sleep(60), lambda: lambda: 1, busy],
    ids=["raises", "exits", "dies", "hangs", "no value", "too long"],
)
def test_what_gives_no_value(work: Callable[[], object]) -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswerError):
        run(lambda: Beside(seconds=1.0).run(work))
    assert time.monotonic() - begun < 10


def test_half_a_value_is_none() -> None:
    with mock.patch.object(pickle, "dumps", return_value=b"\x80\x05X"), pytest.raises(NoAnswerError):
        run(lambda: Beside().run(lambda: "x"))


def test_a_value_that_is_too_long_is_not_read() -> None:
    with mock.patch.object(module, "LONGEST_ANSWER", 1_000_000), pytest.raises(NoAnswerError):
        run(lambda: Beside().run(lambda: "x" * 2_000_000))


def test_no_process_is_to_be_had() -> None:
    with mock.patch.object(os, "fork", side_effect=BlockingIOError), pytest.raises(OSError):  # noqa: PT011  # fork's own
        run(lambda: Beside().run(lambda: 1))


def test_who_is_cancelled_leaves_nothing() -> None:
    async def what() -> None:
        task = asyncio.ensure_future(Beside().run(lambda: time.sleep(60)))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(what)


def test_so_many_at_once() -> None:
    async def what() -> float:
        beside = Beside(most=2)
        begun = time.monotonic()
        found = await asyncio.gather(*(beside.run(lambda: time.sleep(0.3) or 1) for _ in range(4)))  # type: ignore[func-returns-value]  # None, therefore 1
        assert found == [1] * 4
        return time.monotonic() - begun

    assert run(what) >= 0.6


def test_turns_of_one_session_and_of_others() -> None:
    order: list[str] = []

    async def what() -> None:
        turns = Turns()
        one, other = ("a", "1"), ("a", "2")

        async def call(name: str, key: tuple[str, str], seconds: float) -> None:
            async with turns.take(key):
                await asyncio.sleep(seconds)
                order.append(name)

        first = asyncio.ensure_future(call("first", one, 0.2))
        second = asyncio.ensure_future(call("second", one, 0.2))
        third = asyncio.ensure_future(call("third", one, 0))
        apart = asyncio.ensure_future(call("apart", other, 0))
        await asyncio.sleep(0.1)
        assert (order, turns.taken(one), turns.taken(other)) == (["apart"], True, False)
        second.cancel()
        await asyncio.wait([first, second, third, apart])
        assert (order, turns.taken(one)) == (["apart", "first", "third"], False)

    run(what)


def test_the_second_parser_is_not_waited_for_while_others_wait() -> None:
    assert second_parser("if true; then ls; fi") == syntax_tree("if true; then ls; fi")
    with mock.patch.object(module, "asked", side_effect=TimeoutError) as asked:
        assert second_parser("x") is None
        with pytest.raises(TakesLongError), bounded(), brief():
            second_parser("x")
    assert [call.args for call in asked.call_args_list] == [("x", TIMEOUT), ("x", HURRIED)]
