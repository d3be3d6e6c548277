from collections.abc import Mapping

import pytest
from pytestqt.qtbot import QtBot

from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.events import AudioStored
from app.domain.sessions import TrackLabel
from tests.ui.conftest import Workplace
from ui.widgets.banner import Tone

# The recording begins at 14:46:00
BRIDGE_IS_SILENT = "Bridge: nothing heard since 14:46:20."
SPEECH = {TrackLabel.ROOM: 0.4, TrackLabel.BRIDGE: 0.4}
NO_BRIDGE = SPEECH | {TrackLabel.BRIDGE: 0.0}


@pytest.fixture
def recording(qtbot: QtBot, workplace: Workplace) -> Workplace:
    workplace.window.recorder.ask()
    qtbot.waitUntil(lambda: workplace.desk.recording.session is not None)
    return workplace


def hear(
    workplace: Workplace, elapsed_ms: int, peaks: Mapping[TrackLabel, float], problem: str = ""
) -> None:
    """Apply a status in which the tracks are that loud."""
    desk = workplace.program.recording
    assert desk.active is not None
    tracks = tuple(
        TrackStatus(track.id, track.label, elapsed_ms, peaks[track.label], problem=problem)
        for track in desk.tracks
    )
    workplace.desk.silence.apply(AudioStored(RecorderStatus(desk.active.id, elapsed_ms, tracks)))


def test_a_track_on_which_nothing_is_heard_is_told_of_once(recording: Workplace) -> None:
    hear(recording, 19_900, SPEECH)
    for elapsed_ms in range(20_000, 30_000, 100):
        hear(recording, elapsed_ms, NO_BRIDGE)
    assert recording.notices == []

    for elapsed_ms in range(30_000, 60_000, 100):
        hear(recording, elapsed_ms, NO_BRIDGE)

    (notice,) = recording.window.banner.notices()
    assert notice.tone is Tone.PROBLEM
    assert notice.label.text() == f"{BRIDGE_IS_SILENT} Is this the right source?"


def test_the_notice_goes_when_there_is_sound_again(recording: Workplace) -> None:
    hear(recording, 20_000, NO_BRIDGE)
    hear(recording, 30_000, NO_BRIDGE)
    assert recording.notices == [BRIDGE_IS_SILENT]

    hear(recording, 30_100, SPEECH)
    assert recording.notices == []

    hear(recording, 40_000, NO_BRIDGE)  # and another silence is told of anew
    hear(recording, 50_000, NO_BRIDGE)
    assert recording.notices == ["Bridge: nothing heard since 14:46:40."]


def test_each_silent_track_has_a_notice_of_its_own(recording: Workplace) -> None:
    silent = dict.fromkeys(TrackLabel, 0.0002)  # -74 dBFS: noise of a converter
    for elapsed_ms in (0, 10_000):
        hear(recording, elapsed_ms, silent)

    assert sorted(recording.notices) == [
        "Bridge: nothing heard since 14:46:00.",
        "Room: nothing heard since 14:46:00.",
    ]


def test_a_quiet_room_is_no_silence(recording: Workplace) -> None:
    quiet = dict.fromkeys(TrackLabel, 0.0005)  # -66 dBFS
    for elapsed_ms in (0, 30_000):
        hear(recording, elapsed_ms, quiet)
    assert recording.notices == []


def test_a_notice_that_was_dismissed_stays_away(recording: Workplace) -> None:
    hear(recording, 20_000, NO_BRIDGE)
    hear(recording, 30_000, NO_BRIDGE)
    (notice,) = recording.window.banner.notices()
    notice.dismissed.emit(notice)

    hear(recording, 45_000, NO_BRIDGE)

    assert recording.notices == []


def test_a_track_that_says_what_is_wrong_is_not_asked_about_its_source(
    recording: Workplace,
) -> None:
    for elapsed_ms in (0, 30_000):
        hear(recording, elapsed_ms, NO_BRIDGE, problem="no audio for 3 s")
    assert recording.notices == []


def test_silence_ends_with_the_recording(qtbot: QtBot, recording: Workplace) -> None:
    hear(recording, 20_000, NO_BRIDGE)
    hear(recording, 30_000, NO_BRIDGE)

    recording.window.recorder.ask()

    qtbot.waitUntil(lambda: recording.notices == [])


def test_levels_reach_the_notices_from_the_recorder(qtbot: QtBot, recording: Workplace) -> None:
    for elapsed_ms in (0, 10_000):
        recording.program.recording.tell(elapsed_ms, peak=0.0, rms=0.0)
    qtbot.waitUntil(lambda: len(recording.notices) == 2)
