"""Lists over fleet data: conditions, facets, orders, and pages that go on behind a key.

Belongs here: how one declaration of a list (`Source`) becomes statements of SQLAlchemy, its cursor, and its facets.
Must not be here: which lists there are (each view), HTTP, markup.

A page goes on behind the last row's values of its order, never by number: rows that come or go meanwhile shift nothing.
A facet counts what each of its values would leave, given all other choices.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, RowMapping, Select, and_, func, or_, select

from spawngate.model.errors import UsageError
from spawngate.server.views.filters import Filters

Row = TypeVar("Row")
_NONE: Mapping[str, ColumnElement[bool]] = {}
OPTIONS = 12
"""Values that a facet shows, the chosen ones always among them."""


class Option(msgspec.Struct, frozen=True):
    """One value of a facet."""

    value: str
    label: str
    count: int
    chosen: bool = False


class Facet(msgspec.Struct, frozen=True):
    """One way to narrow a list."""

    name: str
    title: str
    options: tuple[Option, ...]
    more: int = 0
    """Values that are not shown."""


class Listing(msgspec.Struct, Generic[Row], frozen=True):
    """A page of a list."""

    rows: tuple[Row, ...]
    cursor: str | None
    """Where the next page begins; None at the end."""
    facets: tuple[Facet, ...]
    total: int
    """Rows that pass the filters."""
    sort: str = ""


class Dimension(msgspec.Struct, frozen=True):
    """What a facet is about."""

    title: str
    column: ColumnElement[Any]
    label: Callable[[str], str] = str
    order: tuple[str, ...] = ()
    """Values in an order of their own; empty: most first."""
    listed: bool = True
    """False: too many values to be shown; what is chosen in the address counts all the same."""


class Related(msgspec.Struct, frozen=True):
    """A facet over rows of another table that belong to those of the list: agents of an endpoint."""

    title: str
    column: ColumnElement[Any]
    """Its value there."""
    owner: ColumnElement[Any]
    """There, what names the row of the list."""
    key: ColumnElement[Any]
    """In the list, what `owner` names."""
    where: tuple[ColumnElement[bool], ...] = ()
    """What holds of the rows that count."""
    label: Callable[[str], str] = str
    listed: bool = True
    """As of a `Dimension`."""


class Key(msgspec.Struct, frozen=True):
    """One column of an order, by its name among the columns of the list. Never null."""

    name: str
    down: bool = False


class Source(msgspec.Struct, frozen=True):
    """A list as it is declared."""

    table: FromClause
    columns: tuple[ColumnElement[Any], ...]
    """Read for each row, named; holds every column of every order. Of a grouped list: what it is grouped by, and
    aggregates."""
    searched: tuple[ColumnElement[Any], ...]
    """Columns that words are looked for in."""
    orders: Mapping[str, tuple[Key, ...]]
    """Name to columns, of which the last make a row unique. The first one is the usual order."""
    dimensions: Mapping[str, Dimension | Related]
    group: ColumnElement[Any] | None = None
    """Rows with one value of this are one row of the list; facets count these."""


def page(
    connection: Connection,
    source: Source,
    filters: Filters,
    make: Callable[[RowMapping], Row],
    *,
    where: Sequence[ColumnElement[bool]] = (),
    usual: Mapping[str, ColumnElement[bool]] = _NONE,
    facets: bool = True,
) -> Listing[Row]:
    """A page of a list. `where`: what always holds, the teams that may be seen above all. `usual`: what holds where
    nothing of a facet is chosen (open findings, and not the closed ones). `facets`: False leaves them and the total
    out, for exports. Raises UsageError for a cursor that is none of this list."""
    always, where = where, [*where, *(each for name, each in usual.items() if not filters.chosen.get(name))]
    sort = filters.sort if filters.sort in source.orders else next(iter(source.orders))
    keys = source.orders[sort]
    statement = select(*source.columns).select_from(source.table).where(*where, *conditions_of(source, filters))
    if source.group is not None:
        statement = statement.group_by(source.group)
    inner = statement.subquery()
    columns = [inner.c[key.name] for key in keys]
    outer = select(inner)
    if filters.cursor:
        outer = outer.where(_behind(keys, columns, _read(filters.cursor, sort, columns)))
    order = [column.desc() if key.down else column.asc() for key, column in zip(keys, columns, strict=True)]
    found = connection.execute(outer.order_by(*order).limit(filters.limit + 1)).mappings().all()
    shown = found[: filters.limit]
    cursor = None
    if len(found) > filters.limit:
        cursor = _write(sort, [shown[-1][key.name] for key in keys])
    rows = tuple(make(each) for each in shown)
    if not facets:
        return Listing(rows, cursor, (), 0, sort)
    total = _total(connection, source, filters, where)
    counted = (
        _facet(connection, source, name, filters, always if name in usual else where) for name in source.dimensions
    )
    # A facet of one value narrows nothing.
    shown_facets = tuple(each for each in counted if len(each.options) > 1 or any(o.chosen for o in each.options))
    return Listing(rows, cursor, shown_facets, total, sort)


def _total(connection: Connection, source: Source, filters: Filters, where: Sequence[ColumnElement[bool]]) -> int:
    number = func.count() if source.group is None else func.count(source.group.distinct())
    statement = select(number).select_from(source.table).where(*where, *conditions_of(source, filters))
    return int(connection.execute(statement).scalar_one())


def conditions_of(source: Source, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions: every word in one of the searched columns, one value of each facet."""
    found: list[ColumnElement[bool]] = [
        or_(*(column.icontains(word, autoescape=True) for column in source.searched)) for word in filters.words
    ]
    for name, values in filters.chosen.items():
        dimension = source.dimensions.get(name)
        if isinstance(dimension, Related):
            owners = select(dimension.owner).where(dimension.column.in_(list(values)), *dimension.where)
            found.append(dimension.key.in_(owners))
        elif dimension is not None:
            found.append(dimension.column.in_(_typed(dimension.column, values)))
    return found


