"""SHELL. What the modules of fleet data share about rows: pages by key, and the filter by teams.

Must not be here: any table's own questions.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, true

from spawngate.server.store.port import CursorError

MOST, USUAL = 1_000, 100
"""Rows of a page."""
T = TypeVar("T")


def of_teams(column: ColumnElement[int], teams: frozenset[int] | None) -> ColumnElement[bool]:
    """The condition that a row is of these teams; None: of any."""
    if teams is None:
        return true()
    return column.in_(sorted(teams)) if teams else false()


def behind(
    keys: Sequence[ColumnElement[Any]], values: Sequence[Any], *, descending: bool = False
) -> ColumnElement[bool]:
    """The condition that a row comes behind the one with these keys, in the order of the keys.

    Written out (a > x or (a = x and b > y)): SQLite and PostgreSQL use an index for it as for a row value.
    """
    steps: list[ColumnElement[bool]] = []
    for at, key in enumerate(keys):
        same = [keys[before] == values[before] for before in range(at)]
        steps.append(and_(*same, key < values[at] if descending else key > values[at]))
    return or_(*steps)


def paged(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    cursor: str | None,
    limit: int,
    *,
    descending: bool = False,
) -> Select[Any]:
    """The statement for one page: one row more than the limit, which tells whether there is a next page.

    Raises CursorError.
    """
    if cursor:
        values = opened(cursor, len(keys))
        # A database of types would fail where a number is held against a text, or be asked for a NUL.
        if any(
            not isinstance(value, key.type.python_type) or "\0" in str(value)
            for key, value in zip(keys, values, strict=True)
        ):
            raise CursorError("the cursor is none of this list")
        statement = statement.where(behind(keys, values, descending=descending))
    order = [key.desc() if descending else key.asc() for key in keys]
    return statement.order_by(*order).limit(limit + 1)


def plain(row: Row[Any]) -> dict[str, Any]:
    """A row by the names of its columns. SQLAlchemy's names are texts of a kind of its own, which msgspec refuses."""
    return {str(name): value for name, value in row._mapping.items()}


def cut(rows: Sequence[T], limit: int, keys_of: Any) -> tuple[Sequence[T], str | None]:
    """The page, and the cursor of the next one or None. `keys_of`: the keys' values of a row."""
    if len(rows) <= limit:
        return rows, None
    page = rows[:limit]
    return page, closed(keys_of(page[-1]))


def closed(values: Sequence[Any]) -> str:
    """A cursor that holds these values."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).decode().rstrip("=")


def opened(cursor: str, count: int) -> list[Any]:
    """The values of a cursor. Raises CursorError."""
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = msgspec.json.decode(data, type=list[str | int])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise CursorError("the cursor is none of this list") from None
    if len(values) != count or any(isinstance(each, int) and abs(each) > 1 << 62 for each in values):
        raise CursorError("the cursor is none of this list")
    return values
