"""What a paste or a drop offers as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from app.domain.evidence import EvidenceKind
from app.domain.evidence_kinds import is_link, kind_of_file

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


@dataclass(frozen=True, slots=True)
class Offered:
    """A picture (PNG), or links (``str``) and files (``Path``); all empty: nothing of use."""

    picture: bytes = b""
    things: tuple[str | Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.picture or self.things)


def offered(mime: QMimeData | None, *, dropped: bool = False) -> Offered:
    """Return what may become evidence.

    Of what is dropped, other files than pictures are not taken: sound is a session's.
    """
    if mime is None:  # an empty clipboard, whatever the annotations say
        return Offered()
    if mime.hasUrls():
        things = [
            Path(url.toLocalFile()) if url.isLocalFile() else url.toString() for url in mime.urls()
        ]
        fit = all(isinstance(one, str) or _is_picture(one) for one in things)
        links = all(isinstance(one, Path) or is_link(one) for one in things)
        if things and links and (fit or not dropped):
            return Offered(things=tuple(things))
    if mime.hasImage():
        return Offered(picture=_png(mime.imageData()))
    # A file's URL is also offered as text
    typed = mime.text().strip() if mime.hasText() and not mime.hasUrls() else ""
    return Offered(things=(typed,)) if is_link(typed) and not typed.split()[1:] else Offered()


def _is_picture(path: Path) -> bool:
    return kind_of_file(path.name) is EvidenceKind.SCREENSHOT


def _png(image: object) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not isinstance(image, QImage) or not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        return b""
    return bytes(buffer.data().data())
