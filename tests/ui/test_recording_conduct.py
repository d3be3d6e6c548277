"""Pause, announcement and alarms at the window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.alarms import Alarm, AlarmKind
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import AppError, CaptureError
from app.domain.events import AlarmCleared, AlarmRaised, AudioStored
from app.domain.sessions import Consent, Pause, TrackLabel
from tests.builders import ROOM, START
from tests.ui.fakes import ACTOR, on_a_thread
from tests.ui.test_recording import record
from ui.presenters.silence import SILENT_FOR_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.domain.ids import IncidentId, SessionId
    from tests.ui.conftest import Workplace
    from tests.ui.fakes import FakeProgram


@dataclass
class FakeConduct:
    """Does as a recorder would, or refuses."""

    asked: list[str] = field(default_factory=list)
    refusal: AppError | None = None

    def pause(self, incident_id: IncidentId) -> Pause:
        self._note(f"pause {bool(incident_id)}")
        return Pause(61_000, None, ACTOR)

    def resume(self, incident_id: IncidentId) -> Pause:
        self._note(f"resume {bool(incident_id)}")
        return Pause(61_000, 90_000, ACTOR)

    def consent_text(self) -> str:
        return "You are being recorded.\n"

    def announce(
        self, incident_id: IncidentId, *, method: str
    ) -> tuple[SessionId | None, Consent]:
        self._note(f"announce {bool(incident_id)} {method}")
        return None, Consent(START, ACTOR, method)

    def _note(self, what: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(what)


@pytest.fixture
def conduct(program: FakeProgram) -> FakeConduct:
    conduct = FakeConduct()
    program.conduct = conduct  # type: ignore[attr-defined]
    return conduct


def tell(workplace: Workplace, status: RecorderStatus) -> None:
    on_a_thread(lambda: workplace.program.bus.publish(AudioStored(status)))


def a_status(workplace: Workplace, elapsed_ms: int = 1_000) -> RecorderStatus:
    session = workplace.program.recording.active
    assert session is not None
    track = TrackStatus(ROOM, TrackLabel.ROOM, elapsed_ms)
    return RecorderStatus(session.id, elapsed_ms, (track,))


def test_f10_pauses_and_resumes_and_the_light_tells(
    qtbot: QtBot, workplace: Workplace, conduct: FakeConduct
) -> None:
    strip = workplace.window.recorder
    QTest.keyClick(workplace.window, Qt.Key.Key_F10)
    assert conduct.asked == []
    record(qtbot, workplace)

    QTest.keyClick(workplace.window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: strip.state.text().startswith("PAUSED"))
    assert not strip.light.is_on
    assert "nothing is stored" in workplace.window.status.message.text()
    QTest.keyClick(workplace.window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: strip.state.text().startswith("REC"))

    assert strip.light.is_on
    assert conduct.asked == ["pause True", "resume True"]


def test_a_pause_that_another_program_ordered_is_shown_and_is_no_silence(
    qtbot: QtBot, workplace: Workplace, conduct: FakeConduct
) -> None:
    strip = workplace.window.recorder
    record(qtbot, workplace)
    paused = replace(a_status(workplace), pause=Pause(500, None, "Tom"))
    tell(workplace, paused)
    qtbot.waitUntil(lambda: strip.conduct.is_paused)
    tell(workplace, replace(paused, elapsed_ms=paused.elapsed_ms + SILENT_FOR_MS + 1))
    tell(workplace, a_status(workplace, 20_000))
    qtbot.waitUntil(lambda: not strip.conduct.is_paused)

    assert workplace.notices == []
    assert conduct.asked == []


def test_a_refused_pause_is_told_and_can_be_asked_for_again(
    qtbot: QtBot, workplace: Workplace, conduct: FakeConduct
) -> None:
    record(qtbot, workplace)
    conduct.refusal = CaptureError("The disk is full.", remedy="Free some space.")
    button = workplace.window.recorder.conduct.pause_button
    button.click()
    qtbot.waitUntil(lambda: workplace.notices == ["The disk is full."])

    assert button.isEnabled()
    assert workplace.window.recorder.light.is_on


def test_the_text_is_shown_and_stamped_with_who_and_how(
    qtbot: QtBot, workplace: Workplace, conduct: FakeConduct
) -> None:
    window = workplace.window
    record(qtbot, workplace)
    window.recorder.conduct.announce_button.click()
    qtbot.waitUntil(window.consent.isVisible)
    assert window.consent.text.text() == "You are being recorded."
    window.consent.method.setCurrentText("in the chat")
    window.consent.stamp_button.click()

    qtbot.waitUntil(lambda: conduct.asked == ["announce True in the chat"])
    button = window.recorder.conduct.announce_button
    qtbot.waitUntil(lambda: button.text() == "✓")
    assert ACTOR in button.toolTip()
    assert not window.consent.isVisible()


def test_an_alarm_is_in_the_banner_from_its_beginning_to_its_end(
    qtbot: QtBot, workplace: Workplace
) -> None:
    record(qtbot, workplace)
    session_id = a_status(workplace).session_id
    alarm = Alarm(AlarmKind.LOW_DISK, "Less than 2 GB are free.", "Free some.")
    on_a_thread(lambda: workplace.program.bus.publish(AlarmRaised(session_id, alarm)))
    qtbot.waitUntil(lambda: workplace.notices == ["Less than 2 GB are free."])
    on_a_thread(lambda: workplace.program.bus.publish(AlarmCleared(session_id, alarm)))
    qtbot.waitUntil(lambda: workplace.notices == [])
