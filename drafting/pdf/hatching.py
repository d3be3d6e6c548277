"""Slanted lines: what is not proven, or not yet noticed, also without colour."""

from __future__ import annotations

from typing import Any, TypeAlias

from drafting.pdf.look import HATCH

SPACING = 5.0

Box: TypeAlias = "tuple[float, float, float, float]"


def hatch(canvas: Any, box: Box, *, ground: Any, colour: Any = HATCH) -> None:
    """Fill a box (x, y, width, height in points) with slanted lines on a ground."""
    x, y, width, height = box
    canvas.saveState()
    canvas.setFillColor(ground)
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    edge = canvas.beginPath()
    edge.rect(x, y, width, height)
    canvas.clipPath(edge, stroke=0, fill=0)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.5)
    lines = canvas.beginPath()
    for step in range(int((width + height) / SPACING) + 1):
        start = x - height + step * SPACING
        lines.moveTo(start, y)
        lines.lineTo(start + height, y + height)
    canvas.drawPath(lines, stroke=1, fill=0)
    canvas.restoreState()
