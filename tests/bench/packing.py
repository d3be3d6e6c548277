"""What packing audio costs and saves, and what it then costs to hear a stretch of it.

``HOTWASH_BENCH_AUDIO`` names a folder of real recordings (FLAC, 16 kHz mono) to measure on; else
the demonstration's voices are used. Beside it, the bare encoder packs the same minutes, and the
same stretches are heard from the WAVs.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.flac import flac_of
from app.audio_files.format import FILE_FRAMES, FRAME_BYTES
from app.audio_files.reader import FolderAudioReader
from app.audio_files.session_folder import create_session, end_session
from capture.media_file import AvMediaReader
from tests.bench.figures import Figure
from tests.unit.audio_files.recordings import a_session_info, pack, room_of

if TYPE_CHECKING:
    from app.domain.engine_types import TrackAudio

DEMO = Path(__file__).parents[2] / "resources" / "demo"
CLIP_MS = 5_000
CLIPS, CLIPS_QUICK = 200, 40
MINUTE_BYTES = FILE_FRAMES * FRAME_BYTES


def measure(*, quick: bool = False) -> list[Figure]:
    """Pack a session for each recording; hear clips of them before and after."""
    sources = sorted(Path(os.environ.get("HOTWASH_BENCH_AUDIO", DEMO)).glob("*.flac"))
    clips = CLIPS_QUICK if quick else CLIPS
    with tempfile.TemporaryDirectory() as name:
        tracks = [_recorded(Path(name) / source.stem, source) for source in sources]
        reader = FolderAudioReader()
        recordings = [
            reader.pcm(track, 0, duration)
            for track in tracks
            if (duration := reader.duration_ms(track))
        ]
        from_wav = _clip_ms(tracks, clips)
        began = time.perf_counter()
        packed = [pack(track.session_dir) for track in tracks]
        ours = time.perf_counter() - began
        from_flac = _clip_ms(tracks, clips)
    plain = _encoding_seconds(recordings)
    audio = sum(map(len, recordings)) / MINUTE_BYTES * 60
    share = sum(p.bytes_after for p in packed) / sum(p.bytes_before for p in packed)
    return [
        Figure("packed_size_of_the_wav", round(share, 3), "times"),
        Figure(
            "packing",
            round(audio / ours),
            "x real time",
            round(audio / plain),
            round(plain / ours, 3),
        ),
        Figure(
            "clip_of_5_s_from_packed_audio",
            round(from_flac, 2),
            "ms",
            round(from_wav, 2),
            round(from_flac / from_wav, 1),
        ),
    ]


def _recorded(folder: Path, source: Path) -> TrackAudio:
    create_session(folder, a_session_info())
    track = room_of(folder)
    AvMediaReader().attach(source, track, on_progress=lambda _share: None)
    end_session(folder)
    return track


def _clip_ms(tracks: list[TrackAudio], count: int) -> float:
    """Return how long it takes to read a clip somewhere, the median."""
    dice, reader, times = random.Random(7), FolderAudioReader(), list[float]()  # noqa: S311  not a secret
    lengths = {track: reader.duration_ms(track) for track in tracks}
    for _ in range(count):
        track = dice.choice(tracks)
        start = dice.randrange(max(1, lengths[track] - CLIP_MS))
        began = time.perf_counter()
        reader.pcm(track, start, start + CLIP_MS)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1_000


def _encoding_seconds(recordings: list[bytes]) -> float:
    """Return how long the encoder alone takes for the same minutes."""
    began = time.perf_counter()
    for pcm in recordings:
        for start in range(0, len(pcm), MINUTE_BYTES):
            flac_of(pcm[start : start + MINUTE_BYTES])
    return time.perf_counter() - began
