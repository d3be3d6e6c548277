import random
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.folder_lock import FolderInUseError, is_being_written
from app.audio_files.journal import read_journal
from app.audio_files.reader import FolderAudioReader
from app.domain.errors import AudioUnreadableError
from app.domain.sessions import Gap, GapReason
from tests.unit.audio_files.recordings import BRIDGE, ROOM, SECOND, noise, record, room_of, writing

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_killed_at_any_moment_loses_nothing_it_had_written(
    tmp_path: Path, seed: int
) -> None:
    blocks_before_the_kill = random.Random(seed).randint(1, 60)  # noqa: S311  any moment will do
    command = [sys.executable, "-m", "tests.unit.audio_files.killed_writer", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(blocks_before_the_kill):
            written = int(child.stdout.readline())
        child.kill()

    stored = FolderArchive().recover(tmp_path)

    room = stored.tracks[0]
    assert room.duration_ms >= written // 16
    pcm = FolderAudioReader().pcm(room_of(tmp_path), 0, room.duration_ms)
    assert pcm == noise(600 * 1_600)[: len(pcm)]
    assert (stored.ended, stored.gaps, stored.set_aside) == (False, (), ())
    verified = FolderArchive().verify(tmp_path)
    assert verified.problems == ()
    assert verified.bytes > written * 2
    for path in tmp_path.glob("*.wav"):
        with wave.open(str(path)) as played:
            assert played.getnframes() * 2 + 44 == path.stat().st_size
    before = read_journal(tmp_path)
    FolderArchive().recover(tmp_path)
    assert read_journal(tmp_path) == before, "a second recovery has nothing to do"


def test_a_recovery_refuses_a_folder_that_is_being_written_and_touches_nothing(
    tmp_path: Path,
) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        (tmp_path / "unknown.bin").write_bytes(b"?")

        assert is_being_written(tmp_path)
        with pytest.raises(FolderInUseError):
            FolderArchive().recover(tmp_path)

        assert (tmp_path / "room-000001.wav.part").exists()
        assert (tmp_path / "unknown.bin").exists()
        stored = FolderArchive().describe(tmp_path)
    assert not is_being_written(tmp_path)
    assert (stored.tracks[0].duration_ms, stored.ended) == (1000, False)


def test_a_torn_last_line_is_mended_and_its_remains_are_kept(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(SECOND))
        writer.sync()
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"frame":160')

    assert FolderArchive().describe(tmp_path).tracks[0].duration_ms == 1000
    FolderArchive().recover(tmp_path)

    assert FolderArchive().verify(tmp_path).problems == ()
    assert '\\"frame\\":160' in (tmp_path / "journal.jsonl").read_text()


def test_unknown_files_are_set_aside_and_shown(tmp_path: Path) -> None:
    record(tmp_path, noise(SECOND))
    for _ in range(2):
        (tmp_path / "room-000099.wav").write_bytes(b"who knows")
        stored = FolderArchive().recover(tmp_path)

    aside = tmp_path / "set_aside"
    assert stored.set_aside == (aside / "room-000099.wav", aside / "room-000099.wav.2")
    assert all(path.read_bytes() == b"who knows" for path in stored.set_aside)
    assert stored.tracks[0].duration_ms == 1000


def test_audio_that_the_clock_had_counted_and_is_gone_is_a_gap(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(noise(2 * SECOND))
        writer.sync(monotonic_ns=1, utc="2026-03-12T14:46:02Z")
    part = tmp_path / "room-000001.wav.part"
    part.write_bytes(part.read_bytes()[: 44 + SECOND * 2 + 1])  # as a power cut may leave it

    stored = FolderArchive().recover(tmp_path)

    assert stored.gaps == (Gap(ROOM, 1000, 2000, GapReason.CRASH),)
    assert [track.duration_ms for track in stored.tracks] == [1000, 0]
    assert stored.tracks[1].track_id == BRIDGE


def test_without_a_journal_the_files_follow_each_other(tmp_path: Path) -> None:
    pcm = noise(3 * SECOND)
    record(tmp_path, pcm, file_frames=2 * SECOND)
    (tmp_path / "journal.jsonl").unlink()

    stored = FolderArchive().recover(tmp_path)

    assert stored.tracks[0].duration_ms == 3000
    assert FolderAudioReader().pcm(room_of(tmp_path), 0, 3000) == pcm


def test_a_folder_without_a_session_is_a_known_error(tmp_path: Path) -> None:
    for use in (FolderArchive().describe, FolderArchive().recover):
        with pytest.raises(AudioUnreadableError, match=r"session.json"):
            use(tmp_path)
