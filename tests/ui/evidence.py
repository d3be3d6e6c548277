"""What the tests of evidence at the window share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.evidence_store import EvidenceWords
from ui.evidence.model import EvidenceRole

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from app.domain.evidence import Evidence
    from app.domain.ids import EntryId, IncidentId
    from tests.ui.conftest import Workplace
    from ui.evidence.looks import Look
    from ui.evidence.view import EvidenceList


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


def entry_incident(workplace: Workplace) -> IncidentId:
    return workplace.window.record.timeline_model.entry(0).incident_id


def click(pieces: EvidenceList, number: int) -> None:
    index = pieces.pieces.index(number)
    pieces.scrollTo(index)
    place = pieces.visualRect(index).center()
    QTest.mouseClick(pieces.viewport(), Qt.MouseButton.LeftButton, pos=place)
