"""Slanted lines: what is not proven, or not yet noticed, also without colour."""

from __future__ import annotations

from typing import Any, TypeAlias

from drafting.pdf.look import HATCH

SPACING = 5.0
# What every box is cut from, in points: as large as a page, drawn once in a document.
SHEET = 900.0

Box: TypeAlias = "tuple[float, float, float, float]"


def hatch(canvas: Any, box: Box, *, ground: Any, colour: Any = HATCH) -> None:
    """Fill a box (x, y, width, height in points) with slanted lines on a ground."""
    x, y, width, height = box
    name = f"hatch-{colour.hexval()}"
    if not canvas.hasForm(name):
        _draw_sheet(canvas, name, colour)
    canvas.saveState()
    canvas.setFillColor(ground)
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    edge = canvas.beginPath()
    edge.rect(x, y, width, height)
    canvas.clipPath(edge, stroke=0, fill=0)
    canvas.translate(x, y)
    canvas.doForm(name)
    canvas.restoreState()


def _draw_sheet(canvas: Any, name: str, colour: Any) -> None:
    canvas.beginForm(name, 0, 0, SHEET, SHEET)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.5)
    starts = [step * SPACING - SHEET for step in range(int(2 * SHEET / SPACING))]
    canvas.lines([(start, 0, start + SHEET, SHEET) for start in starts])
    canvas.endForm()
