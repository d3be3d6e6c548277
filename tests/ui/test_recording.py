from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import AppError, DeviceLostError, ModelMissingError, NoDeviceError
from app.domain.events import (
    ProblemArose,
    RecognitionFellBehind,
    RecordingStopped,
    SegmentsTranscribed,
)
from app.domain.incident import Incident, IncidentState
from app.domain.levels import BARS, lit_bars
from app.domain.recognition_pace import RecognitionPace
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel
from tests.builders import ROOM, SESSION
from tests.ui.conftest import Workplace
from tests.ui.fakes import (
    ACTOR,
    MONITOR,
    FakeProgram,
    a_running_session,
    on_a_thread,
    put_segments,
    put_session,
)
from ui.main_window import SMALLEST
from ui.widgets.level_meter import LevelMeter
from ui.widgets.track_panel import TrackPanel


def record(qtbot: QtBot, workplace: Workplace) -> None:
    workplace.window.recorder.button.click()
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)


def an_incident_on_screen(qtbot: QtBot, workplace: Workplace, state: IncidentState) -> Incident:
    """Return an incident of that state that the window shows."""
    program = workplace.program
    incident = program.incidents.create("Checkout errors", "SEV1")
    if state is not incident.state:
        change = Change(incident, replace(incident, state=state))
        program.store.commit(incident.id, [change], by=ACTOR, label="set the state")
    workplace.desk.incident.open(incident.id)
    window = workplace.window
    words = state.value.replace("_", " ")
    qtbot.waitUntil(lambda: window.live.state.text() == f"{words} ▾")
    qtbot.waitUntil(lambda: workplace.desk.incident.summary is not None)
    return incident


def test_recording_shows_the_light_what_is_saved_and_the_levels(
    qtbot: QtBot, workplace: Workplace
) -> None:
    strip = workplace.window.recorder
    record(qtbot, workplace)
    assert strip.light.is_on

    workplace.program.recording.tell(2_537_000, peak=0.5, rms=0.25)

    qtbot.waitUntil(lambda: strip.state.text() == "REC 00:42:17 saved")
    room = strip.panels[TrackLabel.ROOM]
    assert (room.meter.peak, room.meter.rms) == (0.5, 0.25)
    assert room.meter.accessibleName() == "Level of Room: -6 dB"
    assert room.device.text() == "Built-in Microphone"

    strip.button.click()
    qtbot.waitUntil(lambda: not strip.is_recording)
    assert strip.state.text() == "Not recording"
    assert not strip.light.is_on


def test_what_is_saved_is_what_every_track_has_that_delivers(
    qtbot: QtBot, workplace: Workplace
) -> None:
    strip = workplace.window.recorder
    record(qtbot, workplace)
    ahead = TrackStatus(ROOM, TrackLabel.ROOM, 90_000)
    behind = TrackStatus(ROOM, TrackLabel.BRIDGE, 61_000)

    strip.show_status(RecorderStatus(SESSION, 95_000, (ahead, behind)))
    assert strip.state.text() == "REC 00:01:01 saved"

    away = replace(behind, problem="no audio for 3 s")
    strip.show_status(RecorderStatus(SESSION, 95_000, (ahead, away)))
    assert strip.state.text() == "REC 00:01:30 saved"


@pytest.mark.parametrize("width", [SMALLEST[0], 1280])
def test_a_track_with_a_problem_has_its_sign_however_narrow_the_window(
    qtbot: QtBot, workplace: Workplace, width: int
) -> None:
    strip = workplace.window.recorder
    record(qtbot, workplace)
    workplace.window.resize(width, SMALLEST[1])
    panel = strip.panels[TrackLabel.BRIDGE]
    assert panel.sign.text() == ""
    well = TrackStatus(ROOM, TrackLabel.BRIDGE, 61_000)
    strip.show_status(RecorderStatus(SESSION, 95_000, (replace(well, problem="no audio"),)))
    workplace.window.grab()  # lays everything out

    assert workplace.window.width() == width
    assert panel.sign.text() == "!"
    assert panel.sign.toolTip() == panel.sign.accessibleName() == "no audio"
    assert panel.sign.width() >= panel.sign.fontMetrics().horizontalAdvance("!")
    assert panel.rect().contains(panel.sign.geometry())
    assert not panel.meter.geometry().intersects(panel.sign.geometry())
    assert panel.device.text() == "no audio"

    strip.show_status(RecorderStatus(SESSION, 95_000, (well,)))
    assert panel.sign.text() == ""
    assert panel.device.text() == "Monitor of Headset"


def test_chosen_sources_are_what_is_recorded(qtbot: QtBot, workplace: Workplace) -> None:
    strip = workplace.window.recorder
    panel = strip.panels[TrackLabel.BRIDGE]
    qtbot.waitUntil(lambda: panel.chooser.findData(MONITOR.id) > 0)
    panel.chooser.setCurrentIndex(panel.chooser.findData(MONITOR.id))
    room = strip.panels[TrackLabel.ROOM].chooser
    room.setCurrentIndex(room.findData("none"))

    record(qtbot, workplace)

    assert workplace.program.recording.asked[0][1:] == ("none", MONITOR.id)


