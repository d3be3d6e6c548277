from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import (
    AppError,
    AudioUnreadableError,
    ExportError,
    LabellingStoppedError,
    ModelMissingError,
    RecognitionStoppedError,
)
from app.domain.events import COPYING, LABELLING, RECOGNISING, WorkProgressed
from app.domain.media import FoundStart, StartSource
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.times import now_utc
from app.services.exports import Exports
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import an_entry
from tests.ui.conftest import Workplace
from tests.ui.fakes import on_a_thread
from ui.moments import parsed_utc
from ui.presenters.exporting import file_stem

EXAMPLE = "2026-03-12 14:46 UTC"


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
    (files, start, kind, labels, stream) = program.attachment.asked[0]
    assert files == [file]
    assert start == datetime(2026, 3, 12, 14, 46, tzinfo=UTC)
    assert (kind, labels, stream) == (SessionKind.BRIDGE, None, None)
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
    assert form.complaint.text() == f"! Write when the recording begins as {EXAMPLE}."
    assert workplace.program.attachment.asked == []

    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_when_a_recording_begins_is_for_a_person_to_say(
    workplace: Workplace, tmp_path: Path
) -> None:
    form = workplace.window.attach
    file = tmp_path / "bridge.wav"
    file.touch()
    form.offer([file])
    assert (form.start.text(), form.start.placeholderText()) == ("", EXAMPLE)

    QTest.keyClick(form.start, Qt.Key.Key_Return)

    assert EXAMPLE in form.complaint.text()
    assert workplace.program.attachment.asked == []


MARCH = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)


