"""An incident moves to another machine and back: whole, once, and with both people's work."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import BundleError, ExportError, InvalidRecordError
from app.domain.events import ProblemArose, RecordChanged, WorkProgressed
from app.domain.incident import IncidentTrack
from app.domain.record import Change
from app.domain.timeline import TimelineEntry
from app.domain.transcript import RecognitionPass
from app.services.record_json import record_bytes
from tests.builders import (
    BRIDGE,
    INCIDENT,
    ROOM,
    SESSION,
    a_segment,
    a_speaker,
    an_entry,
    an_incident,
)
from tests.machines import ENTRY, SHOT, Machine, files_of, with_an_incident
from tests.record_builders import a_lock, a_redaction, a_role, a_scope, one_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Machine]:
    machine = with_an_incident(Machine(tmp_path / "here"))
    yield machine
    machine.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "there", name="Priya")
    yield machine
    machine.close()


def move(source: Machine, target: Machine, path: Path) -> None:
    """Move the incident without any conflict."""
    assert target.open(source.export(path / "moved.hotwash")).conflicts == ()


def test_a_bundle_opens_elsewhere_as_the_same_incident(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    opened = there.open(bundle)

    assert there.store.copy(INCIDENT) == here.store.copy(INCIDENT)
    assert files_of(there) == files_of(here)
    assert there.verification.incident(INCIDENT).ok
    assert (opened.new, opened.merged, opened.unchanged) == (8, 0, 0)
    assert (opened.sessions_added, opened.files) == (1, 5)
    assert there.heard[-1] == RecordChanged(INCIDENT, None)
    assert [hit.snippet for hit in there.store.search("rollback")] == ["the [rollback] began"]
    assert not list(there.home.incoming.glob("*/")), "nothing stays in the folder aside"


def test_every_kind_of_thing_moves(here: Machine, there: Machine, tmp_path: Path) -> None:
    mine = {(type(entity), entity.id) for entity in (an_incident(), here.record.session(SESSION))}
    new = [
        entity
        for entity in one_of_each()
        if (type(entity), entity.id) not in mine and entity.id not in (ROOM, BRIDGE)
    ]
    here.add(
        *(
            replace(entity, file=None, sha256=None) if hasattr(entity, "sha256") else entity
            for entity in new
        )
    )

    move(here, there, tmp_path)

    assert there.record == here.record


def test_two_bundles_of_one_record_are_equal_byte_by_byte_also_from_two_machines(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    first = here.export(tmp_path / "1.hotwash").read_bytes()
    move(here, there, tmp_path)

    assert here.export(tmp_path / "2.hotwash").read_bytes() == first
    assert there.export(tmp_path / "3.hotwash").read_bytes() == first


def test_a_bundle_is_a_zip_that_any_program_opens(here: Machine, tmp_path: Path) -> None:
    with zipfile.ZipFile(here.export(tmp_path / "a.hotwash")) as archive:
        assert archive.testzip() is None
        assert archive.read("record.json") == record_bytes(here.record)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
    assert names[0] == "record.json"
    assert names[-1] == "manifest.json"
    assert f"audio/{SESSION}/journal.jsonl" in names
    assert f"evidence/{SHOT.file}" in names


def test_a_second_opening_changes_nothing(here: Machine, there: Machine, tmp_path: Path) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    there.open(bundle)
    before = there.store.copy(INCIDENT)

    again = there.open(bundle)

    assert there.store.copy(INCIDENT) == before
    assert (again.new, again.merged, again.unchanged) == (0, 0, 8)
    assert (again.sessions_added, again.files, again.conflicts) == (0, 0, ())


def test_undo_and_redo_go_on_where_they_were(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    here.edit(here.entry(), text="Errors rose")
    here.store.undo(INCIDENT, by="Marcus")
    move(here, there, tmp_path)

    redone = there.store.redo(INCIDENT, by="Priya")
    assert redone is not None
    assert there.entry("Errors rose")
    for _ in range(2):
        assert there.store.undo(INCIDENT, by="Priya") is not None
    assert there.record.entries == ()
    assert there.store.undo(INCIDENT, by="Priya") is None, "book-keeping is not undone"


def test_edits_made_elsewhere_come_back(here: Machine, there: Machine, tmp_path: Path) -> None:
    move(here, there, tmp_path)
    there.edit(there.entry(), text="Errors began at the gateway")
    there.add(an_entry(text="Marcus rolled back"))
    there.do(Change(SHOT, None))
    there.edit(there.record.segments[0], text="the roll-back began")

    opened = here.open(there.export(tmp_path / "back.hotwash"))

    assert opened.conflicts == ()
    assert (opened.new, opened.merged) == (1, 3)
    assert here.record == there.record
    undone = here.store.undo(INCIDENT, by="Marcus")
    assert undone is not None
    assert undone.by == "Priya", "her steps can be undone here"


def test_work_on_different_fields_is_on_both_machines_in_the_end(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    move(here, there, tmp_path)
    here.edit(here.entry(), text="Errors began at noon")
    here.add(a_scope(users="all", dependency=None))
    there.edit(there.entry(), owner_role="scribe")
    there.add(a_scope(users=None, dependency="postgres"))
    from_here, from_there = here.export(tmp_path / "h"), there.export(tmp_path / "t")

    assert here.open(from_there).conflicts == ()
    assert there.open(from_here).conflicts == ()

    for machine in (here, there):
        entry = machine.entry("Errors began at noon")
        assert entry.owner_role == "scribe"
        assert machine.record.scope is not None
        assert (machine.record.scope.users, machine.record.scope.dependency) == ("all", "postgres")
    states = [replace(machine.record, operations=()) for machine in (here, there)]
    assert states[0] == states[1]
    steps = [{step.id for step in machine.record.operations} for machine in (here, there)]
    assert steps[0] == steps[1]


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


def test_an_older_bundle_changes_nothing(here: Machine, tmp_path: Path) -> None:
    older = here.export(tmp_path / "older.hotwash")
    here.edit(here.entry(), text="Errors rose")
    here.do(Change(here.record.evidence[0], None))
    here.add(an_entry(text="more"))
    here.store.undo(INCIDENT, by="Marcus")
    here.store.add_segments(
        BRIDGE, [a_segment("better", 0, 900)], made_in=RecognitionPass.FINAL, cursor_ms=2_000
    )
    here.store.finish_pass(BRIDGE, RecognitionPass.FINAL)
    before = here.store.copy(INCIDENT)

    opened = here.open(older)

    assert here.store.copy(INCIDENT) == before
    assert (opened.new, opened.merged, opened.conflicts) == (0, 0, ())


def test_an_undo_elsewhere_comes_back(here: Machine, there: Machine, tmp_path: Path) -> None:
    here.edit(here.entry(), text="Errors rose")
    move(here, there, tmp_path)
    there.store.undo(INCIDENT, by="Priya")

    move(there, here, tmp_path)

    assert here.record == there.record
    assert here.entry("Errors began")
    assert here.record.operations[-1].undone_by == "Priya"


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


def test_a_bundle_without_the_redaction_of_ours_is_refused(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    older = here.export(tmp_path / "older.hotwash")
    move(here, there, tmp_path)
    here.do(Change(None, a_redaction(start_ms=0, end_ms=1_000)), undoable=False)
    before = here.store.copy(INCIDENT)

    with pytest.raises(BundleError, match="would bring that back") as told:
        here.open(older)
    assert "made after the same redaction" in told.value.remedy
    assert here.store.copy(INCIDENT) == before

    with pytest.raises(BundleError, match="stands here still") as told:
        there.open(here.export(tmp_path / "newer.hotwash"))
    assert "hotwash redact" in told.value.remedy

    there.do(Change(None, a_redaction(start_ms=0, end_ms=600)), undoable=False)
    there.do(Change(None, a_redaction(start_ms=600, end_ms=1_200)), undoable=False)
    there.do(Change(None, a_redaction(start_ms=0, end_ms=1_200)), undoable=False)
    here.do(Change(None, a_redaction(start_ms=1_000, end_ms=1_200)), undoable=False)
    there.open(here.export(tmp_path / "newer.hotwash"))
    here.open(there.export(tmp_path / "newer.hotwash"))
    assert len(here.record.redactions) == len(there.record.redactions) == 5


def test_a_lost_database_gets_everything_back_from_a_bundle(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    guess = an_incident(title="Recovered recording", state=here.record.incident.state)
    there.store.commit(INCIDENT, [Change(None, guess)], by="hotwash", label="x", undoable=False)

    assert there.open(bundle).conflicts == ()

    assert replace(there.record, operations=()) == replace(here.record, operations=())


def test_a_bundle_of_the_security_track_is_refused_before_anything_is_written(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    incident = here.record.incident
    secret = replace(incident, track=IncidentTrack.SECURITY)
    here.store.commit(INCIDENT, [Change(incident, secret)], by="Marcus", label="by other means")
    bundle = here.export(tmp_path / "a.hotwash")

    with pytest.raises(InvalidRecordError, match="encrypted"):
        there.open(bundle)

    assert there.store.incidents() == []
    assert not there.home.incident_dir(INCIDENT).exists()


def test_missing_files_are_told_and_the_rest_is_packed(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    base = here.home.incident_dir(INCIDENT)
    (base / "evidence" / str(SHOT.file)).write_bytes(b"something else")
    (base / "audio" / SESSION).rename(base / "away")

    bundle = here.export(tmp_path / "a.hotwash")

    (told,) = [event.error for event in here.heard if isinstance(event, ProblemArose)]
    assert f"audio/{SESSION}, evidence/{SHOT.file}" in str(told)
    assert there.verify(bundle).ok
    assert there.verify(bundle).missing == (f"audio/{SESSION}", f"evidence/{SHOT.file}")
    assert there.open(bundle).files == 0
    assert there.record == here.record

    (base / "away").rename(base / "audio" / SESSION)
    later = there.open(here.export(bundle))
    assert (later.files, later.new) == (4, 0), "what was missing comes with a later bundle"
    assert there.verification.incident(INCIDENT).problems == (
        (f"evidence/{SHOT.file}", "missing"),
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


def test_audio_that_is_not_as_recorded_is_not_packed(here: Machine, tmp_path: Path) -> None:
    path = here.home.session_dir(INCIDENT, SESSION) / "room-000001.wav"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)

    with pytest.raises(BundleError, match=r"room-000001\.wav"):
        here.export(tmp_path / "a.hotwash")
    assert list(tmp_path.glob("*.hotwash*")) + list(tmp_path.glob(".a*")) == []


def test_a_file_that_exists_is_replaced_only_when_asked(here: Machine, tmp_path: Path) -> None:
    path = tmp_path / "a.hotwash"
    path.write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        here.exports.write(INCIDENT, format="bundle", path=path)
    assert path.read_text() == "mine"


def test_an_id_of_another_incident_is_refused_and_nothing_is_changed(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    other = replace(an_incident(id="inc-other"))
    taken = replace(ENTRY, incident_id=other.id)
    changes = [Change(None, other), Change(None, taken)]
    there.store.commit(other.id, changes, by="x", label="x")

    with pytest.raises(InvalidRecordError, match="an id is taken"):
        there.open(bundle)

    assert [incident.id for incident in there.store.incidents()] == ["inc-other"]
    assert not there.home.incident_dir(INCIDENT).exists()
    assert not list(there.home.incoming.glob("*/"))


def test_long_work_is_shown(here: Machine, there: Machine, tmp_path: Path) -> None:
    move(here, there, tmp_path)
    for machine, stages in (
        (here, {"pack the bundle"}),
        (there, {"check the bundle", "open the bundle"}),
    ):
        told = [event for event in machine.heard if isinstance(event, WorkProgressed)]
        assert {event.stage for event in told} == stages
        assert all(0 < event.done <= event.total for event in told)


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


@pytest.mark.parametrize("format_", ["bundle", "json"])
def test_a_folder_that_is_not_there_is_refused_and_not_made(
    here: Machine, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / "nope" / "deeper" / f"x.{format_}"
    with pytest.raises(ExportError, match="There is no folder") as told:
        here.exports.write(INCIDENT, format=format_, path=path)
    assert told.value.remedy.startswith("Make it first")
    assert not (tmp_path / "nope").exists()


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
