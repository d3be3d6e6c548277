from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.bootstrap import build, shipped_rubric
from app.domain.home import Home
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.services import restarts
from app.services.bus import LocalBus
from app.services.live_work import LiveWork
from app.services.rubric_file import rubric_in_force
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import BRIDGE, INCIDENT, START, a_segment, a_session, a_track, an_incident
from tests.machines import Machine, with_an_incident
from tests.unit.services.fake_recorders import FakeRecorders, a_desk
from tests.unit.services.live_work import Reading, SetClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.events import Event
    from app.services.program import Program
    from app.services.recording_desk import RecordingDesk


class Heard(list["Event"]):
    """Everything that was published."""


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Return the program as it is wired, in a home of its own."""
    program = build(Home(tmp_path / "home"), actor="Marcus", offline=True)
    yield program
    program.shutdown()


@pytest.fixture
def heard(bus: LocalBus) -> Heard:
    heard = Heard()
    bus.subscribe(heard.append)
    return heard


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    """A store with one incident: a session, two tracks, one segment on the bridge."""
    store = SqlRecordStore(open_database(tmp_path / "home" / "hotwash.db"))
    parts = (an_incident(), a_session(), a_track(TrackLabel.ROOM), a_track(TrackLabel.BRIDGE))
    changes = [Change(None, part) for part in parts]
    store.commit(INCIDENT, changes, by="test", label="set up", undoable=False)
    store.add_segments(BRIDGE, [a_segment()], made_in=RecognitionPass.FINAL, cursor_ms=80_000)
    yield store
    store.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START + timedelta(minutes=10))


@pytest.fixture
def work(store: SqlRecordStore, bus: LocalBus, clock: SetClock, tmp_path: Path) -> LiveWork:
    rubric = rubric_in_force(tmp_path / "none.toml", shipped_rubric())
    return LiveWork.over(store, bus, actor="Marcus", rubric=rubric, clock=clock)


@pytest.fixture
def record(store: SqlRecordStore) -> Reading:
    return Reading(store)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    """A machine with an incident, whose bundles move."""
    machine = with_an_incident(Machine(tmp_path / "here"))
    yield machine
    machine.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Machine]:
    """Another person's machine, with nothing on it."""
    machine = Machine(tmp_path / "there", name="Priya")
    yield machine
    machine.close()


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "WAITS_S", (0.0,) * 4)


@pytest.fixture
def recorders() -> Iterator[FakeRecorders]:
    recorders = FakeRecorders()
    yield recorders
    for recording in recorders.all:
        recording.die()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def desk(
    store: SqlRecordStore, bus: LocalBus, home: Home, recorders: FakeRecorders
) -> Iterator[RecordingDesk]:
    desk = a_desk(store, bus, home, recorders)
    yield desk
    desk.shutdown()


@pytest.fixture
def other_desk(
    store: SqlRecordStore, bus: LocalBus, home: Home, recorders: FakeRecorders
) -> RecordingDesk:
    """The desk of another program over the same data folder."""
    return a_desk(store, bus, home, recorders)
