"""Two copies in which voices were named, merged, or lines divided, become one that is coherent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.merged_voices import MergedVoices
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.services.editing import Editing
from app.services.people import People
from app.services.promotion import Selection
from tests.builders import INCIDENT, a_speaker
from tests.machines import Machine, move

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = (a_speaker(f"Bridge {letter}", track_label=TrackLabel.BRIDGE) for letter in "ABC")


@pytest.fixture(autouse=True)
def three_voices(here: Machine, there: Machine, tmp_path: Path) -> None:
    """Two machines with the same lines, each of voice A."""
    here.do(*(Change(None, voice) for voice in (A, B, C)), undoable=False)
    lines = here.record.segments
    here.store.label_segments([(one, [replace(one, speaker_id=A.id)]) for one in lines])
    move(here, there, tmp_path)


def people(machine: Machine) -> People:
    return People(machine.store, machine.bus, actor=machine.name)


def lines(machine: Machine) -> list[tuple[str, str]]:
    """Return who says what."""
    record = machine.record
    return [(record.speaker_name(line.speaker_id), line.text) for line in record.segments]


def one_after_the_other(here: Machine, there: Machine, tmp_path: Path) -> list[str]:
    """Bring each what the other has; return the fields that were told, as they differ here."""
    from_here, from_there = here.export(tmp_path / "h"), there.export(tmp_path / "t")
    told = [str(conflict.field) for conflict in here.open(from_there).conflicts]
    there.open(from_here)
    return told


def test_a_name_there_and_a_merge_here_meet(here: Machine, there: Machine, tmp_path: Path) -> None:
    people(here).merge(INCIDENT, A.id, B.id)
    people(there).rename(INCIDENT, B.id, "Tom")

    told = one_after_the_other(here, there, tmp_path)

    assert told == []
    assert [who for who, _ in lines(here)] == ["Tom", "Tom"]
    assert lines(there) == lines(here)
    assert there.record.speakers == here.record.speakers


def test_voices_merged_each_into_the_other_are_one_on_both_machines(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    people(here).merge(INCIDENT, A.id, B.id)
    people(there).merge(INCIDENT, B.id, A.id)

    one_after_the_other(here, there, tmp_path)

    for machine in (here, there):
        shown = MergedVoices(machine.record.speakers).shown
        assert [voice.id for voice in shown] == [min(A.id, B.id), C.id]
    assert lines(here) == lines(there)


def test_of_two_merges_of_one_voice_ours_stands_and_theirs_is_told(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    people(here).merge(INCIDENT, A.id, B.id)
    people(there).merge(INCIDENT, A.id, C.id)

    told = one_after_the_other(here, there, tmp_path)

    assert told == ["merged_into"]
    assert [who for who, _ in lines(here)] == ["Bridge B"] * 2
    assert [who for who, _ in lines(there)] == ["Bridge C"] * 2


def test_one_name_given_to_two_voices_is_told_with_what_merges_them(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    people(here).rename(INCIDENT, A.id, "Tom")
    people(there).rename(INCIDENT, B.id, "tom")

    (double,) = here.open(there.export(tmp_path / "t")).doubles

    assert (double.type, set(double.ids)) == ("speaker", {A.id, B.id})
    assert "both called Tom" in double.message
    assert f"hotwash speakers {INCIDENT} --merge {B.id},{A.id}" in double.remedy


def test_a_line_divided_there_is_divided_here_and_no_word_is_lost_or_doubled(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    first = there.record.segments[0]
    people(there).reassign(INCIDENT, [Selection(first.id, 1, 1)], B.id)

    told = one_after_the_other(here, there, tmp_path)

    assert told == []
    assert lines(here)[:3] == [
        ("Bridge A", "the"),
        ("Bridge B", "rollback"),
        ("Bridge A", "began"),
    ]
    assert here.record.segments == there.record.segments
    Editing(here.store, here.bus, actor="Marcus").undo(INCIDENT)
    assert here.record.segments[0] == first


def test_a_line_divided_there_and_rewritten_here_stays_as_it_was_rewritten(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    first = here.record.segments[0]
    Editing(here.store, here.bus, actor="Marcus").set_segment_text(
        INCIDENT, first.id, "The rollback has begun."
    )
    people(there).reassign(INCIDENT, [Selection(first.id, 2, 2)], B.id)

    told = one_after_the_other(here, there, tmp_path)

    assert "text" in told
    assert [text for _, text in lines(here)] == ["The rollback has begun.", "errors are down"]
    assert here.record.segments[0].end_ms == first.end_ms
    assert " ".join(text for _, text in lines(there)) == "the rollback began errors are down"


def test_lines_divided_on_both_machines_stay_as_each_has_them(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    first = here.record.segments[0]
    people(here).reassign(INCIDENT, [Selection(first.id, 0, 0)], B.id)
    people(there).split(INCIDENT, [Selection(first.id, 1, 2)])

    one_after_the_other(here, there, tmp_path)

    for machine in (here, there):
        assert " ".join(text for _, text in lines(machine)[:-1]) == "the rollback began"
    assert lines(here)[0] == ("Bridge B", "the")
    assert lines(there)[1] == ("Bridge A (2)", "rollback began")
