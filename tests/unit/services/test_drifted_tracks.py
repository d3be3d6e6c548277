"""A track whose device counts too fast: what the record says of it is on the session's time."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.format import SessionInfo, TrackInfo, write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Began, Clock, Ended
from app.audio_files.reader import FolderAudioReader
from app.audio_files.writer import TrackWriter
from app.domain.engine_types import RecognizedSegment, SpeakerTurn, TrackAudio
from app.domain.home import Home
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import Span, iso_utc
from app.domain.transcript import RecognitionPass, Word
from app.services.clips import Clips
from app.services.recovery import Recovery
from app.services.speaker_pass import SpeakerPass
from app.services.track_recognition import TrackRecognition
from app.services.track_speakers import TrackSpeakers
from tests.builders import BRIDGE, INCIDENT, SESSION, START, a_segment, a_session
from tests.unit.services.test_recovery import NoRecorders
from tests.unit.services.told_diarizer import ToldDiarizer

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore

SECONDS, PPM, RATE = 600, 400, 16_000
LATE_BY = timedelta(seconds=7)  # the one reading of the clock in session.json is that wrong
CLICK_S = 500


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Ten minutes of the bridge, 400 ppm too fast: what happens at 500 s is at 500.2 s of it."""
    home = Home(tmp_path / "home")
    folder = home.session_dir(INCIDENT, SESSION)
    info = TrackInfo(BRIDGE, TrackLabel.BRIDGE, TrackSource.LOOPBACK, "Monitor", RATE)
    write_session_info(
        folder, SessionInfo(INCIDENT, SESSION, SessionKind.BRIDGE, START + LATE_BY, (info,))
    )
    with contextlib.closing(Journal(folder)) as journal:
        journal.append(Began(0, iso_utc(START + LATE_BY)))
        writer = TrackWriter(folder, journal, BRIDGE, TrackLabel.BRIDGE)
        samples = bytearray(2 * on_track(SECONDS))
        click = 2 * on_track(CLICK_S)
        samples[click : click + 2] = (20_000).to_bytes(2, "little")
        writer.append(bytes(samples))
        writer.close()
        journal.append(
            *(
                Clock(
                    BRIDGE,
                    on_track(second),
                    second * 1_000_000_000,
                    iso_utc(START + timedelta(seconds=second)),
                )
                for second in range(1, SECONDS)
            )
        )
        journal.append(Ended())
    return home


def on_track(second: float) -> int:
    """Return the frame of the track at a second of the session."""
    return round(second * RATE * (1 + PPM / 1e6))


def audio_of(home: Home) -> TrackAudio:
    return TrackAudio(BRIDGE, home.session_dir(INCIDENT, SESSION), TrackLabel.BRIDGE)


def test_words_are_put_on_the_sessions_time_and_the_cursor_stays_on_the_track(
    home: Home, store: SqlRecordStore, bus: LocalBus
) -> None:
    speaker = TrackSpeakers(store).ensure(INCIDENT, TrackLabel.BRIDGE)
    live = replace(a_segment(), id="seg-live", start_ms=500_100, end_ms=500_150)
    live = replace(live, made_in=RecognitionPass.LIVE)
    store.add_segments(BRIDGE, [live], made_in=RecognitionPass.LIVE, cursor_ms=0)
    work = TrackRecognition(
        store,
        bus,
        session=a_session(),
        made_in=RecognitionPass.FINAL,
        clocks=FolderAudioReader().clock,
        tracks={BRIDGE: (audio_of(home), speaker)},
    )
    word = Word("rollback", 500_200, 500_600, 0.9)
    heard = RecognizedSegment(Span(500_200, 501_200), "rollback", (word,))

    work.on_segments(BRIDGE, (heard,), 500_250)

    segments = store.record(INCIDENT).segments
    made = next(segment for segment in segments if segment.text == "rollback")
    assert (made.start_ms, made.end_ms) == pytest.approx((500_000, 501_000), abs=3)
    assert made.words[0].start_ms == pytest.approx(500_000, abs=3)
    assert store.cursor_ms(BRIDGE, RecognitionPass.FINAL) == 500_250
    assert "seg-live" in {segment.id for segment in segments}, "the pass is at 500.05 s only"


def test_a_clip_holds_what_the_words_say(home: Home, store: SqlRecordStore) -> None:
    clips = Clips(store, FolderAudioReader(), home=home)

    pcm = clips.pcm(INCIDENT, BRIDGE, 499_000, 501_000)

    assert len(pcm) == 2_000 * 32
    click = pcm.index((20_000).to_bytes(2, "little")) // 2
    assert click / 16 == pytest.approx(1_000, abs=3)


def test_voices_are_put_on_the_sessions_time(
    home: Home, store: SqlRecordStore, bus: LocalBus
) -> None:
    said = replace(a_segment(), id="seg-click", start_ms=499_940, end_ms=500_040, words=())
    store.add_segments(BRIDGE, [said], made_in=RecognitionPass.FINAL, cursor_ms=0)
    clocks = FolderAudioReader().clock
    diarizer = ToldDiarizer([SpeakerTurn(BRIDGE, Span(500_150, 500_250), "1")])

    SpeakerPass(store, bus, home=home, diarizer=diarizer, clocks=clocks).run(INCIDENT)

    record = store.record(INCIDENT)
    named = next(segment for segment in record.segments if segment.id == "seg-click")
    assert record.speaker_name(named.speaker_id) == "Bridge 1"


def test_the_end_of_a_recording_keeps_the_drift_and_the_right_start(
    home: Home, store: SqlRecordStore, bus: LocalBus
) -> None:
    recovery = Recovery(store, bus, home=home, archive=FolderArchive(), recorders=NoRecorders())

    recovery.settle(INCIDENT, SESSION, by="ic")

    record = store.record(INCIDENT)
    track = record.track(BRIDGE)
    assert track.drift_ppm == pytest.approx(PPM, abs=1)
    assert track.duration_ms == pytest.approx(SECONDS * 1_000, abs=3)
    assert record.session(SESSION).start_utc == START
