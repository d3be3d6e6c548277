"""Redaction beside other programs, and cut off by a kill."""

from __future__ import annotations

import pytest

from app.audio_files.folder_lock import FolderLock
from app.storage.database import open_database
from tests.e2e.killed_redaction import STEPS
from tests.e2e.redaction_home import REASON, Told, left_in


def test_another_program_may_have_the_database_open(told: Told) -> None:
    other = open_database(told.home / "hotwash.db")
    with other.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM segment").scalar_one()
    before = other.data_version()

    told.redact()

    assert other.data_version() != before
    assert left_in(told.home) == []
    with other.reading() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM segment").scalars().all()
    other.close()
    assert "[redacted]" in texts


@pytest.mark.parametrize("step", STEPS)
def test_what_a_kill_cuts_off_the_same_command_completes(told: Told, step: str) -> None:
    told.redact_until_killed(step)
    claims = told.show()["redactions"]
    assert bool(claims) == (step in {"after the record", "after the purge"})

    done = told.redact()

    assert len(done["redactions"]) == len(told.show()["redactions"]) == 1
    assert left_in(told.home) == []
    assert told.hotwash.json("verify", told.incident)["ok"]
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))
    assert not any(told.pcm("bridge")[start:end])
    told.check_evidence()


def test_a_session_that_is_being_written_is_refused(told: Told) -> None:
    lock = FolderLock(told.folder / "audio" / told.session)
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    assert "Stop that recording" in told.hotwash.refusal(*words, code=1)
    lock.release()
    told.redact()


def test_a_session_that_is_being_transcribed_is_refused(told: Told) -> None:
    lock = FolderLock(told.folder, f"{told.session}.recognition.lock")
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    assert "is being transcribed" in told.hotwash.refusal(*words, code=1)
    lock.release()
    assert told.show()["redactions"] == []
