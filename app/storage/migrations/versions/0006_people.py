"""Voices that a person has merged; lines whose voice a person has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What a step that is not undone has given to another voice, or to one at all.
CHOSEN = """
UPDATE segment SET speaker_by_person = TRUE WHERE id IN (
    SELECT c.entity_id FROM change c JOIN operation o ON o.id = c.operation_id
    WHERE c.entity_type = 'segment' AND o.undoable AND NOT o.undone
    AND COALESCE(json_extract(c.before, '$.speaker_id'), '')
        <> COALESCE(json_extract(c.after, '$.speaker_id'), '')
)
"""


def upgrade() -> None:
    """Add the columns; who chose a line's voice so far is told by the history."""
    # No foreign key: SQLite adds none to a table that is there. Who reads it bears with nobody.
    op.add_column("speaker", sa.Column("merged_into", sa.String(), nullable=True))
    by_person: sa.Column[bool] = sa.Column(
        "speaker_by_person", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("segment", by_person)
    op.execute(CHOSEN)
