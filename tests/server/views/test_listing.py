"""Lists: pages behind a key, facets that count given the other choices, cursors that are foreign."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, Table, Text, create_engine

from spawngate.model.errors import UsageError
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views.endpoints import source
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Facet, Listing, Option, _read, facet, occurs, page
from tests.server import fleetdata
from tests.server.fleetdata import NOW


def _fill(parts: Services, number: int) -> None:
    with parts.database.begin() as connection:
        for place in range(number):
            # Every two were heard of at the same moment, so that the order needs its second column.
            minute = 10 + place // 2
            fleetdata.add_endpoint(
                connection,
                f"e{place:02}",
                seen_at=f"2026-11-21T11:{minute}:00.000000Z",
                platform="linux" if place % 3 else "macos",
            )


def _page(parts: Services, filters: Filters) -> Listing[str]:
    with parts.database.read() as connection:
        return page(connection, source(NOW, {}), filters, lambda row: str(row["id"]))


def test_pages_follow_each_other_without_gap_or_repetition(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts, 23)
        for sort in ("seen", "host", "enrolled", "version"):
            found: list[str] = []
            filters = Filters(sort=sort, limit=4)
            while True:
                part = _page(parts, filters)
                found += part.rows
                assert part.total == 23
                if part.cursor is None:
                    break
                filters = msgspec.structs.replace(filters, cursor=part.cursor)
            assert len(found) == 23
            assert len(set(found)) == 23
            if sort == "seen":
                assert found[:4] == ["e22", "e20", "e21", "e18"]


def test_rows_that_come_meanwhile_shift_nothing(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts, 6)
        first = _page(parts, Filters(sort="host", limit=3))
        with parts.database.begin() as connection:
            fleetdata.add_endpoint(connection, "aa", host="aa.example")
        second = _page(parts, Filters(sort="host", limit=3, cursor=first.cursor or ""))
    assert (first.rows, second.rows) == (("e00", "e01", "e02"), ("e03", "e04", "e05"))


def test_a_facet_counts_given_the_other_choices_and_not_its_own(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts, 9)
        found = _page(parts, Filters(words=("e0",), chosen={"platform": ("macos",)}))
    assert found.rows == ("e06", "e03", "e00")
    by_name = {each.name: each for each in found.facets}
    assert by_name["platform"] == Facet(
        "platform", "Platform", (Option("linux", "linux", 6), Option("macos", "macos", 3, True))
    )


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", "e0%"])
def test_wildcards_of_the_database_are_plain_characters(tmp_path: Path, word: str) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts, 3)
        assert _page(parts, Filters(words=(word,))).rows == ()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!",
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b'["seen"]').decode(),
        base64.urlsafe_b64encode(b'["host","a","b"]').decode(),
        base64.urlsafe_b64encode(b'["seen",1,"b"]').decode(),
        base64.urlsafe_b64encode(b'["seen",null,"b"]').decode(),
        base64.urlsafe_b64encode(b'["seen","a",true]').decode(),
    ],
)
def test_a_cursor_that_is_none_is_told(tmp_path: Path, cursor: str) -> None:
    with fleetdata.services(tmp_path) as parts, pytest.raises(UsageError, match="begin at its first page"):
        _page(parts, Filters(cursor=cursor))


@given(st.text(max_size=60))
def test_no_cursor_fails_otherwise(text: str) -> None:
    try:
        values = _read(text, "seen", [ENDPOINTS.c.seen_at, ENDPOINTS.c.id])
    except UsageError:
        return
    assert all(isinstance(each, str) for each in values)


def test_chosen_values_are_always_among_the_options() -> None:
    counts = {f"v{number:02}": 100 - number for number in range(40)}
    found = facet("name", "Name", counts, Filters(chosen={"name": ("v39", "gone")}))
    assert [each.value for each in found.options if each.chosen] == ["v39", "gone"]
    assert len(found.options) == 12
    assert found.more == 29


def test_an_order_of_its_own() -> None:
    found = facet("state", "State", {"b": 9, "a": 1, "z": 5}, Filters(), order=("a", "b"))
    assert [each.value for each in found.options] == ["a", "b", "z"]


_LETTERS = st.text(alphabet='aB%_/\\"<>&é \u0130\x7f1', min_size=1, max_size=4)


@pytest.fixture(scope="module")
def documents() -> Iterator[tuple[Connection, Table]]:
    """A table with a text and a document, as lists have them."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("a", Text), Column("d", JSON))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        yield connection, table
    engine.dispose()


def _small(text: str) -> str:
    """As SQLite compares texts: only ASCII letters have two cases."""
    return "".join(each.lower() if each.isascii() else each for each in text)


@given(plain=_LETTERS, inside=_LETTERS, word=_LETTERS)
def test_a_word_is_found_wherever_it_stands_and_nowhere_else(
    documents: tuple[Connection, Table], plain: str, inside: str, word: str
) -> None:
    connection, table = documents
    connection.execute(table.delete())
    connection.execute(table.insert().values(id=1, a=plain, d={"title": inside, "other": "aB1 in no searched key"}))
    found = connection.execute(table.select().where(occurs((table.c.a, table.c.d["title"].as_string()), word))).all()
    assert bool(found) == (_small(word) in _small(plain) or _small(word) in _small(inside))
