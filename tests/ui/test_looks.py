import colorsys
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLineEdit,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Workplace
from tests.ui.fakes import a_running_session, put_segments, put_session
from ui.colors import DARK, LIGHT, Colors, colors_of
from ui.main_window import SMALLEST
from ui.theme import BODY_PX, Theme
from ui.transcript.selection import TextSelection

READABLE = 4.5
NOT_INKS = {"line", "surface", "raised", "selected", "on_fill"}
INKS = [name for name in Colors.__slots__ if name not in NOT_INKS]
GROUNDS = ("surface", "raised")


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def hue(color: str) -> float:
    red, green, blue = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_that_is_read_stands_out_enough(colors: Colors) -> None:
    pairs = [*product(INKS, GROUNDS), ("text", "selected"), ("secondary", "selected")]
    pairs += [("on_fill", name) for name in INKS if name not in {"text", "secondary"}]
    weak = {
        (ink, ground): round(contrast(getattr(colors, ink), getattr(colors, ground)), 2)
        for ink, ground in pairs
        if contrast(getattr(colors, ink), getattr(colors, ground)) < READABLE
    }
    assert weak == {}


@pytest.mark.parametrize("name", ["fact", "hypothesis", "decision", "action", "status"])
def test_dark_colours_are_lighter_twins_of_the_same_hue(name: str) -> None:
    light, dark = getattr(LIGHT, name), getattr(DARK, name)
    apart = abs(hue(light) - hue(dark))
    assert min(apart, 360 - apart) < 15
    assert luminance(dark) > luminance(light)


def test_the_theme_can_be_chosen_and_follows_the_desktop_again(
    theme: Theme, workplace: Workplace
) -> None:
    view = workplace.window.transcript.view
    theme.choose(True)
    assert colors_of(view) is DARK
    assert view._painter.colors is DARK
    theme.choose(False)
    assert colors_of(view) is LIGHT
    theme.choose(None)
    assert not theme.is_dark


def test_everything_that_takes_the_focus_has_a_name_and_buttons_a_tool_tip(
    workplace: Workplace,
) -> None:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractScrollArea, QTabBar)
    nameless, tipless = [], []
    for widget in workplace.window.findChildren(QWidget):
        inside = any(isinstance(parent, QComboBox | QTabBar) for parent in parents(widget))
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or inside:  # Qt's own parts
            continue
        shown = widget.text() if isinstance(widget, QAbstractButton) else ""
        if isinstance(widget, kinds) and not (widget.accessibleName() or shown):
            nameless.append(widget)
        words = sum(letter.isalpha() for letter in shown)
        if isinstance(widget, QAbstractButton) and words < 3 and not widget.toolTip():
            tipless.append(widget)
    assert nameless == []
    assert tipless == []


def parents(widget: QWidget) -> list[QWidget]:
    found = []
    parent = widget.parentWidget()
    while parent is not None:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def test_it_works_at_1024_by_700_in_light_and_dark(
    qtbot: QtBot, workplace: Workplace, theme: Theme, tmp_path: Path
) -> None:
    window, program = workplace.window, workplace.program
    incident = program.incidents.create(
        "Checkout errors in the payment service of eu-west", "SEV1"
    )
    session, tracks = a_running_session(incident.id)
    put_session(program.store, session, tracks)
    put_segments(program.store, tracks[0], "the connection pool is at its limit", "confirmed")
    workplace.desk.incident.open(incident.id)
    qtbot.waitUntil(lambda: window.transcript.model.rowCount() == 2)
    window.recorder.ask()
    qtbot.waitUntil(lambda: window.recorder.is_recording)
    program.recording.tell(61_000)
    window.form.open_form()
    window.attach.open_form()
    window.banner.show_problem("The disk is nearly full.", "Free some space.")
    window.transcript.view.select(TextSelection.of_row(0))

    seen = {}
    for dark in (False, True):
        theme.choose(dark)
        for size in ((1024, 700), (1600, 1000)):
            window.resize(*size)
            qtbot.wait(20)
            assert (window.width(), window.height()) == size
            assert window.minimumSizeHint().width() <= 1024
            name = f"{'dark' if dark else 'light'}-{size[0]}"
            seen[name] = window.grab().toImage()
            assert seen[name].save(str(tmp_path / f"{name}.png"))
            for widget in (window.recorder.button, window.status, window.incidents.clock):
                inside = widget.mapTo(window, widget.rect().bottomRight())
                assert window.rect().contains(inside)
    theme.choose(None)
    assert seen["light-1024"].pixelColor(400, 650).lightness() > 200
    assert seen["dark-1024"].pixelColor(400, 650).lightness() < 60
    assert window.font().pixelSize() == BODY_PX


def test_at_the_smallest_size_nothing_that_must_be_read_is_cut_off(
    qtbot: QtBot, workplace: Workplace
) -> None:
    window = workplace.window
    workplace.desk.incident.open(workplace.program.incidents.create("Checkout errors").id)
    window.recorder.ask()
    qtbot.waitUntil(lambda: window.recorder.is_recording)
    workplace.program.recording.tell(61_000)
    window.redact.open_form("Redact 12 s on every track, and these words everywhere?", ["seg-1"])
    window.resize(*SMALLEST)
    window.grab()  # lays everything out

    strip, tabs = window.recorder, window.record.tabBar()
    buttons = strip.markers.findChildren(QToolButton) + strip.conduct.findChildren(QToolButton)
    assert len(buttons) == 7
    for button in buttons:
        icon = button.iconSize().width() if button.icon().availableSizes() else 0
        assert button.width() >= icon + button.fontMetrics().horizontalAdvance(button.text()) + 12
        parent = button.parentWidget()
        assert parent is not None
        assert parent.rect().contains(button.geometry())
    assert tabs.width() >= sum(tabs.tabRect(number).width() for number in range(tabs.count()))
    assert window.redact.told.width() >= window.redact.told.sizeHint().width()
