"""Writes the next migration: what the tables say that the newest migration does not make.

    python -m tests.server.fleet.new_migration 0002 approvals-by-group

Must not be here: anything that runs in a server. Read what it writes, and mend it by hand where data must move.
"""

import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from spawngate.server.fleet import migrate
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.tables import METADATA

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"
TEMPLATE = '''"""SHELL. {title}. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

{imports}from alembic import op

revision = "{revision}"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    {body}
'''


def written(revision: str, name: str) -> str:
    """The text of the migration."""
    known = [each for each in migrate.revisions() if each < revision]
    with tempfile.TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/x.sqlite") as database:
        if known:
            migrate.upgrade(database, known[-1])
        with database.changing() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
            made = produce_migrations(context, METADATA)
    assert made.upgrade_ops is not None
    body = render_python_code(made.upgrade_ops, render_as_batch=True)
    lines = [line for line in body.splitlines() if not line.strip().startswith("# ")]
    title = name.replace("-", " ").capitalize()
    imports = "import sqlalchemy as sa\n" if "sa." in body else ""
    return TEMPLATE.format(
        imports=imports,
        title=title,
        revision=revision,
        before=repr(known[-1]) if known else None,
        body="\n".join(lines).strip(),
    )


if __name__ == "__main__":
    revision, name = sys.argv[1:]
    target = VERSIONS / f"r{revision}_{name.replace('-', '_')}.py"
    target.unlink(missing_ok=True)
    target.write_text(written(revision, name), encoding="utf-8")
