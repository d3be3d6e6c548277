"""How long after somebody has ended speaking their words stand in the record, in real time.

Two tracks are played into the sinks of a real PulseAudio and recorded, recognised and stored by
the program itself, once as it is and once without partials, so that their cost is seen. When
speech truly ends is known from the recording's script. ``quick`` plays the first 40 seconds.
"""

from __future__ import annotations

import bisect
import statistics
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import psutil
import pytest

from app.bootstrap import build
from app.domain import recognition_pace
from app.domain.events import AudioStored, PartialHeard, SegmentsTranscribed
from app.domain.home import Home
from app.domain.recognition_pace import RecognitionPace
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.transcript import RecognitionPass
from tests.bench.figures import Figure
from tests.bench.material.recording import Line, demonstration, demonstration_file
from tests.sound import sound_server, wait_until
from transcription.vad import CHUNK_MS, VadOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.events import Event
    from app.domain.ids import TrackId
    from app.domain.sessions import Session, Track
    from app.domain.transcript import Segment
    from app.services.program import Program
    from tests.sound import SoundServer

P50_BAR_S, P95_BAR_S = 1.0, 2.0
QUICK_S, FULL_S = 40, 132
PATIENCE_S = 60
# A chunk is judged once it is complete, and the silence counts from the first quiet one.
DECIDED_AFTER_MS = (-(-VadOptions().min_silence_ms // CHUNK_MS) + 1) * CHUNK_MS


@dataclass(slots=True)
class Heard:
    """What the program told, and when, in seconds of the wall clock."""

    stored: dict[TrackId, list[tuple[int, float]]] = field(default_factory=dict)
    segments: list[tuple[Segment, float]] = field(default_factory=list)
    partials: list[tuple[PartialHeard, float]] = field(default_factory=list)
    cpu_s: float = 0.0

    def note(self, event: Event) -> None:
        """Note an event; called on the thread that publishes it."""
        now = time.time()
        match event:
            case AudioStored(status=status):
                for track in status.tracks:
                    known = self.stored.setdefault(track.track_id, [])
                    if not known or track.safe_until_ms > known[-1][0]:
                        known.append((track.safe_until_ms, now))
            case SegmentsTranscribed(segments=segments):
                self.segments += [(segment, now) for segment in segments]
            case PartialHeard() if event.text:
                self.partials.append((event, now))
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Delay:
    """How long one utterance took to its place in the record, and to its first partial."""

    silence_s: float
    disk_s: float
    model_s: float
    partial_s: float | None
    words_told: int
    words_kept: int
    lines: int

    @property
    def whole_s(self) -> float:
        """From the end of speech to the committed text."""
        return self.silence_s + self.disk_s + self.model_s


def measure(*, quick: bool = False) -> list[Figure]:
    """Record the demonstration twice and return what people wait."""
    seconds = QUICK_S if quick else FULL_S
    with_partials, cpu_s = _delays(seconds)
    no_partials = {RecognitionPace.UTTERANCES: 0}
    with mock.patch.dict(recognition_pace.BEGINS_MS, no_partials):
        without, cpu_without_s = _delays(seconds)
    audio_s = seconds * len(TrackLabel)
    return [
        *_waits(with_partials, without),
        _lines(with_partials, len(_script(seconds))),
        *_parts(with_partials),
        *_of_partials(with_partials),
        Figure(
            "recogniser's processor time, beside the same without partials",
            round(cpu_s / audio_s, 4),
            "s per s of audio",
            baseline=round(cpu_without_s / audio_s, 4),
            ratio=round(cpu_s / cpu_without_s, 2),
        ),
    ]


def _waits(delays: Sequence[Delay], without: Sequence[Delay]) -> list[Figure]:
    """Return the waits as such; the baseline is the same without partials."""
    figures = []
    for share, bar_s in ((50, P50_BAR_S), (95, P95_BAR_S)):
        value = percentile([delay.whole_s for delay in delays], share)
        figures.append(
            Figure(
                f"end of speech to committed text, p{share} of {len(delays)}",
                round(value, 3),
                "s",
                baseline=round(percentile([one.whole_s for one in without], share), 3),
                bar=f"at most {bar_s} s",
                ok=value <= bar_s,
            )
        )
    return figures


def _lines(delays: Sequence[Delay], spoken: int) -> Figure:
    """Return how many lines the waits are of: words that never come keep nobody waiting."""
    stored = sum(delay.lines for delay in delays)
    return Figure(
        "lines of the script that are on record",
        stored,
        f"of {spoken}",
        bar="all",
        ok=stored == spoken,
    )


def _parts(delays: Sequence[Delay]) -> list[Figure]:
    """Return what the waits consist of."""
    parts = {
        "silence that ends an utterance": [delay.silence_s for delay in delays],
        "until the audio is on the disk": [delay.disk_s for delay in delays],
        "model, words and database": [delay.model_s for delay in delays],
    }
    return [
        Figure(f"of it {name}, p{share}", round(percentile(values, share), 3), "s")
        for name, values in parts.items()
        for share in (50, 95)
    ]


def _of_partials(delays: Sequence[Delay]) -> list[Figure]:
    first = [delay.partial_s for delay in delays if delay.partial_s is not None]
    told = sum(delay.words_told for delay in delays)
    kept = sum(delay.words_kept for delay in delays)
    return [
        Figure("utterances that had a partial", round(len(first) / len(delays), 3), ""),
        Figure("begin of speech to first partial, p50", round(percentile(first, 50), 3), "s"),
        Figure("words of last partials that the line has too", round(kept / told, 3), ""),
    ]


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which ``share`` of a hundred lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def _delays(seconds: int) -> tuple[list[Delay], float]:
    """Record ``seconds`` of both tracks; return each utterance's delay, and processor time."""
    heard = Heard()
    with (
        tempfile.TemporaryDirectory() as folder,
        sound_server() as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        server.use(patch)
        program = build(Home(Path(folder)))
        program.bus.subscribe(heard.note)
        try:
            session, tracks = _record(program, server, seconds)
            heard.cpu_s = _children_cpu_s()
        finally:
            program.recording.stop()
            program.shutdown()
    script = _script(seconds)
    delays = [
        delay
        for track in tracks
        for delay in _of_track(
            heard, session, track, [line for line in script if line.track is track.label]
        )
    ]
    return delays, heard.cpu_s


def _script(seconds: int) -> list[Line]:
    return [line for line in demonstration().script if line.end_ms < seconds * 1_000]


def _record(
    program: Program, server: SoundServer, seconds: int
) -> tuple[Session, tuple[Track, ...]]:
    live, incident = program.live, program.incidents.create("Live benchmark", None)
    session = program.recording.start(
        incident.id,
        kind=SessionKind.BRIDGE,
        mic="pulse:room.monitor",
        bridge="pulse:bridge.monitor",
    )
    tracks = program.incidents.record(incident.id).tracks_of(session.id)

    def is_ready() -> bool:
        return all(program.store.cursor_ms(t.id, RecognitionPass.LIVE) for t in tracks)

    wait_until(is_ready, "the model is loaded and listens", seconds=PATIENCE_S)
    with (
        server.playing("room", demonstration_file(TrackLabel.ROOM)) as room,
        server.playing("bridge", demonstration_file(TrackLabel.BRIDGE)) as bridge,
    ):
        until = time.monotonic() + seconds
        while time.monotonic() < until and None in {room.poll(), bridge.poll()}:
            time.sleep(0.1)
    program.recording.stop()
    if not live.wait(PATIENCE_S):
        raise RuntimeError(f"the words did not come within {PATIENCE_S} s")
    return session, tuple(tracks)


def _children_cpu_s() -> float:
    """Return what spawned processes took so far; the recorder is none of them."""
    spawned = [
        child
        for child in psutil.Process().children()
        if any("spawn_main" in word for word in child.cmdline())
    ]
    return sum(sum(child.cpu_times()[:2]) for child in spawned)


def _of_track(heard: Heard, session: Session, track: Track, script: list[Line]) -> list[Delay]:
    """Return the delays of a track's segments that end where a line of the script ends."""
    segments = [(one, told) for one, told in heard.segments if one.track_id == track.id]
    segments.sort(key=lambda one: one[0].start_ms)
    offset_ms = _offset_ms(script, [segment for segment, _ in segments])
    zero_s = session.start_utc.timestamp()
    delays = []
    for segment, told_s in segments:
        lines = [
            line
            for line in script
            if segment.start_ms < (line.start_ms + line.end_ms) // 2 + offset_ms < segment.end_ms
        ]
        if lines:
            ended_s = zero_s + (lines[-1].end_ms + offset_ms) / 1_000
            delay = _delay(heard, segment, zero_s, ended_s, told_s)
            delays.append(replace(delay, lines=len(lines)))
    return delays


def _offset_ms(script: Sequence[Line], segments: Sequence[Segment]) -> int:
    """Return where in the session the script begins: the first lines begin first segments."""
    near_ms = segments[0].start_ms - script[0].start_ms
    starts = [segment.start_ms for segment in segments]
    nearest = [
        min((start - line.start_ms for start in starts), key=lambda ms: abs(ms - near_ms))
        for line in script
    ]
    return round(statistics.median(nearest))


def _delay(heard: Heard, segment: Segment, zero_s: float, ended_s: float, told_s: float) -> Delay:
    decided_ms = segment.end_ms + DECIDED_AFTER_MS
    stored = heard.stored[segment.track_id]
    found = bisect.bisect_left(stored, decided_ms, key=lambda known: known[0])
    stored_s = stored[min(found, len(stored) - 1)][1]
    decided_s = zero_s + decided_ms / 1_000
    partials = [
        (partial, at_s)
        for partial, at_s in heard.partials
        if partial.track_id == segment.track_id
        and segment.start_ms - CHUNK_MS * 8 <= partial.start_ms < segment.end_ms
    ]
    told = partials[-1][0].text.split() if partials else []
    return Delay(
        silence_s=decided_s - ended_s,
        disk_s=stored_s - decided_s,
        model_s=told_s - stored_s,
        partial_s=partials[0][1] - (zero_s + segment.start_ms / 1_000) if partials else None,
        words_told=len(told),
        words_kept=sum(
            _plain(one) == _plain(other)
            for one, other in zip(told, segment.text.split(), strict=False)
        ),
        lines=0,
    )


def _plain(word: str) -> str:
    return word.strip(".,?!").casefold()
