"""Redaction from the transcript: asked for once more, with a reason, and never by a slip."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.errors import StorageError
from app.domain.redaction_plan import Reach
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
    assert not form.button.isEnabled()
    qtbot.keyClicks(form.reason, "a password")
    qtbot.waitUntil(form.button.isEnabled)
    assert form.told.text().endswith("on every track? sought elsewhere: “hunter two”")
    assert form.reach.isHidden()
    press(qtbot, Qt.Key.Key_Return)
    assert desk.asked == []
    assert focused() is form.button
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    assert desk.asked[0][1:] == ((f"{segment.id}[2:5]",), "a password", None)
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
    qtbot.waitUntil(form.button.isEnabled)
    form.button.click()
    qtbot.waitUntil(lambda: workplace.notices == ["The disk is full."])
    assert form.reason.text() == "a password"
    assert len(desk.asked) == 1


@pytest.mark.usefixtures("segment")
def test_where_other_incidents_hold_the_words_a_person_has_to_choose(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    desk.holding = ("inc-b", "inc-c")
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.keyClicks(form.reason, "a password")
    qtbot.waitUntil(form.reach.isVisible)
    assert form.reach.currentText() == "2 other incidents hold these words: choose"
    assert not form.button.isEnabled()

    form.reach.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(form.button.isEnabled)
    form.button.click()

    qtbot.waitUntil(lambda: len(desk.asked) == 1)
    assert desk.asked[0][3] is Reach.EVERYWHERE


def test_a_newer_preview_overtakes_those_that_wait(
    qtbot: QtBot, workplace: Workplace, segment: Segment
) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    desk.may_look.clear()
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.waitUntil(lambda: len(desk.looked) == 1)
    for last in (5, 4, 3):
        form.open_form("Redact?", [f"{segment.id}[2:{last}]"])

    desk.may_look.set()

    qtbot.keyClicks(form.reason, "a password")
    qtbot.waitUntil(form.button.isEnabled)
    assert desk.looked == [(f"{segment.id}[2:5]",), (f"{segment.id}[2:3]",)]


@pytest.mark.usefixtures("segment")
def test_once_the_form_is_closed_no_preview_that_waits_is_begun(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    desk.may_look.clear()
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.waitUntil(lambda: len(desk.looked) == 1)
    form.open_form("Redact?", ["seg-late"])
    form.close_form()

    desk.may_look.set()

    lane = workplace.desk.lanes.work
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert len(desk.looked) == 1


@pytest.mark.usefixtures("segment")
def test_what_was_looked_up_for_another_choice_is_not_shown(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form = workplace.window.redact
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    shown = form.preview.toPlainText()

    form.show_preview(["seg-other"], None, "late", ["late"], 1)

    assert form.preview.toPlainText() == shown
    assert form.reach.isHidden()


@pytest.mark.usefixtures("segment")
def test_return_says_what_is_missing_until_nothing_is(qtbot: QtBot, workplace: Workplace) -> None:
    form, desk = workplace.window.redact, workplace.program.redaction
    desk.holding = ("inc-b",)
    desk.may_look.clear()
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    assert form.complaint.isHidden()

    press(qtbot, Qt.Key.Key_Return)
    assert "needs a reason" in form.complaint.text()
    assert focused() is form.reason

    qtbot.keyClicks(form.reason, "a password")
    assert form.complaint.isHidden()
    press(qtbot, Qt.Key.Key_Return)
    assert "being looked up" in form.complaint.text()

    desk.may_look.set()
    qtbot.waitUntil(form.reach.isVisible)
    assert form.complaint.isHidden()
    press(qtbot, Qt.Key.Key_Return)
    assert "other incidents" in form.complaint.text()
    assert form.complaint.isVisible()
    assert desk.asked == []
