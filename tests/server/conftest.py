"""Fixtures of every test of a server: a PostgreSQL, where one is installed."""

from tests.server.postgres import cluster, database, module_database

__all__ = ["cluster", "database", "module_database"]
