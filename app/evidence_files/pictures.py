"""Looking at pictures that anybody may have sent: small copies, and when they were taken.

Pillow runs on them here and nowhere else. Only bitmap formats are opened (some others run
programs), only up to a size, and whatever a broken file makes Pillow raise is one sentence.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from app.audio_files.durable import write_atomically
from app.domain.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.domain.evidence import Box

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"})
EDGE_PX = 320
MAX_PIXELS = 64_000_000  # two 4K screens side by side are 17; 64 take 0.2 GB when decoded
EXIF_IFD, TAKEN, TAKEN_OFFSET = 0x8769, 0x9003, 0x9011


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright pixels, row by row from the top, four bytes each: red, green, blue, opacity."""

    width: int
    height: int
    rgba: bytes


def picture_suffix(content: Path | bytes) -> str:
    """Return ``.png``, ``.jpg`` and so on by what the content is, whatever it is called.

    Raises:
        EvidenceError: It is no picture, or one too large to look at.
    """
    with _looking(content) as image:
        kind = (image.format or "").lower()
        return ".jpg" if kind == "jpeg" else f".{kind}"


def is_picture(path: Path) -> bool:
    """Whether a file begins as a bitmap does; a broken or huge one is a picture, too."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size, which does not matter here
            with Image.open(path, formats=FORMATS):
                return True
    except UnidentifiedImageError:
        return False
    except Exception:  # noqa: BLE001  the boundary to Pillow; whoever opens or copies it tells why
        return True


def taken_at(path: Path) -> datetime | None:
    """Return when a picture was taken, if it says so beyond doubt: with a time zone.

    EXIF's time of the shot with its offset, or PNG's “Creation Time”. A file's own time is no
    proof: a copy has a new one.
    """
    try:
        with _looking(path) as image:
            exif = image.getexif().get_ifd(EXIF_IFD)
            shot, offset = exif.get(TAKEN), exif.get(TAKEN_OFFSET)
            if shot and offset:
                return _aware(datetime.strptime(f"{shot}{offset}", "%Y:%m:%d %H:%M:%S%z"))
            noted = image.info.get("Creation Time")
            return _aware(parsedate_to_datetime(noted)) if isinstance(noted, str) else None
    except (EvidenceError, ValueError):
        return None


def make_thumbnail(path: Path, target: Path) -> None:
    """Write a PNG of at most 320 pixels in width and height; the first frame of several.

    Raises:
        EvidenceError: It is no picture, a broken or a huge one.
    """
    content = picture_png(path, EDGE_PX)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, content)


def picture_png(path: Path, edge_px: int) -> bytes:
    """Return a picture of at most so many pixels in width and height as a PNG file.

    Raises:
        EvidenceError: It is no picture, a broken or a huge one.
    """
    with _looking(path) as image:
        fitted = _fitted(image, edge_px)
        fitted.info.clear()  # where it was taken and with what is not for everybody
        return _png(fitted)


def read_picture(path: Path, edge_px: int) -> Picture:
    """Return a picture of at most so many pixels in width and height; of several frames the first.

    Raises:
        EvidenceError: It is no picture, a broken or a huge one.
    """
    with _looking(path) as image:
        fitted = _fitted(image, edge_px).convert("RGBA")
        return Picture(fitted.width, fitted.height, fitted.tobytes())


def painted_over(path: Path, boxes: Sequence[Box]) -> bytes:
    """Return a picture, in its own format, with black boxes; of several frames the first.

    What it tells beside its pixels is left out. Boxes are pixels of the upright picture.

    Raises:
        EvidenceError: It is no picture, a broken or a huge one, or a box lies outside of it.
    """
    with _looking(path) as image:
        upright = ImageOps.exif_transpose(image)
        whole = (upright.width, upright.height)
        for box in boxes:
            if not box.is_inside(*whole):
                raise EvidenceError(
                    f"The box {box} is not inside the picture, which has {whole[0]} by {whole[1]}"
                    " pixels.",
                    remedy="Give X,Y,WIDTH,HEIGHT from the upper left corner.",
                )
            size = (box.width, box.height)
            black = Image.new("RGB", size).convert(upright.mode)
            upright.paste(black, (box.x, box.y))
        upright.info.clear()
        spelled = BytesIO()
        upright.save(spelled, image.format)
        return spelled.getvalue()


def _fitted(image: Image.Image, edge_px: int) -> Image.Image:
    image.draft("RGB", (edge_px, edge_px))  # a JPEG is decoded small
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    fitted = upright.convert("RGBA" if has_alpha else "RGB")
    fitted.thumbnail((edge_px, edge_px))
    return fitted


def _png(image: Image.Image) -> bytes:
    spelled = BytesIO()
    image.save(spelled, "PNG")
    return spelled.getvalue()


def _aware(moment: datetime) -> datetime | None:
    return None if moment.tzinfo is None else moment


def _require_modest(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} by {image.height} pixels")


@contextmanager
def _looking(content: Path | bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which nobody here can mend
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            source = BytesIO(content) if isinstance(content, bytes) else content
            with Image.open(source, formats=FORMATS) as image:
                _require_modest(image)
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise EvidenceError(
            "The picture is too large to look at here.", remedy="Open the file itself."
        ) from cause
    except EvidenceError:
        raise
    except Exception as cause:
        # The boundary to Pillow: a broken file makes it raise nearly anything.
        raise EvidenceError(
            "It cannot be read as a picture.", remedy="Open the file itself."
        ) from cause
