"""Two devices that count at their own speed, and the one clock that a session has."""

import gc
from datetime import timedelta
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.journal_lines import Began, Clock, Line, Stepped
from app.audio_files.reader import FolderAudioReader
from app.audio_files.session_clocks import SessionClocks
from app.audio_files.track_clock import PLAIN, fit_clock
from app.domain.engine_types import TrackAudio
from app.domain.times import Span, iso_utc
from tests.drifting import CLICK_EVERY_S, LABELS, RATE, DriftingDevice, record_drifting
from tests.proof.recorded import KeepFigure
from tests.unit.audio_files.recordings import BRIDGE, ROOM, START, record, room_of

HOUR = 3_600


def pairs_of(
    seconds: int, ppm: float, late_ms: float, *, stalls: int = 0, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return frames, the moments they are said to be at, and those they are at."""
    random = np.random.default_rng(seed)
    true = np.arange(1, seconds) * float(RATE)
    frames = (true * (1 + ppm / 1e6)).astype(np.int64)
    late = random.uniform(0, late_ms * 16, len(true))
    late[random.integers(0, len(true), stalls)] += random.uniform(0, 5_000 * 16, stalls)
    return frames, true + late, true


@pytest.mark.parametrize("ppm", [50, -50, 0])
@pytest.mark.parametrize("stalls", [0, 1_000])
def test_eight_hours_of_drift_are_found_through_late_and_stalled_deliveries(
    ppm: float, stalls: int
) -> None:
    frames, said, true = pairs_of(8 * HOUR, ppm, 100, stalls=stalls)

    clock = fit_clock(frames, said, [])

    assert clock.ppm == pytest.approx(ppm, abs=0.5)
    assert np.abs(clock.session_frames(frames) - true).max() < 15 * 16
    back = clock.track_frames(clock.session_frames(frames))
    assert np.abs(back - frames).max() < 1


def test_a_device_that_grows_warm_is_followed() -> None:
    true = np.arange(1, 8 * HOUR) * float(RATE)
    ppm = 20 + 30 * (1 - np.exp(-np.arange(len(true)) / 2_000))
    frames = np.cumsum(RATE * (1 + ppm / 1e6)).astype(np.int64)
    late = np.random.default_rng(2).uniform(0, 1_600, len(true))

    clock = fit_clock(frames, true + late, [])

    assert np.abs(clock.session_frames(frames) - true).max() < 18 * 16


def test_a_few_seconds_tell_nothing_of_the_drift() -> None:
    frames, said, true = pairs_of(12, 0, 60)

    clock = fit_clock(frames, said, [])

    assert clock.ppm is None
    assert abs(clock.stretches[0].ppm) < 5
    assert np.abs(clock.session_frames(frames) - true).max() < 60 * 16


def test_each_stretch_between_interruptions_has_its_own_line() -> None:
    """A device that was ahead by 180 ms when it was lost; the one that came back is slow."""
    first = np.arange(1, HOUR) * float(RATE)
    second = np.arange(HOUR + 10, 2 * HOUR) * float(RATE)
    ahead = (first * (1 + 50e-6)).astype(np.int64)
    behind = (second[0] + (second - second[0]) * (1 - 50e-6)).astype(np.int64)
    gap = (int(ahead[-1]), int(behind[0]) - 5)

    clock = fit_clock(np.append(ahead, behind), np.append(first, second), [gap])

    assert [round(stretch.ppm) for stretch in clock.stretches] == [50, -50]
    assert np.abs(clock.session_frames(ahead) - first).max() < 16
    assert np.abs(clock.session_frames(behind) - second).max() < 16
    ((start, end),) = clock.holes
    assert (end - start) / RATE == pytest.approx(11, abs=0.01)


def test_a_track_that_nobody_measured_reads_as_it_is(tmp_path: Path) -> None:
    record(tmp_path, bytes(3 * RATE * 2))
    reader = FolderAudioReader()

    assert fit_clock(np.zeros(0, np.int64), np.zeros(0), []) is PLAIN
    assert reader.clock(room_of(tmp_path)).session_ms(1_234) == 1_234
    assert reader.session_pcm(room_of(tmp_path), 500, 700) == bytes(200 * 32)
    assert FolderArchive().describe(tmp_path).tracks[0].drift_ppm is None


def clicks_off_ms(folder: Path, seconds: int) -> dict[str, list[float]]:
    """Return how far each click of each track is from its minute, in ms; nan for none."""
    reader = FolderAudioReader()
    off: dict[str, list[float]] = {}
    for track_id, label in LABELS.items():
        track = TrackAudio(track_id, folder, label)
        found = off.setdefault(label.value, [])
        for second in range(CLICK_EVERY_S, seconds - 1, CLICK_EVERY_S):
            pcm = reader.session_pcm(track, second * 1_000 - 500, second * 1_000 + 500)
            samples = np.frombuffer(pcm, dtype="<i2")
            assert len(samples) == RATE
            at = int(np.argmax(samples))
            found.append((at - RATE // 2) / 16 if samples[at] else float("nan"))
    return off


def worst(off: dict[str, list[float]]) -> tuple[float, float]:
    """Return the greatest distance from the truth, and of one track from the other."""
    room, bridge = np.array(off["room"]), np.array(off["bridge"])
    return (
        float(np.nanmax(np.abs([room, bridge]))),
        float(np.nanmax(np.abs(room - bridge))),
    )


def two_devices(ppm: float, outages: tuple[tuple[float, float], ...]) -> list[DriftingDevice]:
    return [
        DriftingDevice(ROOM, ppm, outages=outages, seed=1),
        DriftingDevice(BRIDGE, -ppm, seed=2),
    ]


def test_a_click_is_at_the_same_moment_of_both_tracks_however_they_drift(tmp_path: Path) -> None:
    """Eight minutes with the drift of an hour, and a device that was gone for a while."""
    record_drifting(tmp_path, two_devices(400, ((160.25, 163.5), (300.0, 300.35))), 490)

    truth, apart = worst(clicks_off_ms(tmp_path, 490))
    stored = FolderArchive().describe(tmp_path)

    assert truth < 20
    assert apart < 20
    room, bridge = (track.drift_ppm or 0 for track in stored.tracks)
    assert bridge == pytest.approx(-400, rel=0.05)
    assert 250 < room < 450, "three stretches, each too short to tell it well"
    assert [track.duration_ms for track in stored.tracks] == pytest.approx([490_000] * 2, abs=120)
    lengths = [gap.end_ms - gap.start_ms for gap in stored.gaps]
    assert lengths == pytest.approx([3_300, 400], abs=60)
    assert stored.gaps[0].start_ms == pytest.approx(160_200, abs=60)
    assert FolderArchive().verify(tmp_path).problems == ()
    assert FolderArchive().verify(tmp_path).gaps == stored.gaps


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_eight_hours_of_two_drifting_tracks_are_aligned_and_need_no_memory(
    tmp_path: Path, proof_figure: KeepFigure
) -> None:
    hours, process, memory = 8, psutil.Process(), list[int]()

    def note(_minute: int) -> None:
        gc.collect()
        memory.append(process.memory_info().rss)

    outages = ((5_000.2, 5_003.0), (14_000.0, 14_000.3), (20_000.0, 20_900.0))
    record_drifting(tmp_path, two_devices(50, outages), hours * HOUR, each_minute=note)
    grown_mb = (max(memory[10:]) - memory[10]) / 1e6
    fit_clock(*pairs_of(60, 0, 1)[:2], [])  # numpy loads parts of itself when first used
    before = process.memory_info().rss
    off = clicks_off_ms(tmp_path, hours * HOUR)
    read_mb = (process.memory_info().rss - before) / 1e6
    truth, apart = worst(off)
    stored = FolderArchive().describe(tmp_path)

    print("drift:", [track.drift_ppm for track in stored.tracks])
    assert truth < 20
    assert apart < 20
    assert [track.drift_ppm for track in stored.tracks] == pytest.approx([50, -50], abs=1)
    assert abs(grown_mb) < 10
    assert abs(read_mb) < 10
    assert FolderArchive().verify(tmp_path).problems == ()
    for what, off_ms in (("from the truth", truth), ("track from track", apart)):
        proof_figure(f"8 h at 50 ppm: {what}, worst", round(off_ms, 2), "ms", "less than 20 ms")
    for what, mb in (("writing", grown_mb), ("reading", read_mb)):
        proof_figure(f"8 h at 50 ppm: memory grown by {what}", round(mb, 1), "MB", "±10 MB")


def test_what_is_redacted_is_silent_on_both_tracks_however_they_drift(tmp_path: Path) -> None:
    """After seven minutes the tracks are 336 ms apart, and the stretch is 100 ms long."""
    record_drifting(tmp_path, two_devices(400, ()), 490)
    stretch = Span(420_000 - 50, 420_000 + 50)

    FolderArchive().silence(tmp_path, [stretch], at="2026-03-12T15:00:00Z", by="Priya", reason="x")

    for minutes in clicks_off_ms(tmp_path, 490).values():
        assert [minute for minute, off in enumerate(minutes, 1) if np.isnan(off)] == [7]
    assert FolderArchive().verify(tmp_path).problems == ()


def readings(count: int, *, wrong: dict[int, timedelta]) -> list[Line]:
    return [
        Began(0, iso_utc(START)),
        *(
            Clock(
                ROOM,
                second * RATE,
                second * 1_000_000_000,
                iso_utc(START + timedelta(seconds=second) + wrong.get(second, timedelta())),
            )
            for second in range(1, count)
        ),
    ]


def test_one_wrong_reading_of_the_clock_moves_no_session() -> None:
    clocks = SessionClocks(readings(30, wrong={7: timedelta(hours=-5)}))

    assert clocks.start_utc(START) == START
    assert clocks.start_utc(START + timedelta(minutes=3)) == START


def test_a_clock_that_is_set_later_tells_nothing_of_the_start() -> None:
    hour = timedelta(hours=1)
    lines = readings(600, wrong=dict.fromkeys(range(20, 600), hour))

    clocks = SessionClocks([*lines[:22], Stepped(19_500, 3_600_000), *lines[22:]])

    assert clocks.start_utc(START + timedelta(seconds=2)) == START
