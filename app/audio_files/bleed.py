"""Finds where the room's microphone hears the bridge from loudspeakers.

What comes out of a loudspeaker reaches the microphone quieter, coloured and a little later, but
its loudness over time stays, in each band of frequencies. Per window of 10 s those envelopes of
the two tracks are laid over each other at every delay that a room and a sound system can have;
the greatest correlation decides. Two conversations that know nothing of each other stay below
0.5, and mostly below 0.3; loudspeakers are above unless people in the room talk over them all the
time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.audio_files.format import FRAMES_PER_MS, SAMPLE_RATE
from app.domain.times import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Levels = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    # 16 kHz mono s16le samples from one millisecond of the session to another.
    ReadPcm = Callable[[int, int], bytes]

SLOT_MS = 20
SLOT_FRAMES = SLOT_MS * FRAMES_PER_MS
BAND_EDGES = (300, 500, 800, 1_200, 1_800, 2_500, 3_400)  # Hz, within what telephones pass
SILENCE_DB = -90.0  # no converter is quieter; digital zeros count as this
WINDOW = 10_000 // SLOT_MS
STEP = 5_000 // SLOT_MS  # of which each window decides its middle
# The microphone's buffer may be shorter than the loopback's. Beyond, the bridge would be what
# repeats the room: that is the far end's echo, and the words are the room's own.
EARLIEST, LATEST = -100 // SLOT_MS, 600 // SLOT_MS
SHORTEST_SPEECH = 1_000 // SLOT_MS  # in less, anything may be alike
ACTIVE_ABOVE_DB = -60.0
ACTIVE_BELOW_PEAK_DB = 30.0
AROUND_SPEECH = 200 // SLOT_MS  # how sounds begin and end is what the correlation lives on
SURE = 0.5
LIKELY = 0.25  # enough beside a window that is sure, at the same delay
SAME_DELAY = 2  # slots
NEAR = 12  # windows: a minute, in which nobody moves the loudspeakers
# Speech leaves most slots and bands empty: that so many are louder than the bridge explains is
# somebody in the room. Bleed alone has 0.09 of them at most, a voice over it half.
LOUDER_DB = 6.0
OWN_SHARE = 0.15
QUIET = 25  # percentile: what a voice in the room does not reach even if it speaks all the time
DECAY_DB = 1.2  # per slot: what rings on in a room is no new sound
SMOOTHED = 300 // SLOT_MS


@dataclass(frozen=True, slots=True)
class WindowMeasured:
    """One window: how alike the tracks are, at which delay, and what the bridge explains.

    ``heard`` are the stretches of the session in which, if the window is bleed, the room's track
    has the bridge and nothing louder. ``likeness`` is -1 to 1, 0 where the bridge is silent.
    """

    likeness: float
    delay_slots: int
    heard: tuple[Span, ...] = ()


def bleed_spans(bridge: ReadPcm, room: ReadPcm, duration_ms: int) -> tuple[Span, ...]:
    """Return where all that the room's track has of speech comes from the bridge.

    The stretches are in order and apart. Audio is read in steps of some seconds, and what is kept
    of each is a few numbers.
    """
    return decided(list(measured(bridge, room, duration_ms)))


def measured(bridge: ReadPcm, room: ReadPcm, duration_ms: int) -> Iterator[WindowMeasured]:
    """Yield a measurement for every step of 5 s, each over the 10 s around it."""
    bridge_levels, room_levels = _RollingLevels(bridge), _RollingLevels(room)
    margin = (WINDOW - STEP) // 2
    for step in range(0, duration_ms // SLOT_MS + 1, STEP):
        first, last = step - margin, step - margin + WINDOW
        yield _measure(
            bridge_levels.between(first, last),
            room_levels.between(first + EARLIEST, last + LATEST),
            first,
        )


def decided(windows: Sequence[WindowMeasured]) -> tuple[Span, ...]:
    """Return what is heard in the windows that are bleed, in order and apart."""
    sure = [window.likeness >= SURE for window in windows]
    spans: list[Span] = []
    for number, window in enumerate(windows):
        near = range(max(0, number - NEAR), min(len(windows), number + NEAR + 1))
        likely = window.likeness >= LIKELY and any(
            sure[other] and abs(windows[other].delay_slots - window.delay_slots) <= SAME_DELAY
            for other in near
        )
        if sure[number] or likely:
            spans += window.heard
    return tuple(_joined(spans))


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Join what touches: windows that follow each other may see the delay a slot apart."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start_ms):
        if joined and span.start_ms <= joined[-1].end_ms:
            end_ms = max(span.end_ms, joined[-1].end_ms)
            joined[-1] = Span(joined[-1].start_ms, end_ms)
        else:
            joined.append(span)
    return joined


class _RollingLevels:
    """The levels of a track, (slots, bands) in dB, kept only as far back as is asked for."""

    def __init__(self, read: ReadPcm) -> None:
        self._read = read
        self._first = 0
        self._levels = np.empty((0, len(BAND_EDGES) - 1))

    def between(self, first: int, last: int) -> Levels:
        """Return the slots; both bounds never go back. Before the beginning all is silent."""
        before = max(0, -first)
        end = self._first + len(self._levels)
        if last > end:
            fresh = levels_of(self._read(end * SLOT_MS, last * SLOT_MS))
            self._levels = np.concatenate([self._levels, fresh])
        passed = max(0, first) - self._first
        self._levels = self._levels[passed:]
        self._first += passed
        wanted = self._levels[: last - self._first]
        return np.pad(wanted, ((before, 0), (0, 0)), constant_values=SILENCE_DB)


def levels_of(pcm: bytes) -> Levels:
    """Return the level of each band in each whole slot, (slots, bands), dB of full scale."""
    samples = np.frombuffer(pcm, dtype="<i2")
    slots = samples[: len(samples) // SLOT_FRAMES * SLOT_FRAMES].reshape(-1, SLOT_FRAMES)
    window = np.hanning(SLOT_FRAMES)
    spectrum = np.abs(np.fft.rfft(slots * (window / 32_768), axis=1)) ** 2
    hertz = np.fft.rfftfreq(SLOT_FRAMES, 1 / SAMPLE_RATE)
    starts = np.searchsorted(hertz, BAND_EDGES)
    power = np.add.reduceat(spectrum, starts, axis=1)[:, :-1] * (
        2 / (window**2).sum() / SLOT_FRAMES
    )
    levels: Levels = 10 * np.log10(power + 10 ** (SILENCE_DB / 10))
    return levels


def _measure(bridge: Levels, room: Levels, first: int) -> WindowMeasured:
    """``room`` begins ``EARLIEST`` slots before ``bridge``, and ends ``LATEST`` after it."""
    # In a pause or past the end both tracks fall silent at once, and are no more alike for it.
    recorded: Mask = room.max(axis=1) > SILENCE_DB + 1
    delays = sliding_window_view(recorded, LATEST - EARLIEST + 1)
    comparable: Mask = np.logical_and.reduce(delays, axis=1)
    spoken = _active(bridge)
    active = spoken & comparable
    if np.count_nonzero(active) < SHORTEST_SPEECH:
        return WindowMeasured(0.0, 0)
    around = _widened(spoken, AROUND_SPEECH)
    compared = around & comparable
    shifted = sliding_window_view(room, WINDOW, axis=0)[:, :, compared]  # (delays, bands, slots)
    likeness = _correlation(bridge[compared].T, shifted)
    best = int(likeness.argmax())
    own = _own_speech(bridge, room[best : best + WINDOW], active)
    margin = (WINDOW - STEP) // 2
    explained = around & recorded[best : best + WINDOW] & ~own
    middle = explained[margin : margin + STEP]
    delay = best + EARLIEST
    return WindowMeasured(float(likeness[best]), delay, _spans(middle, first + margin + delay))


def _active(bridge: Levels) -> Mask:
    loudness = 10 * np.log10((10 ** (bridge / 10)).sum(axis=1))
    quietest = max(ACTIVE_ABOVE_DB, float(np.percentile(loudness, 95)) - ACTIVE_BELOW_PEAK_DB)
    active: Mask = loudness > quietest
    return active


def _correlation(heard: Levels, shifted: Levels) -> Levels:
    """Return the correlation at each delay, over all bands together, each about its mean."""
    x = heard - heard.mean(axis=-1, keepdims=True)
    y = shifted - shifted.mean(axis=-1, keepdims=True)
    energy = (x**2).sum() * (y**2).sum(axis=(1, 2))
    alike: Levels = (x * y).sum(axis=(1, 2)) / np.sqrt(np.maximum(energy, 1e-9))
    return alike


def _own_speech(bridge: Levels, room: Levels, active: Mask) -> Mask:
    """Tell where the room is louder than the bridge, its ringing and the room's noise explain."""
    gain = np.percentile((room - bridge)[active], QUIET, axis=0)
    explained = bridge + gain
    for slot in range(1, len(explained)):
        explained[slot] = np.maximum(explained[slot], explained[slot - 1] - DECAY_DB)
    noise = np.percentile(room, 10, axis=0)
    louder = (room > np.maximum(explained, noise) + LOUDER_DB).mean(axis=1)
    own: Mask = np.convolve(louder, np.full(SMOOTHED, 1 / SMOOTHED), mode="same") > OWN_SHARE
    return own


def _widened(mask: Mask, slots: int) -> Mask:
    wide: Mask = np.convolve(mask, np.ones(2 * slots + 1), mode="same") > 0.5  # noqa: PLR2004  counts
    return wide


def _spans(mask: Mask, first: int) -> tuple[Span, ...]:
    """Return the true stretches as milliseconds; those before the beginning are cut."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    bounds = np.maximum(edges.reshape(-1, 2) + first, 0) * SLOT_MS
    return tuple(Span(int(start), int(end)) for start, end in bounds if end > start)
