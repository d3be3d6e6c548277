"""Markers at the window: seen where they were pressed, and made entries of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.domain.events import RecordChanged
from app.domain.ids import MarkerId
from app.domain.record import Change
from app.domain.sessions import Marker, MarkerKind
from app.domain.timeline import EntryKind, SourceType
from tests.ui.fakes import ACTOR, a_running_session, on_a_thread, put_segments, put_session
from tests.ui.test_journey import focused, press
from ui.transcript.tool_tip import row_tip

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.ids import IncidentId
    from tests.ui.conftest import Workplace


@pytest.fixture
def incident_id(qtbot: QtBot, workplace: Workplace) -> IncidentId:
    """An incident with words at 0 s and 4 s, and between them a marker, which is told of late."""
    program, window = workplace.program, workplace.window
    incident = program.incidents.create("Checkout errors")
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    put_segments(program.store, tracks[1], "the pool is at its limit", "we roll back")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 2)
    marker = Marker(
        MarkerId("mrk-1"), session.id, 3_500, MarkerKind.DECISION, ACTOR, "the rollback"
    )
    operation = program.store.commit(
        incident.id, [Change(None, marker)], by=ACTOR, label="mark", undoable=False
    )
    on_a_thread(lambda: program.bus.publish(RecordChanged(incident.id, operation)))
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 3)
    return incident.id


@pytest.mark.usefixtures("incident_id")
def test_a_marker_stands_at_its_time_with_its_kind_who_pressed_it_and_their_words(
    workplace: Workplace,
) -> None:
    model = workplace.window.transcript.model
    said = [str(model.index(number).data()).partition(" ")[2] for number in range(3)]
    assert said[1] == "decision, marked by Marcus: the rollback"
    assert "pool" in said[0]
    assert "roll back" in said[2]
    assert "Marks the 20 seconds before" in row_tip(model.row(1), None)


def test_a_marker_is_promoted_by_a_key_to_an_entry_that_can_be_heard(
    qtbot: QtBot, workplace: Workplace, incident_id: IncidentId
) -> None:
    view, timeline = workplace.window.transcript.view, workplace.window.record.timeline
    view.setFocus()
    assert focused() is view
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == 1)
    entry = timeline.entries.entry(0)
    assert entry.kind is EntryKind.DECISION
    assert (entry.sources[0].type, entry.sources[0].marker_id) == (SourceType.MARKER, "mrk-1")
    assert workplace.program.store.record(incident_id).decisions[0].entry_id == entry.id

    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(workplace.output.played) == 1)
    assert workplace.program.clips.asked[0][1:] == (0, 3_500)
