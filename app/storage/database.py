"""Opens the database: its folder, its settings, its schema, and what to do when it is not well."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.pool import StaticPool

from app.domain.errors import (
    AppError,
    DatabaseDamagedError,
    InvalidRecordError,
    NewerDatabaseError,
    StorageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

HEAD = "0003"  # the newest file in migrations/versions; a test holds them together
KNOWN = frozenset({"0001", "0002", "0003"})
BUSY_TIMEOUT_S = 10
MIGRATIONS = Path(__file__).parent / "migrations"
CHECKED_WHOLE_BELOW = 64 * 1024 * 1024  # bytes; beyond, reading it all would delay the start
DAMAGE = ("malformed", "not a database")
NOT_WRITABLE = ("is full", "readonly", "read-only", "unable to open", "disk I/O")


@dataclass(frozen=True, slots=True)
class Database:
    """One connection for the process, used by one thread at a time under ``lock``.

    A single connection is what makes ``PRAGMA data_version`` tell other programs' writes only.

    Attributes:
        notice: What a person must be told about how it opened, None if nothing.
    """

    engine: Engine
    lock: threading.RLock
    path: Path
    notice: AppError | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the connection, in a transaction that sees one state of the data."""
        with self._translated(), self.lock, self.engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the connection; everything done with it is durable at the end, or undone."""
        options = {"hotwash_begin": "BEGIN IMMEDIATE"}
        with self._translated(), self.lock, self.engine.connect() as plain:
            connection = plain.execution_options(**options)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def plain(self) -> Iterator[sqlite3.Connection]:
        """Give SQLite's own connection, outside any transaction: what VACUUM asks for."""
        with self._translated(), self.lock:
            raw = self.engine.raw_connection()
            try:
                if not isinstance(raw.driver_connection, sqlite3.Connection):
                    raise TypeError("the engine is for SQLite")
                yield raw.driver_connection
            except sqlite3.DatabaseError as cause:
                known = _as_storage_error(self.path, cause)
                if known is None:
                    raise
                raise known from cause
            finally:
                raw.close()

    def data_version(self) -> int:
        """Return a number that changes when another program has written."""
        with self.reading() as connection:
            return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self.engine.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as cause:
            raise InvalidRecordError(
                "record", f"an id is taken, or refers to nothing ({cause.orig})"
            ) from cause
        except DatabaseError as cause:
            known = _as_storage_error(self.path, cause)
            if known is None:
                raise
            raise known from cause


def open_database(path: Path) -> Database:
    """Open the database, making or migrating it where needed.

    A damaged one is moved aside, never deleted, and an empty one takes its place: the audio and
    its journals are elsewhere and whole.

    Raises:
        NewerDatabaseError: A newer version of the program made it.
        StorageError: The folder cannot be written, or the disk is full.
    """
    _make_folder(path.parent)
    notice = None
    try:
        _check_readable(path)
    except DatabaseDamagedError as damaged:
        kept = _set_aside(path)
        what = f"It was kept as {kept.name}, and an" if kept.exists() else "An"
        notice = DatabaseDamagedError(
            f"{damaged} {what} empty one was begun: recordings are put back on record from their "
            "files, but transcripts, timelines and other entries are missing.",
            remedy="Restore a backup of the database, or run “hotwash transcribe” again.",
        )
    database = Database(_engine(path), threading.RLock(), path, notice)
    try:
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def open_copy(path: Path) -> Database:
    """Open a backup as it is, of whatever schema.

    Raises:
        DatabaseDamagedError: It does not read.
    """
    _check_readable(path)
    return Database(_engine(path), threading.RLock(), path)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as cause:
        raise _not_writable(folder, cause.strerror or str(cause)) from cause


def _check_readable(path: Path) -> None:
    if not path.exists() or path.stat().st_size == 0:
        if any(path.parent.glob("incidents/*/audio/*")):
            raise DatabaseDamagedError(f"The database {path} is missing or empty.")
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
            whole = path.stat().st_size < CHECKED_WHOLE_BELOW
            check = "PRAGMA quick_check(1)" if whole else "SELECT 'ok' FROM sqlite_master LIMIT 1"
            row = connection.execute(check).fetchone()
    except sqlite3.DatabaseError as cause:
        known = _as_storage_error(path, cause)
        if known is None:
            raise
        raise known from cause
    if row != ("ok",):
        raise DatabaseDamagedError(f"The database {path} is damaged ({row[0]}).")


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            shutil.move(part, kept.with_name(kept.name + suffix))
    return kept


def _engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by sqlite3
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A transaction that will write takes its lock at once: no deadlock on the way.
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("hotwash_begin", "BEGIN"))

    return engine


def _migrate(database: Database) -> None:
    current = _revision(database)
    if current == HEAD:
        return
    if current is not None and current not in KNOWN:
        raise NewerDatabaseError(
            f"{database.path} was made by a newer version of Hotwash (schema {current}).",
            remedy="Update Hotwash, or choose another data folder with --home.",
        )
    if current is not None:
        _back_up(database.path, current)
    from alembic import command  # noqa: PLC0415  needed only when the schema changes
    from alembic.config import Config  # noqa: PLC0415  as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(database: Database) -> str | None:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    with database.reading() as connection:
        if connection.exec_driver_sql(tables).first() is None:
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return None if row is None else str(row[0])


def _back_up(path: Path, revision: str) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.with_name(f"{path.name}.before-{HEAD}-from-{revision}-{stamp}")
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _as_storage_error(path: Path, cause: Exception) -> StorageError | None:
    """Return what a person can act on; None for what is a bug."""
    text = str(getattr(cause, "orig", None) or cause)
    if any(word in text for word in DAMAGE):
        return DatabaseDamagedError(
            f"The database {path} is damaged ({text}).",
            remedy="Close Hotwash and start it again: it keeps the damaged file and goes on.",
        )
    if "locked" in text:
        return StorageError(
            f"Another program has held the database {path} for {BUSY_TIMEOUT_S} s.",
            remedy="Try again; nothing was changed.",
        )
    if any(word in text for word in NOT_WRITABLE):
        return _not_writable(path, text)
    return None


def _not_writable(path: Path, reason: str) -> StorageError:
    return StorageError(
        f"The data folder {path if path.is_dir() else path.parent} cannot be used: {reason}.",
        remedy="Free disk space or make the folder writable, or choose another with --home.",
    )
