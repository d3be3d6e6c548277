from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtMultimedia import QMediaDevices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import EnvironmentMissingError
from app.domain.events import SegmentsReplaced, SegmentsTranscribed
from app.domain.ids import IncidentId, SegmentId
from app.domain.sessions import TrackLabel
from app.domain.timeline import EntryKind
from app.domain.transcript import RecognitionPass, Segment
from app.services.promotion import Selection
from tests.ui.conftest import Workplace
from tests.ui.fakes import a_running_session, put_segments, put_session
from ui.playback.player import Player
from ui.transcript.selection import Place, TextSelection


def with_words(qtbot: QtBot, workplace: Workplace) -> tuple[IncidentId, tuple[Segment, ...]]:
    program = workplace.program
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    segments = put_segments(program.store, tracks[1], "one two three", "four five six")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: workplace.window.transcript.model.rowCount() == 2)
    return incident.id, segments


def test_selected_words_are_heard_and_nothing_else(qtbot: QtBot, workplace: Workplace) -> None:
    _, segments = with_words(qtbot, workplace)
    view = workplace.window.transcript.view
    view.select(TextSelection(Place(0, 1), Place(0, 2), by_words=True))

    QTest.keyClick(view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)
    assert workplace.program.clips.asked == [(segments[0].track_id, 1_000, 3_000)]
    pcm = workplace.output.played[0]
    assert len(pcm) == 2_000 * 32  # two seconds of 16 kHz mono s16le
    assert pcm[:4] == (1_000).to_bytes(4, "little")


def test_words_light_up_as_they_are_heard_and_space_ends_it(
    qtbot: QtBot, workplace: Workplace
) -> None:
    _, segments = with_words(qtbot, workplace)
    view = workplace.window.transcript.view
    view.select(TextSelection(Place(0), Place(1)))
    QTest.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view._playing == (segments[0].id, 0))

    workplace.output.position_ms = 2_500
    qtbot.waitUntil(lambda: view._playing == (segments[0].id, 2))
    workplace.output.position_ms = 4_100  # the second line, 1.1 s into it
    qtbot.waitUntil(lambda: view._playing == (segments[1].id, 1))

    QTest.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view._playing is None)
    assert not workplace.desk.listening.player.is_playing
    assert len(workplace.output.played) == 1


def test_an_entry_plays_the_audio_it_was_promoted_from(qtbot: QtBot, workplace: Workplace) -> None:
    incident_id, segments = with_words(qtbot, workplace)
    timeline = workplace.window.record.timeline
    chosen = [Selection(segments[1].id, 0, 1)]
    workplace.program.promotion.promote(incident_id, chosen, kind=EntryKind.FACT)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)

    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)
    assert workplace.program.clips.asked == [(segments[1].track_id, 4_000, 6_000)]


def test_an_entry_lights_up_the_words_that_a_later_pass_put_in_the_place_of_its_own(
    qtbot: QtBot, workplace: Workplace
) -> None:
    incident_id, segments = with_words(qtbot, workplace)
    timeline, store = workplace.window.record.timeline, workplace.program.store
    view = workplace.window.transcript.view
    workplace.program.promotion.promote(
        incident_id, [Selection(segments[1].id)], kind=EntryKind.FACT
    )
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    final = replace(segments[1], id=SegmentId("seg-final"), made_in=RecognitionPass.FINAL)
    track_id = final.track_id
    store.restart_pass(track_id, RecognitionPass.FINAL)
    store.add_segments(track_id, [final], made_in=RecognitionPass.FINAL, cursor_ms=final.end_ms)
    workplace.program.bus.publish(SegmentsReplaced(incident_id))
    qtbot.waitUntil(lambda: view.model.number_of(segments[1].id) is None)

    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: view._playing is not None and view._playing[0] == final.id)


