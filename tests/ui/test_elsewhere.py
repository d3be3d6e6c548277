"""The compact bar and the tray's menu: what is seen from another program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.domain.alarms import Alarm, AlarmKind
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.events import AlarmCleared, AlarmRaised, AudioStored, WindowRequested
from app.domain.ids import SessionId
from app.domain.sessions import MarkerKind, Pause, TrackLabel
from tests.builders import ROOM
from tests.ui.fakes import on_a_thread
from tests.ui.test_recording import record
from ui.colors import DARK, LIGHT, Colors
from ui.glance import Glance, Phase
from ui.presenters.elsewhere import Elsewhere
from ui.widgets.phase_icon import phase_icon
from ui.widgets.track_panel import NO_SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from app.domain.events import Event
    from tests.ui.conftest import Workplace
    from ui.theme import Theme
    from ui.tray import Tray
    from ui.widgets.compact_bar import CompactBar


# The platform without a screen says so each time a window is to come to the front
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def bar(workplace: Workplace) -> CompactBar:
    return workplace.desk.elsewhere.bar


@pytest.fixture
def tray(workplace: Workplace) -> Tray:
    return workplace.desk.elsewhere.tray


def publish(workplace: Workplace, event: Event) -> None:
    on_a_thread(lambda: workplace.program.bus.publish(event))


def menu_of(tray: Tray) -> list[str]:
    return [action.text() for action in tray.menu.actions() if action.isVisible()]


def test_f8_shows_the_bar_in_place_of_the_window_and_again_the_window(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    window = workplace.window
    QTest.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(bar.isActiveWindow)
    assert window.isMinimized()
    assert bar.windowFlags() & Qt.WindowType.WindowStaysOnTopHint

    QTest.keyClick(bar, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert not window.isMinimized()


def test_the_space_bar_presses_nothing_in_a_bar_that_was_just_opened(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    record(qtbot, workplace)
    asked = []
    workplace.window.recorder.conduct.pause_requested.connect(lambda: asked.append("pause"))
    for _ in range(2):  # nor when a button had the focus as the bar was last closed
        workplace.desk.elsewhere.open_bar()
        qtbot.waitUntil(bar.isActiveWindow)
        QTest.keyClick(bar.focusWidget() or bar, Qt.Key.Key_Space)

        assert bar.isVisible()
        assert (asked, workplace.program.recording.marked) == ([], [])
        bar.pause_button.setFocus()
        workplace.desk.elsewhere.show_window()


def test_tab_comes_to_the_pause_last_and_there_the_space_bar_presses_it(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    record(qtbot, workplace)
    workplace.desk.elsewhere.open_bar()
    qtbot.waitUntil(bar.isActiveWindow)
    for _ in range(7):
        assert bar.focusWidget() is not bar.pause_button
        QTest.keyClick(bar.focusWidget() or bar, Qt.Key.Key_Tab)

    assert bar.focusWidget() is bar.pause_button
    with qtbot.waitSignal(bar.pause_requested):
        QTest.keyClick(bar.pause_button, Qt.Key.Key_Space)


@pytest.mark.parametrize("only", TrackLabel)
def test_the_bar_has_a_meter_for_what_is_recorded_and_no_other(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar, only: TrackLabel
) -> None:
    (other,) = set(TrackLabel) - {only}
    panel = workplace.window.recorder.panels[other]
    panel.chooser.setCurrentIndex(panel.chooser.findData(NO_SOURCE))
    record(qtbot, workplace)
    qtbot.waitUntil(bar.meters[other].isHidden)
    assert bar.names[other].isHidden()
    assert not bar.meters[only].isHidden()
    assert not bar.names[only].isHidden()

    workplace.program.recording.stop()
    qtbot.waitUntil(lambda: not workplace.window.recorder.is_recording)
    panel.chooser.setCurrentIndex(0)
    record(qtbot, workplace)
    qtbot.waitUntil(lambda: not bar.meters[other].isHidden())
    assert not bar.names[other].isHidden()


def test_a_bar_that_was_not_told_what_is_recorded_learns_it_from_the_recorder(
    bar: CompactBar,
) -> None:
    bar.show_tracks([])
    assert not any(meter.isHidden() for meter in bar.meters.values())
    track = TrackStatus(ROOM, TrackLabel.BRIDGE, 61_000)
    bar.show_levels(RecorderStatus(SessionId("ses"), 61_100, (track,)))
    assert bar.meters[TrackLabel.ROOM].isHidden()


def test_what_the_bar_calls_saved_goes_on_while_one_device_is_away(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    record(qtbot, workplace)
    away = TrackStatus(ROOM, TrackLabel.ROOM, 61_000, problem="It is gone.")
    there = TrackStatus(ROOM, TrackLabel.BRIDGE, 125_000)
    publish(workplace, AudioStored(RecorderStatus(SessionId("ses"), 125_400, (away, there))))

    qtbot.waitUntil(lambda: bar.state.text() == "REC 00:02:05 saved")


def test_closing_the_bar_gives_the_window_back(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    workplace.window.status.compact_button.click()
    qtbot.waitUntil(bar.isVisible)
    bar.close()

    assert not bar.isVisible()
    assert not workplace.window.isMinimized()


def test_the_bar_shows_what_is_saved_the_levels_and_the_countdown(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    assert bar.state.text() == "Not recording"
    assert bar.tracks.isHidden()
    record(qtbot, workplace)
    workplace.program.recording.tell(2_537_000, peak=0.5, rms=0.25)
    qtbot.waitUntil(lambda: bar.state.text() == "REC 00:42:17 saved")

    assert bar.light.is_on
    assert [bar.meters[label].peak for label in TrackLabel] == [0.5, 0.5]
    assert not bar.tracks.isHidden()
    workplace.window.live.show_due("! next update in 00:42", "Due then", warns=True)
    assert (bar.due.text(), bar.due.toolTip()) == ("! next update in 00:42", "Due then")
    assert bar.due.objectName() == "warning"

    workplace.program.recording.stop()
    qtbot.waitUntil(lambda: bar.state.text() == "Not recording")
    assert not bar.light.is_on


def test_keys_in_the_bar_mark_and_it_says_so(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    record(qtbot, workplace)
    workplace.window.status.compact_button.click()
    qtbot.waitUntil(bar.isActiveWindow)
    QTest.keyClick(bar, Qt.Key.Key_F4)

    qtbot.waitUntil(lambda: workplace.program.recording.marked == [MarkerKind.DECISION])
    qtbot.waitUntil(lambda: bar.note.text() == "✓ decision, 00:01:01")


def test_a_pause_from_the_bar_is_the_windows_own(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    record(qtbot, workplace)
    with qtbot.waitSignal(workplace.window.recorder.conduct.pause_requested):
        bar.pause_button.click()
    session = workplace.program.recording.active
    assert session is not None
    track = TrackStatus(ROOM, TrackLabel.ROOM, 61_000)
    status = RecorderStatus(session.id, 61_100, (track,), pause=Pause(500, None, "Tom"))
    publish(workplace, AudioStored(status))
    qtbot.waitUntil(lambda: bar.state.text() == "PAUSED 00:01:01 saved")
    assert not bar.light.is_on
    assert bar.pause_button.text() == "▶"

    publish(workplace, AudioStored(replace(status, pause=None)))
    qtbot.waitUntil(lambda: bar.light.is_on)


def test_the_most_urgent_alarm_is_in_the_bar_and_the_tray_until_it_is_over(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar, tray: Tray
) -> None:
    loud = Alarm(AlarmKind.CLIPPING, "Too loud.", "Turn it down.")
    full = Alarm(AlarmKind.DISK_FULL, "The disk is full.", "Free some space.")
    for alarm in (loud, full):
        publish(workplace, AlarmRaised(SessionId("ses"), alarm))
    qtbot.waitUntil(lambda: bar.note.text() == "▲ The disk is full.")
    assert tray.icon.toolTip() == "Hotwash: The disk is full."

    publish(workplace, AlarmCleared(SessionId("ses"), full))
    qtbot.waitUntil(lambda: bar.note.text() == "▲ Too loud.")
    publish(workplace, AlarmCleared(SessionId("ses"), loud))
    qtbot.waitUntil(lambda: bar.note.text() == "")
    assert tray.icon.toolTip() == "Hotwash: Not recording"


def test_the_bar_stands_where_it_was_left(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    elsewhere = workplace.desk.elsewhere
    elsewhere.open_bar()
    qtbot.waitExposed(bar)
    bar.move(111, 77)
    elsewhere.show_window()

    again = Elsewhere(workplace.desk.program, workplace.window)
    again.open_bar()
    assert again.bar.pos() == QPoint(111, 77)
    again.stop()
    assert workplace.program.home.window_places.exists()


def test_a_bar_that_was_on_a_screen_that_is_gone_is_seen_again(
    bar: CompactBar, workplace: Workplace
) -> None:
    bar.open_at(QPoint(50_000, 50_000))
    assert bar.screen().geometry().contains(bar.pos())
    bar.hide()
    assert workplace.window.isVisible()


def test_the_tray_offers_what_can_be_done(qtbot: QtBot, workplace: Workplace, tray: Tray) -> None:
    assert menu_of(tray) == ["Record", "", "Compact bar", "Show the window"]
    tray.record.trigger()
    qtbot.waitUntil(lambda: workplace.window.recorder.is_recording)
    qtbot.waitUntil(tray.stop.isVisible)
    marks = "Mark the last 20 seconds"
    assert menu_of(tray)[:3] == ["Pause", "Stop the recording", marks]
    tray.marks.actions()[1].trigger()
    qtbot.waitUntil(lambda: workplace.program.recording.marked == [MarkerKind.HYPOTHESIS])
    tray.stop.trigger()
    qtbot.waitUntil(lambda: not workplace.window.recorder.is_recording)
    qtbot.waitUntil(tray.record.isVisible)


def test_who_asks_for_the_window_sees_it(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar
) -> None:
    workplace.desk.elsewhere.open_bar()
    qtbot.waitUntil(workplace.window.isMinimized)
    publish(workplace, WindowRequested())

    qtbot.waitUntil(lambda: not workplace.window.isMinimized())
    assert not bar.isVisible()


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.usefixtures("theme")
def test_the_icons_differ_by_their_shape_and_not_only_by_colour(colors: Colors) -> None:
    glances = [Glance(phase) for phase in Phase]
    glances.append(Glance(Phase.RECORDING, 0, "The disk is full."))
    shapes = [shape_of(phase_icon(glance, colors).pixmap(22, 22).toImage()) for glance in glances]

    for n, one in enumerate(shapes):
        for other in shapes[n + 1 :]:
            assert len(one ^ other) > 30  # of 484 points


def shape_of(image: QImage) -> set[tuple[int, int]]:
    """Return the points that differ much from the icon's ground, whatever their colour."""
    ground = image.pixelColor(4, 4).lightness()
    return {
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if abs(image.pixelColor(x, y).lightness() - ground) > 60
    }


def test_everything_in_the_bar_is_named_and_reached_by_tab_in_light_and_dark(
    qtbot: QtBot, workplace: Workplace, bar: CompactBar, theme: Theme, tmp_path: Path
) -> None:
    record(qtbot, workplace)
    workplace.desk.elsewhere.open_bar()
    qtbot.waitExposed(bar)
    buttons = bar.findChildren(QAbstractButton)
    assert len(buttons) == 7
    assert all(button.accessibleName() and button.toolTip() for button in buttons)
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    reached = set()
    for _ in buttons:
        QTest.keyClick(bar.focusWidget() or bar, Qt.Key.Key_Tab)
        reached.add(bar.focusWidget())
    assert reached == set(buttons)

    seen = {}
    for dark in (False, True):
        theme.choose(dark)
        qtbot.wait(20)
        seen[dark] = bar.grab().toImage()
        assert seen[dark].save(str(tmp_path / f"bar-{dark}.png"))
    theme.choose(None)
    corner = (bar.width() // 2, 3)
    assert seen[False].pixelColor(*corner).lightness() > 200
    assert seen[True].pixelColor(*corner).lightness() < 60