def test_without_an_incident_recording_makes_one_that_can_be_named_later(
    qtbot: QtBot, workplace: Workplace
) -> None:
    record(qtbot, workplace)

    qtbot.waitUntil(
        lambda: workplace.window.incidents.chooser.currentText().startswith("Untitled incident")
    )


@pytest.mark.parametrize(
    "state", [IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.POSTMORTEM_ONLY]
)
def test_an_incident_that_is_over_is_not_recorded_into(
    qtbot: QtBot, workplace: Workplace, state: IncidentState
) -> None:
    program = workplace.program
    old = an_incident_on_screen(qtbot, workplace, state)

    record(qtbot, workplace)

    session = program.recording.active
    assert session is not None
    assert session.incident_id != old.id
    qtbot.waitUntil(lambda: workplace.desk.incident.incident_id == session.incident_id)
    title = program.incidents.record(session.incident_id).incident.title
    assert title.startswith("Untitled incident")
    word = state.value.replace("_", " ")
    assert workplace.notices == [
        f"This is recorded into a new incident: “SEV1 Checkout errors” is {word}."
    ]
    (notice,) = workplace.window.banner.notices()
    assert title in notice.remedy
    assert title in workplace.window.status.message.text()


def test_a_debrief_belongs_to_the_incident_that_is_over(
    qtbot: QtBot, workplace: Workplace
) -> None:
    old = an_incident_on_screen(qtbot, workplace, IncidentState.RESOLVED)

    workplace.window.recorder.start_requested.emit(SessionKind.HOTWASH, "", "")
    qtbot.waitUntil(lambda: workplace.program.recording.active is not None)

    session = workplace.program.recording.active
    assert session is not None
    assert session.incident_id == old.id


@pytest.mark.parametrize("state", [IncidentState.ACTIVE, IncidentState.MITIGATED])
def test_an_incident_that_goes_on_is_recorded_into_and_named(
    qtbot: QtBot, workplace: Workplace, state: IncidentState
) -> None:
    incident = an_incident_on_screen(qtbot, workplace, state)
    record(qtbot, workplace)

    session = workplace.program.recording.active
    assert session is not None
    assert session.incident_id == incident.id
    said = workplace.window.status.message
    qtbot.waitUntil(lambda: said.text().startswith("Recording into SEV1 Checkout errors."))
    assert workplace.notices == []


def test_what_was_saved_is_said_when_the_recording_has_stopped(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window = workplace.window
    record(qtbot, workplace)
    workplace.program.recording.tell(5_200)
    qtbot.waitUntil(lambda: window.recorder.state.text() == "REC 00:00:05 saved")

    window.recorder.button.click()

    qtbot.waitUntil(lambda: not window.recorder.is_recording)
    assert window.status.message.text() == "Stopped; 00:00:05 saved"


def test_a_recording_without_words_yet_says_that_they_will_come(
    qtbot: QtBot, workplace: Workplace
) -> None:
    view = workplace.window.transcript.view
    an_incident_on_screen(qtbot, workplace, IncidentState.ACTIVE)
    assert view.empty_text.startswith("No words yet. F9 records")

    record(qtbot, workplace)
    assert view.empty_text == "Recording. Words appear here in a few seconds."

    other = workplace.program.incidents.create("Another")
    workplace.desk.incident.open(other.id)  # which is not the one that is recorded
    assert view.empty_text.startswith("No words yet. F9 records")


def test_a_recording_without_a_model_says_that_no_words_will_come(
    qtbot: QtBot, workplace: Workplace
) -> None:
    view = workplace.window.transcript.view
    record(qtbot, workplace)
    qtbot.waitUntil(lambda: view.empty_text.startswith("Recording. Words"))
    missing = ModelMissingError("No recognition model is installed.", remedy="Download one.")

    on_a_thread(lambda: workplace.program.bus.publish(ProblemArose(missing)))

    said = "Recording, without words: No recognition model is installed.\nDownload one."
    qtbot.waitUntil(lambda: view.empty_text == said)
    workplace.window.recorder.button.click()
    qtbot.waitUntil(lambda: view.empty_text.startswith("No words yet. F9 records"))


def test_a_refused_recording_is_told_in_the_banner_and_can_be_tried_again(
    qtbot: QtBot, workplace: Workplace
) -> None:
    workplace.program.recording.refusal = NoDeviceError(
        "There is no microphone.", remedy="Connect one."
    )
    strip = workplace.window.recorder
    workplace.window.transcript.view.setFocus()
    strip.ask()
    qtbot.waitUntil(lambda: workplace.notices == ["There is no microphone."])

    assert strip.button.isEnabled()
    assert not strip.is_recording
    assert workplace.window.transcript.view.hasFocus()  # the banner takes it from nobody

    workplace.program.recording.refusal = None
    record(qtbot, workplace)


def test_a_recording_that_breaks_off_says_why(qtbot: QtBot, workplace: Workplace) -> None:
    record(qtbot, workplace)
    session = workplace.program.recording.active
    assert session is not None
    lost = DeviceLostError("USB mic", recorded_ms=61_500)

    on_a_thread(
        lambda: workplace.program.bus.publish(
            RecordingStopped(session.incident_id, session.id, lost)
        )
    )

    qtbot.waitUntil(lambda: workplace.notices == [str(lost)])
    assert not workplace.window.recorder.is_recording


class TestARecorderThatRanBefore:
    @pytest.fixture
    def program(self, program: FakeProgram) -> FakeProgram:
        incident = program.incidents.create("Left running", "SEV1")
        program.incidents.create("Newer, but not recorded")
        session, tracks = a_running_session(incident.id)
        put_session(program.store, session, tracks)
        put_segments(program.store, tracks[0], "still here")
        program.recording.running_elsewhere = session, tracks
        return program

    def test_is_found_at_the_start_and_shown_with_its_incident(
        self, qtbot: QtBot, workplace: Workplace
    ) -> None:
        window = workplace.window
        qtbot.waitUntil(lambda: window.recorder.is_recording)
        qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 1)

        assert window.incidents.chooser.currentText() == "SEV1  Left running"
        assert workplace.notices == ["The recording went on while no window was open."]
        workplace.program.recording.tell(61_000)
        qtbot.waitUntil(lambda: window.recorder.state.text() == "REC 00:01:01 saved")


