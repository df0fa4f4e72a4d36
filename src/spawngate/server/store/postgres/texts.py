"""Texts looked for in the words of closed days by their trigrams, where PostgreSQL has `pg_trgm`.

Without the extension every word of every day is looked through: seconds where there are many days. It is made where
this role may (it is a trusted one: who owns the database may), and else found where an administrator made it:
`CREATE EXTENSION pg_trgm`. Source: https://www.postgresql.org/docs/15/pgtrgm.html.
Must not be here: what a text means (`coded.compile`), the open day, which is small and to which every commit adds.
"""

from collections.abc import Sequence

import psycopg

from spawngate.server.store.postgres.connection import Connection, Pool, rows
from spawngate.server.store.postgres.tables import table_of

SHORTEST = 3
"""Characters of a text from which on it has a trigram."""
EXTENSION = "pg_trgm"
_FOLDED = "(coalesce(folded, value))"
_NOT_HERE = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.InvalidSchemaName,  # there is none where this role may make anything
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.UndefinedFile,  # it is not installed
    psycopg.errors.ReadOnlySqlTransaction,
)


def found_by(needle: str) -> tuple[str, str]:
    """A condition on words that hold a text (folded as they are), and its value."""
    if len(needle) < SHORTEST:
        return f"strpos({_FOLDED}, %s)>0", needle
    escaped = needle.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"{_FOLDED} LIKE %s ESCAPE '!'", f"%{escaped}%"


def schema_of(connection: Connection) -> str:
    """The schema that has the extension, made now where that may be; empty where not. Raises psycopg.Error."""
    asked = "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid=e.extnamespace WHERE e.extname=%s"
    found = rows(connection, asked, EXTENSION)
    if not found:
        try:
            with connection.transaction():
                rows(connection, f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")
        except _NOT_HERE:
            return ""
        except psycopg.errors.UniqueViolation:
            pass  # another process was quicker
        found = rows(connection, asked, EXTENSION)
    return str(found[0][0]) if found else ""


def index(connection: Connection, day: int, schema: str) -> None:
    """Make the index of one closed day where it is not there. Raises psycopg.Error."""
    words = table_of("words", day)
    rows(
        connection,
        f'CREATE INDEX IF NOT EXISTS {words}_texts ON {words} USING gin({_FOLDED} "{schema}".gin_trgm_ops)',
    )
    rows(connection, f"ANALYZE {words}")


def without(pool: Pool, days: Sequence[int]) -> list[int]:
    """Those of these days that have no such index. Raises StoreError."""
    names = {f"{table_of('words', day)}_texts": day for day in days}
    there = pool.all(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace "
        "WHERE n.nspname=%s AND c.relkind='i' AND c.relname=ANY(%s)",
        pool.schema, list(names),
    )  # fmt: skip
    return sorted(set(days) - {names[name] for (name,) in there})


def advice(pool: Pool) -> str:
    """What an administrator could do; empty where the extension is there, or no day is closed. Raises StoreError."""
    closed = [day for (day,) in pool.all("SELECT day FROM days WHERE closed")]
    left = without(pool, closed) if closed else []
    if not left or pool.one("SELECT 1 FROM pg_extension WHERE extname=%s", EXTENSION):
        return ""
    return (
        f"texts are looked for in every word of {len(left)} days: the database has no {EXTENSION}, and this role may "
        f"not make it; an administrator does with CREATE EXTENSION {EXTENSION}"
    )
