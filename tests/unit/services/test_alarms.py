"""Alarms of the recorder and of recognition, told once each, to the desktop as well."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from app.domain.alarms import Alarm, AlarmKind
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import RecorderUnreachableError
from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    AudioStored,
    ProblemArose,
    RecordingStarted,
    RecordingStopped,
    SegmentsTranscribed,
)
from app.domain.sessions import Pause, SessionKind, Track, TrackLabel, TrackSource
from app.domain.transcript import SegmentFlag
from app.services.alarms import Alarms
from app.services.bus import LocalBus
from tests.builders import INCIDENT, ROOM, SESSION, a_segment
from tests.record_builders import a_session

if TYPE_CHECKING:
    from app.domain.events import Event

LOST = Alarm(AlarmKind.DEVICE_LOST, "“USB mic” is gone.", "Connect it.", TrackLabel.ROOM, 900)
TRACK = Track(ROOM, SESSION, TrackLabel.ROOM, TrackSource.MIC, "USB mic")


@dataclass
class Desktop:
    shown: list[str] = field(default_factory=list)

    def notify(self, title: str, body: str, *, urgent: bool) -> None:
        assert body
        self.shown.append(("!" if urgent else "") + title)


@dataclass
class Recognition:
    working: bool = True
    backlog_ms: int = 0


class Scene:
    """A recording of one track, told of by its events."""

    def __init__(self) -> None:
        self.bus, self.desktop, self.recognition = LocalBus(), Desktop(), Recognition()
        self.told: list[Event] = []
        self.alarms = Alarms(self.bus, self.desktop, self.recognition)
        self.bus.subscribe(self._keep)
        self.bus.publish(RecordingStarted(replace(a_session(), kind=SessionKind.BRIDGE), (TRACK,)))

    def _keep(self, event: Event) -> None:
        if isinstance(event, AlarmRaised | AlarmCleared):
            self.told.append(event)

    def status(self, elapsed_s: float, *alarms: Alarm, rms: float = 0.0) -> RecorderStatus:
        track = TrackStatus(ROOM, TrackLabel.ROOM, int(elapsed_s * 1_000), rms, rms)
        return RecorderStatus(SESSION, int(elapsed_s * 1_000), (track,), alarms=alarms)

    def at(self, elapsed_s: float, *alarms: Alarm, rms: float = 0.0) -> set[AlarmKind]:
        self.bus.publish(AudioStored(self.status(elapsed_s, *alarms, rms=rms)))
        return {alarm.kind for alarm in self.alarms.current}

    def said(self, until_s: float, flag: SegmentFlag | None = None) -> None:
        segment = replace(a_segment("rolling back", 0, int(until_s * 1_000)), flag=flag)
        self.bus.publish(SegmentsTranscribed(INCIDENT, ROOM, (segment,)))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_the_recorder_says_is_told_once_from_beginning_to_end(scene: Scene) -> None:
    scene.at(1, LOST)
    scene.at(2, LOST)
    scene.at(3)

    assert scene.told == [AlarmRaised(SESSION, LOST), AlarmCleared(SESSION, LOST)]
    assert scene.desktop.shown == ["!“USB mic” is gone."]


def test_who_does_not_lead_shows_alarms_and_sends_no_notice(scene: Scene) -> None:
    scene.bus.publish(AudioStored(replace(scene.status(1, LOST), leads=False)))

    assert [alarm.kind for alarm in scene.alarms.current] == [AlarmKind.DEVICE_LOST]
    assert scene.desktop.shown == []


def test_sound_in_which_nobody_is_understood_is_told_until_somebody_is(scene: Scene) -> None:
    for second in range(89):
        assert scene.at(second, rms=0.1) == set()
    scene.said(0.5, SegmentFlag.SILENCE_SUSPECT)
    scene.recognition.backlog_ms = 30_000
    assert scene.at(91, rms=0.1) == set()  # words may still come
    scene.recognition.backlog_ms = 1_000
    assert scene.at(92, rms=0.1) == {AlarmKind.ENERGY_WITHOUT_SPEECH}
    scene.said(92)
    assert scene.at(93, rms=0.1) == set()


def test_ten_minutes_without_words_are_a_recording_that_was_forgotten(scene: Scene) -> None:
    scene.said(100)
    assert scene.at(699) == set()
    assert scene.at(700) == {AlarmKind.NOBODY_SPEAKS}
    scene.said(701)
    assert scene.at(702) == set()
    assert scene.desktop.shown == [
        "Nobody has spoken for 10 minutes, and the recording is running."
    ]


def test_without_recognition_sound_counts_instead_of_words(scene: Scene) -> None:
    scene.recognition.working = False
    assert scene.at(300, rms=0.1) == set()
    assert scene.at(899) == set()
    assert scene.at(900) == {AlarmKind.NOBODY_SPEAKS}
    assert scene.at(901, rms=0.1) == set()


def test_a_pause_is_no_silence(scene: Scene) -> None:
    paused = replace(scene.status(599), pause=Pause(0, None, "Tom"))
    scene.bus.publish(AudioStored(paused))
    assert scene.at(601) == set()


def test_a_recorder_that_is_gone_or_hangs_reaches_the_desktop(scene: Scene) -> None:
    scene.at(1, LOST)
    hangs = RecorderUnreachableError("It does not answer.", remedy="Wait.")
    scene.bus.publish(ProblemArose(hangs))
    assert {a.kind for a in scene.alarms.current} == {
        AlarmKind.DEVICE_LOST,
        AlarmKind.RECORDER_GONE,
    }
    assert scene.at(9) == set()
    gone = RecorderUnreachableError("The recorder has ended.", remedy="Start it again.")
    scene.bus.publish(RecordingStopped(INCIDENT, SESSION, gone))
    assert [a.sentence for a in scene.alarms.current] == ["The recorder has ended."]

    assert scene.desktop.shown == ["!“USB mic” is gone.", "!It does not answer."]
    scene.bus.publish(RecordingStarted(a_session(), (TRACK,)))
    assert scene.alarms.current == ()


def test_the_end_of_a_recording_ends_its_alarms(scene: Scene) -> None:
    scene.at(1, LOST)
    scene.bus.publish(RecordingStopped(INCIDENT, SESSION))
    assert scene.told[-1] == AlarmCleared(SESSION, LOST)
