"""Escape in the entry line gives the keys back to what had them, or to what is there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Workplace
from tests.ui.test_journey import CONTROL, focused, press


@pytest.fixture
def ready(qtbot: QtBot, workplace: Workplace) -> Workplace:
    """An incident is open, and the keys go to the transcript."""
    incident = workplace.program.incidents.create("Checkout errors")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: workplace.desk.incident.record is not None)
    workplace.window.transcript.view.setFocus()
    return workplace


def test_after_a_line_and_escape_the_keys_of_the_window_work(
    qtbot: QtBot, ready: Workplace
) -> None:
    window = ready.window
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.keyClicks(window.entry.line, "/fact the pool is full")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.record.timeline.entries.rowCount() == 1)

    press(qtbot, Qt.Key.Key_Escape)

    assert focused() is window.transcript.view
    press(qtbot, Qt.Key.Key_4, CONTROL)
    assert focused() is window.record.evidence
    press(qtbot, Qt.Key.Key_2, CONTROL)
    assert focused() is window.record.timeline
    press(qtbot, Qt.Key.Key_L, CONTROL)
    assert focused() is window.entry.line


def test_an_editor_that_is_gone_gives_the_keys_to_the_timeline(
    qtbot: QtBot, ready: Workplace
) -> None:
    window = ready.window
    window.entry.entered.emit("/fact the pool is full")
    qtbot.waitUntil(lambda: window.record.timeline.entries.rowCount() == 1)
    press(qtbot, Qt.Key.Key_2, CONTROL)
    press(qtbot, Qt.Key.Key_E)
    editor = focused()
    assert isinstance(editor, QLineEdit)
    gone = []
    editor.destroyed.connect(lambda: gone.append(True))
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: bool(gone))

    press(qtbot, Qt.Key.Key_Escape)

    assert focused() is window.record.timeline
    assert ready.notices == []


def test_where_the_place_is_hidden_or_cannot_be_used_the_keys_go_to_what_is_there(
    qtbot: QtBot, ready: Workplace
) -> None:
    window = ready.window
    button = window.incidents.new_button
    button.setFocus()
    press(qtbot, Qt.Key.Key_L, CONTROL)
    button.setEnabled(False)
    press(qtbot, Qt.Key.Key_Escape)
    assert focused() is window.record.timeline

    press(qtbot, Qt.Key.Key_L, CONTROL)
    window.record.setCurrentWidget(window.record.evidence)
    window.entry.line.setFocus()
    press(qtbot, Qt.Key.Key_Escape)
    assert focused() is window.transcript.view
