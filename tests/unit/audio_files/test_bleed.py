"""What the room's microphone has of the bridge, on simulated rooms with real sentences."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.audio_files.bleed import SURE, WindowMeasured, bleed_spans, decided, measured
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from tests.loud_room import RATE, LoudRoom, level
from tests.unit.transcription.conftest import RESOURCES, pcm_of

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "data"
WINDOW_MS = 10_000
BYTES_PER_MS = 2 * RATE // 1_000
SILENT = LoudRoom(gain_db=-200)


@pytest.fixture(scope="module")
def bridge() -> bytes:
    return pcm_of(RESOURCES / "demo" / "bridge.flac")


@pytest.fixture(scope="module")
def room() -> bytes:
    """Who speaks in the room, between what is said on the bridge."""
    return pcm_of(RESOURCES / "demo" / "room.flac")


@pytest.fixture(scope="module")
def other_bridge() -> bytes:
    """Sentences that have nothing to do with the others."""
    return pcm_of(DATA / "second_bridge.flac")


def reading(pcm: bytes) -> Callable[[int, int], bytes]:
    def read(start_ms: int, end_ms: int) -> bytes:
        part = pcm[start_ms * BYTES_PER_MS : end_ms * BYTES_PER_MS]
        return part + bytes((end_ms - start_ms) * BYTES_PER_MS - len(part))

    return read


def length_ms(pcm: bytes) -> int:
    return len(pcm) // BYTES_PER_MS


def spans(bridge: bytes, room: bytes) -> tuple[Span, ...]:
    return bleed_spans(reading(bridge), reading(room), length_ms(room))


def covered(found: tuple[Span, ...], span: Span) -> float:
    return sum(part.overlap_ms(span) for part in found) / span.duration_ms


def lines(track: TrackLabel, *, later_ms: int = 0) -> list[Span]:
    """Where the demonstration's lines of a track lie."""
    script: list[dict[str, Any]] = json.loads((DATA / "demo_script.json").read_text("utf-8"))
    return [
        Span(round(line["start"] * 1_000) + later_ms, round(line["end"] * 1_000) + later_ms)
        for line in script
        if line["track"] == track
    ]


def rolled(pcm: bytes, seconds: int) -> bytes:
    return np.roll(np.frombuffer(pcm, dtype="<i2"), seconds * RATE).tobytes()


@pytest.mark.parametrize("gain_db", [-10, -20, -30])
@pytest.mark.parametrize(("delay_ms", "ringing_ms"), [(5, 200), (60, 400), (120, 300), (250, 600)])
def test_every_line_that_loudspeakers_repeat_is_found_and_none_that_is_said_in_the_room(
    bridge: bytes, room: bytes, gain_db: int, delay_ms: int, ringing_ms: int
) -> None:
    there = LoudRoom(gain_db, delay_ms, ringing_ms)

    found = spans(bridge, there.heard(bridge, room))

    repeated = [covered(found, line) for line in lines(TrackLabel.BRIDGE, later_ms=delay_ms)]
    said_here = [covered(found, line) for line in lines(TrackLabel.ROOM)]
    assert min(repeated) > 0.9
    assert max(said_here) < 0.1


@pytest.mark.parametrize(
    ("gain_db", "noise_db", "least_recall"), [(-10, -50, 1.0), (-20, -55, 1.0), (-30, -65, 1.0)]
)
def test_windows_of_a_phone_bridge_in_a_noisy_room_are_told_apart(
    other_bridge: bytes, gain_db: int, noise_db: int, least_recall: float
) -> None:
    loud = LoudRoom(gain_db, 90, 400, noise_db).heard(other_bridge)

    found = spans(other_bridge, loud)

    whole = range(0, length_ms(loud) - WINDOW_MS + 1, WINDOW_MS)
    marked = [covered(found, Span(start, start + WINDOW_MS)) > 0.1 for start in whole]
    assert sum(marked) / len(marked) >= least_recall


@pytest.mark.parametrize("gain_db", [-10, -20, -30])
def test_who_talks_over_the_loudspeakers_is_not_taken_for_them(
    bridge: bytes, room: bytes, gain_db: int
) -> None:
    over = rolled(room, 40)  # most of it now lies on lines of the bridge
    pure = LoudRoom(gain_db).heard(bridge)
    found = spans(bridge, LoudRoom(gain_db).heard(bridge, over))

    end_ms = length_ms(bridge)
    said_here = [line for line in lines(TrackLabel.ROOM, later_ms=40_000) if line.end_ms < end_ms]
    assert len(said_here) > 8
    assert max(covered(spans(bridge, pure), line) for line in said_here) > 0.9
    assert max(covered(found, line) for line in said_here) < 0.8


