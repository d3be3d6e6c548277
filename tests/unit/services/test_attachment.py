import json
import wave
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest

from app.audio_files import session_folder
from app.domain.errors import (
    AudioNotStoredError,
    AudioUnreadableError,
    InvalidRecordError,
    StartUnknownError,
    WorkCancelledError,
)
from app.domain.events import COPYING, READING, Event, WorkProgressed
from app.domain.ids import IncidentId
from app.domain.media import StartSource
from app.domain.sessions import SessionKind, TrackLabel
from app.services import attachment
from app.services.attachment_plan import Attached
from app.services.program import Program

START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)
RATE = 16_000


@pytest.fixture
def incident(program: Program) -> IncidentId:
    return program.incidents.create("Checkout").id


def a_call(path: Path, seconds: float = 1) -> Path:
    samples = 3_000 * np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * 440 / RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def of_streams(path: Path, *titles: str) -> Path:
    """Write a file with an audio stream of each title."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=RATE) for _ in titles]
        for stream, title in zip(streams, titles, strict=True):
            stream.layout = "mono"
            stream.metadata["title"] = title
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(np.ones((1, RATE), "<i2"), "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def attach(
    program: Program,
    incident: IncidentId,
    *files: Path,
    start: datetime | None = None,
    stream: int | None = None,
) -> list[Attached]:
    return program.attachment.attach(
        incident,
        files,
        start_utc=start,
        kind=SessionKind.BRIDGE,
        stream=stream,
    )


class Shown(NamedTuple):
    device: str
    label: TrackLabel
    duration_ms: int | None


def tracks(program: Program, incident: IncidentId, attached: Attached) -> list[Shown]:
    record = program.incidents.record(incident)
    found = record.tracks_of(attached.session.id)
    return [Shown(track.device, track.label, track.duration_ms) for track in found]


def nothing_is_left(program: Program, incident: IncidentId) -> bool:
    audio = program.home.incident_dir(incident) / "audio"
    return not program.incidents.record(incident).sessions and not list(audio.glob("*"))


def test_files_that_overlap_are_tracks_of_one_session_each_where_it_was(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    late = a_call(tmp_path / "room 2026-03-12 14-46-08.wav", 5)
    early = a_call(tmp_path / "GMT20260312-144600_Recording.wav", 10)

    (one,) = attach(program, incident, late, early)

    assert one.session.start_utc == START
    assert set(tracks(program, incident, one)) == {
        ("GMT20260312-144600_Recording.wav", TrackLabel.BRIDGE, 10_000),
        (late.name, TrackLabel.ROOM, 13_000),
    }
    assert {(found.at, found.source) for found in one.starts.values()} == {
        (START, StartSource.NAME),
        (START + timedelta(seconds=8), StartSource.NAME),
    }


def test_files_that_do_not_overlap_are_sessions_of_their_own_in_their_order(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    second = a_call(tmp_path / "2026-03-12 14-56-00.wav")
    first = a_call(tmp_path / "2026-03-12 14-46-00.wav")

    attached = attach(program, incident, second, first)

    starts = [one.session.start_utc for one in attached]
    assert starts == [START, START + timedelta(minutes=10)]
    assert [tracks(program, incident, one) for one in attached] == [
        [(first.name, TrackLabel.BRIDGE, 1_000)],
        [(second.name, TrackLabel.BRIDGE, 1_000)],
    ]


def test_a_name_without_a_zone_is_read_in_the_incidents(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    program.edits.apply(incident, {"incident": {"display_timezone": "Europe/Berlin"}})
    file = a_call(tmp_path / "2026-03-12 15-46-00.wav")

    (one,) = attach(program, incident, file)

    assert one.session.start_utc == START
    (found,) = one.starts.values()
    assert found.words.endswith("read as Europe/Berlin time")
    assert program.attachment.look(incident, [file]).start == found
    without_an_incident = program.attachment.look(None, [file]).start
    assert without_an_incident is not None
    assert without_an_incident.at == START + timedelta(hours=1)


def test_a_typed_start_is_that_of_all_files(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    files = [a_call(tmp_path / f"2026-03-1{day} 10-00-00.wav") for day in range(3)]

    attached = attach(program, incident, *files, start=START)

    assert [one.session.start_utc for one in attached] == [START, START]
    labels = [[track.label for track in tracks(program, incident, one)] for one in attached]
    assert labels == [[TrackLabel.BRIDGE, TrackLabel.ROOM], [TrackLabel.BRIDGE]]


def test_each_stream_of_a_file_is_a_track(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    file = of_streams(tmp_path / "a.mkv", "Mic/Aux", "Desktop Audio", "")

    attached = attach(program, incident, file, start=START)

    assert [set(tracks(program, incident, one)) for one in attached] == [
        {
            ("a.mkv (stream 1, Mic/Aux)", TrackLabel.ROOM, 1_000),
            ("a.mkv (stream 2, Desktop Audio)", TrackLabel.BRIDGE, 1_000),
        },
        {("a.mkv (stream 3)", TrackLabel.BRIDGE, 1_000)},
    ]


def test_one_stream_can_be_chosen_and_one_that_is_not_there_is_refused(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    file = of_streams(tmp_path / "a.mkv", "Mic/Aux", "Desktop Audio")
    titles = [stream.title for stream in program.attachment.look(incident, [file]).streams]
    assert titles == ["Mic/Aux", "Desktop Audio"]
    assert program.attachment.look(incident, [file, file]).streams == ()
    with pytest.raises(AudioUnreadableError, match="no audio stream 3") as refused:
        attach(program, incident, file, start=START, stream=3)
    assert refused.value.remedy == "Choose one from 1 to 2."

    (one,) = attach(program, incident, file, start=START, stream=2)

    assert tracks(program, incident, one) == [
        ("a.mkv (stream 2, Desktop Audio)", TrackLabel.BRIDGE, 1_000)
    ]


def test_reading_a_file_to_its_end_shows_how_far_it_is(
    program: Program, incident: IncidentId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachment, "PIECE_BYTES", 8_000)
    told: list[WorkProgressed] = []
    program.bus.subscribe(lambda e: told.append(e) if isinstance(e, WorkProgressed) else None)

    attach(program, incident, a_call(tmp_path / "2026-03-12 14-46-00.wav"))

    shares = [event.done for event in told if event.stage == f"{READING}2026-03-12 14-46-00.wav"]
    assert len(shares) > 3
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0


def test_a_file_that_does_not_say_when_it_began_is_asked_about_and_none_is_attached(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    told, untold = a_call(tmp_path / "2026-03-12 14-46-00.wav"), a_call(tmp_path / "call.wav")

    with pytest.raises(StartUnknownError, match=r"call\.wav"):
        attach(program, incident, told, untold)
    assert program.attachment.look(incident, [told, untold]).start is None

    assert nothing_is_left(program, incident)


def test_a_disk_that_would_be_full_is_told_before_anything_is_written(
    program: Program, incident: IncidentId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(
        attachment.shutil, "disk_usage", lambda _folder: Usage(attachment.MARGIN_BYTES + 300_000)
    )
    with pytest.raises(AudioNotStoredError, match="it needs 68 MB, and 67 MB are free"):
        attach(program, incident, a_call(tmp_path / "a.wav", 10), start=START)
    assert nothing_is_left(program, incident)
    attach(program, incident, a_call(tmp_path / "a.wav", 9), start=START)


def test_a_cancelled_attachment_leaves_nothing_and_the_next_one_works(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    files = [a_call(tmp_path / f"{name}.wav", 5) for name in ("bridge", "room")]

    def cancel(event: Event) -> None:
        if isinstance(event, WorkProgressed) and event.stage == f"{COPYING}room.wav":
            program.attachment.cancel()

    program.bus.subscribe(cancel)
    with pytest.raises(WorkCancelledError, match=r"room\.wav was not attached"):
        attach(program, incident, *files, start=START)
    assert nothing_is_left(program, incident)

    program.bus.unsubscribe(cancel)
    (one,) = attach(program, incident, *files, start=START)
    assert len(tracks(program, incident, one)) == 2


def test_a_program_that_dies_before_the_record_knows_leaves_a_session_with_its_origin(
    program: Program, incident: IncidentId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiedError(BaseException):
        pass

    def die(*_args: object, **_options: object) -> None:
        raise DiedError

    with monkeypatch.context() as patch:
        patch.setattr(program.recovery, "settle", die)
        with pytest.raises(DiedError):
            attach(program, incident, a_call(tmp_path / "a.wav"), start=START)
    assert program.incidents.record(incident).sessions == ()

    program.recovery.recover_all()

    (track,) = program.incidents.record(incident).tracks
    assert track.duration_ms == 1_000
    folder = program.home.session_dir(incident, track.session_id)
    told = json.loads((folder / "session.json").read_text("utf-8"))
    assert track.source_sha256 == told["tracks"][0]["source_sha256"]
    assert len(track.source_sha256 or "") == 64
    assert not (folder / "set_aside").exists()


@pytest.mark.parametrize(
    "sign", [session_folder.ATTACH_LOCK, session_folder.INCOMING_SESSION_FILE]
)
def test_what_a_killed_program_left_is_gone_at_the_next_start(
    program: Program, incident: IncidentId, sign: str
) -> None:
    folder = program.home.incident_dir(incident) / "audio" / "ses-killed"
    (folder / ".incoming-1").mkdir(parents=True)
    (folder / sign).touch()

    program.recovery.recover_all()

    assert nothing_is_left(program, incident)


def test_a_session_that_lost_its_description_is_not_taken_for_the_beginning_of_a_copy(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    (one,) = attach(program, incident, a_call(tmp_path / "a.wav"), start=START)
    folder = program.home.session_dir(incident, one.session.id)
    (folder / session_folder.ATTACH_LOCK).touch()  # as a kill leaves it, once all is there
    (folder / session_folder.SESSION_FILE).unlink()

    program.recovery.recover_all()

    assert list(folder.glob("bridge-*"))


def test_a_file_that_was_attached_before_is_told(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    file = a_call(tmp_path / "a.wav")
    (first,) = attach(program, incident, file, start=START)
    (again,) = attach(program, incident, file, start=START + timedelta(hours=1))

    assert first.remarks == ()
    assert again.remarks == (
        "a.wav: it was attached before, as the session of 2026-03-12T14:46:00Z.",
    )


def test_a_file_that_is_named_twice_is_refused(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    file = a_call(tmp_path / "a.wav")
    again = tmp_path / ".." / tmp_path.name / "a.wav"

    with pytest.raises(InvalidRecordError, match=r"a\.wav is named twice"):
        attach(program, incident, file, again, start=START)
    assert nothing_is_left(program, incident)


def test_a_start_is_corrected_and_that_can_be_undone(
    program: Program, incident: IncidentId, tmp_path: Path
) -> None:
    (one,) = attach(program, incident, a_call(tmp_path / "a.wav"), start=START)

    right = START - timedelta(hours=1)
    program.attachment.correct_start(incident, one.session.id, right)
    program.attachment.correct_start(incident, one.session.id, right)  # is so already

    record = program.incidents.record(incident)
    assert record.utc(one.session.id, 500) == right + timedelta(milliseconds=500)
    with pytest.raises(InvalidRecordError, match="future"):
        program.attachment.correct_start(
            incident, one.session.id, datetime.now(UTC) + timedelta(hours=1)
        )
    program.editing.undo(incident)
    assert program.incidents.record(incident).utc(one.session.id, 0) == START
