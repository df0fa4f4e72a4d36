"""Words and their codes: those of a transaction that was rolled back are given anew."""

import pytest

from spawngate.server.store.coded.columns import CODED
from spawngate.server.store.port import StoreError
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.server.store.postgres.rows import Coder
from spawngate.trail.query import Query, read
from tests.server.store.conformance import DAY, NOW, Source, decision


def commands(store: PostgresEvents) -> dict[str, int]:
    return {each.value: each.count for each in store.aggregate("command")}


def test_codes_that_were_rolled_back_are_forgotten(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, source = PostgresEvents(database), Source()
    store.append(source.entries(2, **decision("allow", "git status")))
    failing = source.entries(2, **decision("allow", "npm test"))

    def refuse(day: str, size: int, root: bytes) -> str:
        raise StoreError("no")

    monkeypatch.setattr(store, "sign", refuse)
    with pytest.raises(StoreError):
        store.append(failing)
    monkeypatch.undo()
    store.append(source.entries(1, **decision("allow", "curl x")))
    store.append(failing)
    assert commands(store) == {"git status": 2, "npm test": 2, "curl x": 1}
    store.close()


def test_two_codes_of_one_word_are_one_value(database: str) -> None:
    one, two, source = PostgresEvents(database), PostgresEvents(database), Source()
    one.append(source.entries(1))
    two.append(source.entries(1))
    one.append(source.entries(3, **decision("deny", "git status")))
    two.append(source.entries(4, **decision("deny", "git status")))
    words = one.pool.one("SELECT count(*) FROM words WHERE value='[\"git status\"]'")
    assert (words, commands(one)) == (2, {"git status": 7})
    assert len(two.query(read("command:GIT*", NOW)).entries) == 7
    one.close()
    two.close()


def test_a_process_that_begins_knows_the_words(database: str) -> None:
    source = Source()
    for _ in range(3):
        store = PostgresEvents(database)
        store.append(source.entries(3, **decision("deny", "a\\b\t'\"", "Straße\u2028")))
        store.close()
    store = PostgresEvents(database)
    assert commands(store) == {"a\\b\t'\"": 9, "Straße\u2028": 9}
    assert store.pool.one("SELECT count(*) FROM words WHERE field=%s", CODED.index("command")) == 1
    assert len(store.query(Query(), since="", limit=100).entries) == 9
    assert store.query(None).entries[0].time[:10] == f"{DAY:%Y-%m-%d}"
    store.close()


def test_a_coder_knows_nothing_of_another_day() -> None:
    coder = Coder()
    coder.forget()
    assert coder.coined() == []
