"""Sealed audio is rewritten once, for a redaction, and the chain of the journal says so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.audio_files import redaction, rewording
from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderInUseError
from app.audio_files.format import session_hash
from app.audio_files.journal import Journal, read_journal
from app.audio_files.journal_lines import Redacted, Reworded
from app.domain.engine_types import FileProblem, Rewording
from app.domain.ids import MarkerId, SessionId
from app.domain.sessions import Marker, MarkerKind
from app.domain.times import Span
from tests.unit.audio_files.recordings import (
    SECOND,
    heard,
    noise,
    record,
    silent,
    writing,
)

WHO = {"at": "2026-03-12T15:00:00Z", "by": "Priya", "reason": "a credential was said"}
TOLD = {"at": "2026-03-12T15:00:00Z", "by": "Priya"}
ACROSS = Span(900, 2_100)  # over three files of a second


def recorded(folder: Path) -> bytes:
    pcm = noise(4 * SECOND)
    record(folder, pcm, file_frames=SECOND)
    return pcm


def test_a_stretch_over_several_files_is_silent_and_nothing_else_is(tmp_path: Path) -> None:
    pcm = recorded(tmp_path)

    changed = FolderArchive().silence(tmp_path, [ACROSS, Span(3_500, 9_000)], **WHO)

    assert changed == tuple(f"room-00000{n}.wav" for n in (1, 2, 3, 4))
    assert heard(tmp_path) == silent(silent(pcm, ACROSS), Span(3_500, 4_000))
    verified = FolderArchive().verify(tmp_path)
    assert (verified.files, verified.problems) == (4, ())


def test_the_chain_names_file_frames_hashes_and_who(tmp_path: Path) -> None:
    recorded(tmp_path)
    before = read_journal(tmp_path)

    FolderArchive().silence(tmp_path, [ACROSS], **WHO)

    after = read_journal(tmp_path)
    assert after.intact
    assert after.lines[: len(before.lines)] == before.lines
    first, *_rest = after.lines[len(before.lines) :]
    assert isinstance(first, Redacted)
    assert (first.file, first.start_frame, first.end_frame) == ("room-000001.wav", 14_400, SECOND)
    assert (first.by, first.reason) == ("Priya", "a credential was said")
    sealed = json.loads((tmp_path / "journal.jsonl").read_text().splitlines()[1])
    assert first.old_sha256 == sealed["sha256"]


def test_doing_it_again_changes_nothing(tmp_path: Path) -> None:
    recorded(tmp_path)
    FolderArchive().silence(tmp_path, [ACROSS], **WHO)
    journal = (tmp_path / "journal.jsonl").read_bytes()

    assert FolderArchive().silence(tmp_path, [ACROSS], **WHO) == ()
    assert (tmp_path / "journal.jsonl").read_bytes() == journal


def test_stretches_in_one_file_one_after_the_other_keep_the_chain(tmp_path: Path) -> None:
    pcm = recorded(tmp_path)
    spans = [Span(100, 200), Span(150, 300), Span(700, 800)]

    FolderArchive().silence(tmp_path, spans[:2], **WHO)
    FolderArchive().silence(tmp_path, spans[2:], **WHO)

    for span in spans:
        pcm = silent(pcm, span)
    assert heard(tmp_path) == pcm
    assert FolderArchive().verify(tmp_path).problems == ()


@pytest.mark.parametrize("files_done", [0, 1, 2])
def test_what_was_cut_off_is_seen_and_finished_by_recovery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files_done: int
) -> None:
    pcm = recorded(tmp_path)
    real, calls = redaction._overwrite, []

    def cut_off(path: Path, first_frame: int, frames: int) -> None:
        if len(calls) == files_done:
            raise KeyboardInterrupt
        calls.append(path)
        real(path, first_frame, frames)

    with monkeypatch.context() as patch:
        patch.setattr(redaction, "_overwrite", cut_off)
        with pytest.raises(KeyboardInterrupt):
            FolderArchive().silence(tmp_path, [ACROSS], **WHO)
    problems = FolderArchive().verify(tmp_path).problems
    assert [problem.reason for problem in problems] == ["changed"] * (3 - files_done)

    FolderArchive().recover(tmp_path)

    assert heard(tmp_path) == silent(pcm, ACROSS)
    assert FolderArchive().verify(tmp_path).problems == ()


def test_a_redaction_does_not_hide_that_a_file_was_changed_before(tmp_path: Path) -> None:
    recorded(tmp_path)
    path = tmp_path / "room-000002.wav"
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)

    FolderArchive().silence(tmp_path, [Span(1_500, 1_600)], **WHO)

    assert FolderArchive().verify(tmp_path).problems == (FileProblem(path, "changed"),)


@pytest.mark.parametrize(
    "act",
    [
        lambda folder: FolderArchive().silence(folder, [ACROSS], **WHO),
        lambda folder: FolderArchive().reword(folder, str.upper, **TOLD),
    ],
    ids=["silence", "reword"],
)
def test_nothing_is_touched_while_somebody_writes(
    tmp_path: Path, act: Callable[[Path], object]
) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        with pytest.raises(FolderInUseError):
            act(tmp_path)


def with_marker(folder: Path) -> None:
    recorded(folder)
    journal = Journal(folder)
    name, session = MarkerId("mrk-1"), SessionId("ses-1")
    journal.append(Marker(name, session, 500, MarkerKind.FACT, "Marcus", "it is tulip"))
    journal.append(Marker(name, session, 600, MarkerKind.FACT, "Marcus", "all well"))
    journal.close()


def without_tulip(text: str) -> str:
    return text.replace("tulip", "[redacted]").replace("Desk", "[redacted]")


def test_words_go_out_of_markers_and_devices_and_the_chain_is_whole(tmp_path: Path) -> None:
    with_marker(tmp_path)
    head = read_journal(tmp_path).head

    assert FolderArchive().foresee_rewording(tmp_path, without_tulip) is Rewording.CHANGED
    assert read_journal(tmp_path).head == head
    assert FolderArchive().reword(tmp_path, without_tulip, **TOLD) is Rewording.CHANGED

    assert b"tulip" not in (tmp_path / "journal.jsonl").read_bytes()
    assert b"Desk" not in (tmp_path / "session.json").read_bytes()
    verified = FolderArchive().verify(tmp_path)
    assert verified.problems == ()
    told = read_journal(tmp_path).lines[-1]
    assert isinstance(told, Reworded)
    assert told.old_head == head
    assert len(told.lines) == 2
    texts = [marker.text for marker in FolderArchive().describe(tmp_path).markers]
    assert texts == ["it is [redacted]", "all well"]
    again = (tmp_path / "journal.jsonl").read_bytes()
    assert FolderArchive().reword(tmp_path, without_tulip, **TOLD) is Rewording.UNCHANGED
    assert (tmp_path / "journal.jsonl").read_bytes() == again


def test_where_there_is_nothing_to_reword_nothing_changes(tmp_path: Path) -> None:
    with_marker(tmp_path)
    before = (tmp_path / "journal.jsonl").read_bytes()

    assert FolderArchive().reword(tmp_path, lambda text: text, **TOLD) is Rewording.UNCHANGED
    assert (tmp_path / "journal.jsonl").read_bytes() == before


def test_a_rewording_that_was_cut_off_is_completed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_marker(tmp_path)
    real: Callable[[Path, bytes], None] = rewording.replace_leaving_nothing

    def only_the_journal(path: Path, content: bytes) -> None:
        if path.name == "session.json":
            raise KeyboardInterrupt
        real(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(rewording, "replace_leaving_nothing", only_the_journal)
        with pytest.raises(KeyboardInterrupt):
            FolderArchive().reword(tmp_path, without_tulip, **TOLD)
    assert read_journal(tmp_path).begins_with != session_hash(tmp_path)

    assert FolderArchive().reword(tmp_path, without_tulip, **TOLD) is Rewording.CHANGED

    assert FolderArchive().verify(tmp_path).problems == ()
    assert b"Desk" not in (tmp_path / "session.json").read_bytes()


def test_a_tampered_journal_is_not_made_whole_by_rewording(tmp_path: Path) -> None:
    with_marker(tmp_path)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"at_ms":600', b'"at_ms":601'))
    before = journal.read_bytes()

    foreseen = FolderArchive().foresee_rewording(tmp_path, without_tulip)
    assert foreseen is Rewording.NOT_AS_RECORDED
    assert FolderArchive().reword(tmp_path, without_tulip, **TOLD) is foreseen
    assert journal.read_bytes() == before
