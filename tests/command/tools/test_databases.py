"""What programs of `command.tools.databases` do, by their arguments."""

import pytest

from spawngate.command.tools.databases import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("psql -c 'select 1'", ("inline-code",)),
    ("psql -c 'drop table a'", ("database-drop", "inline-code")),
    ("psql -c 'delete from a'", ("database-delete-all", "inline-code")),
    ("psql -c 'delete from a where id = 1'", ("inline-code",)),
    ("psql -c \"copy a from program 'id'\"", ("database-runs-program", "inline-code", "reconnaissance")),
    ("mysql -e 'drop database a'", ("database-drop", "inline-code")),
    ("psql -c 'select * from pg_shadow'", ("hash-dump", "inline-code")),
    ("psql -c 'select pg_ls_dir(1)'", ("database-runs-program", "inline-code")),
    ("psql -c 'create extension plpython3u'", ("database-runs-program", "inline-code")),
    ("psql -c 'create extension pgcrypto'", ("inline-code",)),
    ("psql -c 'alter table a disable row level security'", ("database-grant", "inline-code")),
    ("psql -c 'alter table a enable row level security'", ("inline-code",)),
    ("duckdb -c \"copy a to 's3://x/a'\"", ("database-dump", "inline-code", "send-file")),
    ("duckdb -c \"copy a to 'a.parquet'\"", ("inline-code",)),
    ("mysql -e 'set global general_log_file = 1'", ("database-runs-program", "inline-code")),
    ("psql -c 'drop warehouse w'", ("database-drop", "inline-code")),
    ("mysql -e \"grant all on *.* to 'a'@'%'\"", ("database-grant", "inline-code")),
    ("sqlite3 a.db '.shell id'", ("database-runs-program", "inline-code", "reconnaissance")),
    ("sqlite3 a.db .tables", ("inline-code",)),
    ("redis-cli FLUSHALL", ("database-flush",)),
    ("redis-cli get a", ()),
    ("redis-cli config set dir /tmp", ("database-runs-program",)),
    ("mongosh --eval 'db.dropDatabase()'", ("database-drop", "inline-code")),
    ("pg_dump a", ("database-dump",)),
    ("dropdb a", ("database-drop",)),
    ("mysqladmin drop a", ("database-drop",)),
    ("rails db:drop", ("database-drop",)),
    ("rails db:migrate", ()),
    ("pg_restore -c a.dump", ("database-drop",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
