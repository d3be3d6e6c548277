from pathlib import Path

import numpy as np
import pytest

from app.audio_files import peaks as peaks_module
from app.audio_files.archive import FolderArchive
from app.audio_files.peaks import bins_of
from app.audio_files.track_files import TrackFile
from app.audio_files.waveform_reader import FolderPeaks
from app.domain.errors import AudioUnreadableError
from app.domain.sessions import Gap, GapReason
from app.domain.times import Span
from app.domain.waveform import Peak, TrackWave
from tests.unit.audio_files.recordings import (
    BRIDGE,
    ROOM,
    SECOND,
    murmur,
    murmured,
    noise,
    pack,
    record,
    writing,
)


def a_tone(frames: int, height: int) -> bytes:
    """Samples that swing between two heights."""
    return np.tile(np.array([height, -height], dtype="<i2"), frames // 2).tobytes()


def wave_of(reader: FolderPeaks, folder: Path, *, patience_s: float = 10) -> TrackWave:
    (wave,) = reader.waves(folder, [ROOM], patience_s=patience_s).tracks
    return wave


def seconds_of(wave: TrackWave, count: int) -> list[Peak | None]:
    return list(wave.envelope.columns(0, 1_000 * count, count))


def silence_of(folder: Path, span: Span) -> None:
    stretches = [span]
    at = "2026-03-12T15:00:00Z"
    FolderArchive().silence(folder, stretches, at=at, by="Priya", reason="a name")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """From which frame on files are read, while the test goes on."""
    found: list[tuple[str, int]] = []
    original = peaks_module.read_frames

    def noted(folder: Path, file: TrackFile, skipped: int, wanted: int) -> bytes:
        found.append((file.name, skipped))
        return original(folder, file, skipped, wanted)

    monkeypatch.setattr(peaks_module, "read_frames", noted)
    return found


def test_each_column_has_the_lowest_and_the_highest_sample_of_its_time(tmp_path: Path) -> None:
    loud, soft = a_tone(SECOND, 16_384), a_tone(SECOND, 4_096)
    record(tmp_path, loud + soft + loud, file_frames=SECOND)

    wave = wave_of(FolderPeaks(), tmp_path)

    assert wave.until_ms == 3_000
    assert seconds_of(wave, 3) == [(-0.5, 0.5), (-0.125, 0.125), (-0.5, 0.5)]
    assert wave.envelope.columns(900, 1_100, 2) == [(-0.5, 0.5), (-0.125, 0.125)]
    assert seconds_of(wave, 5)[3:] == [None, None]


def test_finer_than_a_bin_each_column_has_that_of_its_bin(tmp_path: Path) -> None:
    record(tmp_path, noise(SECOND))
    envelope = wave_of(FolderPeaks(), tmp_path).envelope

    assert envelope.columns(100, 150, 5) == list(envelope.columns(100, 150, 1)) * 5


def test_a_gap_is_where_the_writer_left_it_and_nothing_is_heard_in_it(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.append(a_tone(2 * SECOND, 16_384))
        writer.gap(3 * SECOND, GapReason.DEVICE_LOST)
        writer.append(a_tone(SECOND, 16_384))
        writer.close()

    wave = wave_of(FolderPeaks(), tmp_path)

    loud = (-0.5, 0.5)
    assert seconds_of(wave, 6) == [loud, loud, None, None, None, loud]
    assert wave.gaps == (Gap(ROOM, 2_000, 5_000, GapReason.DEVICE_LOST),)


def test_what_a_crash_lost_is_a_gap_once_the_folder_was_recovered(tmp_path: Path) -> None:
    with writing(tmp_path, file_frames=SECOND) as writer:
        writer.append(noise(3 * SECOND))
        writer.sync(monotonic_ns=1, utc="2026-03-12T14:46:03Z")
    lost = max(tmp_path.glob("room-*.wav*"))
    lost.unlink()
    FolderArchive().recover(tmp_path)

    wave = wave_of(FolderPeaks(), tmp_path)

    assert [(gap.reason, gap.end_ms) for gap in wave.gaps] == [(GapReason.CRASH, 3_000)]
    assert wave.envelope.columns(wave.gaps[0].start_ms, 3_000, 1) == [None]


def test_while_it_is_recorded_only_what_was_added_is_read(
    tmp_path: Path, read: list[tuple[str, int]]
) -> None:
    reader, pcm = FolderPeaks(), noise(4 * SECOND)
    with writing(tmp_path, file_frames=2 * SECOND) as writer:
        writer.append(pcm[: 6 * SECOND])  # a file, and a second of the next
        writer.sync()
        assert wave_of(reader, tmp_path).until_ms == 3_000
        read.clear()
        writer.append(pcm[6 * SECOND :][:SECOND])
        writer.sync()

        wave = wave_of(reader, tmp_path)

    assert wave.until_ms == 3_500
    assert read == [("room-000002.wav", SECOND)]
    assert wave.envelope.columns(0, 3_500, 70) == [
        (low / 32_768, high / 32_768) for low, high in bins_of(pcm[: 7 * SECOND]).tolist()
    ]


def test_known_files_are_not_read_again_not_even_once_they_are_packed(
    tmp_path: Path, read: list[tuple[str, int]]
) -> None:
    murmured(tmp_path)
    reader = FolderPeaks()
    before = seconds_of(wave_of(reader, tmp_path), 4)
    pack(tmp_path)
    read.clear()

    assert seconds_of(wave_of(reader, tmp_path), 4) == before
    assert read == []
    assert seconds_of(wave_of(FolderPeaks(), tmp_path), 4) == before
    assert len(read) == 4


def test_of_redacted_audio_no_outline_stays(tmp_path: Path, read: list[tuple[str, int]]) -> None:
    murmured(tmp_path)
    reader = FolderPeaks()
    before = seconds_of(wave_of(reader, tmp_path), 4)
    read.clear()

    silence_of(tmp_path, Span(1_000, 2_000))

    assert seconds_of(wave_of(reader, tmp_path), 4) == [before[0], (0.0, 0.0), *before[2:]]
    assert read == [("room-000002.wav", 0)]
    assert not [path for path in tmp_path.rglob("*") if "peak" in path.name]


def test_a_journal_of_which_words_were_taken_is_read_from_its_beginning(tmp_path: Path) -> None:
    with writing(tmp_path, file_frames=SECOND) as writer:
        writer.append(murmur(3 * SECOND))
        writer.gap(SECOND, GapReason.STALL)
        writer.append(murmur(SECOND))
        writer.close()
    silence_of(tmp_path, Span(0, 500))  # its line has a name in it
    reader = FolderPeaks()
    before = wave_of(reader, tmp_path)

    FolderArchive().reword(
        tmp_path, lambda text: text.replace("Priya", "█"), at="2026-03-12T16:00:00Z", by="Marcus"
    )
    after = wave_of(reader, tmp_path)

    assert after.gaps == before.gaps
    assert seconds_of(after, 5) == seconds_of(before, 5)


def test_a_missing_file_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    murmured(tmp_path)
    whole = seconds_of(wave_of(FolderPeaks(), tmp_path), 4)
    (tmp_path / "room-000003.wav").unlink()

    wave = wave_of(FolderPeaks(), tmp_path)

    assert wave.unreadable == (Span(2_000, 3_000),)
    assert seconds_of(wave, 4) == [*whole[:2], None, whole[3]]


def test_without_patience_files_come_one_by_one_until_it_is_whole(tmp_path: Path) -> None:
    murmured(tmp_path)
    reader, lengths = FolderPeaks(), list[int]()

    while not (found := reader.waves(tmp_path, [ROOM, BRIDGE], patience_s=0.0)).is_whole:
        lengths.append(found.until_ms)
        assert len(lengths) < 10

    assert found.until_ms == 4_000
    assert lengths == sorted(lengths)
    assert lengths[0] < 4_000


def test_a_folder_without_audio_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AudioUnreadableError, match="there is no audio in it"):
        wave_of(FolderPeaks(), tmp_path / "gone")
