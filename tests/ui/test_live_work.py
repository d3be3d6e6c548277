"""Live work in the window, by keys: the entry line, the strip, the nudge and the card."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import StorageError
from app.domain.ids import IncidentId
from app.domain.incident import IncidentState
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, MitigationResult
from app.domain.times import Precision
from app.services.bus import LocalBus
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import an_incident, at
from tests.ui.conftest import FakeClock, Workplace
from tests.ui.test_journey import CONTROL, focused, press
from ui.widgets.live_strip import LiveStrip

NOW = at("14:44")


@pytest.fixture
def incident_id(qtbot: QtBot, workplace: Workplace, clock: FakeClock) -> IncidentId:
    """An active incident of SEV1 on screen, declared at 14:44."""
    clock.now = NOW
    program = workplace.program
    incident = an_incident(created_at=NOW)
    program.store.commit(incident.id, [Change(None, incident)], by="Marcus", label="create")
    program.live_work.standing.set_severity(incident.id, "SEV1")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(workplace.window.live.isVisible)
    return incident.id


def enter(qtbot: QtBot, workplace: Workplace, line: str) -> None:
    rows = workplace.window.record.timeline_model.rowCount()
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.keyClicks(focused(), line)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.window.record.timeline_model.rowCount() == rows + 1)


@pytest.mark.usefixtures("incident_id")
def test_lines_are_entered_by_keys_alone_and_previewed_as_they_are_typed(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window = workplace.window
    bar, timeline = window.entry, window.record.timeline
    window.transcript.view.setFocus()
    qtbot.keyClicks(focused(), "/")
    assert focused() is bar.line
    assert bar.line.text() == "/"

    qtbot.keyClicks(bar.line, "fact 14:02 checkout returns 503 @ops")
    assert bar.said.text() == "14:02 UTC  checkout returns 503  ·  @operations"
    assert bar.sign.kind is EntryKind.FACT
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    entry = timeline.entries.entry(0)
    assert (entry.text, entry.occurred_at) == ("checkout returns 503", at("14:02"))
    assert (entry.owner_role, entry.precision) == ("operations", Precision.MINUTE)

    assert (focused(), bar.line.text()) == (bar.line, "")
    qtbot.keyClicks(bar.line, "/hyp the pool is too small")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 2)

    press(qtbot, Qt.Key.Key_Escape)
    assert focused() is window.transcript.view
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    assert workplace.notices == []


@pytest.mark.usefixtures("incident_id")
def test_what_is_wrong_stands_where_the_preview_does_and_the_line_stays(
    qtbot: QtBot, workplace: Workplace
) -> None:
    bar = workplace.window.entry
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.keyClicks(bar.line, "/fact 25:00 checkout fails")
    assert bar.said.text().startswith("! “25:00” is no time of day.")
    assert bar.said.objectName() == "warning"
    press(qtbot, Qt.Key.Key_Return)
    assert bar.line.text() == "/fact 25:00 checkout fails"
    assert workplace.window.record.timeline_model.rowCount() == 0


@pytest.mark.usefixtures("incident_id")
def test_a_line_that_cannot_be_stored_comes_back_and_the_banner_tells(
    qtbot: QtBot, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.", remedy="Free some space.")

    monkeypatch.setattr(workplace.program.store, "commit", full)
    bar = workplace.window.entry
    press(qtbot, Qt.Key.Key_L, CONTROL)
    qtbot.keyClicks(bar.line, "/fact checkout fails")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.notices == ["The disk is full."])
    assert bar.line.text() == "/fact checkout fails"


@pytest.mark.usefixtures("incident_id")
def test_lines_are_recalled_and_what_was_begun_comes_back(
    qtbot: QtBot, workplace: Workplace
) -> None:
    bar = workplace.window.entry
    enter(qtbot, workplace, "/fact one")
    enter(qtbot, workplace, "/fact two")
    qtbot.keyClicks(bar.line, "/act th")
    seen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        press(qtbot, key)
        seen.append(bar.line.text())
    assert seen == ["/fact two", "/fact one", "/fact one", "/fact two", "/act th"]


@pytest.mark.usefixtures("incident_id")
def test_pasted_lines_are_entered_one_at_a_time_and_none_is_lost(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    bar = window.entry
    press(qtbot, Qt.Key.Key_L, CONTROL)
    QGuiApplication.clipboard().setText(
        "14:02 checkout fails\r\n\n/hyp 14:03 the pool\n  \n/fact 14:04 three\n/fact 14:05 four\n"
    )
    qtbot.keyClicks(bar.line, "/fact ")
    press(qtbot, Qt.Key.Key_V, CONTROL)
    assert bar.line.text() == "/fact 14:02 checkout fails"
    assert bar.waiting.text() == "3 more lines wait"
    press(qtbot, Qt.Key.Key_Return)
    assert bar.line.text() == "/hyp 14:03 the pool"
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 2)
    texts = [timeline.entries.entry(row).text for row in (0, 1)]
    assert texts == ["checkout fails", "the pool"]
    assert (bar.line.text(), bar.waiting.text()) == ("/fact 14:04 three", "1 more line waits")

    press(qtbot, Qt.Key.Key_Escape)
    assert bar.waiting.isHidden()
    assert "1 pasted line waits no longer" in window.status.message.text()
    press(qtbot, Qt.Key.Key_L, CONTROL)
    assert bar.line.text() == "/fact 14:04 three"
    press(qtbot, Qt.Key.Key_Up)
    assert bar.line.text() == "/fact 14:05 four"


@pytest.mark.usefixtures("incident_id")
def test_a_pasted_line_that_is_not_stored_comes_back_before_those_that_wait(
    qtbot: QtBot, workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.", remedy="Free some space.")

    monkeypatch.setattr(workplace.program.store, "commit", full)
    bar = workplace.window.entry
    QGuiApplication.clipboard().setText("/fact one\n/fact two\n/fact three\n")
    press(qtbot, Qt.Key.Key_L, CONTROL)
    press(qtbot, Qt.Key.Key_V, CONTROL)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.notices == ["The disk is full."])
    assert (bar.line.text(), bar.waiting.text()) == ("/fact one", "2 more lines wait")


def test_the_strip_counts_to_the_next_update_and_then_how_late_it_is(
    qtbot: QtBot, workplace: Workplace, clock: FakeClock, incident_id: IncidentId
) -> None:
    strip, standing = workplace.window.live, workplace.desk.standing
    assert strip.due.text() == "next update in 30:00"
    enter(qtbot, workplace, "/status known 503s on checkout | next 20m")
    clock.now = NOW + timedelta(minutes=15, seconds=48)
    standing.tick()
    assert (strip.due.text(), strip.due.objectName()) == ("! next update in 04:12", "warning")
    clock.now = NOW + timedelta(minutes=22, seconds=10)
    standing.tick()
    assert strip.due.text() == "▲ update late by 02:10"

    workplace.program.live_work.standing.set_state(incident_id, IncidentState.RESOLVED)
    qtbot.waitUntil(lambda: strip.state.text() == "resolved ▾")
    assert strip.due.isHidden()
    assert strip.running.isHidden()


@pytest.mark.usefixtures("incident_id")
def test_the_strip_shows_how_long_the_impact_lasts_and_who_leads(
    qtbot: QtBot, workplace: Workplace
) -> None:
    strip = workplace.window.live
    assert strip.commander.text() == "No IC: /role ic NAME"
    enter(qtbot, workplace, "/fact 14:02 checkout returns 503 !impact_start")
    assert strip.running.text() == "T+00:42:00"
    enter(qtbot, workplace, "/role ic Priya")
    qtbot.waitUntil(lambda: strip.commander.text() == "IC Priya")


def test_severity_and_state_are_set_from_their_menus_and_undone(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    strip, store = workplace.window.live, workplace.program.store
    workplace.window.transcript.view.setFocus()
    choose(strip, "severity", "SEV2")
    qtbot.waitUntil(lambda: strip.severity.text() == "SEV2 ▾")
    choose(strip, "state", "mitigated")
    qtbot.waitUntil(lambda: strip.state.text() == "mitigated ▾")
    incident = store.record(incident_id).incident
    assert (incident.severity, incident.state) == ("SEV2", IncidentState.MITIGATED)
    assert incident.state_history[-1].by == "Marcus"
    assert focused() is workplace.window.transcript.view

    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: strip.state.text() == "active ▾")


@pytest.mark.usefixtures("incident_id")
def test_what_is_not_over_is_not_closed_and_the_banner_says_why(
    qtbot: QtBot, workplace: Workplace
) -> None:
    strip = workplace.window.live
    choose(strip, "state", "closed")
    qtbot.waitUntil(lambda: len(workplace.notices) == 1)
    assert "only what is over is closed" in workplace.notices[0]
    assert strip.state.text() == "active ▾"
    assert [a.text() for a in strip.state.menu().actions() if a.isChecked()] == ["active"]


def test_a_nudge_comes_goes_with_a_result_and_is_silent_for_a_while_once_dismissed(
    qtbot: QtBot, workplace: Workplace, clock: FakeClock, incident_id: IncidentId
) -> None:
    window, standing = workplace.window, workplace.desk.standing
    enter(qtbot, workplace, "/act rolled back v4.2.0 !mitigation_attempt")
    clock.now = NOW + timedelta(minutes=19)
    standing.tick()
    assert workplace.notices == []

    clock.now = NOW + timedelta(minutes=21)
    standing.tick()
    (notice,) = window.banner.notices()
    assert "21 min" in notice.sentence
    assert focused() is window.entry.line  # nobody's focus was taken
    clock.now = NOW + timedelta(minutes=22)
    standing.tick()
    (same,) = window.banner.notices()
    assert same is notice
    assert "22 min" in notice.sentence

    notice.dismissed.emit(notice)
    clock.now = NOW + timedelta(minutes=41)
    standing.tick()
    assert workplace.notices == []
    clock.now = NOW + timedelta(minutes=43)
    standing.tick()
    assert len(workplace.notices) == 1

    entry = window.record.timeline_model.entry(0)
    assert entry.anchor is Anchor.MITIGATION_ATTEMPT
    workplace.program.timeline_editing.set_result(incident_id, entry.id, MitigationResult.WORKED)
    qtbot.waitUntil(lambda: workplace.notices == [])


@pytest.mark.usefixtures("incident_id")
def test_the_card_is_shown_copied_and_put_away_without_taking_the_focus(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window = workplace.window
    enter(qtbot, workplace, "/hyp the pool is too small")
    press(qtbot, Qt.Key.Key_K, CONTROL)
    assert window.card.isVisible()
    assert focused() is window.entry.line
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("SEV1 · active · Checkout errors\n")
    assert copied.rstrip("\n") == window.card.text.text()
    assert "copied" in window.status.message.text()
    inside = window.card.geometry()
    assert window.centralWidget().rect().contains(inside)

    press(qtbot, Qt.Key.Key_K, CONTROL)
    assert window.card.isHidden()


def test_what_another_program_writes_is_followed_by_the_strip(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    program = workplace.program
    store = SqlRecordStore(open_database(program.home.database))
    other = program.live_work.over(
        store, LocalBus(), actor="Priya", rubric=program.live_work.rubric
    )
    other.standing.set_state(incident_id, IncidentState.MONITORING)
    other.log.enter(incident_id, "/role ic Priya")
    store.close()
    strip = workplace.window.live
    qtbot.waitUntil(lambda: strip.state.text() == "monitoring ▾")
    assert strip.commander.text() == "IC Priya"


def choose(strip: LiveStrip, which: str, text: str) -> None:
    menu = (strip.severity if which == "severity" else strip.state).menu()
    next(action for action in menu.actions() if action.text() == text).trigger()
