from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.ids import IncidentId
from app.domain.incident import IncidentState
from app.services.incidents import IncidentSummary
from tests.builders import at
from tests.ui.conftest import Workplace
from ui.incident_names import listed_names

ONE, TWO = IncidentId("inc-4k7qaaaa"), IncidentId("inc-m2ztbbbb")


def summary(
    incident_id: IncidentId, title: str = "Checkout errors", started: datetime | None = None
) -> IncidentSummary:
    return IncidentSummary(incident_id, title, "SEV1", IncidentState.ACTIVE, started)


def test_equal_titles_are_told_apart_by_date_and_id() -> None:
    entered = {ONE: at("09:00", day=14), TWO: at("09:00", day=15)}

    assert listed_names([summary(ONE), summary(TWO, started=at("14:46"))], entered) == [
        "SEV1  Checkout errors  ·  2026-03-14 inc-4k7q",
        "SEV1  Checkout errors  ·  2026-03-12 inc-m2zt",
    ]


def test_a_title_of_its_own_needs_no_more() -> None:
    names = listed_names([summary(ONE), summary(TWO, "Login is slow")], {})
    assert names == ["SEV1  Checkout errors", "SEV1  Login is slow"]


@pytest.mark.parametrize("title", ["Checkout errors", "Login is slow"])
def test_the_pointer_learns_date_and_id_of_each_incident(
    qtbot: QtBot, workplace: Workplace, title: str
) -> None:
    program, chooser = workplace.program, workplace.window.incidents.chooser
    first = program.incidents.create("Checkout errors")
    second = program.incidents.create(title)
    workplace.desk.incident.open(second.id)
    qtbot.waitUntil(lambda: chooser.count() == 2 and chooser.currentIndex() >= 0)

    for incident in (first, second):
        tip = chooser.itemData(chooser.findData(incident.id), Qt.ItemDataRole.ToolTipRole)
        assert f"{incident.created_at:%Y-%m-%d %H:%M}" in tip
        assert incident.id in tip
    assert second.id in chooser.toolTip()
    assert chooser.itemText(0) != chooser.itemText(1)
