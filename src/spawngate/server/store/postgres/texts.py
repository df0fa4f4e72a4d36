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


def wanting(connection: Connection) -> str:
    """What an administrator has to do so that such indexes can be made; empty where nothing. Raises psycopg.Error."""
    asked = (
        "SELECT quote_ident(n.nspname), has_schema_privilege(n.oid, 'USAGE'), quote_ident(current_user) "
        "FROM pg_extension e JOIN pg_namespace n ON n.oid=e.extnamespace WHERE e.extname=%s"
    )
    for schema, may_use, role in rows(connection, asked, EXTENSION):
        told = f"{EXTENSION} is in the schema {schema}, which this role may not use; an administrator lets it with "
        return "" if may_use else f"{told}GRANT USAGE ON SCHEMA {schema} TO {role}"
    asked = (
        "SELECT bool_or(trusted AND has_database_privilege(current_database(), 'CREATE')) "
        "OR bool_or((SELECT rolsuper FROM pg_roles WHERE rolname=current_user)) "
        "FROM pg_available_extension_versions WHERE name=%s"
    )
    ((may_make,),) = rows(connection, asked, EXTENSION)
    if may_make is None:
        return (
            f"this PostgreSQL has no {EXTENSION}; an administrator installs its contrib modules on the database's "
            f"machine, and then says CREATE EXTENSION {EXTENSION} in this database"
        )
    told = (
        f"the database has no {EXTENSION}, and this role may not make it; an administrator does with CREATE EXTENSION"
    )
    return "" if may_make else f"{told} {EXTENSION}"


def advice(pool: Pool, *, refused: bool) -> str:
    """What an administrator could do; empty where nothing is to be done, or no day is closed. `refused`: to make an
    index was tried, and failed. Raises StoreError."""
    closed = [day for (day,) in pool.all("SELECT day FROM days WHERE closed")]
    left = without(pool, closed) if closed else []
    if not left:
        return ""
    with pool.lent() as connection:
        needed = wanting(connection)
    if refused and not needed:
        needed = f"the database lets nobody but an administrator say CREATE EXTENSION {EXTENSION}"
    return f"texts are looked for in every word of {len(left)} days: {needed}" if needed else ""