def _typed(column: ColumnElement[Any], values: Sequence[str]) -> list[Any]:
    if column.type.python_type is int:
        return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16]
    return list(values)


def _facet(
    connection: Connection, source: Source, name: str, filters: Filters, where: Sequence[ColumnElement[bool]]
) -> Facet:
    dimension = source.dimensions[name]
    conditions = [*where, *conditions_of(source, filters.without(name))]
    statement: Select[tuple[Any, int]]
    if not dimension.listed:
        return facet(name, dimension.title, {}, filters, dimension.label)
    if isinstance(dimension, Related):
        statement = select(dimension.column, func.count(dimension.owner.distinct())).where(*dimension.where)
        if conditions:
            statement = statement.where(
                dimension.owner.in_(select(dimension.key).select_from(source.table).where(*conditions))
            )
        statement = statement.group_by(dimension.column)
        order: tuple[str, ...] = ()
    else:
        value = dimension.column.label("value")
        number = func.count() if source.group is None else func.count(source.group.distinct())
        statement = select(value, number).select_from(source.table).where(*conditions).group_by(value)
        order = dimension.order
    counts = {str(value): count for value, count in connection.execute(statement).all() if value not in (None, "")}
    return facet(name, dimension.title, counts, filters, dimension.label, order)


def facet(
    name: str,
    title: str,
    counts: Mapping[str, int],
    filters: Filters,
    label: Callable[[str], str] = str,
    order: Sequence[str] = (),
) -> Facet:
    """A facet of counted values: those chosen always, then the `order` or most first."""
    chosen = filters.chosen.get(name, ())
    known = dict(counts)
    for value in chosen:
        known.setdefault(value, 0)
    places = {value: place for place, value in enumerate(order)}
    ranked = sorted(known, key=lambda each: (places.get(each, len(places)), -known[each], label(each).casefold(), each))
    first = [each for each in ranked if each in chosen]
    shown = {*first, *[each for each in ranked if each not in chosen][: max(OPTIONS - len(first), 3)]}
    options = tuple(Option(each, label(each), known[each], each in chosen) for each in ranked if each in shown)
    return Facet(name, title, options, len(known) - len(options))


def _behind(
    keys: Sequence[Key], columns: Sequence[ColumnElement[Any]], values: Sequence[str | int]
) -> ColumnElement[bool]:
    """Behind a row: greater in the first column, or equal there and greater in the second, and so on."""
    parts: list[ColumnElement[bool]] = []
    for index, (key, column) in enumerate(zip(keys, columns, strict=True)):
        equal = [columns[earlier] == values[earlier] for earlier in range(index)]
        parts.append(and_(*equal, column < values[index] if key.down else column > values[index]))
    return or_(*parts)


def _write(sort: str, values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode([sort, *values])).decode().rstrip("=")


def _read(cursor: str, sort: str, columns: Sequence[ColumnElement[Any]]) -> list[str | int]:
    wrong = UsageError("this link to a further page is none of this list: begin at its first page")
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, msgspec.MsgspecError):
        raise wrong from None
    if not isinstance(values, list) or len(values) != len(columns) + 1 or values[0] != sort:
        raise wrong
    for column, value in zip(columns, values[1:], strict=True):
        # A database that knows types refuses to compare a number with a text.
        if type(value) is not column.type.python_type or (isinstance(value, int) and abs(value) > 1 << 53):
            raise wrong
    return values[1:]
