"""Who recognised a session."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what recognised earlier sessions is not known."""
    recognised: sa.Column[object] = sa.Column(
        "recognised", sa.JSON(none_as_null=True), nullable=True, server_default="[]"
    )
    op.add_column("session", recognised)
