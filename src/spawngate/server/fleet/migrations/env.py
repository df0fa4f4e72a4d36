"""SHELL. What Alembic runs: the migrations on the connection that `fleet.migrate` hands over.

Must not be here: a connection of its own; `alembic` is never called from a shell.
"""

from alembic import context

from spawngate.server.fleet.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a column by making the table anew
)
context.run_migrations()
