from collections.abc import Callable
from pathlib import Path

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import FileProblem
from app.domain.sessions import GapReason
from tests.unit.audio_files.recordings import SECOND, noise, record, room_of, writing


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_whole_session_has_no_problem_and_ends_in_its_chain_head(tmp_path: Path) -> None:
    record(tmp_path, noise(3 * SECOND), file_frames=SECOND)

    verified = FolderArchive().verify(tmp_path)

    assert (verified.files, verified.bytes) == (3, 3 * (44 + 2 * SECOND))
    assert verified.problems == ()
    assert verified.chain_head in (tmp_path / "journal.jsonl").read_text().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "damage", "reason"),
    [
        ("room-000002.wav", flip_a_bit, "changed"),
        ("room-000002.wav", Path.unlink, "missing"),
        ("room-000004.wav", Path.touch, "extra"),
        ("session.json", Path.unlink, "missing"),
        ("journal.jsonl", Path.unlink, "missing"),
    ],
)
def test_each_damage_is_named(
    tmp_path: Path, name: str, damage: Callable[[Path], None], reason: str
) -> None:
    record(tmp_path, noise(3 * SECOND), file_frames=SECOND)

    damage(tmp_path / name)

    assert FileProblem(tmp_path / name, reason) in FolderArchive().verify(tmp_path).problems


def test_several_damages_are_all_named(tmp_path: Path) -> None:
    record(tmp_path, noise(3 * SECOND), file_frames=SECOND)
    flip_a_bit(tmp_path / "room-000001.wav")
    (tmp_path / "room-000003.wav").unlink()
    (tmp_path / "notes.txt").touch()

    problems = {(p.path.name, p.reason) for p in FolderArchive().verify(tmp_path).problems}

    assert problems == {
        ("room-000001.wav", "changed"),
        ("room-000003.wav", "missing"),
        ("notes.txt", "extra"),
    }


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace(b'"start_frame":0', b'"start_frame":1'), *lines[1:]],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [lines[0], b"no line at all", *lines[2:]],
        lambda lines: lines[1:],
    ],
    ids=["edited", "cut out", "swapped", "scribbled over", "beheaded"],
)
def test_a_tampered_journal_is_named(
    tmp_path: Path, tamper: Callable[[list[bytes]], list[bytes]]
) -> None:
    record(tmp_path, noise(3 * SECOND), file_frames=SECOND)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"\n".join(tamper(journal.read_bytes().split(b"\n"))))

    assert FileProblem(journal, "changed") in FolderArchive().verify(tmp_path).problems


def test_another_start_time_in_session_json_is_named(tmp_path: Path) -> None:
    record(tmp_path, noise(SECOND))
    session = tmp_path / "session.json"
    session.write_text(session.read_text().replace("14:46", "14:47"))

    assert FolderArchive().verify(tmp_path).problems == (FileProblem(session, "changed"),)


def test_a_journal_cannot_point_outside_its_folder(tmp_path: Path) -> None:
    secret = tmp_path / "room-000009.wav"
    secret.write_bytes(bytes(44) + b"secret")
    folder = tmp_path / "session"
    record(folder, noise(SECOND))
    journal = folder / "journal.jsonl"
    journal.write_text(journal.read_text().replace("room-000001.wav", "../room-000009.wav"))

    assert FolderAudioReader().pcm(room_of(folder), 0, 10) == bytes(320)
    assert FileProblem(journal, "changed") in FolderArchive().verify(folder).problems


def test_a_running_recording_with_a_gap_has_no_problem(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        writer.gap(SECOND, GapReason.STALL)
        writer.append(noise(SECOND))
        writer.sync(monotonic_ns=1, utc="2026-03-12T14:46:03Z")

        verified = FolderArchive().verify(tmp_path)

    assert verified.problems == ()
    assert [gap.reason for gap in verified.gaps] == [GapReason.STALL]
    (tmp_path / "room-000002.wav.part").unlink()
    missing = FileProblem(tmp_path / "room-000002.wav", "missing")
    assert missing in FolderArchive().verify(tmp_path).problems
