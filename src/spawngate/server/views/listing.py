"""Lists over fleet data: conditions, facets, orders, and pages that go on behind a key.

Belongs here: how one declaration of a list (`Source`) becomes statements of SQLAlchemy, its cursor, and its facets.
Must not be here: which lists there are (each view), HTTP, markup.

A page goes on behind the last row's values of its order, never by number: rows that come or go meanwhile shift nothing.
A facet counts what each of its values would leave, given all other choices.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from spawngate.model.errors import UsageError
from spawngate.server.views.filters import Filters

Row = TypeVar("Row")
_NONE: Mapping[str, tuple[str, ...]] = {}
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


class Beside(msgspec.Struct, frozen=True):
    """Columns of what a row belongs to that words are looked for in: the host of a finding's endpoint. There are fewer
    of these than rows, so they are looked through once, and not joined to every row."""

    key: ColumnElement[Any]
    """In the list, what `owner` names."""
    owner: ColumnElement[Any]
    columns: tuple[ColumnElement[Any], ...]


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
    unique: tuple[ColumnElement[Any], ...] = ()
    """Of a list that is not grouped: the columns that name a row."""
    beside: Beside | None = None


def page(
    connection: Connection,
    source: Source,
    filters: Filters,
    make: Callable[[RowMapping], Row],
    *,
    where: Sequence[ColumnElement[bool]] = (),
    usual: Mapping[str, tuple[str, ...]] = _NONE,
    facets: bool = True,
) -> Listing[Row]:
    """A page of a list. `where`: what always holds, the teams that may be seen above all. `usual`: values of a facet of
    which nothing is chosen (open findings, and not the closed ones). `facets`: False leaves them and the total out, for
    exports. Raises UsageError for a cursor that is none of this list."""
    unchosen = {name: values for name, values in usual.items() if not filters.chosen.get(name)}
    asked = filters if not unchosen else replace(filters, chosen={**filters.chosen, **unchosen})
    sort = filters.sort if filters.sort in source.orders else next(iter(source.orders))
    keys = source.orders[sort]
    found = _found(connection, source, asked, sort, keys, where)
    shown = found[: filters.limit]
    cursor = _write(sort, [shown[-1][key.name] for key in keys]) if len(found) > filters.limit else None
    rows = tuple(make(each) for each in _whole(connection, source, shown))
    if not facets:
        return Listing(rows, cursor, (), 0, sort)
    cube = _cube(connection, source, asked, where)
    counted = [_facet(connection, source, name, filters, asked, where, cube) for name in source.dimensions]
    # A facet of one value narrows nothing.
    shown_facets = tuple(each for each in counted if len(each.options) > 1 or any(o.chosen for o in each.options))
    return Listing(rows, cursor, shown_facets, cube.count(asked.chosen), sort)


def total(connection: Connection, source: Source, filters: Filters, where: Sequence[ColumnElement[bool]] = ()) -> int:
    """How many rows pass the filters."""
    number = func.count() if source.group is None else func.count(source.group.distinct())
    statement = select(number).select_from(source.table).where(*where, *conditions_of(source, filters))
    return int(connection.execute(statement).scalar_one())


def _found(
    connection: Connection,
    source: Source,
    filters: Filters,
    sort: str,
    keys: Sequence[Key],
    where: Sequence[ColumnElement[bool]],
) -> Sequence[RowMapping]:
    """The rows of a page and one more: of a list that is not grouped, only what its order needs and what names them, so
    that what is sorted is small."""
    columns = source.columns
    if source.unique:
        ordered = {key.name for key in keys}
        columns = tuple(each for each in columns if _name(each) in ordered or each in source.unique)
    statement = select(*columns).select_from(source.table).where(*where, *conditions_of(source, filters))
    if source.group is not None:
        # To look for words is to read the rows.
        statement = statement.group_by(unindexed(source.group) if filters.words else source.group)
    inner = statement.subquery()
    by = [inner.c[key.name] for key in keys]
    outer = select(inner)
    if filters.cursor:
        outer = outer.where(_behind(keys, by, _read(filters.cursor, sort, by)))
    order = [column.desc() if key.down else column.asc() for key, column in zip(keys, by, strict=True)]
    return connection.execute(outer.order_by(*order).limit(filters.limit + 1)).mappings().all()


def _whole(connection: Connection, source: Source, found: Sequence[RowMapping]) -> Sequence[RowMapping]:
    """The rows with all their columns, in their order."""
    if not source.unique or not found:
        return found
    names = [_name(each) for each in source.unique]
    wanted = [tuple(row[name] for name in names) for row in found]
    condition = (
        source.unique[0].in_([each[0] for each in wanted]) if len(names) == 1 else tuple_(*source.unique).in_(wanted)
    )
    statement = select(*source.columns).select_from(source.table).where(condition)
    rows = {tuple(row[name] for name in names): row for row in connection.execute(statement).mappings()}
    return [rows[key] for key in wanted if key in rows]


def _name(column: ColumnElement[Any]) -> str:
    return str(getattr(column, "key", None) or getattr(column, "name", ""))


@dataclass(frozen=True, slots=True)
class _Cube:
    """How many rows have which values of all facets together: one question to the database, and every facet's numbers
    follow from it."""

    names: tuple[str, ...]
    cells: Sequence[tuple[tuple[str, ...], Any, int]]
    """Values in the order of the names, the group's value (None where the list is not grouped), rows."""

    def count(self, chosen: Mapping[str, tuple[str, ...]]) -> int:
        """Rows of the list that have one of the chosen values of each facet."""
        return sum(number for _, number in self.by(None, chosen))

    def by(self, name: str | None, chosen: Mapping[str, tuple[str, ...]]) -> list[tuple[str, int]]:
        """Values of a facet and how many rows of the list each would leave, given the other choices."""
        wanted = [(self.names.index(each), set(values)) for each, values in chosen.items() if each in self.names]
        wanted = [(place, values) for place, values in wanted if name is None or self.names[place] != name]
        of = self.names.index(name) if name is not None else -1
        counts: dict[str, int] = {}
        seen: set[tuple[str, Any]] = set()
        for values, group, number in self.cells:
            if any(values[place] not in allowed for place, allowed in wanted):
                continue
            value = values[of] if of >= 0 else ""
            if group is None:
                counts[value] = counts.get(value, 0) + number
            elif (value, group) not in seen:
                seen.add((value, group))
                counts[value] = counts.get(value, 0) + 1
        return list(counts.items())


