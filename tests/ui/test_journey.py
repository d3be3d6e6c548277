from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.events import SegmentsTranscribed
from app.domain.sessions import MarkerKind, SessionKind
from app.domain.timeline import EntryKind
from tests.ui.conftest import Workplace
from tests.ui.fakes import on_a_thread, put_segments

NO = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    """Press a key in whatever has the focus, as a person does."""
    qtbot.keyClick(focused(), key, modifiers)


def test_from_a_new_incident_to_the_pdf_by_keys_alone(qtbot: QtBot, workplace: Workplace) -> None:
    window, program = workplace.window, workplace.program
    timeline = window.record.timeline

    window.transcript.view.setFocus()
    press(qtbot, Qt.Key.Key_N, CONTROL)
    qtbot.keyClicks(focused(), "Checkout errors")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.incidents.chooser.currentText() == "Checkout errors")

    press(qtbot, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: window.recorder.is_recording)
    kind, *sources = program.recording.asked[0]
    assert isinstance(kind, SessionKind)
    assert (kind, sources) == (SessionKind.BRIDGE, ["", ""])
    session = program.recording.active
    assert session is not None
    bridge = program.recording.tracks[1]
    segments = put_segments(program.store, bridge, "the pool is at its limit", "confirmed")
    on_a_thread(
        lambda: program.bus.publish(SegmentsTranscribed(session.incident_id, bridge.id, segments))
    )
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 2)

    assert focused() is window.transcript.view
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right, SHIFT)
    press(qtbot, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    entry = timeline.entries.entry(0)
    assert (entry.kind, entry.text) == (EntryKind.FACT, "pool is")
    assert entry.sources[0].segment_ids == (segments[0].id,)

    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 0)
    press(qtbot, Qt.Key.Key_Z, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    assert timeline.entries.entry(0) == entry

    press(qtbot, Qt.Key.Key_F9, SHIFT)
    qtbot.waitUntil(lambda: not window.recorder.is_recording)

    press(qtbot, Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(window.export.button.hasFocus)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.record.report.page_count == 1)
    assert window.record.currentWidget() is window.record.report
    assert window.record.report.document is not None
    assert "pool is" in window.record.report.document.getAllText(0).text()
    (written,) = Path(program.home.exports_dir(session.incident_id)).iterdir()
    assert written.name.startswith("checkout-errors-")
    assert workplace.notices == []


def test_entries_are_edited_retyped_and_removed_by_keys(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, program = workplace.window, workplace.program
    timeline = window.record.timeline
    incident = program.incidents.create("Checkout errors")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: window.incidents.chooser.currentText() == "Checkout errors")
    press(qtbot, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: window.recorder.is_recording)
    room = program.recording.tracks[0]
    segments = put_segments(program.store, room, "maybe the pool is exhausted")
    on_a_thread(lambda: program.bus.publish(SegmentsTranscribed(incident.id, room.id, segments)))
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 1)
    press(qtbot, Qt.Key.Key_1, CONTROL)
    press(qtbot, Qt.Key.Key_Up)
    press(qtbot, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)

    press(qtbot, Qt.Key.Key_2, CONTROL)
    assert focused() is timeline
    press(qtbot, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: timeline.entries.entry(0).kind is EntryKind.HYPOTHESIS)
    press(qtbot, Qt.Key.Key_E)
    editor = focused()
    assert editor is not timeline
    press(qtbot, Qt.Key.Key_A, CONTROL)
    qtbot.keyClicks(editor, "pool exhausted")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: timeline.entries.entry(0).text == "pool exhausted")
    assert timeline.entries.entry(0).sources[0].quote == "maybe the pool is exhausted"

    qtbot.waitUntil(lambda: focused() is timeline)
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 0)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)


def test_markers_are_stamped_from_anywhere_while_recording(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, program = workplace.window, workplace.program
    press(qtbot, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: window.recorder.is_recording)

    press(qtbot, Qt.Key.Key_F4)
    press(qtbot, Qt.Key.Key_F6)

    qtbot.waitUntil(lambda: program.recording.marked == [MarkerKind.DECISION, MarkerKind.LOOK])
    qtbot.waitUntil(lambda: "00:01:01" in window.status.message.text())
