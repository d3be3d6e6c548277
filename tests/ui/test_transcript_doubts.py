"""What a person sees and hears of doubts in the transcript, and how they get to the next."""

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.spelling import as_heard
from app.domain.transcript import Segment, SegmentFlag
from tests.builders import CHECKOUT_API, a_segment, a_spelled_segment, doubted
from tests.ui.conftest import Workplace
from tests.ui.fakes import a_running_session, put_session
from tests.ui.rows import row_of
from tests.ui.test_journey import press
from ui.panes import TranscriptPane
from ui.theme import Theme
from ui.transcript.layout import PADDING
from ui.transcript.selection import Place, TextSelection
from ui.transcript.underlines import BELOW, Underline

SURE = a_segment("we roll back now", 0, 1_000)
UNSURE = doubted(a_segment("it broke at 12:10.", 2_000, 4_000), {"12:10.": 0.78, "it": 0.1})
FLAGGED = a_segment("thank you", 5_000, 6_000, flag=SegmentFlag.REPEATED)
SPELLED = a_spelled_segment("check out api calls", start_ms=8_000, end_ms=9_000)
ALL = (SURE, UNSURE, FLAGGED, SPELLED)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pane(qtbot: QtBot, theme: Theme) -> Iterator[TranscriptPane]:
    theme.choose(None)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(640, 400)
    pane = TranscriptPane(window)
    pane.resize(window.size())
    window.show()
    qtbot.waitExposed(window)
    yield pane  # noqa: PT022  keeps the window that holds it


def show(pane: TranscriptPane, *segments: Segment) -> None:
    pane.model.replace_all([row_of(segment) for segment in segments])


def chosen(pane: TranscriptPane) -> list[tuple[str, int | None]]:
    return [(row.segment.text, first) for row, first, _ in pane.view.selected_rows()]


def under_word(pane: TranscriptPane, row: int, word: int) -> QImage:
    """Return the pixels under a word, where its line is."""
    view = pane.view
    measure, columns = view._painter.measure, view._columns
    placed = measure.place(view.model.row(row).words, columns.text_width)[word]
    ascent = (measure.line_height + measure.metrics.capHeight()) / 2
    foot = round(view._heights.top(row) + PADDING + placed.line * measure.line_height + ascent)
    corner = QPoint(round(columns.text + placed.x), foot + BELOW - 1)
    box = QRect(corner, corner + QPoint(round(placed.width) - 1, 4))
    return view.viewport().grab(box).toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def inked(image: QImage) -> list[list[bool]]:
    """Return which pixels of each row of a grey picture differ from the ground."""
    ground = image.pixel(image.width() - 1, image.height() - 1)
    return [
        [image.pixel(x, y) != ground for x in range(image.width())] for y in range(image.height())
    ]


def test_doubt_and_spelling_are_told_apart_by_the_shape_of_their_line(
    pane: TranscriptPane,
) -> None:
    show(pane, *ALL)
    dotted, doubled = inked(under_word(pane, 1, 3)), inked(under_word(pane, 3, 0))
    breaks = [sum(a != b for a, b in itertools.pairwise(row)) for row in dotted]
    assert max(breaks) > 2
    full = [row for row in doubled if sum(row) > 0.9 * len(row)]
    assert len(full) == 2
    assert not any(any(row) for row in inked(under_word(pane, 0, 1)))


def test_n_goes_from_doubt_to_doubt_and_shift_n_back(pane: TranscriptPane) -> None:
    show(pane, *ALL)
    places = []
    for _ in range(4):
        QTest.keyClick(pane.view, Qt.Key.Key_N)
        places.append(chosen(pane)[0])
    assert places == [
        (UNSURE.text, 0),
        (UNSURE.text, 3),
        (FLAGGED.text, None),
        (FLAGGED.text, None),  # there is no other
    ]
    QTest.keyClick(pane.view, Qt.Key.Key_N, SHIFT)
    assert chosen(pane) == [(UNSURE.text, 3)]


def test_n_begins_in_the_line_that_is_chosen_and_shift_n_before_it(pane: TranscriptPane) -> None:
    show(pane, *ALL)
    pane.view.select(TextSelection.of_row(1))
    QTest.keyClick(pane.view, Qt.Key.Key_N)
    assert chosen(pane) == [(UNSURE.text, 0)]
    pane.view.select(TextSelection.of_row(3))
    QTest.keyClick(pane.view, Qt.Key.Key_N, SHIFT)
    assert chosen(pane) == [(FLAGGED.text, None)]


def test_a_transcript_without_doubts_has_no_next_one(pane: TranscriptPane) -> None:
    show(pane, SURE)
    QTest.keyClick(pane.view, Qt.Key.Key_N)
    assert chosen(pane) == []


def test_the_legend_tells_what_stands_in_the_transcript_and_no_more(pane: TranscriptPane) -> None:
    show(pane, SURE)
    assert not pane.legend.isVisible()
    pane.model.add([row_of(UNSURE)])
    assert [mark for mark, _ in pane.legend.entries] == [Underline.UNSURE]
    pane.model.add([row_of(SPELLED)])
    assert [mark for mark, _ in pane.legend.entries] == [Underline.UNSURE, Underline.SPELLED]
    assert "Shift+N" in pane.legend.accessibleName()
    assert pane.legend.isVisible()
    pane.model.update(row_of(as_heard(SPELLED)))
    assert [mark for mark, _ in pane.legend.entries] == [Underline.UNSURE]
    show(pane, SURE)
    assert not pane.legend.isVisible()


def test_a_doubtful_line_says_why_in_a_line_of_its_own(pane: TranscriptPane) -> None:
    show(pane, FLAGGED, a_segment("thank you", 7_000, 8_000))
    flagged, plain = (pane.view._heights.height(row) for row in (0, 1))
    assert flagged - plain == pane.view._painter.measure.line_height


def test_who_cannot_see_the_marks_is_told_of_them(pane: TranscriptPane) -> None:
    show(pane, *ALL)
    told = []
    for row in range(4):
        pane.view.select(TextSelection.of_row(row))
        told.append(pane.view.accessibleDescription())
    assert told[0].endswith("we roll back now")
    assert "“12:10.”: unsure, 78 %" in told[1]
    assert "the same words over and over" in told[2]
    assert "“checkout-api”: glossary, heard “check out api”" in told[3]


def test_backspace_takes_the_chosen_spelling_back_and_undo_brings_it_again(
    qtbot: QtBot, workplace: Workplace
) -> None:
    program, view = workplace.program, workplace.window.transcript.view
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    spelled = a_spelled_segment(session_id=session.id, track_id=tracks[0].id)
    program.store.add_segments(tracks[0].id, [spelled], made_in=spelled.made_in, cursor_ms=90_000)
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    view.setFocus()

    view.select(TextSelection(Place(0, 0), Place(0, 0), by_words=True))
    press(qtbot, Qt.Key.Key_Backspace)
    assert "No spelling" in workplace.window.status.message.text()

    view.select(TextSelection(Place(0, 1), Place(0, 1), by_words=True))
    press(qtbot, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: view.model.row(0).segment.text == spelled.original_text)
    assert not view.model.row(0).is_respelled

    workplace.window.record.tools.undo_requested.emit()
    qtbot.waitUntil(lambda: CHECKOUT_API.text in view.model.row(0).words)
