"""Turns audio and video files into tracks on disk, streamed: memory does not grow with length."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS, SAMPLE_RATE
from app.audio_files.session_folder import incoming_track
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.audio_files.writer import TrackWriter
    from app.domain.engine_types import TrackAudio

BATCH_BYTES = SAMPLE_RATE * FRAME_BYTES
PROGRESS_STEP = 0.005
# A playlist must not make FFmpeg fetch anything from elsewhere.
OPTIONS = {"protocol_whitelist": "file"}
# Holes in the file's own time, such as a meeting program leaves where everyone was muted.
SMALLEST_HOLE = Fraction(1, 10)
LARGEST_HOLE = Fraction(600)


class AvMediaReader:
    """Implements ``MediaReader`` with PyAV, which brings its own FFmpeg."""

    def attach(
        self, source: Path, target: TrackAudio, *, on_progress: Callable[[float], None]
    ) -> int:
        """Decode ``source`` to the recording format, streamed; return its duration in ms.

        The session's folder must be there (``create_session``). ``on_progress`` is called on
        this thread with the share done, 0 to 1; what it raises ends the decoding. Nothing is
        left in the target's folder when this raises.

        Raises:
            AudioUnreadableError: Empty, no audio in it, or damaged from the start. A file that
                breaks off in the middle keeps what could be read.
            AudioNotStoredError: The disk is full.
        """
        _require_content(source)
        progress = _Progress(on_progress)
        with incoming_track(target) as writer:
            _copy(source, writer, progress)
            if not writer.position:
                raise AudioUnreadableError(source, "no audio in it can be decoded")
            frames = writer.position
        progress.tell(1.0)
        return frames // FRAMES_PER_MS


class _Progress:
    """Passes the share on when it has grown."""

    def __init__(self, on_progress: Callable[[float], None]) -> None:
        self._on_progress = on_progress
        self._told = 0.0

    def tell(self, share: float) -> None:
        """Tell how much is done."""
        if share - self._told >= PROGRESS_STEP or share == 1.0:
            self._told = share
            self._on_progress(min(1.0, share))


def _require_content(source: Path) -> None:
    try:
        if not source.is_file():
            raise AudioUnreadableError(source, "there is no such file", remedy="Check its name.")
        if source.stat().st_size == 0:
            raise AudioUnreadableError(source, "it is empty")
    except OSError as cause:
        raise AudioUnreadableError(source, str(cause.strerror)) from cause


def _copy(source: Path, writer: TrackWriter, progress: _Progress) -> None:
    """Decode into the writer, a second at a time."""
    waiting = bytearray()
    for pcm in _decoded(source, progress):
        waiting += pcm
        if len(waiting) >= BATCH_BYTES:
            writer.append(bytes(waiting))
            waiting.clear()
    writer.append(bytes(waiting))


def _decoded(source: Path, progress: _Progress) -> Iterator[bytes]:
    """Yield the file's audio as 16 kHz mono s16le."""
    import av  # noqa: PLC0415  some 0.1 s, for a window that may never attach a file

    try:
        container = av.open(str(source), options=OPTIONS, metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as cause:
        raise AudioUnreadableError(source, "it is no audio or video file") from cause
    with container:
        if not container.streams.audio:
            raise AudioUnreadableError(source, "there is no sound in it")
        stream = container.streams.audio[0]
        codec = stream.codec_context
        if codec is None:
            raise AudioUnreadableError(source, "the way its audio is encoded is not known")
        if not (codec.sample_rate and codec.channels):
            raise AudioUnreadableError(source, "its audio has no channels or no sample rate")
        resampler = _AnyResampler(av.AudioResampler)
        clock = _FileClock()
        for frame in _frames(container, stream, progress, av.FFmpegError):
            yield bytes(clock.hole_before(frame) * FRAME_BYTES)
            yield from _pcm(resampler.take(frame))
        yield from _pcm(resampler.finish())


def _frames(
    container: Any, stream: Any, progress: _Progress, damaged: type[Exception]
) -> Iterator[Any]:
    """Yield frames up to the end, or to where the file breaks off; leave out damaged ones."""
    size = max(1, container.size)
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, damaged):
            return
        try:
            frames = packet.decode()
        except damaged:
            continue
        yield from frames
        progress.tell(min(0.99, (packet.pos or 0) / size))


def _pcm(frames: list[Any]) -> Iterator[bytes]:
    for frame in frames:
        # The plane may be padded beyond the samples.
        yield bytes(frame.planes[0])[: frame.samples * FRAME_BYTES]


class _AnyResampler:
    """Resamples files that were joined of parts with different rates or channels.

    FFmpeg's own refuses a frame that is not like the first.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._form: tuple[Any, ...] = ()
        self._current: Any = None

    def take(self, frame: Any) -> list[Any]:
        """Return frames at 16 kHz; what lags behind of another form comes first."""
        form = (frame.sample_rate, frame.layout.name, frame.format.name)
        rest = []
        if form != self._form:
            rest = self.finish()
            self._current = self._make(format="s16", layout="mono", rate=SAMPLE_RATE)
            self._form = form
        return [*rest, *self._current.resample(frame)]

    def finish(self) -> list[Any]:
        """Return what lags behind."""
        return [] if self._current is None else list(self._current.resample(None))


class _FileClock:
    """Compares the frames' own times with the samples that came, to find holes."""

    def __init__(self) -> None:
        self.started = False
        self._due = Fraction(0)

    def hole_before(self, frame: Any) -> int:
        """Return how many frames at 16 kHz are missing before this one."""
        length = Fraction(frame.samples, frame.sample_rate)
        time = self._due
        if frame.pts is not None and frame.time_base is not None:
            time = frame.pts * frame.time_base
        hole = time - self._due if self.started else Fraction(0)
        self.started = True
        self._due = time + length
        return int(hole * SAMPLE_RATE) if SMALLEST_HOLE < hole < LARGEST_HOLE else 0