def test_closing_the_window_lets_the_recorder_go_on(qtbot: QtBot, workplace: Workplace) -> None:
    record(qtbot, workplace)
    workplace.window.close()

    assert workplace.program.recording.active is not None
    assert "does not end it" in workplace.window.recorder.button.toolTip()


def test_words_of_both_tracks_arrive_while_recording(qtbot: QtBot, workplace: Workplace) -> None:
    record(qtbot, workplace)
    program, model = workplace.program, workplace.window.transcript.model
    qtbot.waitUntil(lambda: workplace.desk.incident.incident_id is not None)
    incident_id = workplace.desk.incident.incident_id
    assert incident_id is not None
    room, bridge = program.recording.tracks
    later = put_segments(program.store, bridge, "from the bridge", from_ms=2_000)
    sooner = put_segments(program.store, room, "from the room")
    for track, segments in ((bridge, later), (room, sooner)):
        event = SegmentsTranscribed(incident_id, track.id, segments)
        on_a_thread(lambda event=event: program.bus.publish(event))

    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert [model.row(n).segment.text for n in (0, 1)] == ["from the room", "from the bridge"]


def test_a_problem_nobody_waited_for_is_told(qtbot: QtBot, workplace: Workplace) -> None:
    problem = AppError("The model does not load.", remedy="Install it again.")
    on_a_thread(lambda: workplace.program.bus.publish(ProblemArose(problem)))
    qtbot.waitUntil(lambda: workplace.notices == ["The model does not load."])


def test_a_backlog_is_told_in_seconds_until_it_is_over(qtbot: QtBot, workplace: Workplace) -> None:
    bus, status = workplace.program.bus, workplace.window.status
    bus.publish(RecognitionFellBehind(SESSION, 5_000, RecognitionPace.UTTERANCES))
    qtbot.waitUntil(lambda: status.backlog.text() == "5 s of audio wait")
    assert status.backlog.isVisible()

    bus.publish(RecognitionFellBehind(SESSION, 95_000, RecognitionPace.CATCHING_UP))
    qtbot.waitUntil(lambda: status.backlog.text() == "Catching up: 95 s of audio wait")

    bus.publish(RecognitionFellBehind(SESSION, 0, RecognitionPace.PARTIALS))
    qtbot.waitUntil(lambda: not status.backlog.isVisible())


@pytest.mark.usefixtures("theme")
def test_a_clipping_input_is_told_in_words(qtbot: QtBot) -> None:
    meter = LevelMeter("Room")
    qtbot.addWidget(meter)
    meter.show_level(1.0, 0.7)
    assert meter.clips
    assert meter.accessibleName() == "Level of Room: too loud"
    assert (lit_bars(0.0), lit_bars(1e-6), lit_bars(1.0)) == (0, 0, BARS)


@pytest.mark.usefixtures("theme")
def test_listing_sources_again_keeps_the_choice(qtbot: QtBot) -> None:
    panel = TrackPanel("Bridge")
    qtbot.addWidget(panel)
    panel.show_sources([MONITOR], chosen=MONITOR.id)
    panel.show_sources([MONITOR], chosen=panel.chosen)
    assert panel.chosen == MONITOR.id

    panel.show_sources([], chosen=panel.chosen)
    assert panel.chosen == ""
    QTest.keyClick(panel.chooser, Qt.Key.Key_Down)
    assert panel.chosen == "none"
