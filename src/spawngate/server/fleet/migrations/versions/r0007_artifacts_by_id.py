"""SHELL. Artifacts by id. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_artifacts_lists"))
        batch_op.create_index(
            "ix_artifacts_lists",
            [
                "kind",
                "fingerprint",
                "name",
                "endpoint",
                "team",
                "agent",
                "tier",
                "transport",
                "status",
                "scope",
                "first_seen",
                "id",
            ],
            unique=False,
        )
