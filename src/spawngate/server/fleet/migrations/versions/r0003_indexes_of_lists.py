"""SHELL. Indexes of lists. Written by `tests.server.fleet.new_migration`; never edited once it is released."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the revision before to this one."""
    with op.batch_alter_table("advisory_matches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_advisory_matches_lists",
            ["advisory", "state", "endpoint", "artifact", "severity", "first_seen"],
            unique=False,
        )

    with op.batch_alter_table("endpoints", schema=None) as batch_op:
        batch_op.create_index("ix_endpoints_lists", ["id", "team", "retired_at", "host", "label"], unique=False)

    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_findings_artifacts", ["endpoint", "artifact", "severity", "closed_at", "state"], unique=False
        )
        batch_op.create_index(
            "ix_findings_lists",
            [
                "rule",
                "severity",
                "closed_at",
                "state",
                "owner",
                "due",
                "agent",
                "name",
                "team",
                "endpoint",
                "fingerprint",
                "opened_at",
            ],
            unique=False,
        )
