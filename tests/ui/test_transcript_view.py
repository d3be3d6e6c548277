from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from app.domain.sessions import TrackLabel
from app.domain.timeline import EntryKind
from app.domain.transcript import SegmentFlag
from tests.ui.rows import a_row, many_rows
from ui.theme import Theme
from ui.transcript.layout import PADDING
from ui.transcript.model import TranscriptModel
from ui.transcript.selection import Place, TextSelection
from ui.transcript.tool_tip import row_tip
from ui.transcript.view import TranscriptView

NO = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TranscriptView:
    theme.choose(None)
    view = TranscriptView(TranscriptModel())
    qtbot.addWidget(view)
    view.resize(640, 300)
    view.show()
    qtbot.waitExposed(view)
    return view


def point_of(view: TranscriptView, row: int, word: int) -> QPoint:
    """Return the middle of a word in the viewport."""
    measure, columns = view._painter.measure, view._columns
    placed = measure.place(view.model.row(row).words, columns.text_width)[word]
    y = view._heights.top(row) - view.verticalScrollBar().value() + PADDING
    y += int((placed.line + 0.5) * measure.line_height)
    return QPoint(round(columns.text + placed.x + placed.width / 2), y)


def chosen(view: TranscriptView) -> list[str]:
    return [row.segment.text for row, *_ in view.selected_rows()]


def test_appending_measures_the_new_rows_only(view: TranscriptView) -> None:
    view.model.replace_all(many_rows(50_000))
    before = view.measured_rows

    view.model.add(many_rows(5, first=50_000))
    view.model.add([a_row("late, from the other track", 49_999_500)])

    assert view.measured_rows - before == 6


def test_painting_touches_the_rows_in_sight_only(view: TranscriptView) -> None:
    view.model.replace_all(many_rows(50_000))
    asked: list[int] = []
    row = view.model.row

    def counting(number: int) -> object:
        asked.append(number)
        return row(number)

    view.model.row = counting  # type: ignore[method-assign,assignment]
    view.viewport().repaint()
    view.viewport().grab()

    assert 0 < len(set(asked)) < 40


def test_it_follows_the_end_until_somebody_scrolls_away(view: TranscriptView) -> None:
    view.set_live(live=True)
    view.model.add(many_rows(100))
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    assert not view.live_button.isVisible()

    bar.setValue(0)
    view.model.add(many_rows(10, first=100))
    assert bar.value() == 0
    assert view.live_button.isVisible()

    view.live_button.click()
    assert bar.value() == bar.maximum()
    assert not view.live_button.isVisible()
    view.model.add(many_rows(10, first=110))
    assert bar.value() == bar.maximum()


def test_a_transcript_that_is_complete_is_read_from_its_beginning(view: TranscriptView) -> None:
    view.model.replace_all(many_rows(100))
    assert view.verticalScrollBar().value() == 0
    assert not view.live_button.isVisible()

    view.set_live(live=True)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_the_first_key_selects_the_first_line_in_sight(view: TranscriptView) -> None:
    view.model.replace_all(many_rows(100))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen(view) == ["word0"]

    view.select(None)
    view.verticalScrollBar().setValue(view._heights.top(40) + 5)  # the 40th is cut off
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert chosen(view) == ["word41"]


@pytest.mark.parametrize(("key", "word"), [(Qt.Key.Key_Home, "word0"), (Qt.Key.Key_End, "word99")])
def test_home_and_end_select_the_ends_first_of_all(
    view: TranscriptView, key: Qt.Key, word: str
) -> None:
    view.model.replace_all(many_rows(100))
    QTest.keyClick(view, key)
    assert chosen(view) == [word]


def test_the_first_key_selects_the_newest_words_while_they_are_followed(
    view: TranscriptView,
) -> None:
    view.set_live(live=True)
    view.model.add(many_rows(100))
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen(view) == ["word99"]

    view.select(None)
    view.verticalScrollBar().setValue(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen(view) == ["word0"]


def test_a_click_on_a_word_selects_its_line_and_plays_from_the_word(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.model.add([a_row("one two three", 0), a_row("four five six", 3_000)])

    with qtbot.waitSignal(view.play_requested) as asked:
        QTest.mouseClick(view.viewport(), LEFT, NO, point_of(view, 1, 1))

    (passage,) = asked.args[0]
    segment = view.model.row(1).segment
    assert (passage.start_ms, passage.end_ms) == (segment.words[1].start_ms, segment.end_ms)
    assert [(row.segment.id, *words) for row, *words in view.selected_rows()] == [
        (segment.id, None, None)
    ]


def test_a_click_beside_the_words_plays_the_whole_line(view: TranscriptView, qtbot: QtBot) -> None:
    view.model.add([a_row("one two three", 0)])

    with qtbot.waitSignal(view.play_requested) as asked:
        QTest.mouseClick(view.viewport(), LEFT, NO, QPoint(20, 12))

    assert (asked.args[0][0].start_ms, asked.args[0][0].end_ms) == (0, 3_000)


def test_dragging_selects_words_across_lines_and_plays_nothing(view: TranscriptView) -> None:
    view.model.add([a_row("one two three", 0), a_row("four five six", 3_000)])
    played = QSignalSpy(view.play_requested)

    QTest.mousePress(view.viewport(), LEFT, NO, point_of(view, 0, 1))
    QTest.mouseMove(view.viewport(), point_of(view, 1, 0))
    QTest.mouseRelease(view.viewport(), LEFT, NO, point_of(view, 1, 0))

    assert [tuple(words) for _row, *words in view.selected_rows()] == [(1, 2), (0, 0)]
    assert played.count() == 0


def test_shift_and_a_click_extend_over_lines(view: TranscriptView) -> None:
    view.model.add(many_rows(5))
    QTest.mouseClick(view.viewport(), LEFT, NO, point_of(view, 1, 0))
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, point_of(view, 3, 0))

    assert [row.segment.text for row, *_ in view.selected_rows()] == ["word1", "word2", "word3"]


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (Qt.Key.Key_F, EntryKind.FACT),
        (Qt.Key.Key_H, EntryKind.HYPOTHESIS),
        (Qt.Key.Key_D, EntryKind.DECISION),
        (Qt.Key.Key_A, EntryKind.ACTION),
        (Qt.Key.Key_S, EntryKind.STATUS),
        (Qt.Key.Key_R, EntryKind.RESPONSIBILITY),
    ],
)
def test_each_kind_has_its_key(
    view: TranscriptView, qtbot: QtBot, key: Qt.Key, kind: EntryKind
) -> None:
    view.model.add([a_row("one two three", 0)])
    QTest.keyClick(view, Qt.Key.Key_Down)

    with qtbot.waitSignal(view.promote_requested) as asked:
        QTest.keyClick(view, key)
    assert asked.args == [kind]


