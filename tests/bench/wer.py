"""Word errors of two recordings, through the recogniser process and by the plain library.

Plain is ``WhisperModel.transcribe``, called once per utterance that the library's own VAD finds,
as the model's CARD.md shows. Also measured: how far segments lie from what the script says, and
how fast both are.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import jiwer

from app.audio_files.format import SessionInfo, TrackInfo
from app.audio_files.session_folder import create_session, incoming_track
from app.domain.engine_types import RecognitionModel, RecognizedSegment, TrackAudio
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import now_utc
from tests.bench.figures import Figure
from transcription.model_files import ModelFolder
from transcription.recognizer_process import RecognizerProcess
from transcription.vad import samples_of

if TYPE_CHECKING:
    from app.domain.engine_types import PartialText
    from app.domain.errors import AppError

ROOT = Path(__file__).parents[2]
WAIT_S = 120
SPAN_BAR_MS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script."""

    track: TrackLabel
    start_ms: int
    end_ms: int
    text: str


@dataclass(slots=True)
class Heard:
    """Collects what the recogniser replies."""

    segments: dict[str, list[RecognizedSegment]] = field(default_factory=dict)
    finished: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    failures: list[str] = field(default_factory=list)

    def on_segments(
        self, track_id: TrackId, segments: tuple[RecognizedSegment, ...], _cursor_ms: int
    ) -> None:
        self.segments.setdefault(track_id, []).extend(segments)

    def on_listened(self, _track_id: TrackId, _until_ms: int) -> None:
        """Of no interest here."""

    def on_partial(self, _track_id: TrackId, _partial: PartialText) -> None:
        """Of no interest here."""

    def on_finished(self, _track_id: TrackId) -> None:
        self.finished.release()

    def on_failed(self, error: AppError) -> None:
        self.failures.append(str(error))
        self.finished.release()

    def on_warning(self, error: AppError) -> None:
        self.failures.append(f"not what was to be measured: {error}")

    def on_exit(self, exit_code: int) -> None:
        self.failures.append(f"the child ended with {exit_code}")
        self.finished.release()


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording with what is said in it."""

    name: str
    files: dict[TrackLabel, Path]
    script: Path


DEMONSTRATION = Recording(
    "demonstration",
    {label: ROOT / "resources" / "demo" / f"{label}.flac" for label in TrackLabel},
    ROOT / "tests" / "data" / "demo_script.json",
)
# Other sentences of the domain, three voices the demonstration lacks, phone band, more noise.
SECOND = Recording(
    "another bridge",
    {TrackLabel.BRIDGE: ROOT / "tests" / "data" / "second_bridge.flac"},
    ROOT / "tests" / "data" / "second_script.json",
)


def measure(*, quick: bool = False) -> list[Figure]:
    """Recognise both ways and compare; ``quick`` takes the demonstration's room track alone."""
    recordings = [DEMONSTRATION] if quick else [DEMONSTRATION, SECOND]
    return [figure for recording in recordings for figure in _compare(recording, quick=quick)]


def _compare(recording: Recording, *, quick: bool) -> list[Figure]:
    labels = [TrackLabel.ROOM] if quick else list(recording.files)
    script = [line for line in script_of(recording.script) if line.track in labels]
    model = ModelFolder(ROOT / "no-models", ROOT / "resources" / "models").recognition_model()
    audio = {label: _pcm(recording.files[label]) for label in labels}
    plain_text, plain_s = _plain(model, audio)
    ours, ours_s = _ours(model, audio)
    text = {label: [segment.text for segment in ours[label]] for label in labels}
    wer, plain_wer = word_error_rate(script, text), word_error_rate(script, plain_text)
    off_ms = max(_off_ms(line, ours[line.track]) for line in script)
    audio_s = sum(len(pcm) for pcm in audio.values()) / 32_000
    return [
        Figure(
            f"{recording.name}: word error rate",
            round(wer, 4),
            "",
            baseline=round(plain_wer, 4),
            ratio=round(wer / plain_wer, 3) if plain_wer else None,
            bar="no more than plain WhisperModel.transcribe per VAD utterance",
            ok=wer <= plain_wer,
        ),
        Figure(
            f"{recording.name}: segment furthest from the script",
            off_ms / 1_000,
            "s",
            bar=f"within {SPAN_BAR_MS / 1_000} s",
            ok=off_ms <= SPAN_BAR_MS,
        ),
        Figure(
            f"{recording.name}: recognition with words, start to end",
            round(ours_s / audio_s, 4),
            "s per s of audio",
            baseline=round(plain_s / audio_s, 4),
            ratio=round(ours_s / plain_s, 2),
        ),
    ]


