"""The tables, as far as they promise something by themselves."""

import re

from sqlalchemy import Integer, String

from spawngate.server.fleet.tables import METADATA


def test_ids_of_deleted_rows_are_not_given_again() -> None:
    counted = [
        table.name
        for table in METADATA.sorted_tables
        if list(table.primary_key.columns.keys()) == ["id"] and isinstance(table.c.id.type, Integer)
        if table.name != "commands"  # their numbers come from a counter that never falls
    ]
    assert {"teams", "users", "tokens", "enrolments", "policies", "approvals"} <= set(counted)
    assert all(METADATA.tables[name].dialect_options["sqlite"]["autoincrement"] for name in counted)


def test_times_are_texts_that_sort() -> None:
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if re.search(r"_at$|_seen$", column.name):
                assert isinstance(column.type, String), f"{table.name}.{column.name}"
                assert column.type.length == 32


def test_no_column_holds_a_secret_in_clear() -> None:
    """What opens something is kept as a hash: 64 hex digits, or what argon2id makes of a password."""
    kept = {f"{table.name}.{column.name}" for table in METADATA.sorted_tables for column in table.columns}
    assert {name for name in kept if re.search(r"secret|word|token|hash", name.partition(".")[2])} == {
        "users.password",
        "tokens.hash",
        "one_time.hash",
        "enrolments.hash",
        "endpoints.token",
        "endpoints.next_token",
        "endpoints.token_at",
    }
