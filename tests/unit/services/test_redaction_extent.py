"""What people are told before a redaction."""

from __future__ import annotations

from app.domain.ids import IncidentId
from app.domain.redaction_preview import TextChange
from app.services.redaction_extent import Extent, Preview

INCIDENT = IncidentId("inc-a")
NOTHING = Extent(0, 0, (), (), (), ())


def a_change(name: str, text: str = "it is tulip", incident: str = INCIDENT) -> TextChange:
    after = {"id": name, "text": text.replace("tulip", "[redacted]")}
    return TextChange("entry", 1, incident, {"id": name, "text": text}, after)


def lines_of(*changes: TextChange, sought: tuple[str, ...] = ("tulip",)) -> list[str]:
    return Preview(INCIDENT, NOTHING, changes, (), sought).lines()


def test_one_change_of_several_things_is_one_line_that_counts_them() -> None:
    same = [a_change(name) for name in ("ent-1", "ent-2", "ent-3")]

    assert lines_of(*same, a_change("ent-4", "no tulip")) == [
        "sought elsewhere: “tulip”",
        "entry ent-1: “it is tulip” → “it is [redacted]” (+2 more)",
        "entry ent-4: “no tulip” → “no [redacted]”",
    ]


def test_the_same_change_in_another_incident_has_its_own_line() -> None:
    lines = lines_of(a_change("ent-1"), a_change("ent-2", incident="inc-b"))

    assert lines[1:] == [
        "entry ent-1: “it is tulip” → “it is [redacted]”",
        "incident inc-b, entry ent-2: “it is tulip” → “it is [redacted]”",
    ]


def test_of_much_that_is_sought_the_rest_is_a_number_and_nothing_is_said_to_be_nothing() -> None:
    (line,) = lines_of(sought=("one", "two", "three", "four", "five"))
    assert line == "sought elsewhere: “one”, “two”, “three”, +2 more"
    assert lines_of(sought=()) == ["sought elsewhere: nothing"]
