"""`EventStore` in PostgreSQL. Must not be here: the order of events (`lane`), one day's SQL (`day`), leases."""

from collections.abc import Callable, Sequence

import psycopg

from spawngate.server.store.coded import reading
from spawngate.server.store.coded.columns import CODED
from spawngate.server.store.port import (
    Bucket,
    DayStats,
    Entry,
    Expression,
    Page,
    Stats,
    StoreDamagedError,
    StoreError,
)
from spawngate.server.store.postgres import tables, texts
from spawngate.server.store.postgres.connection import SCHEMA, Connection, Pool, rows
from spawngate.server.store.postgres.day import BUCKET, COUNTED, Counted, Day
from spawngate.server.store.postgres.lane import Fresh, Lane
from spawngate.server.store.postgres.rows import Coder, write
from spawngate.server.store.postgres.shared import SharedEvents
from spawngate.server.store.postgres.tables import EVENTS, SHARED, day_and_number, first_id, name_of, table_of
from spawngate.server.store.postgres.words import Words

ALL_DAYS = 1000
"""Days whose words are asked together where all are needed."""
CLOSED_INDEXES = ("session", "server", "program", "command", "path", "url")
"""Columns that a closed day has an index for, beside those of the open one: each costs a commit."""


class PostgresEvents(SharedEvents):
    """The events of one schema. Any number of processes may open it."""

    parents = EVENTS

    def __init__(
        self,
        address: str,
        schema: str = SCHEMA,
        *,
        read_only: bool = False,
        held: Callable[[str], bool] = lambda day: False,
    ) -> None:
        """`held` tells whether a legal hold keeps a day. Makes the tables where there are none. Raises StoreError,
        UsageError."""
        pool = Pool(address, schema, read_only=read_only)
        super().__init__(pool, held)
        self._coder = Coder()
        self._counted = Counted()
        self._texts_want: str | None = None
        """What was wanting when an index of texts could not be made (`texts.wanting`); None while they can."""
        if not read_only:
            try:
                with pool.lent() as connection:
                    tables.create(connection, schema, tables.CREATE + tables.CREATE_EVENTS)
                    tables.keeps(connection, "PostgreSQL", "events")
            except BaseException:
                pool.close()
                raise

    # Writing ------------------------------------------------------------------------------------------------------

    def _write(self, lane: Lane, fresh: Sequence[Fresh], begin: int) -> None:
        write(lane, self._coder, fresh, begin)

    def _rolled_back(self) -> None:
        self._coder.forget()

    def _drop(self, connection: Connection, day: int) -> int:
        freed = self._bytes(connection, [day])[day]
        self._counted = Counted()
        tables.drop_day(connection, day, self.parents)
        return freed

    def tidy(self) -> list[str]:
        """Make days that are over quick to ask: counts, indexes, statistics; which. For one process at a time."""
        over = self.pool.all("SELECT day FROM days WHERE NOT closed AND day<(SELECT max(day) FROM days) ORDER BY day")
        for (day,) in over:
            with self.pool.transaction() as connection:
                _close(connection, day)
            with self.pool.lent() as connection:
                for parent in ("events", "words"):
                    rows(connection, f"VACUUM (ANALYZE, FREEZE) {table_of(parent, day)}")
        self._index_texts()
        return [name_of(day) for (day,) in over]

    def advice(self) -> str:
        """See `SharedEvents`."""
        return texts.advice(self.pool, refused=self._texts_want is not None)

    def _index_texts(self) -> None:
        """One closed day at a time gets its index of texts, the newest first. What an administrator mends is seen."""
        with self.pool.lent() as connection:
            if self._texts_want is not None and texts.wanting(connection) == self._texts_want:
                return
        self._texts_want = None
        closed = [day for (day,) in self.pool.all("SELECT day FROM days WHERE closed ORDER BY day DESC")]
        left = texts.without(self.pool, closed) if closed else []
        if not left:
            return
        with self.pool.lent() as connection:
            schema = texts.schema_of(connection)
            try:
                if schema:
                    texts.index(connection, left[-1], schema)
                    return
            except psycopg.errors.InsufficientPrivilege:
                pass  # it is there, and not for us
            self._texts_want = texts.wanting(connection)

    def work(self) -> None:
        """Bring the small indexes of the open day up to date. Raises StoreError."""
        for (index,) in self.pool.all(
            "SELECT c.oid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid=i.indexrelid "
            "JOIN pg_am a ON a.oid=c.relam WHERE a.amname='brin' AND i.indrelid=to_regclass(%s)",
            table_of("events", max((day for (day,) in self.pool.all("SELECT day FROM head")), default=0)),
        ):
            self.pool.all("SELECT brin_summarize_new_values(%s::regclass)", index)

    # Asking -------------------------------------------------------------------------------------------------------

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
        days = self._days(newest_first=newest_first, at_once=1)
        return reading.query(days, filter, since, until, cursor, limit, newest_first=newest_first)

    def aggregate(
        self, dimension: str, filter: Expression | None = None, *, since: str = "", until: str = "", limit: int = 100
    ) -> Sequence[Bucket]:
        """See the port."""
        return reading.aggregate(
            self._days(newest_first=False, at_once=ALL_DAYS), dimension, filter, since, until, limit
        )

    def _days(self, *, newest_first: bool, at_once: int) -> reading.Days:
        """Days as they are now, oldest first."""
        given = self.pool.all("SELECT day, size, first, last, closed FROM days ORDER BY day")
        order = [day for day, *_ in given]
        words = Words(self.pool, order[::-1] if newest_first else order, at_once=at_once)
        found = {
            name_of(day): Day(
                self.pool, day, size, (first or 0, last or 0), closed=closed, words=words, counted=self._counted
            )
            for day, size, first, last, closed in given
        }
        return reading.Days(list(found), lambda name: found[name], [])

    def _day(self, number: int) -> Day:
        given = self.pool.all("SELECT size, first, last, closed FROM days WHERE day=%s", number)
        if not given:
            raise StoreError(f"the store: there is no day {name_of(number)}")
        size, first, last, closed = given[0]
        return Day(self.pool, number, size, (first or 0, last or 0), closed=closed)

    def _entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        by_day: dict[int, list[int]] = {}
        for id in ids:
            day, number = day_and_number(id)
            by_day.setdefault(day, []).append(number)
        found: dict[int, Entry] = {}
        for day, numbers in by_day.items():
            try:
                opened = self._day(day)
            except StoreError:
                continue  # it was dropped
            read = opened.reader()
            for row in opened.numbered(numbers):
                try:
                    found[first_id(day) + row.id] = read(row)
                except StoreDamagedError:
                    continue  # `verify` names it
        return found

    def _leaves(self, day: int, start: int, end: int) -> list[bytes]:
        return self._day(day).leaves(start, end)

    # Days ---------------------------------------------------------------------------------------------------------

    def stats(self) -> Stats:
        """See the port."""
        given = self.pool.all("SELECT day, size, closed FROM days ORDER BY day")
        with self.pool.lent() as connection:
            sizes = self._bytes(connection, [day for day, _, _ in given])
            total = rows(
                connection,
                "SELECT coalesce(sum(pg_relation_size(c.oid)), 0)::bigint FROM pg_class c "
                "JOIN pg_namespace n ON n.oid=c.relnamespace "
                "LEFT JOIN pg_class t ON t.reltoastrelid=c.oid LEFT JOIN pg_namespace m ON m.oid=t.relnamespace "
                "WHERE %s IN (n.nspname, m.nspname)",
                self.pool.schema,
            )[0][0]
        days = tuple(
            DayStats(name_of(day), size, sizes[day], closed, self.held(name_of(day))) for day, size, closed in given
        )
        total = max(total, sum(sizes.values()))
        return Stats(sum(each.events for each in days), total, days, self.waiting(), self._problem)

    def _bytes(self, connection: Connection, days: Sequence[int]) -> dict[int, int]:
        found = dict.fromkeys(days, 0)
        names = {table_of(parent, day): day for day in days for parent in (*SHARED, *self.parents)}
        for name, size in rows(
            connection,
            "SELECT name, pg_total_relation_size(to_regclass(name)) FROM unnest(%s::text[]) AS w(name)",
            list(names),
        ):
            found[names[name]] += size or 0
        return found


