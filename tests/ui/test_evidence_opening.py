"""Evidence that is opened by other programs, or told to be gone, changed or damaged."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.evidence import EvidenceKind
from app.domain.record import Change
from app.services.evidence_store import EvidenceWords
from tests.record_builders import an_evidence
from tests.ui.evidence import (
    a_file,
    attach,
    click,
    entry_incident,
    look,
    path_of,
    problem,
    rows,
    shown_image,
)
from tests.ui.test_journey import CONTROL, press
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.domain.evidence import Evidence
    from app.domain.ids import IncidentId
    from tests.ui.conftest import Workplace

LOG = EvidenceWords(EvidenceKind.LOG_QUERY)


@pytest.mark.usefixtures("two_entries")
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


@pytest.mark.usefixtures("two_entries")
def test_what_nothing_opens_is_told_with_what_to_copy(qtbot: QtBot, workplace: Workplace) -> None:
    workplace.opener.takes_it = False
    attach(qtbot, workplace, "https://grafana.example.com/d/pool")
    press(qtbot, Qt.Key.Key_L)
    press(qtbot, Qt.Key.Key_Space)
    assert workplace.notices == ["No program here opens https://grafana.example.com/d/pool."]


def test_a_link_that_came_with_a_record_and_is_none_of_the_web_is_not_followed(
    qtbot: QtBot, workplace: Workplace, two_entries: IncidentId
) -> None:
    hostile = an_evidence(incident_id=two_entries, url="file:///bin/sh", file=None, sha256=None)
    store = workplace.program.store
    store.commit(two_entries, [Change(None, hostile)], by="Eve", label="add evidence")
    workplace.desk.incident.open(two_entries)
    window = workplace.window
    qtbot.waitUntil(lambda: rows(window.record.evidence) == [hostile])
    press(qtbot, Qt.Key.Key_4, CONTROL)
    press(qtbot, Qt.Key.Key_Return)
    assert workplace.opener.opened == []
    assert workplace.notices[0].startswith("The link is not followed")


@pytest.mark.usefixtures("two_entries")
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


@pytest.mark.usefixtures("two_entries")
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


@pytest.mark.usefixtures("two_entries")
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


@pytest.mark.usefixtures("two_entries")
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
