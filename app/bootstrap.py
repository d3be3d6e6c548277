"""The one place where ports meet their implementations.

Import it late: it brings the database and the services along, for which no window should wait.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from platformdirs import user_data_path

from app.domain.home import Home
from app.resources import resources_dir
from app.services.bus import LocalBus
from app.services.other_writers import OtherWriters
from app.services.program import Program
from app.services.rubric_file import rubric_in_force
from app.services.settings_file import actor_name, settings_in_force
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from app.wiring import Wiring

LOG_FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"


def shipped_rubric() -> Path:
    """Return the file of the severity levels that a team without its own works by."""
    return resources_dir() / "rubric.toml"


def home_of(given: str = "") -> Home:
    """Return the data folder: the one given, ``HOTWASH_HOME``, or the user's own."""
    chosen = given or os.environ.get("HOTWASH_HOME", "")
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    return Home(user_data_path("hotwash", appauthor=False))


def load_writing() -> None:
    """Load what the first write needs, for a program that stays: its first step shall not wait."""
    import app.storage.record_writer  # noqa: F401, PLC0415  a command that reads goes without


def log_to_file(home: Home) -> None:
    """Keep the log in the data folder; where that cannot be written, do without."""
    root = logging.getLogger()
    try:
        home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = logging.FileHandler(home.log, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def build(home: Home, *, actor: str = "", offline: bool = False) -> Program:
    """Open the data folder and hand over the program; its parts are wired when asked for.

    Raises:
        InvalidRecordError: The actor's name is none.
        StorageError: The data folder cannot be used.
    """
    settings = settings_in_force(home.settings, offline=offline)
    acting = actor_name(settings, actor)
    database = open_database(home.database)
    store = SqlRecordStore(database)
    rubric = rubric_in_force(home.rubric, shipped_rubric())
    program = Program(
        home=home,
        settings=settings,
        actor=acting,
        bus=LocalBus(),
        store=store,
        notices=tuple(n for n in (database.notice, rubric.problem) if n is not None),
        other_writers=OtherWriters(store),
    )
    program.wire_by(Wiring(program, database=database, store=store, rubric=rubric))
    return program
