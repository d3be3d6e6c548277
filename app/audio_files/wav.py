"""The header of a WAV file: 44 bytes, 16 kHz, mono, 16 bit."""

from __future__ import annotations

import struct

from app.audio_files.format import FRAME_BYTES, SAMPLE_RATE

HEADER_BYTES = 44


def wav_header(frames: int) -> bytes:
    """Return the header of a file of so many frames."""
    size = frames * FRAME_BYTES
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + size,
        b"WAVE",
        b"fmt ",
        16,
        1,  # PCM
        1,  # channels
        SAMPLE_RATE,
        SAMPLE_RATE * FRAME_BYTES,
        FRAME_BYTES,
        FRAME_BYTES * 8,
        b"data",
        size,
    )


def wav_size(frames: int) -> int:
    """Return how large a file of so many frames is."""
    return HEADER_BYTES + frames * FRAME_BYTES


def frames_in(file_size: int) -> int:
    """Return how many whole frames a file of this size holds, whatever its header says."""
    return max(0, file_size - HEADER_BYTES) // FRAME_BYTES