@pytest.mark.parametrize("passes", [1, 2])
def test_words_of_a_final_pass_do_not_stand_beside_those_they_replace(
    qtbot: QtBot, workplace: Workplace, passes: int
) -> None:
    incident_id, segments = with_words(qtbot, workplace)
    store, model = workplace.program.store, workplace.window.transcript.model
    assert model.rowCount() == len(segments) > 1
    for number in range(passes):
        final = replace(
            segments[0], id=SegmentId(f"seg-final-{number}"), made_in=RecognitionPass.FINAL
        )
        track_id = final.track_id
        store.restart_pass(track_id, RecognitionPass.FINAL)
        store.add_segments(
            track_id, [final], made_in=RecognitionPass.FINAL, cursor_ms=final.end_ms
        )

        workplace.program.bus.publish(SegmentsTranscribed(incident_id, track_id, (final,)))

        qtbot.waitUntil(lambda shown=final: model.number_of(shown.id) is not None)
        assert model.rowCount() == len(segments), "the pass has not come to the others yet"


def test_without_a_sound_output_one_sentence_says_so(qtbot: QtBot, workplace: Workplace) -> None:
    with_words(qtbot, workplace)
    view = workplace.window.transcript.view
    workplace.output.refusal = EnvironmentMissingError(
        "There is no sound output here.", remedy="Connect headphones."
    )
    view.select(TextSelection.of_row(0))
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not workplace.desk.lanes.storage.is_busy)

    assert workplace.notices == ["There is no sound output here."]
    assert not workplace.desk.listening.player.is_playing


# Qt tells of each sound system it looks for and does not find
@pytest.mark.qt_log_ignore("pipewire-0.3", "PulseAudioService", extend=True)
@pytest.mark.usefixtures("qapp")
def test_a_real_desktop_without_loudspeakers_refuses_and_does_not_crash() -> None:
    player = Player()
    outcome: list[object] = []
    player.failed.connect(outcome.append)
    player.moved.connect(outcome.append)

    player.play(b"\0\0" * 16_000)

    has_output = not QMediaDevices.defaultAudioOutput().isNull()
    assert isinstance(outcome[0], int if has_output else EnvironmentMissingError)
    player.stop()


def test_what_is_asked_for_last_is_what_is_heard(qtbot: QtBot, workplace: Workplace) -> None:
    with_words(qtbot, workplace)
    view = workplace.window.transcript.view
    for row in (0, 1):
        view.select(TextSelection.of_row(row))
        QTest.keyClick(view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: not workplace.desk.lanes.storage.is_busy)
    assert [pcm[:4] for pcm in workplace.output.played] == [(4_000).to_bytes(4, "little")]


WHY_NOT = "Playing now would be recorded as the bridge. Stop the recording first."


def test_nothing_is_played_into_a_recording_of_the_bridge(
    qtbot: QtBot, workplace: Workplace
) -> None:
    with_words(qtbot, workplace)
    window = workplace.window
    window.recorder.ask()
    qtbot.waitUntil(lambda: window.recorder.is_recording)
    window.transcript.view.select(TextSelection.of_row(0))

    QTest.keyClick(window.transcript.view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: not workplace.desk.lanes.storage.is_busy)
    assert workplace.output.played == []
    assert workplace.program.clips.asked == []
    assert window.status.message.text() == WHY_NOT

    window.recorder.ask()
    qtbot.waitUntil(lambda: not window.recorder.is_recording)
    QTest.keyClick(window.transcript.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)


def test_what_is_being_heard_ends_when_a_recording_of_the_bridge_is_asked_for(
    qtbot: QtBot, workplace: Workplace
) -> None:
    with_words(qtbot, workplace)
    view = workplace.window.transcript.view
    view.select(TextSelection.of_row(0))
    QTest.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: workplace.desk.listening.player.is_playing)

    workplace.window.recorder.ask()

    assert not workplace.desk.listening.player.is_playing
    view.select(TextSelection.of_row(1))
    QTest.keyClick(view, Qt.Key.Key_Space)  # it may be recording already
    assert workplace.window.status.message.text() == WHY_NOT
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)
    assert len(workplace.output.played) == 1


def test_a_recording_of_the_room_alone_lets_words_be_heard(
    qtbot: QtBot, workplace: Workplace
) -> None:
    with_words(qtbot, workplace)
    strip, view = workplace.window.recorder, workplace.window.transcript.view
    chooser = strip.panels[TrackLabel.BRIDGE].chooser
    qtbot.waitUntil(lambda: chooser.findData("none") > 0)
    chooser.setCurrentIndex(chooser.findData("none"))
    strip.ask()
    qtbot.waitUntil(lambda: strip.is_recording)
    view.select(TextSelection.of_row(0))

    QTest.keyClick(view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)
