"""Runs a pyannote.audio pipeline, part by part. Everything here is for the child."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from app.audio_files.format import FRAMES_PER_MS
from app.domain.engine_types import ANY_NUMBER, SpeakerTurn
from app.domain.errors import AppError, ModelError
from app.domain.times import Span
from transcription.child_process import end_with_the_parent
from transcription.diarizer_messages import AllHeard, Listening, PartHeard
from transcription.messages import Failed
from transcription.pyannote_pipeline import adjust, alike_from, load_pipeline
from transcription.track_parts import division_ms, next_part
from transcription.vad import SAMPLE_RATE, samples_of
from transcription.voice_linking import VoiceCentre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from app.domain.engine_types import SpeakerCount, TrackAudio
    from app.domain.ports import AudioReader
    from transcription.diarizer_messages import Order
    from transcription.vad import Samples

BLOCK_MS = 30_000
# The pipeline's steps that take time: what they are in plain words, and their share of it.
STEPS = {
    "segmentation": ("listening for who speaks when", 0.0, 0.2),
    "embeddings": ("comparing voices", 0.2, 1.0),
}


def serve(pipe: Connection, order: Order, make_reader: Callable[[], AudioReader]) -> None:
    """Send how far the work is and each part that is heard; last what failed, or that all is."""
    end_with_the_parent(pipe)
    # The libraries give advice to programmers; on a person's terminal it is noise.
    warnings.simplefilter("ignore")
    try:
        for part in _Hearing(order, make_reader(), pipe.send).parts():
            pipe.send(part)
    except AppError as error:
        pipe.send(Failed.of(error))
    else:
        pipe.send(AllHeard())


class _Hearing:
    """The work on an order. No more audio is held than that of one part."""

    def __init__(
        self, order: Order, reader: AudioReader, tell: Callable[[Listening], None]
    ) -> None:
        self._order = order
        self._reader = reader
        self._tell = tell
        self._ends_ms = {track.track_id: reader.duration_ms(track) for track in order.tracks}
        self._all_ms = max(1, sum(self._ends_ms.values()))
        self._done_ms = 0
        self._pipeline: Any = None

    def parts(self) -> Iterator[PartHeard]:
        """Yield each part of each track."""
        for track in self._order.tracks:
            end_ms = self._ends_ms[track.track_id]
            at_ms = self._order.heard_until_ms.get(track.track_id, 0)
            self._done_ms += at_ms
            while at_ms < end_ms:
                span = next_part(at_ms, end_ms, self._order.part_ms)
                part = self._part(track, span, is_last=span.end_ms == end_ms)
                self._done_ms += part.until_ms - at_ms
                at_ms = part.until_ms
                yield part

    def _part(self, track: TrackAudio, span: Span, *, is_last: bool) -> PartHeard:
        samples = _samples(self._reader, track, span)
        if self._pipeline is None:
            self._pipeline = load_pipeline(self._order)
            adjust(self._pipeline, self._order, samples, self._all_ms)
        is_whole = is_last and span.start_ms == 0
        count = self._order.speakers.get(track.label, ANY_NUMBER)
        bounds = _bounds(count if is_whole else (None, count[1]))
        output = self._run(samples, span, bounds)
        turns = _in_milliseconds(output.exclusive_speaker_diarization, track, span)
        until_ms = span.end_ms if is_last else division_ms([turn.span for turn in turns], span)
        kept = _ended_by(until_ms, turns)
        return PartHeard(
            track,
            until_ms,
            tuple(kept),
            _centres(output, {turn.label for turn in kept}),
            alike_from(self._pipeline),
        )

    def _run(self, samples: Samples, span: Span, bounds: dict[str, int | None]) -> Any:
        import torch

        def hook(step: str, _artifact: Any, **progress: Any) -> None:
            total = progress.get("total")
            if step in STEPS and total:
                words, start, end = STEPS[step]
                # Some steps count one batch too many.
                done = start + (end - start) * min(1.0, progress.get("completed", 0) / total)
                share = (self._done_ms + span.duration_ms * done) / self._all_ms
                self._tell(Listening(words, min(1.0, share)))

        # In memory, so that neither ffmpeg nor torchcodec is needed.
        audio = {"waveform": torch.from_numpy(samples[np.newaxis]), "sample_rate": SAMPLE_RATE}
        try:
            return self._pipeline(audio, hook=hook, **bounds)
        except BrokenPipeError:
            raise  # the hook's: the parent is gone
        except Exception as cause:
            raise ModelError(
                f"The speaker pipeline failed on this audio: {str(cause).partition(chr(10))[0]}",
                remedy="Check the pipeline with another recording, or use another one.",
            ) from cause


def _samples(reader: AudioReader, track: TrackAudio, span: Span) -> Samples:
    """Return a part of a track, shape (n,), read piece by piece: it is in memory but once."""
    samples = np.empty(span.duration_ms * FRAMES_PER_MS, dtype=np.float32)
    for start_ms in range(span.start_ms, span.end_ms, BLOCK_MS):
        block = samples_of(reader.pcm(track, start_ms, min(span.end_ms, start_ms + BLOCK_MS)))
        at = (start_ms - span.start_ms) * FRAMES_PER_MS
        samples[at : at + len(block)] = block
    return samples


def _bounds(count: SpeakerCount) -> dict[str, int | None]:
    least, most = count
    if least == most:
        return {"num_speakers": least}
    return {"min_speakers": least, "max_speakers": most}


def _in_milliseconds(annotation: Any, track: TrackAudio, part: Span) -> list[SpeakerTurn]:
    """Return the turns in order; rounding must not make them overlap, nor outlast the part."""
    turns: list[SpeakerTurn] = []
    at_ms = part.start_ms
    for segment, _, label in annotation.itertracks(yield_label=True):
        start_ms = max(at_ms, part.start_ms + round(segment.start * 1_000))
        end_ms = min(part.end_ms, part.start_ms + round(segment.end * 1_000))
        if start_ms < end_ms:
            turns.append(SpeakerTurn(track.track_id, Span(start_ms, end_ms), str(label)))
            at_ms = end_ms
    return turns


def _ended_by(until_ms: int, turns: list[SpeakerTurn]) -> list[SpeakerTurn]:
    """Return the turns up to where the part ends; what follows is heard with the next one."""
    return [turn for turn in turns if turn.span.end_ms <= until_ms]


def _centres(output: Any, labels: set[str]) -> dict[str, VoiceCentre]:
    """Return the centres of some voices; the output has them in the order of its labels."""
    annotation = output.speaker_diarization
    return {
        str(label): VoiceCentre(embedding, round(annotation.label_duration(label) * 1_000))
        for label, embedding in zip(annotation.labels(), output.speaker_embeddings, strict=True)
        if str(label) in labels
    }
