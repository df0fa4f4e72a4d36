"""Dead letters of streams: listed by route, marked to be sent again, never mixed up with those of notices."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from spawngate.server.deliver.refused import Refused, dead_letters, letter_name, replay
from spawngate.server.store.port import Item
from spawngate.server.store.sqlite.control import SqliteControl


@pytest.fixture
def control(tmp_path: Path) -> Iterator[SqliteControl]:
    made = SqliteControl(tmp_path, b"k" * 32)
    yield made
    made.close()


def letter(route: str, number: int) -> Refused:
    return Refused(route, "d", ("e1", "s1", number), "HTTP 400", 1.5)


def put(control: SqliteControl, *letters: Refused) -> list[str]:
    names = [letter_name(each.route, each.key) for each in letters]
    control.put(
        *(Item("dead-letter", name, msgspec.json.encode(each)) for name, each in zip(names, letters, strict=True))
    )
    return names


def test_by_route(control: SqliteControl) -> None:
    one, two, other = letter("a", 1), letter("a", 2), letter("ab", 1)
    put(control, one, two, other)
    control.put(
        Item("dead-letter", "0123", b"{}"), Item("dead-letter", "stream/a/odd", b"["), Item("dead-letter", "z", b"")
    )
    assert sorted(dead_letters(control, "a").values(), key=lambda each: each.key) == [one, two]
    assert list(dead_letters(control, "ab").values()) == [other]
    assert len(dead_letters(control)) == 3
    assert dead_letters(control, "b") == {}


def test_replay_marks_what_is_there(control: SqliteControl) -> None:
    name, _ = put(control, letter("a", 1), letter("a", 2))
    assert replay(control, [name, "stream/a/none"]) == 1
    assert replay(control, []) == 0
    assert [each.replay for each in sorted(dead_letters(control).values(), key=lambda each: each.key)] == [True, False]


def test_more_than_a_page(control: SqliteControl) -> None:
    put(control, *(letter("a", number) for number in range(2_100)))
    assert len(dead_letters(control, "a")) == 2_100


def test_names() -> None:
    assert letter_name("a", ("e", "s", 1)) == letter_name("a", ("e", "s", 1))
    assert len({letter_name("a", key) for key in (("e", "s", 1), ("e", "s", 2), ("es", "", 1), ("e", "s1", 1))}) == 4