def test_nothing_selected_promotes_nothing(view: TranscriptView, qtbot: QtBot) -> None:
    view.model.add([a_row()])
    with qtbot.assertNotEmitted(view.promote_requested):
        QTest.keyClick(view, Qt.Key.Key_F)


def test_space_plays_each_selected_stretch(view: TranscriptView, qtbot: QtBot) -> None:
    view.model.add([a_row("one two three", 0), a_row("four five six", 3_000)])
    view.select(TextSelection(Place(0, 1), Place(1, 1), by_words=True))

    with qtbot.waitSignal(view.play_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_Space)

    assert [(p.start_ms, p.end_ms) for p in asked.args[0]] == [(1_000, 3_000), (3_000, 5_000)]


def test_the_selection_stays_on_its_words_when_the_transcript_is_read_again(
    view: TranscriptView,
) -> None:
    rows = many_rows(5)
    view.model.replace_all(rows)
    view.select(TextSelection.of_row(3))

    view.model.replace_all([a_row("new", -0), *rows])

    assert [row.segment.id for row, *_ in view.selected_rows()] == [rows[3].segment.id]


def test_a_selection_whose_segments_are_gone_is_gone(view: TranscriptView) -> None:
    view.model.replace_all(many_rows(5))
    view.select(TextSelection.of_row(3))
    view.model.replace_all(many_rows(2))
    assert view.selected_rows() == []


def test_an_edited_line_is_promoted_whole_since_its_words_have_no_times(
    view: TranscriptView,
) -> None:
    row = a_row("one two three", 0)
    edited = replace(row, segment=replace(row.segment, text="one too three"))
    view.model.add([edited])
    view.select(TextSelection(Place(0, 1), Place(0, 1), by_words=True))

    assert [tuple(words) for _row, *words in view.selected_rows()] == [(None, None)]


def test_the_words_that_are_heard_light_up(view: TranscriptView) -> None:
    view.model.add([a_row("one two three", 0)])
    row = view.model.row(0)
    silent = view.viewport().grab().toImage()

    view.show_playing(row.passage(), 1_500)
    assert view._state(0, row).playing == 1
    assert view.viewport().grab().toImage() != silent

    view.show_playing(None)
    assert view.viewport().grab().toImage() == silent


def test_the_pointer_learns_why_a_line_is_dimmed_and_a_word_underlined() -> None:
    row = a_row("one two", 0)
    words = (replace(row.segment.words[0], probability=0.31), row.segment.words[1])
    doubtful = replace(
        row, segment=replace(row.segment, words=words, flag=SegmentFlag.SILENCE_SUSPECT)
    )

    tip = row_tip(doubtful, 0)
    assert "there may be no speech here" in tip
    assert "“one”: unsure, 31 %" in tip
    assert "unsure" not in row_tip(doubtful, 1)
    assert tip.startswith("2026-03-12 14:46:00 UTC")


def test_what_the_room_heard_from_loudspeakers_is_quietly_marked_and_tells_why(
    view: TranscriptView,
) -> None:
    said = a_row("one two", 0, label=TrackLabel.ROOM)
    bled = replace(said, segment=replace(said.segment, bleed=True))
    view.model.add([said])
    plain = view.viewport().grab().toImage()

    view.model.add([bled])

    assert view.model.rowCount() == 1
    assert view.viewport().grab().toImage() != plain
    assert bled.words == said.words
    assert row_tip(bled, 0).endswith(
        "The bridge, as the room's microphone heard it from the loudspeakers"
    )
    assert "loudspeakers" not in row_tip(said, 0)
    assert str(view.model.index(0).data()) == "14:46:00 room, from the loudspeakers: one two"


def test_a_screen_reader_hears_the_line_the_keys_act_on(view: TranscriptView) -> None:
    view.model.add([a_row("one two", 0), a_row("three four", 3_000)])
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Up)

    assert view.accessibleDescription() == "14:46:00 bridge: one two"


def test_names_of_voices_get_a_column_when_the_first_is_known(view: TranscriptView) -> None:
    view.model.add([a_row("one", 0)])
    assert view._columns.text == view._columns.speaker

    view.model.add([a_row("two", 3_000, speaker="Priya (IC)")])
    assert view._columns.text > view._columns.speaker
