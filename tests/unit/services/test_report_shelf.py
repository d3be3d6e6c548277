from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from app.audio_files.flac import read_flac
from app.domain.errors import AudioUnreadableError
from app.domain.evidence import Evidence, EvidenceKind
from app.domain.home import Home
from app.domain.ids import EvidenceId
from app.domain.timeline import SourceAudio
from app.domain.times import Span
from app.evidence_files.files import EvidenceFiles
from app.services.report_shelf import EDGE_PX, ReportShelf
from tests.builders import BRIDGE, INCIDENT, SESSION, a_record, a_track
from tests.unit.evidence_files.pictures import a_bomb, a_picture


class FakeClips:
    """Gives a tone, silence, or the error that it is made with."""

    def __init__(self, sample: bytes = b"\x10\x20", error: Exception | None = None) -> None:
        self.asked: list[tuple[int, int]] = []
        self._sample, self._error = sample, error

    def pcm(self, _incident: str, _track: str, start_ms: int, end_ms: int) -> bytes:
        self.asked.append((start_ms, end_ms))
        if self._error is not None:
            raise self._error
        return self._sample * (16 * (end_ms - start_ms))


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(Home(tmp_path))


def an_added(files: EvidenceFiles, content: bytes, suffix: str = ".png") -> Evidence:
    stored = files.add(INCIDENT, content, suffix=suffix)
    name = EvidenceId("evi-1")
    return Evidence(name, INCIDENT, EvidenceKind.SCREENSHOT, None, stored.file, stored.sha256)


def shelf_of(files: EvidenceFiles, clips: FakeClips | None = None) -> ReportShelf:
    return ReportShelf(files, clips or FakeClips())  # type: ignore[arg-type]


def heard(clips: FakeClips, start_ms: int, end_ms: int, files: EvidenceFiles) -> bytes | None:
    track = replace(a_track(), id=BRIDGE, duration_ms=60_000)
    record = a_record(tracks=(track,))
    stretch = SourceAudio(SESSION, BRIDGE, Span(start_ms, end_ms))
    return shelf_of(files, clips).clip(record, stretch)


def test_a_picture_is_shown_small_enough_and_without_where_it_was_taken(
    files: EvidenceFiles,
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    photo = a_picture(4_000, 1_000, form="JPEG", exif=exif.tobytes())
    shown = shelf_of(files).picture(an_added(files, photo, ".jpg"))
    assert shown is not None
    assert b"SECRET PLACE" not in shown
    with Image.open(io.BytesIO(shown)) as image:
        assert (image.format, image.size) == ("PNG", (EDGE_PX, 400))


def test_a_link_another_file_and_a_damaged_one_have_no_picture(files: EvidenceFiles) -> None:
    shelf = shelf_of(files)
    link = Evidence(EvidenceId("evi-2"), INCIDENT, EvidenceKind.DASHBOARD, "https://x.example")
    assert shelf.picture(link) is None
    assert shelf.picture(an_added(files, b"at,value\n", ".csv")) is None
    assert shelf.picture(an_added(files, a_bomb())) is None
    changed = an_added(files, a_picture())
    path = files.path_of(changed)
    assert path is not None
    path.write_bytes(a_picture(color="blue"))
    assert shelf.picture(changed) is None


@pytest.mark.parametrize(
    ("cited", "cut"),
    [
        ((10_000, 12_000), (8_000, 14_000)),
        ((500, 1_000), (0, 3_000)),
        ((59_000, 60_000), (57_000, 60_000)),
    ],
)
def test_a_clip_has_two_seconds_around_it_as_far_as_there_are_any(
    files: EvidenceFiles, cited: tuple[int, int], cut: tuple[int, int]
) -> None:
    clips = FakeClips()
    sound = heard(clips, *cited, files)
    assert clips.asked == [cut]
    assert sound is not None
    frames = 16 * (cut[1] - cut[0])
    assert read_flac(io.BytesIO(sound), frames=frames) == b"\x10\x20" * frames


def test_what_is_silence_missing_or_behind_the_end_is_no_clip(files: EvidenceFiles) -> None:
    assert heard(FakeClips(b"\0\0"), 1_000, 2_000, files) is None
    assert (
        heard(FakeClips(error=AudioUnreadableError(Path("a.wav"), "gone")), 1_000, 2_000, files)
        is None
    )
    assert heard(FakeClips(), 90_000, 91_000, files) is None


def test_minutes_of_talk_are_one_clip(files: EvidenceFiles) -> None:
    sound = heard(FakeClips(), 2_000, 58_000, files)
    assert sound is not None
    assert len(read_flac(io.BytesIO(sound), frames=16 * 60_000)) == 2 * 16 * 60_000
