"""Audio on disk is the truth: what the database makes of it after crashes and losses."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderLock
from app.audio_files.format import ADDRESS_FILE, SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Slept, Stepped
from app.audio_files.session_folder import attaching, create_session, end_session, incoming_track
from app.audio_files.writer import TrackWriter
from app.domain.engine_types import TrackAudio
from app.domain.events import ProblemArose
from app.domain.home import Home
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.incident import IncidentState
from app.domain.sessions import ClockEvent, ClockEventKind, SessionKind, TrackLabel, TrackSource
from app.services.recovery import RESTART_LOCK, Recovery
from tests.builders import INCIDENT, SESSION, START

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.engine_types import TrackPlan
    from app.domain.recording_ports import Recording
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

LOST = SessionId("ses-lost")
SECOND_OF_PCM = bytes(32_000)


class NoRecorders:
    """A machine on which no recorder runs."""

    def start(
        self,
        session_dir: Path,
        *,
        incident_id: IncidentId,
        session_id: SessionId,
        kind: SessionKind,
        plans: Sequence[TrackPlan],
    ) -> Recording:
        raise NotImplementedError(session_dir, incident_id, session_id, kind, plans)

    def attach(self, session_dir: Path) -> None:
        assert session_dir.is_dir()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def recovery(store: SqlRecordStore, bus: LocalBus, home: Home) -> Recovery:
    return Recovery(store, bus, home=home, archive=FolderArchive(), recorders=NoRecorders())


def cut_off(home: Home, incident_id: IncidentId, session_id: SessionId = LOST) -> Path:
    """Leave what a killed recorder leaves: 3 s on disk, no end."""
    folder = home.session_dir(incident_id, session_id)
    track = TrackInfo(
        TrackId(f"trk-{session_id}"), TrackLabel.ROOM, TrackSource.MIC, "Built-in", 48_000
    )
    write_session_info(
        folder, SessionInfo(incident_id, session_id, SessionKind.ROOM, START, (track,))
    )
    journal = Journal(folder)
    writer = TrackWriter(folder, journal, track.track_id, track.label)
    for _ in range(3):
        writer.append(SECOND_OF_PCM)
    writer.sync()
    writer.abandon()
    journal.close()  # neither sealed nor ended
    return folder


def test_a_session_that_was_cut_off_is_put_on_record_with_its_length(
    store: SqlRecordStore, home: Home, recovery: Recovery
) -> None:
    folder = cut_off(home, INCIDENT)

    assert recovery.recover_all() == [LOST]

    record = store.record(INCIDENT)
    assert record.session(LOST).kind is SessionKind.ROOM
    (track,) = record.tracks_of(LOST)
    assert track.duration_ms == 3_000
    assert list(folder.glob("*.part")) == []
    assert recovery.recover_all() == [], "a second start finds nothing to do"


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_session_that_went_on_after_it_was_taken_for_ended_is_recovered_again(
    store: SqlRecordStore, home: Home, recovery: Recovery, *, is_sealed: bool
) -> None:
    folder = cut_off(home, INCIDENT)
    (folder / ADDRESS_FILE).touch()
    assert recovery.recover_all() == [LOST]
    assert recovery.recover_all() == []
    with contextlib.closing(Journal(folder)) as journal:
        writer = TrackWriter(folder, journal, TrackId(f"trk-{LOST}"), TrackLabel.ROOM)
        writer.skip(4 * 16_000)
        writer.append(SECOND_OF_PCM)
        writer.sync()
        (writer.close if is_sealed else writer.abandon)()

    assert recovery.recover_all() == [LOST]

    assert store.record(INCIDENT).tracks_of(LOST)[0].duration_ms == 5_000


def test_a_session_that_goes_on_has_no_length_until_it_is_over(
    store: SqlRecordStore, home: Home, recovery: Recovery
) -> None:
    cut_off(home, INCIDENT)
    recovery.recover_all()

    recovery.reopen(store.record(INCIDENT).session(LOST), by="Marcus")

    assert store.record(INCIDENT).tracks_of(LOST)[0].duration_ms is None
    assert recovery.recover_all() == [LOST]
    assert store.record(INCIDENT).tracks_of(LOST)[0].duration_ms == 3_000


def test_a_session_whose_recorder_is_started_again_is_not_taken_for_ended(
    home: Home, recovery: Recovery
) -> None:
    cut_off(home, INCIDENT)
    turn = FolderLock(home.root, RESTART_LOCK)
    assert recovery.recover_all() == []
    turn.release()

    assert recovery.recover_all() == [LOST]


def test_a_lost_database_costs_the_name_of_the_incident_and_no_audio(
    store: SqlRecordStore, home: Home, recovery: Recovery
) -> None:
    unknown = IncidentId("inc-unknown")
    cut_off(home, unknown)

    recovery.recover_all()

    record = store.record(unknown)
    assert record.incident.title == "Recovered recording of 2026-03-12 14:46 UTC"
    assert record.incident.state is IncidentState.POSTMORTEM_ONLY
    assert record.tracks_of(LOST)[0].duration_ms == 3_000


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_recovered(
    home: Home, recovery: Recovery, heard: Heard
) -> None:
    broken = cut_off(home, INCIDENT, SessionId("ses-broken"))
    (broken / "session.json").write_text("{")
    cut_off(home, INCIDENT)

    assert recovery.recover_all() == [LOST]
    assert [type(event) for event in heard] == [ProblemArose]


def test_what_an_ended_session_holds_is_settled_once(
    store: SqlRecordStore, home: Home, recovery: Recovery
) -> None:
    cut_off(home, INCIDENT)
    recovery.settle(INCIDENT, LOST, by="Marcus")
    steps = len(store.record(INCIDENT).operations)

    recovery.settle(INCIDENT, LOST, by="Marcus")

    assert len(store.record(INCIDENT).operations) == steps


def test_a_folder_that_somebody_writes_is_left_alone_and_not_on_record(
    store: SqlRecordStore, home: Home, recovery: Recovery, heard: Heard
) -> None:
    folder = cut_off(home, INCIDENT)
    with contextlib.closing(Journal(folder)):
        assert recovery.recover_all() == []
        assert list(folder.glob("*.part")) != []
    assert [session.id for session in store.record(INCIDENT).sessions] == [SESSION]
    assert heard == []

    assert recovery.recover_all() == [LOST]


def test_what_is_being_attached_is_no_session_for_others_until_it_is_whole(
    store: SqlRecordStore, home: Home, recovery: Recovery
) -> None:
    folder = home.session_dir(INCIDENT, LOST)
    track = TrackInfo(TrackId("trk-file"), TrackLabel.ROOM, TrackSource.FILE, "a.wav", 16_000)
    info = SessionInfo(INCIDENT, LOST, SessionKind.IMPORT, START, (track,))
    with attaching(folder):
        create_session(folder, info)
        assert recovery.recover_all() == []
        with incoming_track(TrackAudio(track.track_id, folder, track.label)) as writer:
            writer.append(SECOND_OF_PCM)
            assert recovery.recover_all() == []
        assert recovery.recover_all() == []
        assert [session.id for session in store.record(INCIDENT).sessions] == [SESSION]
        end_session(folder)

    assert FolderArchive().verify(folder).problems == ()
    recovery.settle(INCIDENT, LOST, by="Marcus")
    assert store.record(INCIDENT).tracks_of(LOST)[0].duration_ms == 1_000


def test_how_the_machines_clock_behaved_is_put_on_record(
    recovery: Recovery, store: SqlRecordStore, home: Home
) -> None:
    folder = cut_off(home, INCIDENT)
    session, tracks = recovery.on_disk(INCIDENT, LOST)
    recovery.put_on_record(session, tracks, by="test")
    with contextlib.closing(Journal(folder)) as journal:
        journal.append(Stepped(1_000, -3_600_000), Slept(2_000, 40_000))

    assert recovery.recover_all() == [LOST]

    assert session.clock_events == ()
    assert store.record(INCIDENT).session(LOST).clock_events == (
        ClockEvent(ClockEventKind.STEPPED, 1_000, -3_600_000),
        ClockEvent(ClockEventKind.SLEPT, 2_000, 40_000),
    )
