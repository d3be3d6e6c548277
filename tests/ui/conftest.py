from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.ids import IncidentId
from app.domain.times import now_utc
from tests.builders import at
from tests.ui.fakes import FakeOpener, FakeOutput, FakeProgram, a_program
from ui.main_window import MainWindow
from ui.presenters.desk import Desk
from ui.problem_reporter import ProblemReporter
from ui.theme import Theme

if TYPE_CHECKING:
    from app.services.program import Program


@dataclass
class Workplace:
    """The window with a program behind it, ready to work at."""

    window: MainWindow
    program: FakeProgram
    desk: Desk
    reporter: ProblemReporter
    output: FakeOutput = field(default_factory=FakeOutput)
    opener: FakeOpener = field(default_factory=FakeOpener)

    @property
    def notices(self) -> list[str]:
        return [notice.sentence for notice in self.window.banner.notices()]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


class FakeClock:
    """Stands still where a test puts it; until then it is the real one."""

    def __init__(self) -> None:
        self.now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or now_utc()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def program(tmp_path: Path, clock: FakeClock) -> FakeProgram:
    return a_program(tmp_path / "home", clock)


@pytest.fixture
def workplace(
    qtbot: QtBot, theme: Theme, program: FakeProgram, clock: FakeClock
) -> Iterator[Workplace]:
    theme.choose(None)
    window = MainWindow()
    qtbot.addWidget(window)
    reporter = ProblemReporter()
    reporter.expected.connect(window.banner.show_problem)
    reporter.bug_found.connect(window.banner.show_bug)
    output, opener = FakeOutput(), FakeOpener()
    desk = Desk(
        cast("Program", program), window, reporter, output=output, opener=opener, clock=clock
    )
    desk.start()
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(window.recorder.isEnabled)
    qtbot.waitUntil(window.incidents.new_button.isEnabled)
    yield Workplace(window, program, desk, reporter, output, opener)
    desk.stop()
    window.close()


@pytest.fixture
def two_entries(qtbot: QtBot, workplace: Workplace, clock: FakeClock) -> IncidentId:
    """An incident with two entries, the first of them current."""
    lines = ("/fact 14:05 the pool is at its limit", "/act 14:10 rolled back v4.2.0")
    incident_id = with_entries(qtbot, workplace, clock, *lines)
    assert workplace.window.record.timeline.currentIndex().row() == 0
    return incident_id


def with_entries(qtbot: QtBot, workplace: Workplace, clock: FakeClock, *lines: str) -> IncidentId:
    """Open an incident with these lines on its timeline, as typed at 14:44; the keys go there."""
    clock.now = at("14:44")
    incident = workplace.program.incidents.create("Checkout errors")
    for line in lines:
        workplace.program.live_work.log.enter(incident.id, line)
    workplace.desk.incident.open(incident.id)
    timeline = workplace.window.record.timeline
    qtbot.waitUntil(lambda: timeline.entries.rowCount() == len(lines))
    timeline.setFocus()
    return incident.id