def _cube(connection: Connection, source: Source, filters: Filters, where: Sequence[ColumnElement[bool]]) -> _Cube:
    counted = {name: each for name, each in source.dimensions.items() if isinstance(each, Dimension) and each.listed}
    rest = {name: values for name, values in filters.chosen.items() if name not in counted}
    conditions = [*where, *conditions_of(source, replace(filters, chosen=rest))]
    columns = [each.column.label(f"d{place}") for place, each in enumerate(counted.values())]
    if source.group is not None:
        columns.append(source.group.label("g"))
    statement = select(*columns, func.count()).select_from(source.table).where(*conditions).group_by(*columns)
    width = len(counted)
    cells = [
        (
            tuple("" if value is None else str(value) for value in row[:width]),
            row[width] if source.group is not None else None,
            int(row[-1]),
        )
        for row in connection.execute(statement)
    ]
    return _Cube(tuple(counted), cells)


def conditions_of(source: Source, filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions: every word in one of the searched columns, one value of each facet."""
    found: list[ColumnElement[bool]] = [occurs(source.searched, word, source.beside) for word in filters.words]
    for name, values in filters.chosen.items():
        dimension = source.dimensions.get(name)
        if isinstance(dimension, Related):
            owners = select(dimension.owner).where(dimension.column.in_(list(values)), *dimension.where)
            found.append(dimension.key.in_(owners))
        elif dimension is not None:
            found.append(dimension.column.in_(_typed(dimension.column, values)))
    return found


class unindexed(FunctionElement[str]):  # a function of SQL's, named as SQLAlchemy names them
    """A column of texts that SQLite takes no index for: rows are read as they lie, and not in the order of an index,
    which costs twice as much where each has to be read anyway."""

    type = Text()
    inherit_cache = True
    name = "unindexed"


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return ", ".join(compiler.process(each, **more) for each in element.clauses)


@compiles(unindexed, "sqlite")
def _with_a_plus(element: unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{_as_it_is(element, compiler, **more)}"


class _contains(FunctionElement[bool]):  # a function of SQL's, named as SQLAlchemy names them
    """Whether a pattern (with / as its escape) fits a text, in whatever case."""

    type = Boolean()
    inherit_cache = True
    name = "contains"


@compiles(_contains)
def _ilike(element: _contains, compiler: SQLCompiler, **more: Any) -> str:
    text, pattern = (compiler.process(each, **more) for each in element.clauses)
    return f"({text} ILIKE {pattern} ESCAPE '/')"


@compiles(_contains, "sqlite")
def _like(element: _contains, compiler: SQLCompiler, **more: Any) -> str:
    # Its LIKE knows no case; what SQLAlchemy writes for `ilike` there is twice as slow.
    text, pattern = (compiler.process(each, **more) for each in element.clauses)
    return f"({text} LIKE {pattern} ESCAPE '/')"


def occurs(columns: Sequence[ColumnElement[Any]], word: str, beside: Beside | None = None) -> ColumnElement[bool]:
    """Whether a word stands in one of these. A document is opened only where the word is anywhere in its text."""
    escaped = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    pattern = f"%{escaped}%"
    plain = word.isascii() and word.isprintable() and not set(word) & _ESCAPED
    inside: dict[str, list[ColumnElement[bool]]] = {}
    documents: dict[str, ColumnElement[Any]] = {}
    found: list[ColumnElement[bool]] = []
    for column in columns:
        document = getattr(column, "left", None) if plain else None
        fits = _contains(column, pattern)
        if isinstance(document, ColumnElement) and isinstance(document.type, JSON):
            documents[str(document)] = document
            inside.setdefault(str(document), []).append(fits)
        else:
            found.append(fits)
    if beside is not None:
        owners = select(beside.owner).where(or_(*(_contains(column, pattern) for column in beside.columns)))
        found.append(beside.key.in_(owners))
    for name, parts in inside.items():
        found.append(and_(_contains(cast(documents[name], Text), pattern), or_(*parts)))
    return or_(*found)


_ESCAPED = frozenset("\"\\/<>&'\x7f")
"""Characters that a document may write in another way than a word does."""


def _typed(column: ColumnElement[Any], values: Sequence[str]) -> list[Any]:
    if column.type.python_type is int:
        return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16]
    return list(values)


def _facet(
    connection: Connection,
    source: Source,
    name: str,
    filters: Filters,
    asked: Filters,
    where: Sequence[ColumnElement[bool]],
    cube: _Cube,
) -> Facet:
    dimension = source.dimensions[name]
    if not dimension.listed:
        return facet(name, dimension.title, {}, filters, dimension.label)
    if isinstance(dimension, Dimension):
        counts = {value: count for value, count in cube.by(name, asked.chosen) if value}
        return facet(name, dimension.title, counts, filters, dimension.label, dimension.order)
    conditions = [*where, *conditions_of(source, asked.without(name))]
    statement = select(dimension.column, func.count(dimension.owner.distinct())).where(*dimension.where)
    if conditions:
        owners = select(dimension.key).select_from(source.table).where(*conditions)
        statement = statement.where(dimension.owner.in_(owners))
    rows = connection.execute(statement.group_by(dimension.column))
    counts = {str(row[0]): int(row[1]) for row in rows if row[0] not in (None, "")}
    return facet(name, dimension.title, counts, filters, dimension.label)


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
