"""SHELL. Changes of the fleet database's schema, one module each, for Alembic.

A released migration is never edited. `python -m tests.server.fleet.new_migration NUMBER NAME` writes the next one from
the difference between the newest and the tables; `database.HEAD` names the newest.
Must not be here: data that a release ships, queries of the server.
"""
