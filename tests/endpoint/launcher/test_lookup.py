"""Names looked up beside the loop."""

import socket
import threading

import pytest

from spawngate.endpoint.launcher.lookup import AT_ONCE, Lookups
from spawngate.endpoint.launcher.loop import Loop


def turn(loop: Loop, until: list[object], count: int) -> None:
    for _ in range(400):
        if len(until) >= count:
            return
        loop.once(0.05)
    raise AssertionError("no answer")


def test_addresses_and_names_without_one() -> None:
    loop = Loop()
    lookups = Lookups(loop)
    found: list[object] = []
    lookups.ask("127.0.0.1", 80, found.append)
    turn(loop, found, 1)
    lookups.ask("no name at all.invalid", 80, found.append)
    turn(loop, found, 2)
    assert found == [[(socket.AF_INET, "127.0.0.1", 80)], []]
    lookups.close()
    lookups.close()


def test_only_so_many_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    most, now = [0], [0]
    lock = threading.Lock()

    def resolve(_host: bytes, port: int, *_rest: int) -> list[object]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        gate.wait(20)
        with lock:
            now[0] -= 1
        return [(socket.AF_INET, 1, 6, "", ("192.0.2.1", port))]

    monkeypatch.setattr("spawngate.endpoint.launcher.lookup._socket.getaddrinfo", resolve)
    loop = Loop()
    lookups = Lookups(loop)
    found: list[object] = []
    for number in range(3 * AT_ONCE):
        lookups.ask(f"host{number}", number, found.append)
    gate.set()
    turn(loop, found, 3 * AT_ONCE)
    assert most[0] <= AT_ONCE
    assert sorted(each[0][2] for each in found) == list(range(3 * AT_ONCE))  # type: ignore[index]  # lists of addresses
    lookups.close()


def test_nobody_is_told_after_the_end() -> None:
    loop = Loop()
    lookups = Lookups(loop)
    found: list[object] = []
    for _ in range(20):
        lookups.ask("127.0.0.1", 80, found.append)
    lookups.close()
    loop.once(0.1)
    assert found == []
