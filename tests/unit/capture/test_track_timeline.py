import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.journal import Journal
from app.audio_files.reader import FolderAudioReader
from app.audio_files.writer import TrackWriter
from app.domain.errors import AudioNotStoredError
from app.domain.sessions import Gap, GapReason, TrackLabel
from capture.device_input import Block
from capture.patient_writer import PatientWriter
from capture.resampling import Resampler
from capture.track_timeline import TrackTimeline
from tests.unit.audio_files.recordings import ROOM, SECOND, noise, room_of, writing

ZERO = 5_000_000_000
MS = 1_000_000


class MoodyWriter(TrackWriter):
    """A track writer on a disk that can be full."""

    full = False

    def append(self, pcm: bytes | memoryview) -> None:
        """Take half of the samples, then find the disk full."""
        if self.full:
            frames = len(pcm) // 4
            super().append(pcm[: frames * 2])
            raise AudioNotStoredError(Path("disk/x"), OSError(errno.ENOSPC, "No space left"))
        super().append(pcm)


@contextlib.contextmanager
def a_track(
    folder: Path, *, limit_frames: int = 60 * SECOND
) -> Iterator[tuple[PatientWriter, MoodyWriter]]:
    with writing(folder):
        pass
    with contextlib.closing(Journal(folder)) as journal:
        writer = MoodyWriter(folder, journal, ROOM, TrackLabel.ROOM)
        try:
            yield PatientWriter(writer, limit_frames=limit_frames), writer
        finally:
            writer.abandon()


def block(pcm: bytes, end_ms: int, *, overflowed: bool = False) -> Block:
    return Block(pcm, ZERO + end_ms * MS, overflowed)


def test_jitter_moves_nothing_and_a_late_start_is_no_gap(tmp_path: Path) -> None:
    pcm = noise(3 * SECOND)
    with a_track(tmp_path) as (track, _):
        timeline = TrackTimeline(track, zero_ns=ZERO)
        for second, late_ms in enumerate((0, 80, -30)):
            piece = pcm[second * 2 * SECOND : (second + 1) * 2 * SECOND]
            timeline.take(block(piece, 250 + (second + 1) * 1_000 + late_ms))
        timeline.finish(ZERO + 9_000 * MS)
        track.close()

    assert FolderAudioReader().pcm(room_of(tmp_path), 250, 3_250) == pcm
    stored = FolderArchive().describe(tmp_path)
    assert (stored.gaps, stored.tracks[0].duration_ms) == ((), 3_250)


@pytest.mark.parametrize("missing_ms", [200, 5_000])
def test_lost_samples_are_a_gap_and_what_follows_is_where_it_belongs(
    tmp_path: Path, missing_ms: int
) -> None:
    before, after = noise(SECOND, 1), noise(SECOND, 2)
    with a_track(tmp_path) as (track, _):
        timeline = TrackTimeline(track, zero_ns=ZERO)
        timeline.take(block(before, 1_000))
        timeline.take(block(after, 2_000 + missing_ms, overflowed=True))
        timeline.finish(0)
        track.close()

    end_ms = 1_000 + missing_ms
    assert FolderArchive().describe(tmp_path).gaps == (
        Gap(ROOM, 1_000, end_ms, GapReason.OVERFLOW),
    )
    read = FolderAudioReader().pcm(room_of(tmp_path), 0, end_ms + 1_000)
    assert read == before + bytes(missing_ms * 32) + after


def test_an_interruption_lasts_until_the_end_if_nothing_follows(tmp_path: Path) -> None:
    with a_track(tmp_path) as (track, _):
        timeline = TrackTimeline(track, zero_ns=ZERO)
        timeline.take(block(noise(SECOND), 1_000))
        timeline.interrupt(GapReason.DEVICE_LOST)
        timeline.interrupt(GapReason.STALL)
        timeline.finish(ZERO + 4_000 * MS)
        track.close()

    gap = Gap(ROOM, 1_000, 4_000, GapReason.DEVICE_LOST)
    assert FolderArchive().describe(tmp_path).gaps == (gap,)


def test_nothing_is_lost_while_the_disk_is_full_for_a_while(tmp_path: Path) -> None:
    pcm = noise(5 * SECOND)
    with a_track(tmp_path) as (track, disk):
        for second in range(5):
            disk.full = second in {1, 2}
            track.append(pcm[second * 2 * SECOND : (second + 1) * 2 * SECOND])
            track.sync(monotonic_ns=1, utc="2026-03-12T14:46:00Z")
            assert (track.error is not None) == disk.full
        assert track.position == 5 * SECOND
        track.close()

    assert FolderAudioReader().pcm(room_of(tmp_path), 0, 5_000) == pcm
    assert FolderArchive().describe(tmp_path).gaps == ()


def test_what_memory_cannot_hold_is_one_gap_that_says_the_disk_was_full(tmp_path: Path) -> None:
    pcm = noise(6 * SECOND)
    with a_track(tmp_path, limit_frames=2 * SECOND) as (track, disk):
        for second in range(6):
            disk.full = second in {1, 2, 3, 4}
            track.append(pcm[second * 2 * SECOND : (second + 1) * 2 * SECOND])
        track.sync(monotonic_ns=1, utc="2026-03-12T14:46:00Z")
        track.append(noise(SECOND, 9))
        track.close()

    stored = FolderArchive().describe(tmp_path)
    assert [gap.reason for gap in stored.gaps] == [GapReason.DISK_FULL]
    assert stored.tracks[0].duration_ms == 7_000
    reader = FolderAudioReader()
    assert reader.pcm(room_of(tmp_path), 6_000, 7_000) == noise(SECOND, 9)
    gap = stored.gaps[0]
    read = reader.pcm(room_of(tmp_path), 0, 6_000)
    assert read[: gap.start_ms * 32] == pcm[: gap.start_ms * 32]
    assert read[gap.start_ms * 32 : gap.end_ms * 32] == bytes((gap.end_ms - gap.start_ms) * 32)


def test_a_disk_that_stays_full_is_told_at_the_end(tmp_path: Path) -> None:
    with a_track(tmp_path) as (track, disk):
        disk.full = True
        track.append(noise(SECOND))
        with pytest.raises(AudioNotStoredError, match="No space left"):
            track.close()
        track.give_up()

    stored = FolderArchive().describe(tmp_path)
    (gap,) = stored.gaps
    assert gap == Gap(ROOM, stored.tracks[0].duration_ms, 1_000, GapReason.DISK_FULL)
    assert gap.start_ms >= 500
    assert FolderArchive().verify(tmp_path).problems == ()


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 2), (44_100, 1), (16_000, 1), (8_000, 1)])
def test_resampling_in_pieces_keeps_length_and_level(rate: int, channels: int) -> None:
    resampler = Resampler(rate, channels)
    tone = 20_000 * np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate)
    frames = np.repeat(tone.astype("<i2")[:, None], channels, axis=1)
    pcm = b"".join(
        resampler.push(frames[start : start + rate // 10].tobytes())
        for start in range(0, 2 * rate, rate // 10)
    )
    assert resampler.taken == 2 * SECOND
    pcm += resampler.finish()

    samples = np.frombuffer(pcm, dtype="<i2")
    assert len(samples) == 2 * SECOND
    assert np.abs(samples[SECOND : SECOND + 8_000]).max() == pytest.approx(20_000, rel=0.01)


def test_resampled_silence_is_silence() -> None:
    resampler = Resampler(44_100, 2)

    assert not any(resampler.push(bytes(44_100 * 4)) + resampler.finish())
