"""What the tests of the waveform strip share."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.domain.events import RecordChanged
from app.domain.ids import IncidentId
from app.domain.record import Change
from app.domain.sessions import GapReason, Marker, Session, TrackLabel
from tests.ui.conftest import Workplace
from tests.ui.fakes import ACTOR, put_segments
from tests.ui.waveforms import Part, Recorded, recorded
from ui.colors import colors_of
from ui.waveform.view import WaveformView

SOUND: Part = (None, 10)
LOSS: Part = (GapReason.DEVICE_LOST, 10)
PAUSE: Part = (GapReason.PAUSE, 10)
ROOM, BRIDGE = TrackLabel.ROOM, TrackLabel.BRIDGE
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def strip_view(workplace: Workplace) -> WaveformView:
    return workplace.window.transcript.waveform.view


def legend(workplace: Workplace) -> str:
    label = workplace.window.transcript.waveform.legend
    return label.text() if label.isVisible() else ""


def shows(view: WaveformView, until_ms: int) -> bool:
    return view.overview is not None and view.overview.until_ms == until_ms


def show(qtbot: QtBot, workplace: Workplace, incident_id: IncidentId, until_ms: int) -> None:
    """Open the incident and wait until its audio was looked at."""
    workplace.desk.incident.open(incident_id)
    view = strip_view(workplace)
    qtbot.waitUntil(lambda: shows(view, until_ms))


def with_gaps(qtbot: QtBot, workplace: Workplace) -> Recorded:
    """Show a minute: the room loses its microphone, then both tracks are paused."""
    incident = workplace.program.incidents.create("Checkout errors")
    found = recorded(
        workplace.program,
        incident.id,
        room=[SOUND, LOSS, SOUND, PAUSE, SOUND, SOUND],
        bridge=[SOUND, SOUND, SOUND, PAUSE, SOUND, SOUND],
    )
    show(qtbot, workplace, incident.id, 60_000)
    return found


def with_words(workplace: Workplace, found: Recorded) -> None:
    texts = [f"line {number}" for number in range(15)]
    put_segments(workplace.program.store, found.track(BRIDGE), *texts)
    workplace.program.bus.publish(RecordChanged(found.session.incident_id, None))


def mark(workplace: Workplace, session: Session, *markers: Marker) -> None:
    program, changes = workplace.program, [Change(None, marker) for marker in markers]
    operation = program.store.commit(session.incident_id, changes, by=ACTOR, label="mark")
    program.bus.publish(RecordChanged(session.incident_id, operation))


def at(view: WaveformView, seconds: float, lane: int) -> QPoint:
    place = view.place()
    return QPointF(place.x(round(seconds * 1_000)), place.lane(lane).center().y()).toPoint()


def ink(view: WaveformView, start_s: float, end_s: float, lane: int) -> list[list[bool]]:
    """Rows of a stretch of a lane: where anything is painted, in whatever colour."""
    place = view.place()
    box = QRectF(place.lane(lane))
    box.setLeft(place.x(round(start_s * 1_000)))
    box.setRight(place.x(round(end_s * 1_000)))
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = QColor(colors_of(view).surface).rgb()
    area = box.toAlignedRect().adjusted(4, 4, -4, -4)
    return [
        [image.pixel(x, y) != ground for x in range(area.left(), area.right())]
        for y in range(area.top(), area.bottom())
    ]
