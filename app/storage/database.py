"""Opens the database: its folder, its settings, its schema, and what to do when it is not well."""

from __future__ import annotations

import contextlib
import functools
import shutil
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

HEAD = "0006"  # the newest file in migrations/versions; a test holds them together
KNOWN = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})
BUSY_TIMEOUT_S = 10
MIGRATIONS = Path(__file__).parent / "migrations"
CHECKED_WHOLE_BELOW = 64 * 1024 * 1024  # bytes; beyond, reading it all would delay the start
DAMAGE = ("malformed", "not a database")
NOT_WRITABLE = ("is full", "readonly", "read-only", "unable to open", "disk I/O")


class Database:
    """One connection for the process, used by one thread at a time under ``lock``.

    A single connection is what makes ``PRAGMA data_version`` tell other programs' writes only.
    SQLAlchemy writes over it, and is loaded when something is written: a command that reads ends
    before it would be there.

    Attributes:
        notice: What a person must be told about how it opened, None if nothing.
    """

    def __init__(self, path: Path, notice: AppError | None = None) -> None:
        self.path = path
        self.notice = notice
        self.lock = threading.RLock()
        with self._translated():
            self._connection = _connect(path)

    @functools.cached_property
    def engine(self) -> Engine:
        """SQLAlchemy over the connection."""
        from app.storage.engine import engine_over  # noqa: PLC0415  see the class

        return engine_over(self._connection)

    @contextlib.contextmanager
    def reading_rows(self) -> Iterator[sqlite3.Connection]:
        """Give the bare connection, in a transaction that sees one state of the data."""
        with self._translated(), self.lock:
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.rollback()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give SQLAlchemy's connection, in a transaction that sees one state of the data."""
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
            yield self._connection

    def data_version(self) -> int:
        """Return a number that changes when another program has written."""
        with self.reading_rows() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            if "engine" in vars(self):
                self.engine.dispose()
            self._connection.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Exception as cause:
            # SQLAlchemy wraps the driver's errors
            driver = getattr(cause, "orig", None) or cause
            if isinstance(driver, sqlite3.IntegrityError):
                raise InvalidRecordError(
                    "record", f"an id is taken, or refers to nothing ({driver})"
                ) from cause
            known = None
            if isinstance(driver, sqlite3.DatabaseError):
                known = _as_storage_error(self.path, driver)
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
    database = Database(path, notice)
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
    return Database(path)


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


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
        isolation_level=None,  # transactions are begun by what reads and writes, not by sqlite3
    )
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


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
    with database.reading_rows() as connection:
        if connection.execute(tables).fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
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
    text = str(cause)
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
