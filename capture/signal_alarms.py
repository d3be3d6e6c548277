"""Which of a track's signals deserve an alarm, and when it is over."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.alarms import Alarm, AlarmKind
from app.domain.sessions import GapReason, TrackLabel, TrackSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.engine_types import AudioSource

SECOND_NS = 1_000_000_000
# A microphone hears at least its own noise. Loudspeakers may well be silent for long.
ZEROS_FOR_NS = 5 * SECOND_NS
CLIPPED_BLOCKS = 3
CLIPPED_WITHIN_NS = 5 * SECOND_NS
CLEAN_FOR_NS = 10 * SECOND_NS
HEARD_FOR_NS = 2 * SECOND_NS


@dataclass(frozen=True, slots=True)
class SignalFacts:
    """A track as it is at one moment.

    ``planned`` is what it is to hear, ``heard`` what it hears or heard last; see ``TrackSignal``.
    """

    label: TrackLabel
    planned: AudioSource
    heard: AudioSource
    missing: GapReason | None
    sounded_ns: int
    clipped_blocks: int
    follows_default: bool = False


@dataclass(slots=True)
class SignalAlarms:
    """The alarms of one track. An alarm ends a while after its cause, so that none flickers."""

    _missing_since: GapReason | None = None
    _heard_since_ns: int | None = None
    _clips: deque[int] = field(default_factory=deque)
    _known_clips: int = 0
    _clipping: bool = False

    def update(self, facts: SignalFacts, now_ns: int) -> Iterator[Alarm]:
        """Yield what is wrong now."""
        yield from self._of_missing(facts, now_ns)
        if facts.missing is None:
            yield from _of_zeros(facts, now_ns)
            yield from self._of_clipping(facts, now_ns)

    def _of_missing(self, facts: SignalFacts, now_ns: int) -> Iterator[Alarm]:
        if facts.missing is not None:
            self._missing_since, self._heard_since_ns = facts.missing, None
        elif self._missing_since is not None:
            self._heard_since_ns = self._heard_since_ns or now_ns
            if now_ns - self._heard_since_ns >= HEARD_FOR_NS:
                self._missing_since = self._heard_since_ns = None
        on_another = facts.heard.id != facts.planned.id and not facts.follows_default
        if self._missing_since is GapReason.STALL and not on_another:
            yield _no_signal(facts)
        elif self._missing_since is not None or on_another:
            yield _device_lost(facts)

    def _of_clipping(self, facts: SignalFacts, now_ns: int) -> Iterator[Alarm]:
        fresh, self._known_clips = facts.clipped_blocks - self._known_clips, facts.clipped_blocks
        self._clips.extend([now_ns] * fresh)
        keep_ns = CLEAN_FOR_NS if self._clipping else CLIPPED_WITHIN_NS
        while self._clips and now_ns - self._clips[0] > keep_ns:
            self._clips.popleft()
        self._clipping = bool(self._clips) and (
            self._clipping or len(self._clips) >= CLIPPED_BLOCKS
        )
        if self._clipping:
            yield Alarm(
                AlarmKind.CLIPPING,
                f"{_side(facts)} is too loud: “{facts.planned.name}” clips.",
                "Turn its level down in the system's sound settings.",
                facts.label,
            )


def _of_zeros(facts: SignalFacts, now_ns: int) -> Iterator[Alarm]:
    # The first sound ends it: there is no flicker between zeros and anything else.
    if facts.heard.kind is TrackSource.MIC and now_ns - facts.sounded_ns >= ZEROS_FOR_NS:
        yield Alarm(
            AlarmKind.ZEROS,
            f"“{facts.planned.name}” is perfectly silent: {_side(facts).lower()} is not heard.",
            "Unmute it, or allow this program to use the microphone in the system's settings.",
            facts.label,
        )


def _no_signal(facts: SignalFacts) -> Alarm:
    return Alarm(
        AlarmKind.NO_SIGNAL,
        f"“{facts.planned.name}” delivers no audio: {_side(facts).lower()} is not recorded.",
        "Check its plug, or restart the sound system.",
        facts.label,
    )


def _device_lost(facts: SignalFacts) -> Alarm:
    return Alarm(
        AlarmKind.DEVICE_LOST,
        f"“{facts.planned.name}” is gone from {_side(facts).lower()}.",
        "Connect it again: it is taken up by itself, and until then a fallback if there is one.",
        facts.label,
    )


def _side(facts: SignalFacts) -> str:
    return {TrackLabel.ROOM: "The room", TrackLabel.BRIDGE: "The bridge"}[facts.label]
