"""Going along the waveform by key and click, and hearing it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.sessions import MarkerKind
from tests.builders import a_marker
from tests.ui.conftest import Workplace
from tests.ui.waveform_strip import (
    BRIDGE,
    PLAIN,
    ROOM,
    SHIFT,
    at,
    mark,
    strip_view,
    with_gaps,
    with_words,
)
from ui.main_window import SMALLEST


def test_keys_go_from_gap_to_gap_and_a_screen_reader_is_told(
    qtbot: QtBot, workplace: Workplace
) -> None:
    with_gaps(qtbot, workplace)
    view = strip_view(workplace)
    QTest.keyClick(workplace.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(view.hasFocus)

    QTest.keyClick(view, Qt.Key.Key_G)
    assert view.accessibleDescription() == (
        "14:46:10 UTC, 00:00:10, Room\n"
        "Room: microphone unplugged 14:46:10\N{EN DASH}14:46:20, 10.0 s"
    )
    QTest.keyClick(view, Qt.Key.Key_G)
    assert "paused 14:46:30\N{EN DASH}14:46:40, 10.0 s" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.accessibleDescription().startswith("14:46:30 UTC, 00:00:30, Bridge\npaused")
    QTest.keyClick(view, Qt.Key.Key_G, SHIFT)
    assert "microphone unplugged" in view.accessibleDescription()


def test_keys_go_along_the_session_and_stay_within_it(qtbot: QtBot, workplace: Workplace) -> None:
    with_gaps(qtbot, workplace)
    view = strip_view(workplace)

    went = []
    for key, modifier in (
        (Qt.Key.Key_Right, PLAIN),
        (Qt.Key.Key_Right, PLAIN),
        (Qt.Key.Key_Left, PLAIN),
        (Qt.Key.Key_Left, SHIFT),
        (Qt.Key.Key_End, PLAIN),
        (Qt.Key.Key_Right, SHIFT),
        (Qt.Key.Key_Home, PLAIN),
    ):
        QTest.keyClick(view, key, modifier)
        went.append(view.at_ms)

    assert went == [5_000, 10_000, 5_000, 0, 60_000, 60_000, 0]


def test_markers_stand_at_their_moment_and_keys_go_to_them(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    view = strip_view(workplace)
    before = view.grab().toImage()
    markers = [
        a_marker(session_id=found.session.id, at_ms=at_ms, kind=kind, text=text)
        for at_ms, kind, text in (
            (5_000, MarkerKind.DECISION, ""),
            (50_000, MarkerKind.LOOK, "the graph"),
        )
    ]
    mark(workplace, found.session, *markers)
    qtbot.waitUntil(lambda: view.overview is not None and len(view.overview.markers) == 2)

    above = at(view, 5, 0) - QPoint(0, 20)
    assert before.pixel(above) != view.grab().toImage().pixel(above)
    QTest.keyClick(view, Qt.Key.Key_M)
    assert "marked: decision" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_M)
    assert view.at_ms == 50_000
    assert "the graph" in view.accessibleDescription()


def test_a_click_goes_there_in_the_transcript(qtbot: QtBot, workplace: Workplace) -> None:
    found = with_gaps(qtbot, workplace)
    with_words(workplace, found)
    transcript = workplace.window.transcript
    qtbot.waitUntil(lambda: transcript.model.rowCount() == 15)
    view = strip_view(workplace)

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 41, 1))

    assert [row.words for row, *_ in transcript.view.selected_rows()] == [("line", "10")]
    assert transcript.view.selection is not None
    assert transcript.view.selection.focus.row in transcript.view.rows_in_view
    assert workplace.output.played == [], "nothing was playing"


def test_space_plays_from_there_and_words_and_head_follow(
    qtbot: QtBot, workplace: Workplace
) -> None:
    found = with_gaps(qtbot, workplace)
    with_words(workplace, found)
    transcript = workplace.window.transcript
    qtbot.waitUntil(lambda: transcript.model.rowCount() == 15)
    view = strip_view(workplace)
    bridge = found.track(BRIDGE).id
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 41, 1))
    start_ms = view.at_ms

    QTest.keyClick(view, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)
    asked = workplace.program.clips.asked
    assert (asked[0][:2], asked[-1][0], asked[-1][2]) == ((bridge, start_ms), bridge, 60_000)
    assert [start for _, start, _ in asked[1:]] == [end for _, _, end in asked[:-1]]
    assert view._playing_ms == start_ms
    workplace.output.position_ms = 5_000
    qtbot.waitUntil(lambda: view._playing_ms == (start_ms or 0) + 5_000)

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 1, 0))
    qtbot.waitUntil(lambda: len(workplace.output.played) == 2)
    assert asked[-1][0] == found.track(ROOM).id, "what is heard goes along"
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view._playing_ms is None


def test_what_the_transcript_shows_is_shown(qtbot: QtBot, workplace: Workplace) -> None:
    found = with_gaps(qtbot, workplace)
    workplace.window.resize(*SMALLEST)
    with_words(workplace, found)
    transcript = workplace.window.transcript
    qtbot.waitUntil(lambda: transcript.model.rowCount() == 15)
    view = strip_view(workplace)
    qtbot.waitUntil(lambda: view._in_view is not None and view._in_view.start_ms == 0)
    assert view._in_view is not None
    assert view._in_view.end_ms < 59_000

    transcript.view.jump_to_live()

    assert view._in_view.end_ms == 59_000
    assert view._in_view.start_ms > 0
