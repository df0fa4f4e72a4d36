"""Texts by their trigrams: found where they are, with an index where that can be made, and without one all the same."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.server.store.postgres import texts
from spawngate.server.store.postgres.connection import Pool, rows
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.trail.query import read
from tests.server.store.conformance import DAY, Source, decision
from tests.server.store.sqlite.test_hours import NOW

COMMANDS = ("Git push", "kubectl delete pod ÄÖÜ", "100% _done_ now!", "café ß STRASSE", "x\\y")


@pytest.fixture
def store(database: str) -> Iterator[PostgresEvents]:
    opened, source = PostgresEvents(database), Source()
    for number in range(4):
        for command in COMMANDS:
            opened.append(source.entries(1, DAY + timedelta(days=number), **decision("deny", command, "npm")))
    yield opened
    opened.close()


def counted(store: PostgresEvents, text: str) -> int:
    return sum(each.count for each in store.aggregate("verdict", read(f'"{text}"', NOW)))


def closed(store: PostgresEvents) -> list[int]:
    return [day for (day,) in store.pool.all("SELECT day FROM days WHERE closed ORDER BY day")]


@pytest.mark.parametrize(
    "text", ["git", "GIT PUSH", "100%", "_done_", "now!", "äöü", "strasse", "ß", "é", "x", "%", "!"]
)
def test_an_index_changes_no_answer(store: PostgresEvents, text: str) -> None:
    before = counted(store, text)
    for _ in range(4):
        store.tidy()
    assert texts.without(store.pool, closed(store)) == []
    assert len(closed(store)) == 3
    assert (counted(store, text), before > 0) == (before, True)


def test_one_day_at_a_time_gets_its_index_the_newest_first(store: PostgresEvents) -> None:
    left = []
    for _ in range(5):
        store.tidy()
        left.append(len(texts.without(store.pool, closed(store))))
    assert left == [2, 1, 0, 0, 0]
    assert store.advice() == ""


def test_the_index_is_used(store: PostgresEvents) -> None:
    for _ in range(3):
        store.tidy()
    condition, value = texts.found_by("kubectl")
    with store.pool.lent() as connection:
        rows(connection, "SET enable_seqscan=off")
        plan = "\n".join(row[0] for row in rows(connection, f"EXPLAIN SELECT id FROM words WHERE {condition}", value))
    assert plan.count("_texts") == 3


def test_where_the_extension_cannot_be_had_it_is_told_and_texts_are_found(
    store: PostgresEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def nowhere(connection: object) -> str:
        asked.append("")
        return ""

    monkeypatch.setattr(texts, "schema_of", nowhere)
    for _ in range(3):
        store.tidy()
    assert len(asked) == 1
    assert counted(store, "kubectl") == 4
    told = "texts are looked for in every word of 3 days: the database lets nobody but an administrator say CREATE EXT"
    assert store.advice().startswith(told)


@pytest.fixture
def role(store: PostgresEvents) -> Iterator[str]:
    """A role that may ask, and make no extension."""
    name = store.pool.schema + "_asker"
    with store.pool.lent() as connection:
        rows(connection, f"DROP ROLE IF EXISTS {name}")
        rows(connection, f"CREATE ROLE {name}")
    yield name
    with store.pool.lent() as connection:
        rows(connection, f"DROP OWNED BY {name}")
        rows(connection, f"DROP ROLE {name}")


def test_what_an_administrator_has_to_do(store: PostgresEvents, role: str) -> None:
    told = []
    with store.pool.lent() as connection:
        for statement in (
            "SELECT 1",
            f"GRANT CREATE ON DATABASE {connection.info.dbname} TO {role}",
            "CREATE SCHEMA tools",
            "CREATE EXTENSION pg_trgm SCHEMA tools",
            f"GRANT USAGE ON SCHEMA tools TO {role}",
        ):
            rows(connection, statement)
            rows(connection, f"SET ROLE {role}")
            told.append(texts.wanting(connection))
            rows(connection, "RESET ROLE")
        rows(connection, "DROP SCHEMA tools CASCADE")
    use = "pg_trgm is in the schema tools, which this role may not use; an administrator lets it with GRANT USAGE ON "
    assert told == [
        "the database has no pg_trgm, and this role may not make it; an administrator does with CREATE EXTENSION "
        "pg_trgm",
        "",
        "",
        f"{use}SCHEMA tools TO {role}",
        "",
    ]


def test_what_an_administrator_mends_is_seen_without_a_restart(
    store: PostgresEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ["no", "no", "no", ""]
    with monkeypatch.context() as patched:
        patched.setattr(texts, "schema_of", lambda connection: "")
        patched.setattr(texts, "wanting", lambda connection: wanted[0])
        for _ in range(3):
            store.tidy()
        assert store.advice() == "texts are looked for in every word of 3 days: no"
    store.tidy()
    assert (len(texts.without(store.pool, closed(store))), store.advice()) == (2, "")


def test_a_role_that_may_not_make_it_is_no_fault(store: PostgresEvents) -> None:
    with store.pool.lent() as connection:
        rows(connection, "DROP ROLE IF EXISTS nobody_much")
        rows(connection, "CREATE ROLE nobody_much")
        try:
            rows(connection, "SET ROLE nobody_much")
            assert texts.schema_of(connection) == ""
        finally:
            rows(connection, "RESET ROLE")
            rows(connection, "DROP ROLE nobody_much")
        assert texts.schema_of(connection) == store.pool.schema
        assert texts.schema_of(connection) == store.pool.schema


@given(st.text(alphabet="ab%_!\\ É", min_size=1, max_size=5), st.text(alphabet="ab%_!\\ É", max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_it_holds_what_python_says(store: PostgresEvents, needle: str, word: str) -> None:
    condition, value = texts.found_by(needle)
    found = store.pool.one(f"SELECT {condition} FROM (VALUES(NULL::text, %s::text)) AS w(folded, value)", value, word)
    assert found is (needle in word)


def test_a_pool_with_no_closed_day_has_nothing_to_tell(database: str) -> None:
    opened = PostgresEvents(database)
    assert texts.advice(opened.pool, refused=True) == ""
    assert isinstance(opened.pool, Pool)
    opened.close()
