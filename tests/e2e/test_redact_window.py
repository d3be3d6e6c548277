"""Redaction at the real window, on a real folder: nothing of what was said is left in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from app.bootstrap import build
from app.domain.home import Home
from app.domain.ids import IncidentId
from tests.e2e.redaction_home import REASON, Told, left_in
from tests.ui.test_journey import SHIFT, press
from ui.main_window import MainWindow
from ui.presenters.desk import Desk
from ui.problem_reporter import ProblemReporter
from ui.theme import Theme
from ui.transcript.selection import Place, TextSelection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

LONG = 60_000  # ms that a redaction of the whole folder may take here


@pytest.fixture
def other(told: Told) -> str:
    """Another incident that holds the words."""
    incident = str(told.hotwash.json("new", "Another")["id"])
    told.hotwash.json("log", incident, "/fact the root password is hunter2-tröt")
    return incident


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, told: Told, other: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window of the whole program, with the line selected in which the secret was told."""
    assert other
    Theme(qapp).choose(None)
    for name, value in told.hotwash.environment.items():
        monkeypatch.setenv(name, value)
    window = MainWindow()
    qtbot.addWidget(window)
    reporter = ProblemReporter()
    reporter.expected.connect(window.banner.show_problem)
    reporter.bug_found.connect(window.banner.show_bug)
    desk = Desk(build(Home(told.home), actor="Priya"), window, reporter)
    desk.start()
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(window.incidents.new_button.isEnabled)
    desk.incident.open(IncidentId(told.incident))
    segments = told.show()["segments"]
    view = window.transcript.view
    qtbot.waitUntil(lambda: view.model.rowCount() == len(segments))
    (row,) = (n for n, segment in enumerate(segments) if segment["id"] == told.segment["id"])
    last = len(segments[row]["words"]) - 1
    view.setFocus()
    view.select(TextSelection(Place(row, 0), Place(row, last), by_words=True))
    yield window
    desk.stop()
    window.close()


def test_a_scribe_sees_what_would_go_chooses_and_nothing_is_left(
    qtbot: QtBot, window: MainWindow, told: Told
) -> None:
    form = window.redact
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))
    assert any(told.pcm("bridge")[start:end])
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.keyClicks(form.reason, REASON)
    qtbot.waitUntil(form.reach.isVisible, timeout=LONG)
    assert "→ “[redacted]”" in form.preview.toPlainText()
    assert not form.button.isEnabled()
    assert left_in(told.home)

    form.reach.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(form.button.isEnabled, timeout=LONG)
    form.button.click()
    done = "Redacted, in "
    qtbot.waitUntil(lambda: window.status.message.text().startswith(done), timeout=LONG)

    assert left_in(told.home) == []
    assert not any(told.pcm("bridge")[start:end])
    assert not any(told.pcm("room")[start:end])
    (redaction,) = told.show()["redactions"]
    assert (redaction["by"], redaction["reason"]) == ("Priya", REASON)


def test_a_scribe_may_leave_the_words_in_the_other_incident(
    qtbot: QtBot, window: MainWindow, told: Told, other: str
) -> None:
    form = window.redact
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.keyClicks(form.reason, REASON)
    qtbot.waitUntil(form.reach.isVisible, timeout=LONG)
    form.reach.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(form.button.isEnabled, timeout=LONG)
    form.button.click()

    def naming_it() -> list[str]:
        told_of = (notice.sentence for notice in window.banner.notices())
        return [sentence for sentence in told_of if f"incident {other}" in sentence]

    qtbot.waitUntil(lambda: len(naming_it()) == 1, timeout=LONG)
    (entry,) = told.hotwash.json("show", other)["entries"]
    assert entry["text"] == "the root password is hunter2-tröt"
    assert {name for name, _words in left_in(told.home)} == {"hotwash.db"}
