"""Segments that are the bridge heard in the room; how the machine's clock was set."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; in what was there nobody has looked for either."""
    bleed: sa.Column[bool] = sa.Column(
        "bleed", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("segment", bleed)
    events: sa.Column[object] = sa.Column(
        "clock_events", sa.JSON(none_as_null=True), nullable=True, server_default="[]"
    )
    op.add_column("session", events)
