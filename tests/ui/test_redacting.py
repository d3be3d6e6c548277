"""Redaction from the transcript: asked for once more, with a reason, and never by a slip."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.errors import StorageError
from app.domain.transcript import Segment
from tests.ui.conftest import Workplace
from tests.ui.fakes import a_running_session, put_segments, put_session
from tests.ui.test_journey import SHIFT, focused, press
from ui.transcript.selection import Place, TextSelection


@pytest.fixture
def segment(qtbot: QtBot, workplace: Workplace) -> Segment:
    """One line on screen, of which the words 2 to 4 are selected."""
    program, view = workplace.program, workplace.window.transcript.view
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    (segment,) = put_segments(program.store, tracks[0], "my password is hunter two")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: view.model.rowCount() == 1)
    view.setFocus()
    view.select(TextSelection(Place(0, 2), Place(0, 4), by_words=True))
    return segment


def test_selected_words_are_redacted_once_a_reason_is_given(
    qtbot: QtBot, workplace: Workplace, segment: Segment
) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    assert focused() is form.reason
    assert form.told.text().startswith("Redact ")
    press(qtbot, Qt.Key.Key_Return)
    assert not form.button.isEnabled()
    qtbot.keyClicks(form.reason, "a password")
    press(qtbot, Qt.Key.Key_Return)
    assert desk.asked == []
    assert focused() is form.button
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    assert desk.asked[0][1:] == ((f"{segment.id}[2:5]",), "a password")
    assert form.isHidden()


@pytest.mark.usefixtures("segment")
def test_escape_redacts_nothing_and_a_refusal_keeps_the_reason(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    press(qtbot, Qt.Key.Key_Escape)
    assert form.isHidden()
    assert focused() is workplace.window.transcript.view

    desk.refusal = StorageError("The disk is full.", remedy="Free some space.")
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.keyClicks(form.reason, "a password")
    form.button.click()
    qtbot.waitUntil(lambda: workplace.notices == ["The disk is full."])
    assert form.reason.text() == "a password"
    assert len(desk.asked) == 1
