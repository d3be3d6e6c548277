"""What a source sounded like in a short trial, and what to make of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import AudioSource
from app.domain.levels import decibels
from app.domain.sessions import TrackSource

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIAL_SECONDS = 3.0
CLIPPED = 0.999
# Somebody who speaks a metre away peaks well above it, a quiet room below.
SPEECH_PEAK_DB = -40.0


class TrialVerdict(enum.StrEnum):
    """What was heard; there is nothing else."""

    SPEECH_LEVEL = "speech_level"
    TOO_LOUD = "too_loud"
    TOO_QUIET = "too_quiet"
    ZEROS = "zeros"  # it delivers, and every sample is zero
    NO_SIGNAL = "no_signal"  # it is open and delivers nothing


@dataclass(frozen=True, slots=True)
class Level:
    """The loudness of a tenth of a second, full scale 1.0."""

    peak: float
    rms: float


@dataclass(frozen=True, slots=True)
class SourceTrial:
    """How a trial came out; ``peak`` is the greatest, full scale 1.0."""

    source: AudioSource
    verdict: TrialVerdict
    peak: float

    @property
    def is_good(self) -> bool:
        """Whether words can be expected of a recording of it."""
        return self.verdict in {TrialVerdict.SPEECH_LEVEL, TrialVerdict.TOO_LOUD}

    @property
    def sentence(self) -> str:
        """What was heard."""
        peak = f"peak {decibels(self.peak):.0f} dB"
        return {
            TrialVerdict.SPEECH_LEVEL: f"Heard speech-level sound, {peak}.",
            TrialVerdict.TOO_LOUD: f"Heard sound that is too loud and clips, {peak}.",
            TrialVerdict.TOO_QUIET: f"Heard only quiet sound, {peak}.",
            TrialVerdict.ZEROS: "Heard only zeros.",
            TrialVerdict.NO_SIGNAL: "No signal: it delivers no audio.",
        }[self.verdict]

    @property
    def remedy(self) -> str:
        """What to do; empty where nothing is."""
        is_mic = self.source.kind is TrackSource.MIC
        play = "Play something on this output, and test again."
        allow = "Unmute it, or allow this program to use it in the system's settings."
        return {
            TrialVerdict.SPEECH_LEVEL: "",
            TrialVerdict.TOO_LOUD: "Turn its level down in the system's sound settings.",
            TrialVerdict.TOO_QUIET: "Speak while it is tested, or turn its level up."
            if is_mic
            else play,
            TrialVerdict.ZEROS: allow if is_mic else play,
            TrialVerdict.NO_SIGNAL: "Check its plug, or restart the sound system."
            if is_mic
            else play,
        }[self.verdict]


def judged(source: AudioSource, levels: Sequence[Level]) -> SourceTrial:
    """Return what to make of the levels that were heard."""
    peak = max((level.peak for level in levels), default=0.0)
    if not levels:
        verdict = TrialVerdict.NO_SIGNAL
    elif peak == 0:
        verdict = TrialVerdict.ZEROS
    elif peak >= CLIPPED:
        verdict = TrialVerdict.TOO_LOUD
    elif decibels(peak) >= SPEECH_PEAK_DB:
        verdict = TrialVerdict.SPEECH_LEVEL
    else:
        verdict = TrialVerdict.TOO_QUIET
    return SourceTrial(source, verdict, peak)
