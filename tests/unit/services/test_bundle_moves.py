"""An incident moves to another machine and back: whole, once, and with both people's work."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.events import RecordChanged, WorkProgressed
from app.domain.record import Change
from app.domain.transcript import RecognitionPass
from app.services.record_json import record_bytes
from tests.builders import (
    BRIDGE,
    INCIDENT,
    ROOM,
    SESSION,
    a_segment,
    an_entry,
    an_incident,
)
from tests.machines import SHOT, Machine, files_of, move
from tests.record_builders import a_scope, one_of_each

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_lost_database_gets_everything_back_from_a_bundle(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    bundle = here.export(tmp_path / "a.hotwash")
    guess = an_incident(title="Recovered recording", state=here.record.incident.state)
    there.store.commit(INCIDENT, [Change(None, guess)], by="hotwash", label="x", undoable=False)

    assert there.open(bundle).conflicts == ()

    assert replace(there.record, operations=()) == replace(here.record, operations=())


def test_long_work_is_shown(here: Machine, there: Machine, tmp_path: Path) -> None:
    move(here, there, tmp_path)
    for machine, stages in (
        (here, {"export the bundle"}),
        (there, {"check the bundle", "open the bundle"}),
    ):
        told = [event for event in machine.heard if isinstance(event, WorkProgressed)]
        assert {event.stage for event in told} == stages
        assert all(0 < event.done <= event.total for event in told)
