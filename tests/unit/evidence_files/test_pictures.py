from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from app.domain.errors import EvidenceError
from app.domain.home import Home
from app.evidence_files.files import EvidenceFiles
from app.evidence_files.pictures import picture_suffix, read_picture, taken_at
from tests.builders import INCIDENT
from tests.record_builders import an_evidence
from tests.unit.evidence_files.pictures import a_bomb, a_picture

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.evidence import Evidence


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(Home(tmp_path / "home"))


def kept(files: EvidenceFiles, content: bytes) -> Evidence:
    stored = files.add(INCIDENT, content, suffix=".png")
    return an_evidence(file=stored.file, sha256=stored.sha256)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_gets_a_small_png_that_keeps_its_shape(files: EvidenceFiles, form: str) -> None:
    small = files.thumbnail(kept(files, a_picture(1600, 800, form=form)))
    with Image.open(small) as image:
        assert (image.format, image.size) == ("PNG", (320, 160))


def test_a_small_picture_is_not_blown_up(files: EvidenceFiles) -> None:
    with Image.open(files.thumbnail(kept(files, a_picture(40, 20)))) as image:
        assert image.size == (40, 20)


def test_a_small_picture_is_made_once_and_again_when_it_is_gone(files: EvidenceFiles) -> None:
    evidence = kept(files, a_picture())
    small = files.thumbnail(evidence)
    made = small.stat().st_mtime_ns
    assert files.thumbnail(evidence).stat().st_mtime_ns == made
    small.unlink()
    assert files.thumbnail(evidence).exists()
    assert [evidence.file] == files.all_files(INCIDENT)


def test_a_photograph_is_shown_upright_and_without_where_it_was_taken(
    files: EvidenceFiles,
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    small = files.thumbnail(kept(files, a_picture(640, 320, form="JPEG", exif=exif)))
    with Image.open(small) as image:
        assert image.size == (160, 320)
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"no picture at all",
        a_picture()[:200],
        a_picture(form="JPEG")[:300],
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        a_bomb(),
        a_bomb(9_000, 9_000),
    ],
    ids=["text", "half a PNG", "half a JPEG", "a program", "a bomb", "a smaller bomb"],
)
def test_a_broken_or_hostile_picture_shows_none_and_says_so(
    files: EvidenceFiles, content: bytes
) -> None:
    evidence = kept(files, content)
    with pytest.raises(EvidenceError) as told:
        files.thumbnail(evidence)
    assert told.value.remedy == "Open the file itself."
    assert not files.thumbnails(INCIDENT).exists()


def test_bytes_changed_at_random_never_get_past_the_boundary(files: EvidenceFiles) -> None:
    chance = random.Random(7)  # noqa: S311  the same bytes in every run
    whole = [a_picture(60, 60, form=form) for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF")]
    for _ in range(150):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        # Whatever else it raised would fail the test.
        with contextlib.suppress(EvidenceError):
            files.thumbnail(kept(files, bytes(content)))


def test_another_picture_in_its_place_is_not_shown_for_it(files: EvidenceFiles) -> None:
    evidence = kept(files, a_picture(color="red"))
    path = files.path_of(evidence)
    assert path is not None
    path.write_bytes(a_picture(color="blue"))
    with pytest.raises(EvidenceError, match="changed") as told:
        files.thumbnail(evidence)
    assert "Add the file again" in told.value.remedy
    assert not files.thumbnails(INCIDENT).exists()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_is_read_upright_and_no_larger_than_asked(tmp_path: Path, form: str) -> None:
    path = tmp_path / "picture"
    path.write_bytes(a_picture(800, 400, form=form, color="#00ff00"))
    for edge, size in ((200, (200, 100)), (5_000, (800, 400))):
        picture = read_picture(path, edge)
        assert (picture.width, picture.height) == size
        assert len(picture.rgba) == 4 * picture.width * picture.height
        red, green, blue, opacity = picture.rgba[:4]
        assert (green > 240, red < 16, blue < 16, opacity) == (True, True, True, 255)


def test_a_link_and_a_missing_file_show_no_picture(files: EvidenceFiles) -> None:
    for evidence, reason in (
        (an_evidence(file=None, sha256=None), "link"),
        (an_evidence(), "missing"),
    ):
        with pytest.raises(EvidenceError, match=reason):
            files.thumbnail(evidence)


def test_the_ending_follows_from_what_a_picture_is() -> None:
    assert picture_suffix(a_picture(form="JPEG")) == ".jpg"
    assert picture_suffix(a_picture()) == ".png"
    with pytest.raises(EvidenceError, match="picture"):
        picture_suffix(b"GIF89a")


def test_when_a_picture_was_taken_is_believed_only_with_its_zone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:03:12 15:02:31"
    bare = tmp_path / "bare.jpg"
    bare.write_bytes(a_picture(form="JPEG", exif=exif))
    exif.get_ifd(0x8769)[0x9011] = "+01:00"
    zoned = tmp_path / "zoned.jpg"
    zoned.write_bytes(a_picture(form="JPEG", exif=exif))
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Creation Time", "Thu, 12 Mar 2026 15:02:31 +0100")
    screenshot = tmp_path / "screenshot.png"
    screenshot.write_bytes(a_picture(pnginfo=noted))
    text = tmp_path / "text.png"
    text.write_bytes(b"not at all")

    moment = datetime(2026, 3, 12, 14, 2, 31, tzinfo=UTC)
    assert [taken_at(p) for p in (bare, zoned, screenshot, text)] == [None, moment, moment, None]
