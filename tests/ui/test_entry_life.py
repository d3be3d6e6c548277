"""What is done to entries by keys: time, life, result, anchor and evidence."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.errors import StorageError
from app.domain.evidence import EvidenceKind
from app.domain.ids import IncidentId
from app.domain.timeline import (
    Anchor,
    EntryKind,
    HypothesisState,
    MitigationResult,
    TimelineEntry,
)
from tests.builders import at
from tests.ui.conftest import FakeClock, Workplace, with_entries
from tests.ui.test_journey import CONTROL, focused, press
from ui.timeline.delegate import quiet_text
from ui.timeline.view import TimelineView

# Said of every menu by the platform that shows nothing
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DASHBOARD = "https://grafana.example.com/d/pool"


@pytest.fixture
def incident_id(qtbot: QtBot, workplace: Workplace, clock: FakeClock) -> IncidentId:
    """An incident with a hypothesis at 14:05 and an action at 14:10 on its timeline."""
    lines = ("/hyp 14:05 the pool is too small", "/act 14:10 rolled back v4.2.0")
    QGuiApplication.clipboard().clear()
    return with_entries(qtbot, workplace, clock, *lines)


def entry(workplace: Workplace, number: int = 0) -> TimelineEntry:
    return workplace.window.record.timeline_model.entry(number)


def answer(qtbot: QtBot, workplace: Workplace, typed: str) -> None:
    assert focused() is workplace.window.entry.line
    press(qtbot, Qt.Key.Key_A, CONTROL)
    qtbot.keyClicks(focused(), typed)
    press(qtbot, Qt.Key.Key_Return)


def open_menu(timeline: TimelineView) -> QMenu:
    (menu,) = (m for m in timeline.findChildren(QMenu) if m.isVisible())
    return menu


def choose(qtbot: QtBot, timeline: TimelineView, key: Qt.Key) -> None:
    """Choose from the open menu by a letter, and be back at the timeline."""
    qtbot.keyClick(open_menu(timeline), key)
    timeline.window().activateWindow()  # a platform without windows forgets which was active
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


@pytest.mark.usefixtures("incident_id")
def test_an_entry_is_re_timed_by_t_and_keeps_its_first_time(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    window.entry.line.setText("/fact half a li")
    press(qtbot, Qt.Key.Key_T)
    assert window.entry.prompt.text() == "When was “the pool is too small”?"
    assert window.entry.line.text() == window.entry.line.selectedText() == "14:05"
    assert window.entry.said.text() == "14:05 UTC, as it stands"
    press(qtbot, Qt.Key.Key_Delete)
    assert window.entry.said.text() == ""  # nobody has done anything wrong yet
    press(qtbot, Qt.Key.Key_Return)
    assert window.entry.said.text().startswith("! Type when it was, such as 14:02")
    qtbot.keyClicks(focused(), "25:00")
    problem = "! “25:00” is no time of day. Type it as "
    assert window.entry.said.text().startswith(problem)
    qtbot.waitUntil(lambda: len(window.entry.said.lines) == 2)
    assert " ".join(window.entry.said.lines) == window.entry.said.text()
    answer(qtbot, workplace, "14:20")
    qtbot.waitUntil(lambda: entry(workplace, 1).occurred_at == at("14:20"))
    assert entry(workplace, 1).original_time == at("14:05")
    assert focused() is timeline
    assert window.entry.line.text() == "/fact half a li"
    assert "First given as" in str(timeline.entries.index(1).data(Qt.ItemDataRole.ToolTipRole))

    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: entry(workplace, 0).occurred_at == at("14:05"))


def test_a_time_that_is_left_as_it_stands_changes_nothing(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    before = entry(workplace)
    press(qtbot, Qt.Key.Key_T)
    press(qtbot, Qt.Key.Key_Return)
    assert workplace.window.status.message.text() == "Its time stays as it was."
    assert before in workplace.program.store.record(incident_id).entries


@pytest.mark.usefixtures("incident_id")
def test_the_next_key_is_for_the_entry_that_was_re_timed_whatever_its_row(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    press(qtbot, Qt.Key.Key_T)
    answer(qtbot, workplace, "14:20")
    qtbot.waitUntil(lambda: entry(workplace, 1).occurred_at == at("14:20"))
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: entry(workplace, 1).hypothesis_state is HypothesisState.DISPROVED)
    said = "Ruled out: the pool is too small. Ctrl+Z takes it back."
    qtbot.waitUntil(lambda: window.status.message.text() == said)

    press(qtbot, Qt.Key.Key_Z, CONTROL)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: entry(workplace, 0).occurred_at == at("14:05"))
    assert timeline.current_entry == entry(workplace, 0)
    press(qtbot, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: entry(workplace, 1).occurred_at == at("14:20"))
    assert timeline.current_entry == entry(workplace, 1)

    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    assert timeline.current_entry == entry(workplace, 0)
    said = "Removed: the pool is too small. Ctrl+Z brings it back."
    qtbot.waitUntil(lambda: window.status.message.text() == said)
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 2)
    qtbot.waitUntil(lambda: timeline.current_entry == entry(workplace, 1))
    assert entry(workplace, 1).text == "the pool is too small"


@pytest.mark.usefixtures("incident_id")
def test_a_hypothesis_is_ruled_out_reopened_and_confirmed_by_a_link(
    qtbot: QtBot, workplace: Workplace
) -> None:
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: entry(workplace).hypothesis_state is HypothesisState.DISPROVED)
    press(qtbot, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: entry(workplace).hypothesis_state is HypothesisState.OPEN)

    press(qtbot, Qt.Key.Key_C)
    assert workplace.window.entry.prompt.text() == "What confirms it?"
    answer(qtbot, workplace, DASHBOARD)
    qtbot.waitUntil(lambda: entry(workplace).is_confirmed)
    assert quiet_text(entry(workplace)) == "1"
    tip = str(workplace.window.record.timeline_model.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert f"Evidence: {DASHBOARD}" in tip
    assert workplace.notices == []


@pytest.mark.usefixtures("incident_id")
def test_only_a_mitigation_has_a_result_and_a_letter_chooses_it(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    press(qtbot, Qt.Key.Key_M)
    said = window.status.message.text()
    assert said.startswith("A hypothesis has no result:")
    assert said.endswith("A makes it an action.")
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_M)
    choose(qtbot, timeline, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: entry(workplace, 1).mitigation_result is MitigationResult.PARTIAL)
    assert quiet_text(entry(workplace, 1)) == "partly worked"
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: entry(workplace, 1).mitigation_result is None)


@pytest.mark.usefixtures("incident_id")
def test_what_marks_another_moment_is_told_how_it_becomes_an_attempt(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_N)
    choose(qtbot, timeline, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: entry(workplace, 1).anchor is Anchor.DETECTION)
    press(qtbot, Qt.Key.Key_M)
    said = "What marks “detection” has no result. N makes it a mitigation attempt."
    assert window.status.message.text() == said


@pytest.mark.usefixtures("incident_id")
def test_a_mistyped_path_stays_in_the_field_with_what_is_wrong_above_it(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    bar, wrong = workplace.window.entry, str(tmp_path / "pol.png")
    press(qtbot, Qt.Key.Key_V)
    answer(qtbot, workplace, wrong)
    assert (focused(), bar.line.text()) == (bar.line, wrong)
    assert bar.said.text().startswith(f"! There is no file “{wrong}”. Correct the path")
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(0)
    assert picture.save(str(tmp_path / "pool.png"))
    answer(qtbot, workplace, str(tmp_path / "pool.png"))
    qtbot.waitUntil(lambda: len(entry(workplace).evidence) == 1)
    assert workplace.notices == []


@pytest.mark.usefixtures("incident_id")
def test_a_file_that_cannot_be_kept_stays_in_the_field_and_return_tries_again(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError("The disk is full.", remedy="Free some space.")

    bar, shot = workplace.window.entry, tmp_path / "pool.png"
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(0)
    assert picture.save(str(shot))
    with monkeypatch.context() as patched:
        patched.setattr(workplace.program.store, "commit", full)
        press(qtbot, Qt.Key.Key_V)
        answer(qtbot, workplace, str(shot))
        qtbot.waitUntil(lambda: bar.said.text() == "! The disk is full. Free some space.")
    assert (focused(), bar.line.text()) == (bar.line, str(shot))
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(entry(workplace).evidence) == 1)
    assert workplace.notices == []


@pytest.mark.usefixtures("incident_id")
def test_an_anchor_is_chosen_by_n_and_may_say_why_it_has_no_evidence(
    qtbot: QtBot, workplace: Workplace
) -> None:
    timeline = workplace.window.record.timeline
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_N)
    choose(qtbot, timeline, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: entry(workplace, 1).anchor is Anchor.ROLLBACK_OR_FIX)
    press(qtbot, Qt.Key.Key_N)
    choose(qtbot, timeline, Qt.Key.Key_B)
    answer(qtbot, workplace, "the log was lost")
    qtbot.waitUntil(lambda: entry(workplace, 1).no_evidence_because == "the log was lost")
    assert quiet_text(entry(workplace, 1)) == "rollback or fix  ·  no evidence: the log was lost"


def test_a_pasted_picture_becomes_evidence_with_its_file_on_disk(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    picture = QImage(64, 48, QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(picture)
    press(qtbot, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: len(entry(workplace).evidence) == 1)
    (evidence,) = workplace.program.store.record(incident_id).evidence
    assert evidence.kind is EvidenceKind.SCREENSHOT
    path = workplace.program.evidence.files.path_of(evidence)
    assert path is not None
    assert QImage(str(path)).size() == picture.size()


@pytest.mark.usefixtures("incident_id")
def test_a_link_of_unknown_kind_is_asked_for_its_kind(qtbot: QtBot, workplace: Workplace) -> None:
    QGuiApplication.clipboard().setText("https://example.com/x")
    press(qtbot, Qt.Key.Key_V, CONTROL)
    assert workplace.window.entry.said.text().startswith("! Put before it what it is")
    answer(qtbot, workplace, "ticket https://example.com/x")
    qtbot.waitUntil(lambda: len(entry(workplace).evidence) == 1)
    (evidence,) = workplace.window.record.timeline_model.evidence_of(entry(workplace))
    assert (evidence.kind, evidence.url) == (EvidenceKind.TICKET, "https://example.com/x")


@pytest.mark.usefixtures("incident_id")
def test_pictures_dropped_on_an_entry_are_evidence_and_sound_is_a_session(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    shot = tmp_path / "pool.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    assert image.save(str(shot))
    on_second = timeline.visualRect(timeline.entries.index(1)).center()
    assert dropped(timeline, shot, on_second)
    qtbot.waitUntil(lambda: len(entry(workplace, 1).evidence) == 1)

    assert not dropped(timeline, tmp_path / "bridge.wav", on_second)
    assert window.attach.isHidden()  # the window has it: see test_documents
    assert len(entry(workplace, 1).evidence) == 1


def dropped(timeline: TimelineView, path: Path, where: QPoint) -> bool:
    """Drop a file as the desktop does; return whether the timeline took it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(where, Qt.DropAction.CopyAction, mime, left, none)
    timeline.dragEnterEvent(entering)
    if not entering.isAccepted():
        return False
    drop = QDropEvent(QPointF(where), Qt.DropAction.CopyAction, mime, left, none, QEvent.Type.Drop)
    timeline.dropEvent(drop)
    return drop.isAccepted()


@pytest.mark.usefixtures("incident_id")
def test_the_menu_key_offers_everything_with_its_key(workplace: Workplace) -> None:
    timeline = workplace.window.record.timeline
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(timeline.viewport(), event)
    menu = open_menu(timeline)
    keys = {action.text().partition("\t")[2] for action in menu.actions() if action.text()}
    assert keys >= {"Enter", "E", "T", "V", "C", "X", "O", "M", "N", "Del"}
    (kind_menu,) = menu.findChildren(QMenu)
    kinds = [action.text() for action in kind_menu.actions()]
    assert kinds == [f"{kind.value}\t{kind.letter}" for kind in EntryKind]
    menu.close()
