"""Alembic's entry point: runs the migrations over the connection it is handed."""

from alembic import context
from sqlmodel import SQLModel

import app.storage.mapping  # noqa: F401  so that the metadata knows all tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