@pytest.mark.parametrize("noise_db", [-75, -62, -50])
@pytest.mark.parametrize("seconds", [0, 7, 23, 41])
def test_two_conversations_that_know_nothing_of_each_other_are_no_bleed(
    bridge: bytes, other_bridge: bytes, noise_db: int, seconds: int
) -> None:
    quiet = LoudRoom(gain_db=-200, noise_db=noise_db)
    apart = quiet.heard(rolled(bridge, seconds)[: len(other_bridge)], other_bridge)

    windows = list(measured(reading(rolled(bridge, seconds)), reading(apart), length_ms(apart)))

    assert len(windows) > 15
    assert max(window.likeness for window in windows) < SURE
    assert decided(windows) == ()


def test_a_room_that_hears_nothing_is_no_bleed(bridge: bytes) -> None:
    assert spans(bridge, SILENT.heard(bridge)) == ()
    assert spans(bridge, bytes(len(bridge))) == ()
    assert spans(bytes(len(bridge)), bytes(len(bridge))) == ()
    assert spans(bytes(len(bridge)), bridge) == ()


def test_hold_music_on_the_bridge_is_no_bleed_of_what_is_said_in_the_room(room: bytes) -> None:
    moments = np.arange(len(room) // 2) / RATE
    beat = 0.3 + 0.7 * (np.floor(moments * 2) % 2)
    chord = sum(np.sin(2 * np.pi * hertz * moments) for hertz in (330, 440, 554, 880, 1_320))
    music = (chord * beat * level(-30)).astype("<i2").tobytes()

    assert spans(music, SILENT.heard(room, room)) == ()


def test_a_pause_of_both_tracks_makes_them_no_more_alike(
    bridge: bytes, other_bridge: bytes
) -> None:
    def paused(pcm: bytes) -> bytes:
        silenced = bytearray(pcm)
        for start_ms in range(3_000, length_ms(pcm), 6_000):
            silenced[start_ms * BYTES_PER_MS : (start_ms + 2_000) * BYTES_PER_MS] = bytes(
                2_000 * BYTES_PER_MS
            )
        return bytes(silenced)

    talk = SILENT.heard(other_bridge, other_bridge)

    assert spans(paused(bridge[: len(talk)]), paused(talk)) == ()


def test_a_bridge_that_repeats_the_room_is_no_bleed(room: bytes) -> None:
    """As when the far end's loudspeakers come back: the room said it first."""
    said = SILENT.heard(room, room)
    far_end = LoudRoom(gain_db=-10, delay_ms=250).heard(said)

    assert spans(far_end, said) == ()
    assert spans(said, far_end) != ()


def test_a_likely_window_counts_beside_a_sure_one_at_the_same_delay_only() -> None:
    heard = [(Span(start, start + 1_000),) for start in (0, 5_000, 10_000, 15_000)]
    windows = [
        WindowMeasured(0.9, 6, heard[0]),
        WindowMeasured(0.3, 7, heard[1]),
        WindowMeasured(0.3, 20, heard[2]),
        WindowMeasured(0.1, 6, heard[3]),
    ]

    assert decided(windows) == (Span(0, 1_000), Span(5_000, 6_000))
    assert decided(windows[1:]) == ()


def test_spans_of_windows_that_touch_are_one() -> None:
    windows = [
        WindowMeasured(0.9, 6, (Span(0, 5_020),)),
        WindowMeasured(0.9, 5, (Span(5_000, 9_000), Span(9_500, 9_800))),
    ]

    assert decided(windows) == (Span(0, 9_000), Span(9_500, 9_800))


def test_memory_stays_flat_over_hours(bridge: bytes) -> None:
    loud = LoudRoom().heard(bridge)
    period_ms = length_ms(bridge) // 1_000 * 1_000

    def over_and_over(pcm: bytes) -> Callable[[int, int], bytes]:
        once = reading(pcm)
        return lambda start, end: once(start % period_ms, start % period_ms + end - start)

    peaks = []
    for minutes in (5, 30):
        tracemalloc.start()
        windows = measured(over_and_over(bridge), over_and_over(loud), minutes * 60_000)
        alike = sum(window.likeness > SURE for window in windows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert alike > minutes * 9
    assert peaks[1] < peaks[0] + 500_000
