"""Evidence at the window: seen below its entry, opened large or elsewhere, or told to fail."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.domain.evidence import EvidenceKind
from app.domain.record import Change
from app.services.evidence_store import EvidenceWords
from tests.builders import at
from tests.record_builders import an_evidence
from tests.ui.test_entry_life import dropped
from tests.ui.test_journey import CONTROL, focused, press
from tests.unit.evidence_files.pictures import a_picture
from ui.evidence.model import EvidenceRole

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.evidence import Evidence
    from app.domain.ids import EntryId, IncidentId
    from tests.ui.conftest import FakeClock, Workplace
    from ui.evidence.looks import Look
    from ui.evidence.view import EvidenceList

LOG = EvidenceWords(EvidenceKind.LOG_QUERY)


@pytest.fixture
def incident_id(qtbot: QtBot, workplace: Workplace, clock: FakeClock) -> IncidentId:
    """An incident with two entries, the first of them current."""
    clock.now = at("14:44")
    incident = workplace.program.incidents.create("Checkout errors")
    for line in ("/fact 14:05 the pool is at its limit", "/act 14:10 rolled back v4.2.0"):
        workplace.program.live_work.log.enter(incident.id, line)
    workplace.desk.incident.open(incident.id)
    timeline = workplace.window.record.timeline
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 2)
    timeline.setFocus()
    assert timeline.currentIndex().row() == 0
    return incident.id


def entry_id(workplace: Workplace, number: int = 0) -> EntryId:
    return workplace.window.record.timeline_model.entry(number).id


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def attach(
    qtbot: QtBot, workplace: Workplace, thing: Path | str, words: EvidenceWords | None = None
) -> Evidence:
    """Tie something to the first entry, and wait until the window has it."""
    incident_id = workplace.desk.incident.incident_id
    assert incident_id is not None
    (made,) = workplace.program.evidence.add(
        incident_id, [thing], words or EvidenceWords(), entry_id=entry_id(workplace)
    )
    shelf = workplace.window.shelf
    qtbot.waitUntil(lambda: made in rows(shelf))
    return made


def rows(pieces: EvidenceList) -> list[Evidence]:
    return [pieces.pieces.evidence(number) for number in range(pieces.pieces.rowCount())]


def look(pieces: EvidenceList, number: int = 0) -> Look | None:
    found: Look | None = pieces.pieces.index(number).data(EvidenceRole.LOOK)
    return found


def shown_image(pieces: EvidenceList, number: int = 0) -> QImage | None:
    found = look(pieces, number)
    return None if found is None else found.image


def problem(pieces: EvidenceList, number: int = 0) -> str:
    found = look(pieces, number)
    return "" if found is None else found.problem


def path_of(workplace: Workplace, evidence: Evidence) -> Path:
    path = workplace.program.evidence.files.path_of(evidence)
    assert path is not None
    return path


@pytest.mark.usefixtures("incident_id")
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


@pytest.mark.usefixtures("incident_id")
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


@pytest.mark.usefixtures("incident_id")
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


@pytest.mark.usefixtures("incident_id")
def test_a_click_follows_a_link_and_a_file_is_shown_by_its_own_program(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    shelf, opener = workplace.window.shelf, workplace.opener
    link = attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    log = attach(qtbot, workplace, a_file(tmp_path, "checkout.log", b"503"), LOG)
    program = attach(qtbot, workplace, a_file(tmp_path, "mend.sh", b"rm -rf /"), LOG)
    click(shelf, 0)
    assert opener.opened == [link.url]
    click(shelf, 1)
    qtbot.waitUntil(lambda: opener.opened[1:] == [path_of(workplace, log)])
    click(shelf, 2)
    qtbot.waitUntil(lambda: opener.opened[2:] == [path_of(workplace, program).parent])
    assert "may do harm" in workplace.window.status.message.text()
    assert workplace.notices == []


def click(pieces: EvidenceList, number: int) -> None:
    index = pieces.pieces.index(number)
    pieces.scrollTo(index)
    place = pieces.visualRect(index).center()
    QTest.mouseClick(pieces.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.usefixtures("incident_id")
def test_what_nothing_opens_is_told_with_what_to_copy(qtbot: QtBot, workplace: Workplace) -> None:
    workplace.opener.takes_it = False
    attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    press(qtbot, Qt.Key.Key_L)
    press(qtbot, Qt.Key.Key_Space)
    assert workplace.notices == ["No program here opens https://grafana.example.com/d/pool."]


def test_a_link_that_came_with_a_record_and_is_none_of_the_web_is_not_followed(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    hostile = an_evidence(incident_id=incident_id, url="file:///bin/sh", file=None, sha256=None)
    store = workplace.program.store
    store.commit(incident_id, [Change(None, hostile)], by="Eve", label="add evidence")
    workplace.desk.incident.open(incident_id)
    window = workplace.window
    qtbot.waitUntil(lambda: rows(window.record.evidence) == [hostile])
    press(qtbot, Qt.Key.Key_4, CONTROL)
    press(qtbot, Qt.Key.Key_Return)
    assert workplace.opener.opened == []
    assert workplace.notices[0].startswith("The link is not followed")


@pytest.mark.usefixtures("incident_id")
def test_a_missing_and_a_changed_file_say_so_with_a_remedy_that_works(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window, shelf = workplace.window, workplace.window.shelf
    shot = a_file(tmp_path, "pool.png", a_picture())
    log = a_file(tmp_path, "checkout.log", b"503")
    path_of(workplace, attach(qtbot, workplace, shot)).unlink()
    path_of(workplace, attach(qtbot, workplace, log, LOG)).write_bytes(b"200")
    workplace.desk.incident.open(entry_incident(workplace))
    qtbot.waitUntil(lambda: len(rows(window.record.evidence)) == 2)
    press(qtbot, Qt.Key.Key_4, CONTROL)
    pieces = window.record.evidence
    qtbot.waitUntil(lambda: "pool.png is missing. Add the file again" in problem(pieces, 0))
    qtbot.waitUntil(lambda: "checkout.log is changed. Add the file again" in problem(pieces, 1))

    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.notices == ["The file pool.png is missing."])
    assert window.viewer.isHidden()
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The file checkout.log is changed." in workplace.notices)
    assert workplace.opener.opened == []

    press(qtbot, Qt.Key.Key_Escape)
    attach(qtbot, workplace, shot)
    attach(qtbot, workplace, log, LOG)
    qtbot.waitUntil(lambda: shown_image(shelf, 0) is not None)
    qtbot.waitUntil(lambda: look(shelf, 1) is not None and not problem(shelf, 1))


@pytest.mark.usefixtures("incident_id")
@pytest.mark.parametrize("how", ["seen", "opened"])
def test_what_went_wrong_for_an_incident_that_was_left_is_not_told_of_the_next_ones_same_file(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    window, program = workplace.window, workplace.program
    incident_id = entry_incident(workplace)
    shot = a_file(tmp_path, "pool.png", a_picture())
    another = program.incidents.create("The same picture")
    (intact,) = program.evidence.add(another.id, [shot])
    gone = attach(qtbot, workplace, shot)
    qtbot.waitUntil(lambda: shown_image(window.shelf) is not None)
    path_of(workplace, gone).unlink()
    read, asked, go_on = program.evidence.files.intact, threading.Event(), threading.Event()

    def held_up(evidence: Evidence) -> Path:
        if evidence.incident_id == incident_id:
            asked.set()
            assert go_on.wait(10)
        return read(evidence)

    monkeypatch.setattr(program.evidence.files, "intact", held_up)
    if how == "seen":
        workplace.desk.incident.open(incident_id)
        press(qtbot, Qt.Key.Key_4, CONTROL)
    else:
        press(qtbot, Qt.Key.Key_L)
        press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(asked.is_set)
    press(qtbot, Qt.Key.Key_2, CONTROL)  # nobody sees what the other incident has, yet
    workplace.desk.incident.open(another.id)
    pieces = window.record.evidence
    qtbot.waitUntil(lambda: rows(pieces) == [intact])
    go_on.set()
    qtbot.waitUntil(lambda: not workplace.desk.lanes.looking.is_busy)
    press(qtbot, Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: look(pieces) is not None)
    assert shown_image(pieces) is not None
    assert problem(pieces) == ""
    assert workplace.notices == []


def entry_incident(workplace: Workplace) -> IncidentId:
    return workplace.window.record.timeline_model.entry(0).incident_id


@pytest.mark.usefixtures("incident_id")
def test_a_picture_that_cannot_be_read_says_so_and_another_program_may_try(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    broken = attach(qtbot, workplace, a_file(tmp_path, "pool.png", a_picture()[:60]))
    shelf = workplace.window.shelf
    qtbot.waitUntil(lambda: "It cannot be read as a picture." in problem(shelf))
    press(qtbot, Qt.Key.Key_L)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.opener.opened == [path_of(workplace, broken)])
    assert workplace.window.viewer.isHidden()


@pytest.mark.usefixtures("incident_id")
def test_a_damaged_small_picture_is_told_and_the_large_one_is_still_seen(
    qtbot: QtBot, workplace: Workplace, tmp_path: Path
) -> None:
    window = workplace.window
    made = attach(qtbot, workplace, a_file(tmp_path, "pool.png", a_picture()))
    qtbot.waitUntil(lambda: shown_image(window.shelf) is not None)  # then nobody writes it
    workplace.program.evidence.thumbnail(made).write_bytes(b"\x89PNG")
    workplace.desk.incident.open(made.incident_id)
    qtbot.waitUntil(lambda: rows(window.record.evidence) == [made])
    press(qtbot, Qt.Key.Key_4, CONTROL)
    qtbot.waitUntil(lambda: "is damaged. Delete it" in problem(window.record.evidence))
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(window.viewer.isVisible)


def test_evidence_that_no_entry_names_is_reached_among_all(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId, tmp_path: Path
) -> None:
    window, evidence = workplace.window, workplace.program.evidence
    named = attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    shot = a_file(tmp_path, "orphan.png", a_picture())
    words = EvidenceWords(captured_at=at("14:03:20"))
    (orphan,) = evidence.add(incident_id, [shot], words)
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


@pytest.mark.usefixtures("incident_id")
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


@pytest.mark.usefixtures("incident_id")
def test_an_entry_without_evidence_says_how_to_attach_some(
    qtbot: QtBot, workplace: Workplace
) -> None:
    press(qtbot, Qt.Key.Key_L)
    said = workplace.window.status.message.text()
    assert said == "It has no evidence. V attaches some."


@pytest.mark.usefixtures("incident_id")
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
