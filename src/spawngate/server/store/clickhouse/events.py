"""`EventStore` in ClickHouse, ordered through PostgreSQL.

Must not be here: conditions (`compile`), what is moved and how (`staging`), the order of events (`postgres.lane`).
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.store.clickhouse import staging, tables
from spawngate.server.store.clickhouse.client import Client
from spawngate.server.store.clickhouse.compile import NEVER, Condition, Parameters, condition
from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.coded import reading
from spawngate.server.store.coded.reading import MOST, SCANNED, TOO_WIDE, step_of
from spawngate.server.store.port import (
    Bucket,
    CursorError,
    DayStats,
    Entry,
    Expression,
    Page,
    Stats,
    StoreError,
    TooWideError,
)
from spawngate.server.store.postgres import tables as order
from spawngate.server.store.postgres.connection import SCHEMA, Connection, Pool
from spawngate.server.store.postgres.lane import Fresh, Lane
from spawngate.server.store.postgres.leases import Lease, holder_name
from spawngate.server.store.postgres.shared import SharedEvents
from spawngate.server.store.postgres.tables import day_and_number, first_id, name_of, number_of
from spawngate.trail import leaf, moment
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import values_at

MOVE = 1.0
"""Seconds between two looks for what is to be moved."""
LEASE = 30.0
"""Seconds of the lease of who moves."""
LOOKED = 50_000
"""Events that wait to be moved and are looked through by a question."""
_ENTRY = "sender, stream, sequence, time, received, c_type, record"


class ClickHouseEvents(SharedEvents):
    """The events of one schema of PostgreSQL and one table of ClickHouse. Any number of processes may open it."""

    def __init__(
        self,
        address: str,
        settings: Settings,
        schema: str = SCHEMA,
        *,
        held: Callable[[str], bool] = lambda day: False,
        moves: bool = True,
    ) -> None:
        """`address`: of PostgreSQL. `moves`: this process takes part in moving events; one does at a time.
        Raises StoreError, UsageError."""
        pool = Pool(address, schema)
        super().__init__(pool, held)
        self.client = Client(settings)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        try:
            with pool.lent() as connection:
                order.create(connection, schema, order.CREATE + staging.CREATE)
                order.keeps(connection, "ClickHouse", "staged")
            for statement in tables.statements(settings):
                self.client.command(statement)
        except BaseException:
            self.close()
            raise
        if moves:
            self._thread = threading.Thread(target=self._move, name="clickhouse", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """See the port."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.client.close()
        super().close()

    # Writing ------------------------------------------------------------------------------------------------------

    def _write(self, lane: Lane, fresh: Sequence[Fresh], begin: int) -> None:
        staging.stage(lane.connection, first_id(lane.day) + begin, [each.prepared.entry for each in fresh])

    def _rolled_back(self) -> None:
        """Nothing is known of it outside of its transaction."""

    def move(self) -> int:
        """Move what is staged now to ClickHouse; how many events. For one process at a time. Raises StoreError."""
        count = 0
        while True:
            moved, _ = staging.move(self.pool, self.client)
            if not moved:
                return count
            count += moved

    def _move(self) -> None:
        lease = Lease(self.pool, "move", holder_name(), LEASE)
        while not self._stop.wait(MOVE):
            try:
                while lease.take() and not self._stop.is_set():
                    if not staging.move(self.pool, self.client)[1]:
                        break
                self.moving_fails = ""
            except StoreError as error:
                self.moving_fails = str(error)
        try:
            lease.give_up()
        except StoreError:
            return  # it ends by itself

    moving_fails = ""
    """Why events are not moved to ClickHouse just now; they are kept in PostgreSQL meanwhile."""

    def work(self) -> None:
        """See `SharedEvents`: merging and deleting is ClickHouse's own."""

    def _drop(self, connection: Connection, day: int) -> int:
        freed = self._bytes().get(day, 0)
        low, high = first_id(day), first_id(day + 1)
        connection.execute("DELETE FROM staged WHERE id>%s AND id<%s", (low, high))
        connection.execute("DELETE FROM moving WHERE first>%s AND first<%s", (low, high))
        self.client.command(tables.drop_partition(self.client.settings, name_of(day)))
        return freed

    # Asking -------------------------------------------------------------------------------------------------------

    def _staged(self) -> tuple[dict[int, Entry], int, int]:
        """Events that are not moved yet, the id below which ClickHouse has all of them, and how many are left out
        because too many wait."""
        # In this order: what is not staged any more by the last question was moved, whatever came in between.
        ((day, size),) = self.pool.all("SELECT head.day, coalesce(days.size, 0) FROM head LEFT JOIN days USING (day)")
        ((first, count),) = self.pool.all("SELECT min(id), coalesce(sum(count), 0)::bigint FROM staged")
        end = first_id(day) + size + 1 if day >= 0 else 0
        if count > LOOKED:
            return {}, int(first), int(count)
        entries = staging.staged(self.pool)
        return entries, min(entries, default=end), 0

    def query(
        self,
        filter: Expression | None,
        *,
        since: str = "",
        until: str = "",
        cursor: str | None = None,
        limit: int = 100,
        newest_first: bool = True,
    ) -> Page:
        """See the port."""
        if limit < 1:
            raise UsageError("a page holds at least one event")
        limit = min(limit, MOST)
        behind = None if not cursor else reading.decoded(cursor, newest_first=newest_first)
        low, high = reading.microseconds(since), reading.microseconds(until)
        place = None if behind is None else _place(behind)
        waiting, bound, left_out = self._staged()
        problems = (f"{left_out} events wait to be moved to ClickHouse, and are left out",) if left_out else ()
        found: list[tuple[int, int, Entry]] = []
        for id, entry in waiting.items():
            time = moment.microseconds(entry.time)
            after = place is None or ((time, id) < place if newest_first else (time, id) > place)
            within = (low is None or time >= low) and (high is None or time < high)
            if after and within and _matches(filter, entry):
                found.append((time, id, entry))
        parameters = Parameters()
        where = self._where(filter, low, high, place, bound, parameters, newest_first=newest_first)
        more = False
        if where.sql != NEVER.sql:
            ask = limit + 1 if where.exact else SCANNED
            given = self._rows(where.sql, parameters, ask, newest_first=newest_first)
            more = len(given) == ask and not where.exact
            last = given[-1][:2] if given else None
            found += [each for each in given if where.exact or _matches(filter, each[2])]
            found.sort(key=lambda each: each[:2], reverse=newest_first)
            if more and last is not None:
                # Beyond what was read nothing is known of ClickHouse's events: what is staged there waits too.
                found = [each for each in found if (each[:2] >= last if newest_first else each[:2] <= last)]
                if len(found) <= limit:
                    return _page(found, last, problems, newest_first=newest_first)
        else:
            found.sort(key=lambda each: each[:2], reverse=newest_first)
        if len(found) > limit:
            return _page(found[:limit], found[limit - 1][:2], problems, newest_first=newest_first)
        return _page(found, None, problems, newest_first=newest_first)

    def _where(
        self,
        wanted: Expression | None,
        low: int | None,
        high: int | None,
        place: tuple[int, int] | None,
        bound: int,
        parameters: Parameters,
        *,
        newest_first: bool = True,
    ) -> Condition:
        found = Condition("") if wanted is None else condition(wanted.tree, parameters)
        if found == NEVER:
            return NEVER
        parts = [f"id < {parameters.integer(bound)}"]
        for operator, value in ((">=", low), ("<", high)):
            if value is not None:
                parts.append(f"time {operator} {parameters.integer(value)}")
        if place is not None:
            order_ = "<" if newest_first else ">"
            time, id = parameters.integer(place[0]), parameters.integer(place[1])
            parts.append(f"time {order_}= {time} AND (time {order_} {time} OR id {order_} {id})")
        if found.sql:
            parts.append(found.sql)
        return Condition(" AND ".join(parts), found.exact)

    def _rows(
        self, where: str, parameters: Parameters, limit: int, *, newest_first: bool
    ) -> list[tuple[int, int, Entry]]:
        """Time, id and event of the first so many, in order."""
        direction = "DESC" if newest_first else "ASC"
        name = tables.table(self.client.settings)
        # First the narrow columns, then the records of those that are wanted: a page has few, a day has many.
        keys = self.client.rows(
            f"SELECT time, id FROM {name} WHERE {where} ORDER BY time {direction}, id {direction} LIMIT {limit:d}",  # noqa: S608  # see `_where`
            parameters.values,
        )
        entries = self._entries_there([int(id) for _, id in keys], [int(time) for time, _ in keys])
        return [(int(time), int(id), entries[int(id)]) for time, id in keys if int(id) in entries]

    def aggregate(
        self, dimension: str, filter: Expression | None = None, *, since: str = "", until: str = "", limit: int = 100
    ) -> Sequence[Bucket]:
        """See the port."""
        step = step_of(dimension)
        low, high = reading.microseconds(since), reading.microseconds(until)
        waiting, bound, left_out = self._staged()
        if left_out:
            raise StoreError(
                f"the store: {left_out} events wait to be moved to ClickHouse; counts would leave them out"
            )
        values: Counter[str] = Counter()
        steps: Counter[int] = Counter()
        for entry in waiting.values():
            time = moment.microseconds(entry.time)
            if (low is None or time >= low) and (high is None or time < high) and _matches(filter, entry):
                _count(entry, time, dimension, step, values, steps)
        parameters = Parameters()
        where = self._where(filter, low, high, None, bound, parameters)
        if where.sql != NEVER.sql and where.exact:
            self._counted(dimension, step, where.sql, parameters, values, steps)
        elif where.sql != NEVER.sql:
            self._read(filter, dimension, step, where.sql, parameters, values, steps)
        if step:
            return [Bucket(moment.text(at), count) for at, count in sorted(steps.items())[-limit:]]
        ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
        return [Bucket(value, count) for value, count in ranked[:limit]]

    def _counted(
        self, dimension: str, step: int, where: str, parameters: Parameters, values: Counter[str], steps: Counter[int]
    ) -> None:
        name = tables.table(self.client.settings)
        if step:
            what = f"time - ((time % {step:d}) + {step:d}) % {step:d}"
        elif dimension == "stream":
            what = "stream"
        else:
            what = f"arrayJoin(c_{dimension})"
        found = self.client.rows(f"SELECT {what} AS v, count() FROM {name} WHERE {where} GROUP BY v", parameters.values)  # noqa: S608  # see `_where`
        for value, count in found:
            if step:
                steps[int(value)] += int(count)
            else:
                values[str(value)] += int(count)

    def _read(
        self,
        wanted: Expression | None,
        dimension: str,
        step: int,
        where: str,
        parameters: Parameters,
        values: Counter[str],
        steps: Counter[int],
    ) -> None:
        """Counts by reading every record that may match. Raises TooWideError."""
        name = tables.table(self.client.settings)
        ((count,),) = self.client.rows(f"SELECT count() FROM {name} WHERE {where}", parameters.values)  # noqa: S608  # see `_where`
        if int(count) > TOO_WIDE:
            raise TooWideError(
                f"more than {TOO_WIDE} records would have to be read to count these; give a shorter time, or more "
                "conditions on fields that have a short name"
            )
        for row in self.client.rows(f"SELECT {_ENTRY} FROM {name} WHERE {where}", parameters.values):  # noqa: S608  # see `_where`
            entry = _entry(row)
            if _matches(wanted, entry):
                _count(entry, int(row[3]), dimension, step, values, steps)

    # Single events ------------------------------------------------------------------------------------------------

    def _entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        if not ids:
            return {}
        wanted = set(ids)
        waiting = staging.staged(self.pool, min(ids), max(ids))
        found = {id: entry for id, entry in waiting.items() if id in wanted}
        # Asked behind what is staged: what was moved in between is there by now.
        return found | self._entries_there([id for id in ids if id not in found])

    def _entries_there(self, ids: Sequence[int], times: Sequence[int] = ()) -> dict[int, Entry]:
        """Events that ClickHouse has, by their ids. `times`, where they are known: the table is ordered by them."""
        if not ids:
            return {}
        parameters = Parameters()
        days = sorted({name_of(day_and_number(id)[0]) for id in ids})
        where = (
            f"day IN {parameters.texts(days)} AND id >= {parameters.integer(min(ids))} "
            f"AND id <= {parameters.integer(max(ids))}"
        )
        if max(ids) - min(ids) >= len(ids):
            where += f" AND id IN {parameters.integers(ids)}"
        if times:
            where += f" AND time IN {parameters.moments(sorted(set(times)))}"
        found = self.client.rows(
            f"SELECT {_ENTRY}, id FROM {tables.table(self.client.settings)} WHERE {where}",  # noqa: S608  # see above
            parameters.values,
        )
        return {int(row[-1]): _entry(row[:-1]) for row in found}

    def _leaves(self, day: int, start: int, end: int) -> list[bytes]:
        ids = range(first_id(day) + start + 1, first_id(day) + end + 1)
        entries = self._entries(ids)
        missing = [id for id in ids if id not in entries]
        if missing:
            raise StoreError(f"the store: event {day_and_number(missing[0])[1]} of {name_of(day)} is missing")
        return [leaf.hashed(entries[id].received, entries[id].endpoint, entries[id].record) for id in ids]

    # Days ---------------------------------------------------------------------------------------------------------

    def stats(self) -> Stats:
        """See the port."""
        given = self.pool.all("SELECT day, size FROM days ORDER BY day")
        newest = max((day for day, _ in given), default=-1)
        sizes = self._bytes()
        waiting = self.pool.all("SELECT id >> 40, sum(octet_length(data))::bigint FROM staged GROUP BY 1")
        for day, size in waiting:
            sizes[day] = sizes.get(day, 0) + size
        total = self.pool.one(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
            "JOIN pg_namespace n ON n.oid=c.relnamespace WHERE n.nspname=%s AND c.relkind='r'",
            self.pool.schema,
        )
        days = tuple(
            DayStats(name_of(day), size, sizes.get(day, 0), day < newest, self.held(name_of(day)))
            for day, size in given
        )
        problem = self._problem or self.moving_fails
        return Stats(sum(each.events for each in days), total + sum(sizes.values()), days, self.waiting(), problem)

    def _bytes(self) -> dict[int, int]:
        """Bytes of each day in ClickHouse."""
        given = self.client.settings
        parts = f"clusterAllReplicas(`{given.cluster}`, system.parts)" if given.distributed else "system.parts"
        local = f"{given.table}_local" if given.distributed else given.table
        found = self.client.rows(
            f"SELECT partition, sum(bytes_on_disk) FROM {parts} "  # noqa: S608  # our own names
            "WHERE database={a:String} AND table={b:String} AND active GROUP BY partition",
            {"a": given.database, "b": local},
        )
        return {number_of(str(partition)): int(size) for partition, size in found}


