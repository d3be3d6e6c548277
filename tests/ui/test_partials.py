"""What is being said just now, in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontInfo

from app.domain.events import PartialHeard, SegmentsTranscribed
from app.domain.sessions import TrackLabel
from tests.ui.fakes import on_a_thread, put_segments

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.ids import IncidentId
    from app.domain.sessions import Session, Track
    from tests.ui.conftest import Workplace
    from ui.transcript.partial_lines import PartialLine


@pytest.fixture
def session(qtbot: QtBot, workplace: Workplace) -> Session:
    """A recording that runs in the incident on screen."""
    workplace.window.recorder.button.click()
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)
    active = workplace.program.recording.active
    assert active is not None
    qtbot.waitUntil(lambda: workplace.desk.incident.incident_id == active.incident_id)
    qtbot.waitUntil(lambda: workplace.desk.incident.record is not None)
    return active


def say(
    workplace: Workplace,
    session: Session,
    track: Track,
    text: str,
    incident_id: IncidentId | None = None,
) -> None:
    event = PartialHeard(incident_id or session.incident_id, session.id, track.id, 3_000, text)
    on_a_thread(lambda: workplace.program.bus.publish(event))


def line_of(workplace: Workplace, label: TrackLabel) -> PartialLine:
    return workplace.window.transcript.partials.lines[label]


def test_what_each_track_says_stands_below_the_transcript_and_is_no_row_of_it(
    qtbot: QtBot, workplace: Workplace, session: Session
) -> None:
    room, bridge = (line_of(workplace, label) for label in (TrackLabel.ROOM, TrackLabel.BRIDGE))
    assert not room.isVisible()

    for track, text in zip(workplace.program.recording.tracks, ("we are", "error"), strict=True):
        say(workplace, session, track, text)

    qtbot.waitUntil(lambda: room.isVisible() and bridge.isVisible())
    assert room.accessibleName() == "Room, not final yet: we are"
    assert bridge.accessibleName() == "Bridge, not final yet: error"
    assert workplace.window.transcript.model.rowCount() == 0
    view = workplace.window.transcript.view
    assert room.mapTo(workplace.window, room.rect().topLeft()).y() >= (
        view.mapTo(workplace.window, view.rect().bottomLeft()).y()
    )


def test_a_line_takes_the_place_of_what_was_being_said(
    qtbot: QtBot, workplace: Workplace, session: Session
) -> None:
    program, room = workplace.program, workplace.program.recording.tracks[0]
    say(workplace, session, room, "we are")
    qtbot.waitUntil(line_of(workplace, TrackLabel.ROOM).isVisible)

    segments = put_segments(program.store, room, "We are declaring a SEV1.")
    say(workplace, session, room, "")
    event = SegmentsTranscribed(session.incident_id, room.id, segments)
    on_a_thread(lambda: program.bus.publish(event))

    qtbot.waitUntil(lambda: workplace.window.transcript.model.rowCount() == 1)
    assert not line_of(workplace, TrackLabel.ROOM).isVisible()


def test_words_of_another_incident_are_not_shown(
    qtbot: QtBot, workplace: Workplace, session: Session
) -> None:
    room, bridge = workplace.program.recording.tracks
    other = workplace.program.incidents.create("Another", None)

    say(workplace, session, room, "of another", other.id)
    say(workplace, session, bridge, "of this one")
    qtbot.waitUntil(line_of(workplace, TrackLabel.BRIDGE).isVisible)
    assert not line_of(workplace, TrackLabel.ROOM).isVisible()

    workplace.desk.incident.open(other.id)
    assert not line_of(workplace, TrackLabel.BRIDGE).isVisible(), "another one is on screen"


def test_it_is_slanted_and_as_high_as_its_words_need(
    qtbot: QtBot, workplace: Workplace, session: Session
) -> None:
    room, line = workplace.program.recording.tracks[0], line_of(workplace, TrackLabel.ROOM)
    say(workplace, session, room, "we are")
    qtbot.waitUntil(line.isVisible)
    low = line.height()

    say(workplace, session, room, " ".join(["declaring"] * 60))
    qtbot.waitUntil(lambda: line.height() > 2 * low)
    many = line.height()
    workplace.window.resize(workplace.window.width() - 200, 800)

    qtbot.waitUntil(lambda: line.height() > many)
    assert QFontInfo(line._painter.body).italic()
