"""SHELL. Proofs of enrolment. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("endpoints", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proofs", sa.Text(), server_default=" ", nullable=False))
