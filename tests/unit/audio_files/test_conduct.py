"""Pauses and announcements as the journal tells them, also one that a kill has torn."""

import contextlib
from pathlib import Path

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.conduct_lines import Announced, Paused, Resumed, SourceChanged
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Line, decode
from app.domain.sessions import Gap, GapReason, Pause
from tests.unit.audio_files.recordings import ROOM, SECOND, noise, writing


def say(session_dir: Path, *lines: Line) -> None:
    with contextlib.closing(Journal(session_dir)) as journal:
        journal.append(*lines)


def test_lines_read_back_as_they_were_written_and_keep_the_chain(tmp_path: Path) -> None:
    lines: tuple[Line, ...] = (
        Announced("2026-03-12T14:46:00.250Z", "Priya", "said aloud"),
        Paused(1_000, "Tom"),
        Resumed(2_000, "Priya"),
        SourceChanged(ROOM, "pulse:usb", "pulse:built-in", 3_000),
    )
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
    say(tmp_path, *lines)

    journal = read_journal(tmp_path)
    assert journal.lines[-4:] == lines
    assert journal.intact
    stored = FolderArchive().describe(tmp_path)
    assert stored.consent is not None
    assert stored.consent.announced_at.isoformat() == "2026-03-12T14:46:00.250000+00:00"
    assert stored.pauses == (Pause(1_000, 2_000, "Tom"),)


def test_an_announcement_without_a_time_zone_is_no_line() -> None:
    fields = {"type": "announced", "at": "2026-03-12T14:46:00", "by": "Tom", "method": "tone"}
    with pytest.raises(ValueError, match="time zone"):
        decode(fields)


def test_a_recorder_killed_after_a_pause_leaves_the_gap_to_be_named_by_recovery(
    tmp_path: Path,
) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        writer.seal()
        writer.skip(2 * SECOND)  # the gap was to be said with the next sync
        writer.append(noise(SECOND))
    say(tmp_path, Paused(1_000, "Tom"), Resumed(3_000, "Tom"))

    stored = FolderArchive().recover(tmp_path)

    assert stored.gaps == (Gap(ROOM, 1_000, 3_000, GapReason.PAUSE),)
    assert FolderArchive().recover(tmp_path).gaps == stored.gaps
    assert FolderArchive().verify(tmp_path).problems == ()


def test_a_pause_that_nobody_ended_lasted_to_the_end(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
    say(tmp_path, Resumed(400, "nobody paused"), Paused(1_000, ""))

    stored = FolderArchive().recover(tmp_path)

    assert stored.pauses == (Pause(1_000, None, None),)
    assert stored.gaps == ()