def test_what_files_tell_of_their_start_is_shown_and_taken_as_it_is_for_each_of_them(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.may_end.set()
    attachment.found = FoundStart(MARCH, StartSource.NAME, "from its name")
    files = [Path("/calls/GMT20260312-144600.m4a"), Path("/calls/room.wav")]

    form.offer(files)
    qtbot.waitUntil(lambda: form.start.text() == "2026-03-12 14:46:00 UTC")

    assert form.told.text() == (
        "The first start is from its name. Each file begins as it tells itself; another start, "
        "typed here, is that of all of them."
    )
    QTest.keyClick(form.start, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(attachment.asked) == 1)
    assert attachment.asked[0] == (files, None, SessionKind.BRIDGE, None, None)


def test_a_start_that_a_person_typed_or_mended_stands(qtbot: QtBot, workplace: Workplace) -> None:
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.may_end.set()
    attachment.found = FoundStart(MARCH, StartSource.NAME, "from its name")
    form.offer([Path("/calls/bridge.m4a")])
    qtbot.waitUntil(form.told.isVisible)
    assert form.told.text() == "The start is from its name. Mend it where it is wrong."
    form.start.setText("2026-03-12 13:46 UTC")

    form.suggest([Path("/calls/bridge.m4a")], MARCH, "from its name")
    QTest.keyClick(form.start, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(attachment.asked) == 1)
    assert attachment.asked[0][1] == MARCH - timedelta(hours=1)


def test_what_the_files_before_told_is_not_taken_for_others(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.found = FoundStart(MARCH, StartSource.NAME, "from its name")
    form.offer([Path("/calls/bridge.m4a")])
    qtbot.waitUntil(form.told.isVisible)
    attachment.found = None

    form.offer([Path("/calls/other.m4a")])
    form.suggest([Path("/calls/bridge.m4a")], MARCH, "from its name")  # it comes late

    assert form.start.text() == ""
    assert not form.told.isVisible()


def test_attaching_can_be_cancelled_and_that_is_no_problem(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, program = workplace.window, workplace.program
    workplace.desk.incident.open(program.incidents.create("Checkout errors").id)
    window.attach.offer([Path("/calls/bridge.m4a")])
    window.attach.start.setText(EXAMPLE)
    QTest.keyClick(window.attach.start, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(program.attachment.asked) == 1)
    assert not window.status.cancel_button.isVisible()
    on_a_thread(lambda: program.bus.publish(WorkProgressed(f"{COPYING}bridge.m4a", 0.4, 1.0)))
    qtbot.waitUntil(window.status.cancel_button.isVisible)

    QTest.mouseClick(window.status.cancel_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(window.attach.isVisible)  # as it was filled in
    qtbot.waitUntil(lambda: not window.status.cancel_button.isVisible())
    assert workplace.notices == []


def test_what_was_not_as_it_should_be_in_a_file_is_told_until_it_is_read(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, program = workplace.window, workplace.program
    workplace.desk.incident.open(program.incidents.create("Checkout errors").id)
    program.attachment.remarks = ("bridge.m4a: Its sound ends at 0:00:07.0.",)
    program.attachment.may_end.set()
    window.attach.offer([Path("/calls/bridge.m4a")])
    window.attach.start.setText(EXAMPLE)

    QTest.keyClick(window.attach.start, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: workplace.notices == [*program.attachment.remarks])


def test_the_whole_start_is_in_sight_in_a_small_window(qtbot: QtBot, workplace: Workplace) -> None:
    form = workplace.window.attach
    workplace.window.resize(1024, 700)
    form.offer([Path("bridge.wav")])
    QTest.keyClick(form.start, Qt.Key.Key_Return)  # the complaint takes room as well

    needed = form.start.fontMetrics().horizontalAdvance(EXAMPLE)
    qtbot.waitUntil(lambda: form.complaint.isVisible() and form.start.width() > needed + 16)


def test_a_recording_cannot_begin_in_the_future(workplace: Workplace) -> None:
    form = workplace.window.attach
    form.offer([Path("bridge.wav")])
    form.start.setText(f"{now_utc() + timedelta(minutes=2):%Y-%m-%d %H:%M} UTC")

    QTest.keyClick(form.start, Qt.Key.Key_Return)

    assert form.isVisible()
    assert form.complaint.text().startswith("! That lies in the future: it is ")
    assert workplace.program.attachment.asked == []


@pytest.mark.parametrize(
    "typed",
    ["2026-03-12 14:46 UTC", "2026-03-12 14:46", "2026-03-12T14:46:00Z", "2026-03-12 15:46+01:00"],
)
def test_a_start_is_utc_unless_it_says_otherwise(typed: str) -> None:
    assert parsed_utc(typed) == datetime(2026, 3, 12, 14, 46, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "2026-03-12", "14:46", "UTC", "2026-13-12 14:46"])
def test_half_a_start_is_none(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed_utc(typed)


BROKEN = AudioUnreadableError(Path("bridge.mp3"), "it holds no sound")


def attach_in_vain(qtbot: QtBot, workplace: Workplace) -> None:
    """Fill the form in for a file that cannot be attached."""
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.refusal = BROKEN
    form.open_form()
    form.path.setText("/calls/bridge.mp3")
    form.start.setText(EXAMPLE)
    form.kind.setCurrentIndex(form.kind.findData(SessionKind.HANDOFF))
    form.track.setCurrentIndex(form.track.findData(TrackLabel.ROOM))
    QTest.keyClick(form.start, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.notices == [str(BROKEN)])


def test_files_that_cannot_be_attached_leave_the_form_as_it_was_filled_in(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, attachment = workplace.window, workplace.program.attachment
    incident = workplace.program.incidents.create("Checkout errors")
    workplace.desk.incident.open(incident.id)
    attach_in_vain(qtbot, workplace)

    form = window.attach
    assert form.isVisible()
    assert (form.path.text(), form.start.text()) == (
        "/calls/bridge.mp3",
        "2026-03-12 14:46:00 UTC",
    )
    assert form.kind.currentData() == SessionKind.HANDOFF
    assert form.track.currentData() == TrackLabel.ROOM

    QTest.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert form.path.hasFocus()
    attachment.refusal = None
    attachment.may_end.set()
    QTest.keyClick(form.path, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(attachment.asked) == 2)
    assert attachment.asked[0] == attachment.asked[1]
    qtbot.waitUntil(lambda: not form.isVisible())
    assert workplace.notices == []


def test_what_was_said_of_attaching_goes_with_the_incident(
    qtbot: QtBot, workplace: Workplace
) -> None:
    program = workplace.program
    first, second = (program.incidents.create(title) for title in ("First", "Second"))
    workplace.desk.incident.open(first.id)
    attach_in_vain(qtbot, workplace)
    workplace.window.banner.show_problem("The disk is full.", "")

    workplace.desk.incident.open(second.id)

    assert workplace.notices == ["The disk is full."]


def test_a_second_try_goes_into_the_incident_that_the_first_one_made(
    qtbot: QtBot, workplace: Workplace
) -> None:
    attachment = workplace.program.attachment
    attach_in_vain(qtbot, workplace)
    attachment.may_end.set()
    attachment.refusal = None
    QTest.keyClick(workplace.window.attach.path, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(attachment.asked_for) == 2)

    (incident,) = workplace.program.incidents.summaries()
    assert attachment.asked_for == [incident.id, incident.id]
    assert incident.title == "bridge"


def test_the_final_pass_runs_once_at_a_time(qtbot: QtBot, workplace: Workplace) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    button = workplace.window.transcript.recognise_button
    assert not button.isEnabled()
    workplace.desk.incident.open(incident.id)

    button.click()
    assert not button.isEnabled()
    qtbot.waitUntil(button.isEnabled)
    assert workplace.program.transcription.ran == [incident.id]


@pytest.mark.parametrize(
    ("stage", "promise"),
    [(RECOGNISING, "is kept"), (f"{LABELLING}comparing voices", "the labels stay as they are")],
)
def test_the_final_pass_can_be_stopped_and_that_is_no_problem(
    qtbot: QtBot, workplace: Workplace, stage: str, promise: str
) -> None:
    window, program = workplace.window, workplace.program
    workplace.desk.incident.open(program.incidents.create("Checkout errors").id)
    program.transcription.may_end.clear()
    window.transcript.recognise_button.click()
    on_a_thread(lambda: program.bus.publish(WorkProgressed(stage, 0.4, 1.0)))
    qtbot.waitUntil(window.status.cancel_button.isVisible)
    assert promise in window.status.cancel_button.toolTip()

    QTest.mouseClick(window.status.cancel_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(window.transcript.recognise_button.isEnabled)
    assert not window.status.cancel_button.isVisible()
    assert "what was recognised is kept" in window.status.message.toolTip()
    assert workplace.notices == []


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (RecognitionStoppedError(), []),
        (LabellingStoppedError(), []),
        (ModelMissingError("There is no model.", remedy="Add one."), ["There is no model."]),
    ],
)
def test_files_that_are_not_recognised_are_attached_and_not_asked_for_again(
    qtbot: QtBot, workplace: Workplace, problem: AppError, told: list[str]
) -> None:
    window, program = workplace.window, workplace.program
    workplace.desk.incident.open(program.incidents.create("Checkout errors").id)
    program.attachment.may_end.set()
    program.transcription.refusal = problem
    window.attach.offer([Path("/calls/bridge.m4a")])
    window.attach.start.setText(EXAMPLE)

    QTest.keyClick(window.attach.start, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(program.transcription.ran) == 1)
    qtbot.waitUntil(window.transcript.recognise_button.isEnabled)
    assert workplace.notices == told
    assert len(program.attachment.asked) == 1
    assert not window.attach.isVisible()


class FullDisk:
    def write(self, *_args: object, **_options: object) -> None:
        raise ExportError("The PDF cannot be written.", remedy="Free some disk space.")


def test_an_export_that_fails_is_told_and_shows_no_page(
    qtbot: QtBot, workplace: Workplace
) -> None:
    incident = workplace.program.incidents.create("Checkout errors")
    workplace.program.exports = Exports(
        workplace.program.store, workplace.program.bus, {"pdf": FullDisk()}
    )
    workplace.desk.incident.open(incident.id)

    workplace.desk.exporting.export("pdf")

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
