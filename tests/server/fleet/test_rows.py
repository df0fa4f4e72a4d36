"""Pages by key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from spawngate.server.fleet import rows
from spawngate.server.fleet.tables import TEAMS
from spawngate.server.store.port import CursorError
from tests.server.fleet.fleet import NOW, connection, database

__all__ = ["connection", "database"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_hold_every_row_once(connection: Connection, limit: int, descending: bool) -> None:
    """Two keys, of which the first is the same for many rows."""
    for number in range(1, 8):
        connection.execute(insert(TEAMS).values(id=number, name=f"t{number}", created_at=f"{NOW}{number % 2}"))
    keys = [TEAMS.c.created_at, TEAMS.c.id]
    seen: list[int] = []
    cursor: str | None = None
    for _ in range(20):
        statement = rows.paged(select(TEAMS).where(TEAMS.c.id > 0), keys, cursor, limit, descending=descending)
        page, cursor = rows.cut(connection.execute(statement).all(), limit, lambda row: [row.created_at, row.id])
        assert len(page) <= limit
        seen += [row.id for row in page]
        if cursor is None:
            break
    expected = [2, 4, 6, 1, 3, 5, 7]
    assert seen == (expected[::-1] if descending else expected)


def test_a_filter_by_teams(connection: Connection) -> None:
    for number in (1, 2, 3):
        connection.execute(insert(TEAMS).values(id=number, name=f"t{number}", created_at=NOW))

    def of(teams: frozenset[int] | None) -> list[int]:
        return list(
            connection.execute(
                select(TEAMS.c.id).where(rows.of_teams(TEAMS.c.id, teams)).order_by(TEAMS.c.id)
            ).scalars()
        )

    assert (of(None), of(frozenset({1, 3})), of(frozenset())) == ([0, 1, 2, 3], [1, 3], [])


@given(st.lists(st.text(max_size=20) | st.integers(-(1 << 62), 1 << 62), min_size=1, max_size=3))
def test_a_cursor_gives_back_what_it_holds(values: list[str | int]) -> None:
    plain = [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]
    assert rows.opened(rows.closed(plain), len(plain)) == plain


@given(st.text(max_size=60))
def test_other_texts_are_refused_and_nothing_worse(text: str) -> None:
    try:
        values = rows.opened(text, 2)
    except CursorError:
        return
    assert len(values) == 2


@pytest.mark.parametrize("values", [["a"], ["a", "b", "c"], [1 << 63, 1], [None, 1], [[1], 2]])
def test_cursors_of_other_lists_are_refused(values: list[object]) -> None:
    with pytest.raises(CursorError):
        rows.opened(rows.closed(values), 2)


@pytest.mark.parametrize("values", [[1, 1], ["a", "b"], ["a\0", 1], [1, "a"]])
def test_values_of_other_types_are_refused(values: list[str | int]) -> None:
    with pytest.raises(CursorError):
        rows.paged(select(TEAMS), [TEAMS.c.created_at, TEAMS.c.id], rows.closed(values), 5)
