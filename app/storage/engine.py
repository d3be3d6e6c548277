"""SQLAlchemy over the one connection that the database has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    import sqlite3

    from sqlalchemy import Connection, Engine


def engine_over(connection: sqlite3.Connection) -> Engine:
    """Return an engine whose only connection is this one."""
    engine = create_engine("sqlite://", poolclass=StaticPool, creator=lambda: connection)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that will write takes its lock at once: no deadlock on the way.
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("hotwash_begin", "BEGIN"))

    return engine
