"""FLAC as the recording format has it: 16 kHz, mono, 16 bit, not a sample changed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO

from app.audio_files.format import FILE_FRAMES, FRAME_BYTES, SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BYTES = 2 * FILE_FRAMES * FRAME_BYTES  # what does not get smaller stays a WAV
UNPADDED = {"metadata_header_padding": "0"}  # else 8 kB in each file, for titles and pictures
# FFmpeg finds no place inside the last block of a file; blocks are shorter than this.
RUN_UP_FRAMES = SAMPLE_RATE
# Without these FFmpeg plays damaged stretches as well as it can.
CHECKED = {"err_detect": "crccheck+explode"}


class FlacDamagedError(Exception):
    """What was to be decoded is no FLAC of this format, or damaged; says which, as a clause."""


def flac_of(pcm: bytes | bytearray) -> bytes:
    """Return samples (s16le, at least one) as a FLAC file."""
    import av  # noqa: PLC0415  some 0.1 s, for programs that may never meet a packed file
    import numpy as np  # noqa: PLC0415  as above

    packed = io.BytesIO()
    with av.open(packed, "w", format="flac", options=UNPADDED) as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        samples = np.frombuffer(pcm, dtype="<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return packed.getvalue()


def read_flac(
    file: BinaryIO, *, frames: int | None, first: int = 0, wanted: int = FILE_FRAMES
) -> bytes:
    """Return the samples of a stretch, s16le, as far as there are any.

    ``frames`` is how many the file must have; None where nobody knows.

    Raises:
        FlacDamagedError: It is damaged, of another length, or of another form.
        OSError: The system does not let it be read.
    """
    import av  # noqa: PLC0415  as above

    try:
        with av.open(file, format="flac") as container:
            length = _length(container.streams.audio[0])
            if frames not in (None, length):
                raise FlacDamagedError("it is not as long as it was")
            return _stretch(container, first, max(0, min(wanted, length - first)))
    except av.FFmpegError as cause:
        raise FlacDamagedError("it is damaged") from cause


def _length(stream: Any) -> int:
    """Return how many frames it says that it has."""
    codec = stream.codec_context
    form = (codec.sample_rate, codec.channels, codec.format.name)
    if form != (SAMPLE_RATE, 1, "s16"):
        raise FlacDamagedError("it is not of the form that recordings have")
    length = stream.duration or 0
    if not 0 < length <= FILE_FRAMES:  # a few bytes of FLAC can stand for gigabytes of silence
        raise FlacDamagedError("it is longer than a file of a recording, or does not say")
    return int(length)


def _stretch(container: Any, first: int, count: int) -> bytes:
    stream = container.streams.audio[0]
    stream.codec_context.options = CHECKED
    if first > RUN_UP_FRAMES:
        container.seek(first - RUN_UP_FRAMES, stream=stream)
    pcm, begins = bytearray(), None
    for at, block in _blocks(container, stream):
        begins = at if begins is None else begins
        if at != begins + len(pcm) // FRAME_BYTES or begins > first:
            raise FlacDamagedError("some of it is missing")
        pcm += block
        if begins + len(pcm) // FRAME_BYTES >= first + count:
            break
    start = (first - (begins or 0)) * FRAME_BYTES
    stretch = bytes(pcm[start : start + count * FRAME_BYTES])
    if len(stretch) != count * FRAME_BYTES:
        raise FlacDamagedError("it breaks off")
    return stretch


def _blocks(container: Any, stream: Any) -> Iterator[tuple[int, bytes]]:
    """Yield stretches with the frame at which each begins."""
    for frame in container.decode(stream):
        # The plane may be padded beyond the samples.
        yield frame.pts, bytes(frame.planes[0])[: frame.samples * FRAME_BYTES]
