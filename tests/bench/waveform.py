"""How long a person waits for the waveform of eight hours of two tracks.

The files are one minute's, under the names of 960; the journal has a tick of the clock for each
second, and its recorder is writing still. First all of it is read and outlined, which happens a
stretch at a time beside the window; then it is looked at again and painted from the peaks that
are known by then. Of a session that is over, looking again costs nothing.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.audio_files.format import (
    FILE_FRAMES,
    JOURNAL_FILE,
    PART_SUFFIX,
    SAMPLE_RATE,
    file_name,
    write_session_info,
)
from app.audio_files.journal import chained
from app.audio_files.journal_lines import Began, Clock, Line, Opened, Sealed, encode
from app.audio_files.wav import wav_header
from app.audio_files.waveform_reader import FolderPeaks
from app.domain.sessions import Session, TrackLabel
from app.domain.times import iso_utc
from tests.bench.figures import Figure
from tests.builders import a_track
from tests.unit.audio_files.recordings import BRIDGE, ROOM, START, a_session_info, noise
from ui.waveform.lacks import lacks_of
from ui.waveform.overview import Lane, Overview
from ui.waveform.strip import WaveformStrip

if TYPE_CHECKING:
    from collections.abc import Iterator

HOURS, HOURS_QUICK = 8, 1
MINUTES_OF_HOUR = 60
NS_PER_SECOND = 1_000_000_000
TIMES = 7
WIDTH, HEIGHT = 1_280, 120
PAINT_BAR_MS = 200
TRACKS = {TrackLabel.ROOM: ROOM, TrackLabel.BRIDGE: BRIDGE}
FOREVER_S = 600.0


def measure(*, quick: bool = False) -> list[Figure]:
    """Outline a long session, then paint it again and again."""
    hours = HOURS_QUICK if quick else HOURS
    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record(folder, hours * MINUTES_OF_HOUR)
        reader = FolderPeaks()
        began = time.perf_counter()
        reader.waves(folder, list(TRACKS.values()), patience_s=FOREVER_S)
        outlined_s = time.perf_counter() - began
        known_ms, painted_ms = zip(*(paint(reader, folder) for _ in range(TIMES)), strict=True)
    application.processEvents()
    shown_ms = median(known_ms) + median(painted_ms)
    return [
        Figure(f"waveform_outlined_{hours}_h_of_two_tracks", round(outlined_s, 2), "s"),
        Figure(f"waveform_known_peaks_{hours}_h_of_two_tracks", round(median(known_ms), 1), "ms"),
        Figure(
            f"waveform_first_paint_{hours}_h_of_two_tracks",
            round(shown_ms, 1),
            "ms",
            bar=f"at most {PAINT_BAR_MS} ms from known peaks",
            ok=shown_ms <= PAINT_BAR_MS,
        ),
    ]


def record(folder: Path, minutes: int) -> None:
    """Lay out a session of which the files of these minutes are sealed, and others begun."""
    write_session_info(folder, a_session_info())
    minute = folder / "minute"
    minute.write_bytes(wav_header(FILE_FRAMES) + noise(FILE_FRAMES))
    head, texts = "", []
    for number, line in enumerate(_lines(minutes), 1):
        text, head = chained(encode(line, number), head)
        texts.append(text)
    (folder / JOURNAL_FILE).write_text("".join(texts), encoding="utf-8")
    for label in TRACKS:
        for number in range(minutes):
            os.link(minute, folder / file_name(label, number + 1))
        part = folder / (file_name(label, minutes + 1) + PART_SUFFIX)
        part.write_bytes(wav_header(0) + noise(SAMPLE_RATE))


def _lines(minutes: int) -> Iterator[Line]:
    yield Began(0, iso_utc(START))
    for minute in range(minutes):
        for label, track_id in TRACKS.items():
            name, start = file_name(label, minute + 1), minute * FILE_FRAMES
            yield Opened(track_id, label, name, start)
            for second in range(minute * 60 + 1, minute * 60 + 61):
                at = iso_utc(START + timedelta(seconds=second))
                yield Clock(track_id, second * SAMPLE_RATE, second * NS_PER_SECOND, at)
            yield Sealed(track_id, label, name, start, FILE_FRAMES, f"{label}{minute}")
    for label, track_id in TRACKS.items():
        yield Opened(track_id, label, file_name(label, minutes + 1), minutes * FILE_FRAMES)


def paint(reader: FolderPeaks, folder: Path) -> tuple[float, float]:
    """Show the session in a new strip; return how long asking and painting took, in ms."""
    began = time.perf_counter()
    wave = reader.waves(folder, list(TRACKS.values()), patience_s=FOREVER_S)
    known = time.perf_counter()
    info = a_session_info()
    session = Session(info.session_id, info.incident_id, info.kind, info.start_utc)
    lanes = tuple(
        Lane(a_track(label), one) for label, one in zip(TRACKS, wave.tracks, strict=True)
    )
    lacks = lacks_of((lane.track, lane.wave) for lane in lanes)
    strip = WaveformStrip()
    strip.resize(WIDTH, HEIGHT)
    strip.show_overview(Overview(session, lanes, wave.until_ms, lacks))
    strip.grab()
    painted = time.perf_counter()
    strip.deleteLater()
    return (known - began) * 1_000, (painted - known) * 1_000