def _close(connection: Connection, day: int) -> None:
    """Counts and indexes of a day that is over. May be broken off and run again. Every text in it is ours."""
    events = table_of("events", day)
    low = first_id(day)
    for name in CLOSED_INDEXES:
        rows(
            connection,
            f'CREATE INDEX IF NOT EXISTS {events}_{name} ON {events}("{name}", time) WHERE "{name}" IS NOT NULL',
        )
    counts, histogram = table_of("counts", day), table_of("histogram", day)
    rows(connection, f"TRUNCATE {counts}, {histogram}")
    for name in COUNTED:
        rows(
            connection,
            f'INSERT INTO {counts}(id, field, code, verdict, n) SELECT {low}+"{name}", {CODED.index(name)}, "{name}", '  # noqa: S608
            f'verdict, count(*) FROM {events} WHERE "{name}" IS NOT NULL GROUP BY "{name}", verdict',
        )
    rows(
        connection,
        f"INSERT INTO {histogram}(id, bucket, verdict, n) "  # noqa: S608
        f"SELECT {low}, time - mod(mod(time, {BUCKET}) + {BUCKET}, {BUCKET}), verdict, count(*) "
        f"FROM {events} GROUP BY 2, 3",
    )
    rows(connection, f"ANALYZE {events}, {table_of('words', day)}, {counts}, {histogram}")
    rows(connection, "UPDATE days SET closed=true WHERE day=%s", day)
