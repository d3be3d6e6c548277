"""Evidence below its entry: seen, followed, and a picture opened large."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage

from app.services.evidence_store import EvidenceWords
from tests.builders import at
from tests.ui.evidence import (
    a_file,
    attach,
    entry_incident,
    path_of,
    rows,
    shown_image,
)
from tests.ui.test_entry_life import dropped
from tests.ui.test_journey import CONTROL, focused, press
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.evidence import Evidence
    from app.domain.ids import IncidentId
    from tests.ui.conftest import Workplace


@pytest.mark.usefixtures("two_entries")
def test_a_pasted_picture_is_seen_below_its_entry_and_opened_large_by_keys_alone(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, shelf = workplace.window, workplace.window.shelf
    assert shelf.isHidden()
    picture = QImage(3_000, 1_500, QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    QGuiApplication.clipboard().setImage(picture)
    press(qtbot, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(shelf.isVisible)
    qtbot.waitUntil(lambda: shown_image(shelf) is not None)
    small = shown_image(shelf)
    assert small is not None
    assert (small.width(), small.height()) == (320, 160)

    press(qtbot, Qt.Key.Key_L)
    assert focused() is shelf
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(window.viewer.isVisible)
    assert focused() is window.viewer
    large = window.viewer.picture.image
    assert large is not None
    assert (large.width(), large.height()) == (2_560, 1_280)
    painted = window.grab().toImage()
    assert painted.pixelColor(window.rect().center()) == QColor("teal")
    assert window.recorder.visibleRegion().contains(window.recorder.rect())

    press(qtbot, Qt.Key.Key_Escape)
    assert window.viewer.isHidden()
    assert focused() is shelf
    press(qtbot, Qt.Key.Key_Escape)
    assert focused() is window.record.timeline


@pytest.mark.usefixtures("two_entries")
def test_the_shelf_follows_the_current_entry_what_is_dropped_on_it_and_undo(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window, shelf, timeline = (
        workplace.window,
        workplace.window.shelf,
        workplace.window.record.timeline,
    )
    first = attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    shot = a_file(tmp_path, "pool.png", a_picture())
    assert dropped(timeline, shot, timeline.visualRect(timeline.entries.index(1)).center())
    qtbot.waitUntil(lambda: [one.name for one in rows(shelf)] == ["pool.png"])
    press(qtbot, Qt.Key.Key_Up)
    assert rows(shelf) == [first]
    window.record.setCurrentWidget(window.record.report)
    assert shelf.isHidden()

    press(qtbot, Qt.Key.Key_2, CONTROL)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_L)
    assert focused() is shelf
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(shelf.isHidden)
    assert focused() is timeline
    assert rows(window.record.evidence) == [first]


@pytest.mark.usefixtures("two_entries")
def test_files_are_read_on_no_thread_that_anybody_waits_for(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()
    intact = workplace.program.evidence.files.intact

    def watched(evidence: Evidence) -> Path:
        threads.add(threading.current_thread().name)
        return intact(evidence)

    monkeypatch.setattr(workplace.program.evidence.files, "intact", watched)
    attach(qtbot, workplace, a_file(tmp_path, "pool.png", a_picture()))
    qtbot.waitUntil(lambda: shown_image(workplace.window.shelf) is not None)
    press(qtbot, Qt.Key.Key_L)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(workplace.window.viewer.isVisible)
    assert {name.partition("_")[0] for name in threads} == {"looking"}


def test_evidence_that_no_entry_names_is_reached_among_all(
    qtbot: QtBot, workplace: Workplace, two_entries: IncidentId, tmp_path: Path
) -> None:
    window, evidence = workplace.window, workplace.program.evidence
    named = attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    shot = a_file(tmp_path, "orphan.png", a_picture())
    words = EvidenceWords(captured_at=at("14:03:20"))
    (orphan,) = evidence.add(two_entries, [shot], words)
    tabs = window.record
    qtbot.waitUntil(lambda: rows(tabs.evidence) == [named, orphan])
    assert tabs.tabText(tabs.indexOf(tabs.evidence)) == "Evidence 2"
    press(qtbot, Qt.Key.Key_4, CONTROL)
    said = [str(tabs.evidence.pieces.index(number).data()) for number in range(2)]
    assert said[0].endswith("F  the pool is at its limit")
    assert "of 2026-03-12 14:03:20 UTC" in said[1]
    assert said[1].endswith("! no entry names it")
    press(qtbot, Qt.Key.Key_Down)
    assert tabs.evidence.accessibleDescription() == tabs.evidence.pieces.index(1).data()
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(window.viewer.isVisible)
    assert window.viewer.name.text() == "orphan.png"


@pytest.mark.usefixtures("two_entries")
def test_a_large_picture_goes_when_one_works_below_it_and_with_its_incident(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window = workplace.window
    attach(qtbot, workplace, a_file(tmp_path, "pool.png", a_picture()))

    def open_large() -> None:
        window.record.timeline.setFocus()
        press(qtbot, Qt.Key.Key_L)
        press(qtbot, Qt.Key.Key_Return)
        qtbot.waitUntil(window.viewer.isVisible)

    open_large()
    press(qtbot, Qt.Key.Key_L, CONTROL)
    assert window.viewer.isHidden()
    assert focused() is window.entry.line

    open_large()
    window.viewer.folder_button.click()
    (folder,) = workplace.opener.opened
    assert folder == path_of(workplace, rows(window.shelf)[0]).parent
    workplace.desk.incident.open(workplace.program.incidents.create("Another").id)
    assert window.viewer.isHidden()
    qtbot.waitUntil(lambda: rows(window.record.evidence) == [])


@pytest.mark.usefixtures("two_entries")
def test_an_entry_without_evidence_says_how_to_attach_some(
    qtbot: QtBot, workplace: Workplace
) -> None:
    press(qtbot, Qt.Key.Key_L)
    said = workplace.window.status.message.text()
    assert said == "It has no evidence. V attaches some."


@pytest.mark.usefixtures("two_entries")
def test_the_current_entry_stays_in_sight_when_its_evidence_takes_room(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window, timeline = workplace.window, workplace.window.record.timeline
    window.resize(960, 600)
    for number in range(12):
        workplace.program.live_work.log.enter(
            entry_incident(workplace), f"/fact 14:2{number % 9} x"
        )
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 14)
    press(qtbot, Qt.Key.Key_End)
    last = timeline.currentIndex()
    assert timeline.viewport().rect().contains(timeline.visualRect(last))
    workplace.program.evidence.add(
        entry_incident(workplace),
        ["https://grafana.example.com/d/pool", "https://grafana.example.com/d/rate"],
        entry_id=timeline.entries.entry(last.row()).id,
    )
    qtbot.waitUntil(window.shelf.isVisible)
    seen = timeline.viewport().rect()
    qtbot.waitUntil(lambda: seen.contains(timeline.visualRect(last)))
    assert not shelf_overlaps(workplace)


def shelf_overlaps(workplace: Workplace) -> bool:
    window = workplace.window
    shelf = QRect(window.shelf.mapTo(window, QPoint(0, 0)), window.shelf.size())
    bar = QRect(window.entry.mapTo(window, QPoint(0, 0)), window.entry.size())
    return shelf.intersects(bar)
