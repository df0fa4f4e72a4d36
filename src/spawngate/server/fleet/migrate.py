"""SHELL. The schema of the fleet database brought to this release's, by Alembic.

All of an upgrade is one transaction, in SQLite and in PostgreSQL: one that fails changes nothing.
Must not be here: the changes (`migrations`), when they are made (`database`, `opening`).
"""

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from spawngate.server.store.port import StoreError

if TYPE_CHECKING:
    from spawngate.server.fleet.database import Database


def configuration() -> Config:
    """Alembic's configuration: where the migrations are, and nothing from files."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def upgrade(database: "Database", to: str = "head") -> None:
    """Bring the schema to a revision, the newest if none is named. Raises StoreError for one of another release."""
    config = configuration()
    try:
        with database.changing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    except CommandError:
        raise StoreError(
            f"the fleet database is at revision {database.revision()}, which this release does not know: "
            "a newer release wrote it"
        ) from None


def revisions() -> list[str]:
    """Every revision that this release knows, oldest first."""
    script = ScriptDirectory.from_config(configuration())
    return [each.revision for each in script.walk_revisions()][::-1]
