"""Turns audio and video files into tracks on disk, streamed: memory does not grow with length."""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS, SAMPLE_RATE
from app.audio_files.session_folder import incoming_track
from app.domain.errors import AudioUnreadableError
from app.domain.media import MediaFacts, MediaOutcome, MediaStream
from app.domain.sessions import GapReason
from app.domain.times import MS_PER_SECOND
from capture.media_decoding import Hole, StreamDecoder, stated_length
from capture.media_tags import told_by_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from app.audio_files.writer import TrackWriter
    from app.domain.engine_types import TrackAudio

BATCH_BYTES = SAMPLE_RATE * FRAME_BYTES
PROGRESS_STEP = 0.005
# A playlist must not make FFmpeg fetch anything from elsewhere.
OPTIONS = {"protocol_whitelist": "file"}
WITH_ID3 = {"mp3", "aac", "aiff"}
ENCRYPTED = "enca"  # the code that MP4 gives sound that only a licence opens
MP4_BEGINS = b"ftyp"
UNTOLD = {0, 0xFFFFFFFF}  # as length, of programs that were killed or wrote to a pipe


class AvMediaReader:
    """Implements ``MediaReader`` with PyAV, which brings its own FFmpeg."""

    def facts(self, source: Path) -> MediaFacts:
        """Return what a file holds, without decoding it.

        Raises:
            AudioUnreadableError: It is missing, empty, no media file, or has no sound.
        """
        with _opened(source) as container:
            streams = container.streams.audio
            length = stated_length(container)
            tags = dict(streams[0].metadata) | dict(container.metadata)
            return MediaFacts(
                tuple(
                    MediaStream(number, _title(stream.metadata))
                    for number, stream in enumerate(streams, 1)
                ),
                None if length is None else int(length * MS_PER_SECOND),
                told_by_tags(
                    tags,
                    sample_rate=getattr(streams[0].codec_context, "sample_rate", 0),
                    dates_are_utc=container.format.name in WITH_ID3,
                ),
            )

    def attach(
        self,
        source: Path,
        target: TrackAudio,
        *,
        stream: int = 1,
        begins_ms: int = 0,
        on_progress: Callable[[float], None],
    ) -> MediaOutcome:
        """Decode a stream of ``source`` to the recording format, streamed.

        The session's folder must be there (``create_session``). ``begins_ms`` is how much later
        than the session the file begins. ``on_progress`` is called on this thread with the share
        done, 0 to 1; what it raises ends the decoding. Nothing is left in the target's folder
        when this raises.

        Raises:
            AudioUnreadableError: No audio in it, encrypted, or damaged from the start. A file
                that breaks off in the middle keeps what could be read, and it is remarked.
            AudioNotStoredError: The disk is full.
        """
        progress = _Progress(on_progress)
        with _opened(source) as container, incoming_track(target) as writer:
            decoder = _decoder(source, container, stream)
            if begins_ms:
                writer.gap(begins_ms * FRAMES_PER_MS, GapReason.NOT_IN_FILE)
            if not _copy(decoder.decoded(progress.tell), writer):
                raise AudioUnreadableError(source, "no audio in it can be decoded")
            frames = writer.position - begins_ms * FRAMES_PER_MS
            remarks = decoder.remarks(Fraction(frames, SAMPLE_RATE))
        progress.tell(1.0)
        return MediaOutcome(frames // FRAMES_PER_MS, (*_cut_off(source), *remarks))


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


@contextmanager
def _opened(source: Path) -> Iterator[Any]:
    """Open a file that has sound."""
    import av  # noqa: PLC0415  some 0.1 s, for a window that may never attach a file

    beginning = _first_bytes(source)
    try:
        # FFmpeg takes a colon for the end of a protocol's name: a time of day is none.
        path = str(source.absolute())
        container = av.open(path, options=OPTIONS, metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as cause:
        reason = "it is no audio or video file"
        if beginning[4:8] == MP4_BEGINS:
            reason = "its index is missing or damaged, as when a recorder was cut off"
        raise AudioUnreadableError(source, reason) from cause
    with container:
        if not container.streams.audio:
            raise AudioUnreadableError(source, "there is no sound in it")
        yield container


def _first_bytes(source: Path) -> bytes:
    try:
        if source.is_dir():
            raise AudioUnreadableError(source, "it is a folder", remedy="Name the files in it.")
        if not source.is_file():
            raise AudioUnreadableError(source, "there is no such file", remedy="Check its name.")
        with source.open("rb") as file:
            beginning = file.read(8)
    except OSError as cause:
        raise AudioUnreadableError(source, str(cause.strerror)) from cause
    if not beginning:
        raise AudioUnreadableError(source, "it is empty")
    return beginning


def _cut_off(source: Path) -> tuple[str, ...]:
    """Return what is to be said of a WAV or AVI that is shorter than its first bytes say.

    FFmpeg takes its length from its size.
    """
    beginning, size = _first_bytes(source), source.stat().st_size
    stated = int.from_bytes(beginning[4:8], "little")
    if beginning[:4] != b"RIFF" or stated in UNTOLD or size >= stated + len(beginning):
        return ()
    return (f"It breaks off: it is {size:,} bytes long and should be {stated + 8:,}.",)


def _decoder(source: Path, container: Any, number: int) -> StreamDecoder:
    import av  # noqa: PLC0415  as above

    stream = container.streams.audio[number - 1]
    codec = stream.codec_context
    if codec is None:
        raise AudioUnreadableError(source, "the way its audio is encoded is not known")
    if codec.codec_tag == ENCRYPTED:
        raise AudioUnreadableError(
            source, "it is encrypted", remedy="Export it without copy protection."
        )
    if not (codec.sample_rate and codec.channels):
        raise AudioUnreadableError(source, "its audio has no channels or no sample rate")
    return StreamDecoder(container, stream, av.FFmpegError, av.AudioResampler)


def _copy(decoded: Iterable[bytes | Hole], writer: TrackWriter) -> bool:
    """Write what is decoded, a second at a time; return whether there was any sound."""
    waiting, has_sound = bytearray(), False
    for piece in decoded:
        if isinstance(piece, Hole):
            writer.append(bytes(waiting))
            waiting.clear()
            writer.gap(piece.frames, GapReason.NOT_IN_FILE)
            continue
        has_sound = has_sound or bool(piece)
        waiting += piece
        if len(waiting) >= BATCH_BYTES:
            writer.append(bytes(waiting))
            waiting.clear()
    writer.append(bytes(waiting))
    return has_sound


def _title(tags: dict[str, str]) -> str:
    """Return what a person called a stream; programs call it SoundHandler."""
    return tags.get("title", "")
