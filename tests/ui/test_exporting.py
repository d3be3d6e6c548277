"""Choosing a document: what it says, for whom, where it goes; and what becomes of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.communications import Audience
from app.services.checking import Checking
from app.services.exports import Exports, JsonDocument
from tests.ui.fakes import OnePagePdf

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from app.services.export_run import ExportChoice, ExportRun
    from tests.ui.conftest import Workplace
    from ui.export.form import ExportForm

SECTIONS = ("impact", "timeline", "review")
CONTROL = Qt.KeyboardModifier.ControlModifier


class Waiting(OnePagePdf):
    """Writes once it may, or is told not to."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.chosen: list[ExportChoice] = []

    def write(self, record: Record, path: Path, run: ExportRun) -> None:
        self.chosen.append(run.choice)
        run.tell("the report", 1, 2)
        assert self.may_go_on.wait(10)
        run.go_on()
        super().write(record, path, run)


@pytest.fixture
def writer(workplace: Workplace) -> Waiting:
    writer = Waiting()
    program = workplace.program
    program.exports = Exports(
        program.store,
        program.bus,
        {"pdf": writer, "json": JsonDocument(), "html": JsonDocument()},
        checking=Checking(program.store),
        sections=SECTIONS,
        audience_formats=frozenset({"html"}),
    )
    return writer


@pytest.fixture
def form(
    qtbot: QtBot, workplace: Workplace, writer: Waiting, two_entries: IncidentId
) -> ExportForm:
    assert writer, two_entries
    QTest.keyClick(workplace.window, Qt.Key.Key_E, CONTROL)
    form = workplace.window.export
    qtbot.waitUntil(lambda: "of 3 sections" in form.told.text())
    return form


def untick(form: ExportForm, section: int, entry: int) -> None:
    for box, row in ((form.sections, section), (form.entries, entry)):
        box.setFocus()
        box.setCurrentRow(row)
        QTest.keyClick(box, Qt.Key.Key_Space)


def choose(form: ExportForm, box: str, value: object) -> None:
    chooser = getattr(form, box)
    chooser.setCurrentIndex(chooser.findData(value))
    chooser.activated.emit(chooser.currentIndex())


def test_two_keys_write_a_pdf_of_everything_into_the_incidents_folder(
    qtbot: QtBot, workplace: Workplace, writer: Waiting, form: ExportForm
) -> None:
    writer.may_go_on.set()
    assert form.button.hasFocus()
    QTest.keyClick(form.button, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: workplace.window.record.report.page_count == 1)
    (choice,) = writer.chosen
    assert (choice.final_by, choice.sections_left_out, choice.entries_left_out) == (
        "",
        set(),
        set(),
    )
    incident_id = workplace.desk.incident.incident_id
    assert incident_id is not None
    folder = workplace.program.home.exports_dir(incident_id)
    assert [path.suffix for path in folder.iterdir()] == [".pdf"]
    assert form.isHidden()


def test_what_is_unticked_is_left_out_and_counted(
    qtbot: QtBot, workplace: Workplace, writer: Waiting, form: ExportForm
) -> None:
    writer.may_go_on.set()
    untick(form, 2, 0)
    qtbot.waitUntil(lambda: form.told.text() == "Left out: 1 of 3 sections, 1 of 2 entries.")
    form.button.click()

    qtbot.waitUntil(lambda: workplace.window.record.report.page_count == 1)
    (choice,) = writer.chosen
    first = workplace.program.store.record(workplace.desk.incident.incident_id).timeline()[0]  # type: ignore[arg-type]
    assert choice.sections_left_out == {"review"}
    assert choice.entries_left_out == {first.id}


def test_a_final_one_is_refused_with_the_list_and_made_as_a_draft(
    qtbot: QtBot, workplace: Workplace, writer: Waiting, form: ExportForm
) -> None:
    writer.may_go_on.set()
    choose(form, "standing", value=True)
    qtbot.waitUntil(form.findings.isVisible)
    assert "R07" in form.findings.toPlainText()
    assert form.button.text() == "Export a draft instead"
    form.button.click()

    qtbot.waitUntil(lambda: workplace.window.record.report.page_count == 1)
    assert [choice.final_by for choice in writer.chosen] == [""]


def test_a_file_that_exists_is_replaced_only_when_the_button_says_so(
    qtbot: QtBot, writer: Waiting, form: ExportForm, tmp_path: Path
) -> None:
    writer.may_go_on.set()
    taken = tmp_path / "report.pdf"
    taken.write_bytes(b"old")
    form.path.setText(str(taken))
    form.button.click()
    assert "exists already" in form.complaint.text()
    assert taken.read_bytes() == b"old"
    assert form.button.text() == "Replace it"

    form.button.click()
    qtbot.waitUntil(lambda: taken.read_bytes().startswith(b"%PDF"))


def test_what_leaves_the_house_needs_a_name(form: ExportForm) -> None:
    assert form.approver.isHidden()
    choose(form, "format", "html")
    choose(form, "audience", Audience.STATUS_PAGE.value)
    assert form.approver.isVisible()
    assert form.sections.isHidden()
    asked: list[ExportChoice] = []
    form.export_requested.connect(lambda _format, _path, _replaces, choice: asked.append(choice))
    form.button.click()
    assert (asked, "name who approved it" in form.complaint.text()) == ([], True)

    form.approver.setText(" Priya ")
    form.button.click()
    assert [(choice.audience, choice.approved_by) for choice in asked] == [
        (Audience.STATUS_PAGE, "Priya")
    ]


def test_a_name_that_was_typed_stays_but_for_its_ending(form: ExportForm, tmp_path: Path) -> None:
    form.path.setText(str(tmp_path / "mine.pdf"))
    choose(form, "paper", "Letter")
    assert form.path.text() == str(tmp_path / "mine.pdf")
    choose(form, "format", "json")
    assert form.path.text() == str(tmp_path / "mine.json")
    form.path.setText(str(tmp_path / "notes.txt"))
    choose(form, "format", "pdf")
    assert form.path.text() == str(tmp_path / "notes.txt")


def test_a_format_that_tells_all_is_for_engineers_alone(form: ExportForm) -> None:
    choose(form, "format", "html")
    choose(form, "audience", Audience.EXECUTIVE.value)
    choose(form, "format", "pdf")
    assert form.choice.audience is Audience.ENGINEERING
    assert not form.audience.isEnabled()
    assert form.path.text().endswith(".pdf")


def test_a_cancelled_export_leaves_nothing_and_the_window_goes_on_meanwhile(
    qtbot: QtBot, workplace: Workplace, writer: Waiting, form: ExportForm, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    form.path.setText(str(out / "report.pdf"))
    form.button.click()
    status = workplace.window.status
    qtbot.waitUntil(status.cancel_button.isVisible)
    assert "the report" in status.work.text()
    status.cancel_button.click()
    writer.may_go_on.set()

    qtbot.waitUntil(lambda: "you cancelled it" in status.message.text())
    assert list(out.iterdir()) == []
    assert workplace.notices == []


def test_escape_gives_up_and_another_incident_closes_it(
    workplace: Workplace, form: ExportForm
) -> None:
    QTest.keyClick(form.path, Qt.Key.Key_Escape)
    assert form.isHidden()
    form.show()
    other = workplace.program.incidents.create("Another")
    workplace.desk.incident.open(other.id)
    assert form.isHidden()
