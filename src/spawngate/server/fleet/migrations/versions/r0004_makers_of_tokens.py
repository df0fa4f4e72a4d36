"""SHELL. Makers of tokens. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("maker", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("parent", sa.Integer(), server_default="0", nullable=False))
