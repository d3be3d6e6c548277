"""The window's badges and those of the printed page are the same, also without their colours."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication
from reportlab.pdfgen.canvas import Canvas

from app.domain.badges import BADGES
from app.domain.timeline import EntryKind
from drafting.pdf.badges import LETTER_SIZE, RADIUS, draw_badge
from drafting.pdf.fonts import Typesetter
from tests.unit.drafting.checkout import FONTS
from ui.colors import LIGHT
from ui.theme import sized
from ui.widgets.badge import FILLED, paint_badge

pytestmark = pytest.mark.usefixtures("qapp")

EDGE = 120
PAGE = 2 * RADIUS / FILLED  # the window leaves as much room about a badge
INK_BELOW = 250  # of 255: whatever is not the ground


def on_the_page(kind: EntryKind, path: Path) -> QImage:
    Typesetter(FONTS)
    canvas = Canvas(str(path), pagesize=(PAGE, PAGE))
    draw_badge(canvas, kind, PAGE / 2, PAGE / 2)
    canvas.save()
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    page = document.render(0, QSize(EDGE, EDGE))
    ground = QImage(EDGE, EDGE, QImage.Format.Format_RGB32)
    ground.fill(Qt.GlobalColor.white)
    painter = QPainter(ground)
    painter.drawImage(0, 0, page)
    painter.end()
    return ground


def in_the_window(kind: EntryKind) -> QImage:
    image = QImage(EDGE, EDGE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    font = sized(QApplication.font(), round(LETTER_SIZE * EDGE / PAGE), strong=True)
    paint_badge(painter, kind, QRectF(0, 0, EDGE, EDGE), colors=LIGHT, font=font)
    painter.end()
    return image


def outline(image: QImage) -> frozenset[tuple[int, int]]:
    """Return all that lies between the first and the last drawn point of each line."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    points: set[tuple[int, int]] = set()
    for y in range(EDGE):
        inked = [x for x in range(EDGE) if grey.pixelColor(x, y).lightness() < INK_BELOW]
        points.update((x, y) for x in (range(inked[0], inked[-1] + 1) if inked else ()))
    return frozenset(points)


def likeness(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> float:
    return len(one & other) / len(one | other)


def test_each_badge_of_the_window_is_the_page_s_and_no_other(tmp_path: Path) -> None:
    pages = {kind: outline(on_the_page(kind, tmp_path / f"{kind}.pdf")) for kind in EntryKind}
    for kind in EntryKind:
        drawn = outline(in_the_window(kind))
        alike = {other: likeness(drawn, page) for other, page in pages.items()}
        assert alike.pop(kind) > 0.97
        assert max(alike.values()) < 0.92


@pytest.mark.parametrize("kind", EntryKind)
def test_without_colour_only_a_hypothesis_is_hollow(kind: EntryKind, tmp_path: Path) -> None:
    beside_the_letter = (round(EDGE * 0.28), EDGE // 2)
    for image in (on_the_page(kind, tmp_path / "badge.pdf"), in_the_window(kind)):
        is_white = image.pixelColor(*beside_the_letter).lightness() > INK_BELOW
        assert is_white is BADGES[kind].hollow is (kind is EntryKind.HYPOTHESIS)
