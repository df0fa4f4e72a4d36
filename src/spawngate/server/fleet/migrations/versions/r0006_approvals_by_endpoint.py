"""SHELL. Approvals by endpoint. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_endpoint"), ["endpoint"], unique=False)