def word_error_rate(script: list[Line], text: dict[TrackLabel, list[str]]) -> float:
    """Return the word error rate over all the tracks of ``text``."""
    reference = [_normal([li.text for li in script if li.track is label]) for label in text]
    return float(jiwer.wer(reference, [_normal(lines) for lines in text.values()]))


def _normal(lines: list[str]) -> str:
    """Fold case and drop punctuation around words; written forms such as ``14:02`` stay."""
    return " ".join(word.strip(".,?!").casefold() for line in lines for word in line.split())


def _off_ms(line: Line, segments: list[RecognizedSegment]) -> int:
    """Return how far the line's segment lies from it, at the worse of both ends."""

    def distance(segment: RecognizedSegment) -> int:
        span = segment.span
        return max(abs(span.start_ms - line.start_ms), abs(span.end_ms - line.end_ms))

    return min(distance(segment) for segment in segments)


def script_of(path: Path) -> list[Line]:
    return [
        Line(
            TrackLabel(line["track"]),
            round(line["start"] * 1_000),
            round(line["end"] * 1_000),
            line["text"],
        )
        for line in json.loads(path.read_text(encoding="utf-8"))
    ]


def _pcm(path: Path) -> bytes:
    with av.open(str(path)) as container:
        return b"".join(frame.to_ndarray().tobytes() for frame in container.decode(audio=0))


def _plain(
    model: RecognitionModel, audio: dict[TrackLabel, bytes]
) -> tuple[dict[TrackLabel, list[str]], float]:
    from faster_whisper import WhisperModel
    from faster_whisper.vad import get_speech_timestamps

    whisper = WhisperModel(str(model.path), device="cpu", compute_type="int8", cpu_threads=2)
    began = time.perf_counter()
    text: dict[TrackLabel, list[str]] = {}
    for label, pcm in audio.items():
        samples = samples_of(pcm)
        stamps: list[dict[str, Any]] = get_speech_timestamps(
            samples, min_silence_duration_ms=300, speech_pad_ms=120, max_speech_duration_s=12
        )
        text[label] = []
        for stamp in stamps:
            segments, _ = whisper.transcribe(
                samples[stamp["start"] : stamp["end"]],
                language="en",
                condition_on_previous_text=False,
                without_timestamps=True,
            )
            text[label] += [segment.text for segment in segments]
    return text, time.perf_counter() - began


def _ours(
    model: RecognitionModel, audio: dict[TrackLabel, bytes]
) -> tuple[dict[TrackLabel, list[RecognizedSegment]], float]:
    heard = Heard()
    with tempfile.TemporaryDirectory() as folder:
        tracks = _stored(Path(folder) / "session", audio)
        began = time.perf_counter()
        process = RecognizerProcess(model, heard)
        try:
            for track in tracks:
                process.follow(track, from_ms=0)
                process.finish(track.track_id, until_ms=len(audio[track.label]) // 32)
            for _ in tracks:
                if not heard.finished.acquire(timeout=WAIT_S):
                    heard.failures.append(f"no end within {WAIT_S} s")
        finally:
            process.stop()
        took_s = time.perf_counter() - began
    if heard.failures:
        raise RuntimeError("; ".join(heard.failures))
    return {track.label: heard.segments.get(track.track_id, []) for track in tracks}, took_s


def _stored(session_dir: Path, audio: dict[TrackLabel, bytes]) -> list[TrackAudio]:
    infos = tuple(
        TrackInfo(TrackId(f"trk-{label}"), label, TrackSource.FILE, "benchmark", 16_000)
        for label in audio
    )
    kind = SessionKind.HOTWASH
    info = SessionInfo(IncidentId("inc-bench"), SessionId("ses-bench"), kind, now_utc(), infos)
    create_session(session_dir, info)
    tracks = [TrackAudio(track.track_id, session_dir, track.label) for track in infos]
    for track in tracks:
        with incoming_track(track) as writer:
            writer.append(audio[track.label])
    return tracks
