"""Redactions; waivers of the leak check; when a hypothesis was settled; names of evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns; what was there stays as it was."""
    for table in ("status_update", "communication"):
        waiver: sa.Column[object] = sa.Column(
            "leak_waiver", sa.JSON(none_as_null=True), nullable=True
        )
        op.add_column(table, waiver)
    op.add_column("evidence", sa.Column("name", sa.String(), nullable=True))
    settled: sa.Column[object] = sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("entry", settled)
    op.create_table(
        "redaction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("incident_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("track_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("incident_id", "session_id"):
        op.create_index(f"ix_redaction_{column}", "redaction", [column], unique=False)