def _place(behind: tuple[int, str, int]) -> tuple[int, int]:
    """Time and id of the event where a page ended. Raises CursorError."""
    try:
        return behind[0], first_id(number_of(behind[1])) + behind[2]
    except UsageError:
        raise CursorError("this is no cursor of this store") from None


def _entry(row: Sequence[Any]) -> Entry:
    sender, stream, sequence, time, received, types, record = row
    kind = types[0] if types else ""
    return Entry(sender, stream, int(sequence), moment.text(time), moment.text(received), kind, record.encode())


def _matches(wanted: Expression | None, entry: Entry) -> bool:
    return wanted is None or wanted.matches(msgspec.json.decode(entry.record))


def _count(entry: Entry, time: int, dimension: str, step: int, values: Counter[str], steps: Counter[int]) -> None:
    if step:
        steps[time - time % step] += 1
    elif dimension == "stream":
        values[entry.stream] += 1
    else:
        record = msgspec.json.decode(entry.record)
        for value in dict.fromkeys(each for path in FIELDS[dimension].paths for each in values_at(record, path)):
            values[value] += 1


def _page(
    found: Sequence[tuple[int, int, Entry]],
    last: tuple[int, int] | None,
    problems: tuple[str, ...],
    *,
    newest_first: bool,
) -> Page:
    cursor = None
    if last is not None:
        day, number = day_and_number(last[1])
        cursor = reading.encoded((last[0], name_of(day), number), newest_first=newest_first)
    return Page(tuple(entry for _, _, entry in found), cursor, problems)
