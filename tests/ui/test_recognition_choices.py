"""What a person chooses in the window: a file's stream, a session's start, a pass's model."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.engine_types import InstalledModel
from app.domain.errors import AudioUnreadableError
from app.domain.ids import SessionId
from app.domain.media import FoundStart, MediaStream, StartSource
from app.domain.sessions import Session, SessionKind
from tests.ui.conftest import Workplace
from tests.ui.fakes import put_session
from ui.widgets.start_line import START_EXAMPLE

MARCH = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)
BROKEN = AudioUnreadableError(Path("bridge.mkv"), "it holds no sound")
STREAMS = (MediaStream(1, "Mic/Aux"), MediaStream(2))


def test_of_a_file_with_several_audio_streams_one_can_be_chosen_and_stays_after_a_refusal(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.found = FoundStart(MARCH, StartSource.NAME, "from its name")
    attachment.streams = STREAMS
    attachment.refusal = BROKEN
    form.offer([Path("/calls/bridge.mkv")])
    qtbot.waitUntil(form.stream.isVisible)
    choices = [form.stream.itemText(number) for number in range(form.stream.count())]
    assert choices == ["All 2 audio streams", "Stream 1: Mic/Aux", "Stream 2"]
    assert form.stream.currentData() is None

    form.stream.setCurrentIndex(2)
    QTest.keyClick(form.start, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: workplace.notices == [str(BROKEN)])
    assert attachment.asked[0][4] == 2
    qtbot.waitUntil(form.stream.isVisible)
    assert form.stream.currentText() == "Stream 2"


def test_where_there_is_one_stream_or_there_are_other_files_none_is_to_be_chosen(
    qtbot: QtBot, workplace: Workplace
) -> None:
    form, attachment = workplace.window.attach, workplace.program.attachment
    attachment.streams = STREAMS
    form.offer([Path("/calls/bridge.mkv")])
    qtbot.waitUntil(form.stream.isVisible)

    attachment.streams = STREAMS[:1]
    attachment.found = FoundStart(MARCH, StartSource.NAME, "from its name")
    form.offer([Path("/calls/other.m4a")])
    qtbot.waitUntil(form.told.isVisible)
    form.offer_streams([Path("/calls/bridge.mkv")], STREAMS)  # it comes late

    assert not form.stream.isVisible()
    assert form.stream.currentData() is None


def test_a_long_title_of_a_stream_does_not_widen_the_window(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, attachment = workplace.window, workplace.program.attachment
    attachment.streams = (MediaStream(1, "x" * 500), MediaStream(2))
    window.attach.offer([Path("/calls/bridge.mkv")])
    qtbot.waitUntil(window.attach.stream.isVisible)

    window.resize(window.minimumSize())

    assert window.centralWidget().minimumSizeHint().width() <= window.minimumWidth()


def test_when_a_session_really_began_is_mended_in_place(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, program = workplace.window, workplace.program
    incident = program.incidents.create("Checkout errors")
    early = Session(SessionId("ses-early"), incident.id, SessionKind.HALLWAY, MARCH)
    late = replace(early, id=SessionId("ses-late"), kind=SessionKind.BRIDGE)
    late = replace(late, start_utc=MARCH + timedelta(hours=1), clock_offset_ms=-60_000)
    for session in (late, early):
        put_session(program.store, session, ())
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: workplace.desk.incident.record is not None)
    window.attach.open_form()
    window.attach.mend_requested.emit()

    form = window.mend_start
    assert form.isVisible()
    assert not window.attach.isVisible()
    choices = [form.session.itemText(number) for number in range(form.session.count())]
    assert choices == [
        "Hallway, 2026-03-12 14:46:00 UTC",
        "Bridge call, 2026-03-12 15:45:00 UTC",
    ]
    assert form.start.text() == "2026-03-12 15:45:00 UTC"
    form.session.setCurrentIndex(0)
    form.start.setText("at noon")
    QTest.keyClick(form.start, Qt.Key.Key_Return)
    assert form.complaint.text() == f"! Write when the recording begins as {START_EXAMPLE}."
    form.start.setText("2026-03-12 13:46 UTC")

    QTest.keyClick(form.start, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(program.attachment.corrected) == 1)
    assert program.attachment.corrected == [(early.id, MARCH - timedelta(hours=1))]
    assert not form.isVisible()
    qtbot.waitUntil(lambda: "The session began at" in window.status.message.toolTip())


def test_where_there_is_no_session_none_is_mended(workplace: Workplace) -> None:
    window = workplace.window

    window.attach.mend_requested.emit()

    assert not window.mend_start.isVisible()
    assert window.status.message.toolTip() == "This incident has no session yet."


def test_the_model_of_the_final_pass_is_chosen_among_those_that_are_installed(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, transcription = workplace.window, workplace.program.transcription
    workplace.desk.incident.open(workplace.program.incidents.create("Checkout errors").id)
    transcription.installed = [
        InstalledModel("small", 484_000_000, ("*",), 3.149, default=True),
        InstalledModel("demo-en", 5_300_000, ("en",), demo=True),
    ]
    button, menu = window.transcript.models_button, window.transcript.models_menu

    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: menu.actions()[0].text().startswith("small"))
    offered = [action.text() for action in menu.actions()[:2]]
    menu.actions()[1].trigger()

    assert offered == [
        "small  ·  484 MB  ·  3.15 times real time here  ·  default",
        "demo-en  ·  5 MB  ·  speed not measured  ·  for the demonstration only",
    ]
    qtbot.waitUntil(lambda: transcription.chosen == ["demo-en"])
    qtbot.waitUntil(button.isEnabled)
    window.transcript.recognise_button.click()
    qtbot.waitUntil(lambda: transcription.chosen == ["demo-en", ""])


def test_without_a_model_the_menu_says_where_there_are_some(
    qtbot: QtBot, workplace: Workplace
) -> None:
    workplace.desk.incident.open(workplace.program.incidents.create("Checkout errors").id)
    menu = workplace.window.transcript.models_menu

    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: "hotwash models list" in menu.actions()[0].text())

    nothing, *others = menu.actions()
    assert not nothing.isEnabled()
    assert [action.text() for action in others if not action.isSeparator()] == [
        "Only tell voices apart",
        "…as a draft: sooner, less exact; the labels say so",
    ]


@pytest.mark.parametrize(("entry", "is_draft"), [(-2, False), (-1, True)])
def test_voices_are_told_apart_without_making_the_words_anew(
    qtbot: QtBot,
    workplace: Workplace,
    entry: int,
    is_draft: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    window, transcription = workplace.window, workplace.program.transcription
    workplace.desk.incident.open(workplace.program.incidents.create("Checkout errors").id)

    menu = window.transcript.models_menu
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(menu.actions()) > 1)
    menu.actions()[entry].trigger()

    qtbot.waitUntil(lambda: transcription.labelled == [is_draft])
    assert transcription.chosen == []
    qtbot.waitUntil(lambda: "told apart" in window.status.message.toolTip())
