"""The button beside each source that tells whether it works."""

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import CaptureError
from app.domain.sessions import TrackLabel, TrackSource
from app.domain.source_trial import Level
from tests.ui.conftest import Workplace
from tests.ui.fakes import MONITOR
from ui.widgets.track_panel import TrackPanel


def panel_of(workplace: Workplace, label: TrackLabel) -> TrackPanel:
    return workplace.window.recorder.panels[label]


def test_the_level_is_shown_while_it_listens_and_a_sentence_afterwards(
    qtbot: QtBot, workplace: Workplace
) -> None:
    trials, room = workplace.program.source_trials, panel_of(workplace, TrackLabel.ROOM)
    qtbot.waitUntil(room.test.isEnabled)
    room.test.click()

    qtbot.waitUntil(lambda: room.meter.peak == 0.25)
    assert room.meter.isVisible()
    assert not room.test.isEnabled()
    trials.may_end.set()
    qtbot.waitUntil(room.test.isEnabled)
    assert trials.asked == [("", TrackSource.MIC)]
    assert not room.meter.isVisible()
    assert room.device.text() == "✓ Heard speech-level sound, peak -12 dB."
    assert "Built-in Microphone: Heard speech" in workplace.window.status.message.text()


def test_the_chosen_output_is_tried_and_what_to_do_is_said(
    qtbot: QtBot, workplace: Workplace
) -> None:
    trials, bridge = workplace.program.source_trials, panel_of(workplace, TrackLabel.BRIDGE)
    trials.hears = [Level(0.0, 0.0)]
    trials.may_end.set()
    qtbot.waitUntil(lambda: bridge.chooser.findData(MONITOR.id) >= 0)
    bridge.chooser.setCurrentIndex(bridge.chooser.findData(MONITOR.id))
    bridge.test.click()

    qtbot.waitUntil(bridge.device.isVisible)
    assert trials.asked == [(MONITOR.id, TrackSource.LOOPBACK)]
    assert bridge.device.text() == (
        "! Heard only zeros. Play something on this output, and test again."
    )


def test_a_source_that_cannot_be_tried_is_told_like_any_problem(
    qtbot: QtBot, workplace: Workplace
) -> None:
    trials, room = workplace.program.source_trials, panel_of(workplace, TrackLabel.ROOM)
    trials.refusal = CaptureError("The driver of “USB” crashed during the test.")
    trials.may_end.set()
    qtbot.waitUntil(room.test.isEnabled)
    room.test.click()

    qtbot.waitUntil(lambda: "The driver of “USB” crashed during the test." in workplace.notices)
    assert room.test.isEnabled()
    assert not room.meter.isVisible()


def test_a_recording_that_begins_meanwhile_shows_its_own_levels(
    qtbot: QtBot, workplace: Workplace
) -> None:
    trials, room = workplace.program.source_trials, panel_of(workplace, TrackLabel.ROOM)
    room.test.click()
    qtbot.waitUntil(lambda: trials.asked != [])
    workplace.window.recorder.button.click()
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)
    trials.may_end.set()
    qtbot.waitUntil(lambda: not workplace.desk.lanes.trials.is_busy)

    assert room.meter.isVisible()
    assert room.device.text() == "Built-in Microphone"


@pytest.mark.parametrize("label", list(TrackLabel))
def test_what_was_heard_of_one_source_is_not_said_of_another(
    qtbot: QtBot, workplace: Workplace, label: TrackLabel
) -> None:
    panel = panel_of(workplace, label)
    workplace.program.source_trials.may_end.set()
    qtbot.waitUntil(panel.test.isEnabled)
    panel.test.click()
    qtbot.waitUntil(panel.device.isVisible)

    panel.chooser.setCurrentIndex(panel.chooser.findData("none"))
    panel.chooser.activated.emit(panel.chooser.currentIndex())
    assert not panel.device.isVisible()
    assert not panel.test.isEnabled()
