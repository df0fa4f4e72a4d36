"""The throw-away PostgreSQL itself: it keeps what was committed over a kill."""

import psycopg

from tests.server.postgres import running


def test_a_database_is_empty_and_keeps_what_was_committed(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname='public'").fetchone() == (0,)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_killed_cluster_recovers(cluster: object) -> None:  # skips where there is none
    with running() as mine:
        address = mine.create("kept")
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE x AS SELECT 1 AS one")
        mine.kill()
        mine.start()
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT one FROM x").fetchone() == (1,)
        mine.stop()
        mine.start()
        with psycopg.connect(address) as connection:
            assert connection.execute("SELECT one FROM x").fetchone() == (1,)
