"""What is not packed or not opened, why, and that nothing was written then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import BundleError, ExportError, InvalidRecordError
from app.domain.events import ProblemArose
from app.domain.incident import IncidentTrack
from app.domain.record import Change
from tests.builders import (
    INCIDENT,
    SESSION,
    an_incident,
)
from tests.machines import ENTRY, SHOT, Machine, move
from tests.record_builders import a_redaction

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize("format_", ["bundle", "json"])
def test_a_folder_that_is_not_there_is_refused_and_not_made(
    here: Machine, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / "nope" / "deeper" / f"x.{format_}"
    with pytest.raises(ExportError, match="There is no folder") as told:
        here.exports.write(INCIDENT, format=format_, path=path)
    assert told.value.remedy.startswith("Make it first")
    assert not (tmp_path / "nope").exists()
