from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import ExportError
from app.domain.events import WorkProgressed
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel
from app.services.exports import Exports
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import an_entry
from tests.ui.conftest import Workplace
from tests.ui.fakes import on_a_thread
from ui.presenters.documents import file_stem


def test_files_are_attached_from_the_form_while_other_work_goes_on(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window, program = workplace.window, workplace.program
    incident = program.incidents.create("Checkout errors")
    workplace.desk.incident.open(incident.id)
    file = tmp_path / "bridge call.wav"

    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    window.attach.path.setText(str(file))
    window.attach.start.setText("2026-03-12 14:46:00")
    QTest.keyClick(window.attach.start, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(program.attachment.asked) == 1)
    (files, start, kind, labels) = program.attachment.asked[0]
    assert files == [file]
    assert start == datetime(2026, 3, 12, 14, 46, tzinfo=UTC)
    assert (kind, labels) == (SessionKind.BRIDGE, None)
    assert isinstance(kind, SessionKind)
    assert not window.attach.isVisible()

    on_a_thread(lambda: program.bus.publish(WorkProgressed("recognise", 0.4, 1.0)))
    qtbot.waitUntil(lambda: window.status.work.text() == "recognise")
    assert window.status.bar.value() == 400
    window.form.create_requested.emit("Another", "")  # minutes of work hold nothing up
    qtbot.waitUntil(lambda: window.incidents.chooser.currentText() == "Another")

    program.attachment.may_end.set()
    qtbot.waitUntil(lambda: not window.status.work.isVisible())


def test_a_start_that_is_no_time_is_said_so_in_place(workplace: Workplace) -> None:
    form = workplace.window.attach
    form.offer([Path("room.wav"), Path("bridge.wav")])
    form.track.setCurrentIndex(form.track.findData(TrackLabel.ROOM))
    form.start.setText("yesterday")
    QTest.keyClick(form.start, Qt.Key.Key_Return)

    assert form.isVisible()
    assert "2026-03-12 14:46:00" in form.complaint.text()
    assert workplace.program.attachment.asked == []

    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_the_final_pass_runs_once_at_a_time(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    button = workplace.window.transcript.recognise_button
    assert not button.isEnabled()
    workplace.desk.incident.open(incident.id)

    button.click()
    assert not button.isEnabled()
    qtbot.waitUntil(button.isEnabled)
    assert workplace.program.transcription.ran == [incident.id]


class FullDisk:
    def write(self, *_args: object, **_options: object) -> None:
        raise ExportError("The PDF cannot be written.", remedy="Free some disk space.")


def test_an_export_that_fails_is_told_and_shows_no_page(
    qtbot: QtBot, workplace: Workplace
) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    workplace.program.exports = Exports(workplace.program.store, {"pdf": FullDisk()})
    workplace.desk.incident.open(incident.id)

    workplace.desk.documents.export("pdf")

    qtbot.waitUntil(lambda: workplace.notices == ["The PDF cannot be written."])
    assert workplace.window.record.report.page_count == 0


def test_what_another_program_writes_appears(qtbot: QtBot, workplace: Workplace) -> None:
    program, timeline = workplace.program, workplace.window.record.timeline
    incident = program.incidents.create("Checkout errors")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: workplace.window.incidents.chooser.count() == 1)

    other = SqlRecordStore(open_database(program.home.database))
    entry = an_entry("from the command line", incident_id=incident.id)
    other.commit(incident.id, [Change(None, entry)], by="cli", label="apply")
    other.close()

    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    assert timeline.entries.entry(0).text == "from the command line"


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Checkout errors (503)", "checkout-errors-503"),
        ("../../etc/passwd", "etc-passwd"),
        ("障害", "incident"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_title_becomes_a_name_every_system_takes(title: str, stem: str) -> None:
    assert file_stem(title) == stem
