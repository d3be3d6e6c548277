"""The team's own severity levels, as they are written in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.bootstrap import build, home_of, shipped_rubric
from app.domain.errors import ExportError, RubricError
from app.domain.incident import Depth
from app.domain.rules.findings import DEFAULT_CADENCE
from app.services.rubric_file import read_rubric, rubric_in_force, write_own_rubric
from tests.builders import an_incident, at

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.rubric import Rubric

OWN = """
nudge_minutes = 15
[[level]]
name = "P1"
meaning = "Down"
cadence_minutes = 10
[[level]]
name = "P2"
meaning = "Degraded"
depth = "near_miss"
[helper.high]
all = "P1"
"""


def written(path: Path, text: str = OWN) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Rubric:
    return read_rubric(written(tmp_path / "rubric.toml"))


def test_the_shipped_rubric_asks_for_what_the_rules_ask_for_by_default() -> None:
    shipped = read_rubric(shipped_rubric())
    assert shipped.cadence == DEFAULT_CADENCE
    assert shipped.names == ("SEV1", "SEV2", "SEV3", "SEV4")
    assert shipped.nudge_minutes == 20
    assert [level.depth for level in shipped.levels[:2]] == [Depth.FULL, Depth.FULL]
    places = [(u, r) for u, rows in shipped.helper.items() for r in rows]
    assert len(places) == 8
    assert all(shipped.suggested(radius=r, urgency=u) is not None for u, r in places)


def test_a_team_writes_its_own_levels(own: Rubric) -> None:
    assert own.cadence == {"P1": 10, "P2": None}
    assert [level.depth for level in own.levels] == [Depth.FULL, Depth.NEAR_MISS]
    assert own.nudge_minutes == 15
    suggested = own.suggested(radius="all", urgency="high")
    assert suggested is not None
    assert suggested.name == "P1"
    assert own.suggested(radius="few", urgency="high") is None
    assert own.level("p1 ") is own.levels[0]
    assert own.level("SEV1") is None
    assert own.level(None) is None


@pytest.mark.parametrize(
    ("change", "words", "remedy"),
    [
        (('"P1"', "P1"), "line 4", ""),
        (("cadence_minutes = 10", "cadence_minutes = 0"), "line 6, cadence_minutes", "1440"),
        (("cadence_minutes = 10", "cadence_minutes = 1441"), "“1441”", '"none"'),
        (("cadence_minutes = 10", "cadence_minutes = true"), "“True”", "whole minutes"),
        (("nudge_minutes = 15", 'nudge_minutes = "none"'), "line 2, nudge_minutes", "1440"),
        (("cadence_minutes", "cadence"), "line 6, cadence: there is no such", "cadence_minutes"),
        (("nudge_minutes", "nudge"), "line 2, nudge: there is no such", "nudge_minutes"),
        (('depth = "near_miss"', 'depth = "deep"'), "line 10, depth: “deep”", '"near_miss"'),
        (('"Degraded"', '" "'), "line 9, meaning: it needs words", "meaning"),
        (('name = "P2"\n', ""), "line 7, name: it needs words", "name"),
        (('"P2"', '"p1"'), "line 8, name: “p1” is there twice", "Rename"),
        (('all = "P1"', 'all = "P3"'), "line 12, all: “P3”", "P1, P2"),
        (("[helper.high]\nall", "[helper]\nhigh"), "line 11, helper", "[helper.high]"),
    ],
)
def test_a_mistake_is_told_by_line_and_key_with_what_is_allowed(
    tmp_path: Path, change: tuple[str, str], words: str, remedy: str
) -> None:
    text = OWN.replace(*change, 1)
    assert text != OWN
    with pytest.raises(RubricError) as told:
        read_rubric(written(tmp_path / "rubric.toml", text))
    assert words in str(told.value)
    assert remedy in told.value.remedy
    assert told.value.remedy


@pytest.mark.parametrize("text", ["", "level = []", "level = [1]", "level = 3", "\udcff"])
def test_a_file_without_levels_or_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rubric.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RubricError):
        read_rubric(path)


def test_a_broken_file_never_stops_the_work_and_is_told_once(tmp_path: Path) -> None:
    home = home_of(str(tmp_path))
    written(home.rubric, OWN.replace("= 10", "= ten"))
    program = build(home, actor="Marcus")
    try:
        (notice,) = program.notices
        assert "line 6" in str(notice)
        assert program.live_work.rubric.rubric.names[0] == "SEV1"
        assert program.incidents.create("x", "sev1").severity == "SEV1"
    finally:
        program.shutdown()


def test_the_copy_to_edit_is_written_once_and_never_over_an_edited_one(tmp_path: Path) -> None:
    own, shipped = tmp_path / "home" / "rubric.toml", shipped_rubric()
    write_own_rubric(own, shipped)
    assert rubric_in_force(own, shipped).is_own
    assert rubric_in_force(own, shipped).rubric == read_rubric(shipped)
    written(own)
    with pytest.raises(ExportError, match="exists already"):
        write_own_rubric(own, shipped)
    assert own.read_text(encoding="utf-8") == OWN


def test_the_depth_of_the_analysis_comes_with_the_level_unless_a_person_chose_another(
    own: Rubric,
) -> None:
    def depth(before: Depth, first: str | None, then: str | None) -> Depth:
        incident = an_incident(severity=first, depth=before)
        return own.declared(incident, then, at=at("15:00"), by="x").depth

    assert depth(Depth.FULL, None, "P2") is Depth.NEAR_MISS
    assert depth(Depth.NEAR_MISS, "P2", "p1") is Depth.FULL
    assert depth(Depth.LIGHT, "P2", "P1") is Depth.LIGHT  # a person's choice
    assert depth(Depth.NEAR_MISS, "P2", "P9") is Depth.NEAR_MISS  # no level says anything
    assert depth(Depth.LIGHT, None, "P2") is Depth.LIGHT
