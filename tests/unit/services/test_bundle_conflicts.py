"""What both machines did to the same thing: one stands, both are told, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.record import Change
from app.domain.timeline import TimelineEntry
from app.domain.transcript import RecognitionPass
from tests.builders import (
    BRIDGE,
    INCIDENT,
    a_segment,
    a_speaker,
)
from tests.machines import ENTRY, SHOT, Machine, move
from tests.record_builders import a_lock, a_role

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_field_changed_twice_stays_ours_and_is_told_with_both_values(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    move(here, there, tmp_path)
    here.edit(here.entry(), text="Errors began at noon")
    there.edit(there.entry(), text="Errors began at one", owner_role="scribe")
    from_here, from_there = here.export(tmp_path / "h"), there.export(tmp_path / "t")

    (told,) = here.open(from_there).conflicts
    there.open(from_here)

    assert (told.type, told.id, told.field) == ("entry", ENTRY.id, "text")
    assert (told.ours, told.theirs) == ("Errors began at noon", "Errors began at one")
    assert here.entry("Errors began at noon").owner_role == "scribe", "what fits is done"
    assert there.entry("Errors began at one"), "each keeps its own"
    kept = [step for step in here.record.operations if step.undone]
    assert [change.after.text for step in kept for change in step.changes] == [  # type: ignore[union-attr]
        "Errors began at one"
    ], "the words are in the history"
    for _ in range(2):
        assert here.open(there.export(tmp_path / "t")).conflicts == (), "told once"
        assert there.open(here.export(tmp_path / "h")).conflicts == ()
    assert here.entry("Errors began at noon")
    assert there.entry("Errors began at one")
    assert here.store.redo(INCIDENT, by="Marcus") is None


def test_an_undo_of_what_has_changed_since_is_a_conflict(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    here.edit(here.entry(), text="Errors rose")
    move(here, there, tmp_path)
    there.store.undo(INCIDENT, by="Priya")
    here.edit(here.entry("Errors rose"), text="Errors rose at noon")

    (told,) = here.open(there.export(tmp_path / "t")).conflicts

    assert (told.field, told.ours, told.theirs) == ("text", "Errors rose at noon", "Errors began")
    assert here.entry("Errors rose at noon")


def test_what_was_removed_there_and_edited_here_stays(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    move(here, there, tmp_path)
    there.do(Change(there.entry(), None))
    here.edit(here.entry(), text="Errors rose")

    (told,) = here.open(there.export(tmp_path / "t")).conflicts

    assert (told.field, told.theirs) == (None, None)
    assert told.ours["text"] == "Errors rose"
    assert here.entry("Errors rose")


def test_what_is_named_by_something_new_here_is_not_removed(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    speaker = a_speaker()
    here.add(speaker)
    move(here, there, tmp_path)
    there.do(Change(speaker, None))
    here.edit(here.record.segments[0], speaker_id=speaker.id)

    (told,) = here.open(there.export(tmp_path / "t")).conflicts

    assert (told.type, told.id, told.field) == ("speaker", speaker.id, None)
    assert here.record.speakers == (speaker,)


def test_a_better_transcript_takes_the_place_of_the_other_whole_but_for_edited_words(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    move(here, there, tmp_path)
    here.edit(here.record.segments[1], text="errors are going down")
    there.store.add_segments(
        BRIDGE,
        [a_segment("The rollback began.", 0, 950), a_segment("Errors are down.", 1_000, 1_900)],
        made_in=RecognitionPass.FINAL,
        cursor_ms=2_000,
    )
    there.store.finish_pass(BRIDGE, RecognitionPass.FINAL)

    before = here.export(tmp_path / "h.hotwash")
    move(there, here, tmp_path)

    assert [s.text for s in here.record.segments] == [
        "The rollback began.",
        "errors are going down",
    ]
    assert here.store.cursor_ms(BRIDGE, RecognitionPass.FINAL) == 2_000
    assert here.store.search("going"), "the index knows"
    assert there.open(before).conflicts == ()
    assert there.record.segments == here.record.segments, (
        "what a person wrote stands over any pass"
    )


def test_a_file_that_is_here_otherwise_stays_and_is_told(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    path = there.home.incident_dir(INCIDENT) / "evidence" / str(SHOT.file)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"mine")

    (told,) = there.open(bundle).conflicts

    assert (told.type, told.id, told.field, told.theirs) == (
        "evidence",
        SHOT.id,
        "file",
        SHOT.sha256,
    )
    assert path.read_bytes() == b"mine"


def test_a_change_of_mind_about_a_removed_thing_is_a_conflict_not_a_crash(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    move(here, there, tmp_path)
    here.do(Change(here.entry(), None))
    there.edit(there.entry(), text="Errors rose")

    (told,) = here.open(there.export(tmp_path / "t")).conflicts

    assert told.ours is None
    assert told.theirs["text"] == "Errors rose"
    assert not [entity for entity in here.record.entries if isinstance(entity, TimelineEntry)]


def test_a_role_and_a_name_of_a_lock_that_both_machines_gave_away_are_told(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    there.open(here.export(tmp_path / "a.hotwash"))
    ours, theirs = a_role(person="Priya"), a_role(person="Tom")
    first, second = a_lock(name="final"), a_lock(name="final")
    here.add(ours, first)
    there.add(theirs, second)
    opened = here.open(there.export(tmp_path / "b.hotwash"))
    assert opened.conflicts == ()
    assert [(one.type, one.ids) for one in opened.doubles] == [
        ("role", (ours.id, theirs.id)),
        ("lock", (first.id, second.id)),
    ]
    assert {one.person for one in here.record.roles} == {"Priya", "Tom"}, "nothing is lost"
    assert here.open(tmp_path / "b.hotwash").doubles == (), "told once, as conflicts are"
