"""The waveform strip: what it shows of a session, recorded or being recorded."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.audio_files.archive import FolderArchive
from app.domain.events import RecordChanged
from app.domain.ids import SessionId, TrackId
from app.domain.sessions import GapReason, Session
from app.domain.times import Span
from app.domain.waveform import SessionWave
from tests.builders import a_marker, a_segment
from tests.ui.conftest import Workplace
from tests.ui.fakes import ACTOR, put_segments
from tests.ui.waveform_strip import (
    BRIDGE,
    LOSS,
    PAUSE,
    ROOM,
    SOUND,
    at,
    ink,
    legend,
    mark,
    show,
    shows,
    strip_view,
    with_gaps,
    with_words,
)
from tests.ui.waveforms import LOUD, Part, being_recorded, recorded
from ui.main_window import SMALLEST
from ui.theme import Theme


def test_without_a_session_there_is_no_waveform(workplace: Workplace) -> None:
    assert not workplace.window.transcript.waveform.isVisible()


@pytest.mark.parametrize("dark", [False, True])
def test_sound_loss_and_pause_differ_by_shape_and_not_only_by_colour(
    qtbot: QtBot, workplace: Workplace, theme: Theme, *, dark: bool
) -> None:
    theme.choose(dark)
    with_gaps(qtbot, workplace)
    view = strip_view(workplace)

    sound, loss, pause = (ink(view, start, start + 10, 0) for start in (0, 10, 30))

    assert all(all(row) for row in sound), "half of full scale fills the lane's middle"
    assert 0 < sum(map(sum, loss)) < sum(map(sum, sound)) / 2
    assert len({tuple(row) for row in loss}) > 3, "hatching shifts from row to row"
    assert len({tuple(row) for row in pause}) == 1, "bars are upright"
    assert any(pause[0])
    assert not all(pause[0])
    assert all(map(all, ink(view, 10, 20, 1))), "the bridge lost nothing"


def test_a_pause_that_lasted_until_the_end_is_shown_in_its_place(
    qtbot: QtBot, workplace: Workplace
) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    recorded(workplace.program, incident.id, room=[SOUND, PAUSE], bridge=[SOUND, PAUSE])
    show(qtbot, workplace, incident.id, 20_000)

    view = strip_view(workplace)
    pause = ink(view, 10, 20, 0)
    assert any(pause[0])
    assert not all(pause[0])
    assert len({tuple(row) for row in pause}) == 1, "bars are upright"


def test_a_file_that_is_gone_is_crossed_and_told(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    found = recorded(workplace.program, incident.id, room=[SOUND, LOSS, SOUND], bridge=[SOUND] * 3)
    (found.folder / "room-000002.wav").unlink()
    show(qtbot, workplace, incident.id, 30_000)

    view = strip_view(workplace)
    assert sum(map(sum, ink(view, 20, 30, 0))) > 1.5 * sum(map(sum, ink(view, 10, 20, 0)))
    assert "Room: a file is missing or damaged 14:46:20\N{EN DASH}14:46:30" in legend(workplace)


def test_the_legend_says_what_was_lost_and_what_was_paused(
    qtbot: QtBot, workplace: Workplace
) -> None:
    with_gaps(qtbot, workplace)

    assert legend(workplace) == (
        "▨ 1 gap, 10.0 s lost: Room: microphone unplugged 14:46:10\N{EN DASH}14:46:20; "
        "1 pause, 10.0 s: paused 14:46:30\N{EN DASH}14:46:40"
    )


def test_a_recording_without_gaps_has_no_legend(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    recorded(workplace.program, incident.id, room=[SOUND], bridge=[SOUND])
    show(qtbot, workplace, incident.id, 10_000)

    assert legend(workplace) == ""


@pytest.mark.qt_log_ignore("does not support raise")  # the offscreen one
def test_the_tool_tip_names_a_gap(qtbot: QtBot, workplace: Workplace) -> None:
    with_gaps(qtbot, workplace)
    view = strip_view(workplace)

    point = at(view, 15, 0)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, point, view.mapToGlobal(point)))

    assert "microphone unplugged 14:46:10\N{EN DASH}14:46:20, 10.0 s" in QToolTip.text()


def test_a_gap_too_short_for_a_pixel_is_seen_and_hit(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    sound: Part = (None, 300)
    blink: Part = (GapReason.OVERFLOW, 0.05)
    recorded(workplace.program, incident.id, room=[sound, blink, sound], bridge=[sound, sound])
    show(qtbot, workplace, incident.id, 600_050)
    view = strip_view(workplace)
    x = at(view, 300, 0).x()

    assert view.place().at_ms(x + 1) > 300_050, "a pixel is longer"
    assert "the machine was too busy" in view.words_at(view.place().at_ms(x + 1), 0)
    image, lane = view.grab().toImage(), view.place().lane(0)
    top = round(lane.top()) + 5  # above it is sound on both sides
    column = {image.pixel(x + 1, y) for y in range(top, top + 14)}
    assert column != {image.pixel(x - 9, y) for y in range(top, top + 14)}


def test_it_is_of_the_session_that_is_in_view(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    program = workplace.program
    first, second = (
        recorded(program, incident.id, room=[SOUND] * n, bridge=[SOUND] * n, after_s=3_600 * n)
        for n in (1, 2)
    )
    for found in (first, second):
        put_segments(program.store, found.track(BRIDGE), *["word"] * 40)
    show(qtbot, workplace, incident.id, 10_000)

    workplace.window.transcript.view.jump_to_live()

    view = strip_view(workplace)
    qtbot.waitUntil(lambda: shows(view, 20_000))
    assert view.overview is not None
    assert view.overview.session.id == second.session.id


def test_where_the_room_only_repeats_the_bridge_there_are_dots(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    room = found.track(ROOM)
    said = a_segment("hello", 52_000, 58_000, session_id=found.session.id, track_id=room.id)
    program = workplace.program
    program.store.add_segments(room.id, [said], made_in=said.made_in, cursor_ms=58_000)
    program.store.mark_bleed(room.id, [said.id])
    view = strip_view(workplace)
    before = view.grab().toImage()

    program.bus.publish(RecordChanged(found.session.incident_id, None))

    qtbot.waitUntil(lambda: view.overview is not None and len(view.overview.bleed) == 1)
    assert view.overview is not None
    assert view.overview.bleed == (Span(52_000, 58_000),)
    assert "from the loudspeakers" in view.words_at(55_000, 0)
    assert "from the loudspeakers" not in view.words_at(55_000, 1)
    view.show_in_view(None)
    changed = view.grab().toImage()
    bottom = round(view.place().lane(0).bottom()) - 2
    across = range(at(view, 52, 0).x(), at(view, 58, 0).x())
    assert any(before.pixel(x, bottom) != changed.pixel(x, bottom) for x in across)


def test_while_it_is_recorded_it_grows_at_most_once_a_second(
    qtbot: QtBot, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SessionId] = []
    look = workplace.program.waveforms.of

    def noted(session: Session, track_ids: Sequence[TrackId]) -> SessionWave:
        asked.append(session.id)
        return look(session, track_ids)

    monkeypatch.setattr(workplace.program.waveforms, "of", noted)
    workplace.window.recorder.button.click()
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)
    desk = workplace.program.recording
    assert desk.active is not None
    folder = workplace.program.home.session_dir(desk.active.incident_id, desk.active.id)
    view = strip_view(workplace)
    lanes = workplace.desk.lanes
    qtbot.waitUntil(lambda: workplace.desk.incident.record is not None)
    qtbot.waitUntil(lambda: not lanes.looking.is_busy)
    with being_recorded(folder, desk.active, *desk.tracks) as writers:
        for seconds in (1, 2):
            for writer in writers:
                writer.append(LOUD)
                writer.sync()
            asked.clear()
            for _ in range(10):
                desk.tell(1_000 * seconds)
            timer = workplace.desk.overview._grows
            qtbot.waitUntil(timer.isActive)
            assert timer.interval() >= 1_000
            assert asked == []
            timer.setInterval(0)  # nobody waits here
            qtbot.waitUntil(lambda: asked == [desk.active.id])
            qtbot.waitUntil(lambda end_ms=1_000 * seconds: shows(view, end_ms))
        asked.clear()
        mark(workplace, desk.active, a_marker(session_id=desk.active.id, at_ms=500))
        qtbot.waitUntil(lambda: view.overview is not None and len(view.overview.markers) == 1)
        assert asked == []
        writers[0].gap(5 * len(LOUD) // 2, GapReason.STALL)
        for writer in writers:
            writer.append(LOUD)
            writer.close()
    desk.stop()
    qtbot.waitUntil(lambda: shows(view, 8_000))
    assert "Room: the device delivered nothing 14:46:02\N{EN DASH}14:46:07" in legend(workplace)


def test_of_what_was_redacted_the_outline_goes_from_the_screen(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    view = strip_view(workplace)
    assert all(map(all, ink(view, 0, 10, 0)))

    FolderArchive().silence(
        found.folder, [Span(0, 10_000)], at="2026-03-12T15:00:00Z", by=ACTOR, reason="a name"
    )
    workplace.program.bus.publish(RecordChanged(found.session.incident_id, None))

    qtbot.waitUntil(lambda: not any(map(any, ink(view, 0, 10, 0)[:3])))


def test_the_windows_own_thread_opens_no_file_for_it(
    qtbot: QtBot, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    recorded(workplace.program, incident.id, room=[SOUND], bridge=[SOUND])
    threads: set[str] = set()
    original = Path.open

    def noted(path: Path, *arguments: Any, **options: Any) -> Any:
        threads.add(threading.current_thread().name)
        return original(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", noted)

    show(qtbot, workplace, incident.id, 10_000)

    assert threads == {"looking_0"}


def test_without_its_files_the_record_tells_and_one_sentence_says_why(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    other = workplace.program.incidents.create("Another")
    workplace.desk.incident.open(other.id)
    qtbot.waitUntil(lambda: not workplace.window.transcript.waveform.isVisible())
    for path in found.folder.iterdir():
        path.unlink()

    workplace.desk.incident.open(found.session.incident_id)

    qtbot.waitUntil(lambda: "there is no audio in it" in legend(workplace))
    assert strip_view(workplace).isVisible()
    assert workplace.notices == []


def test_in_the_smallest_window_there_is_room_for_the_words(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    with_words(workplace, found)
    workplace.window.resize(*SMALLEST)
    transcript = workplace.window.transcript
    qtbot.waitUntil(lambda: transcript.model.rowCount() == 15)

    assert workplace.window.size().toTuple() == SMALLEST
    assert len(transcript.view.rows_in_view) >= 5
    assert transcript.waveform.width() == transcript.width()
