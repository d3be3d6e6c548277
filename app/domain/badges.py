"""The badge of a kind of entry: a letter in a shape of its own, the same in window and page.

A badge is known without its colour: by its letter and its outline, and a hypothesis, which is
never to be taken for a fact, by being hollow within a dashed line.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TypeAlias

from app.domain.timeline import EntryKind

Point: TypeAlias = tuple[float, float]

LINE_WIDTH = 0.15
DASHES = (0.26, 0.18)  # drawn, left out


@dataclass(frozen=True, slots=True)
class BadgeShape:
    """An outline about the origin, x to the right and y upwards; the badge's radius is 1.

    Without ``corners`` it is a circle of the radius ``reach``. Its line is ``LINE_WIDTH`` wide
    with round joins; inside it is of the kind's colour, or of the ground's where it is hollow.
    """

    corners: tuple[Point, ...] = ()
    reach: float = 1.0
    hollow: bool = False


def _hexagon() -> tuple[Point, ...]:
    angles = [pi / 6 + pi / 3 * number for number in range(6)]
    return tuple((cos(angle), sin(angle)) for angle in angles)


BADGES = {
    EntryKind.FACT: BadgeShape(reach=0.94),
    EntryKind.HYPOTHESIS: BadgeShape(_hexagon(), hollow=True),
    EntryKind.DECISION: BadgeShape(((0, 1.12), (1.12, 0), (0, -1.12), (-1.12, 0))),
    EntryKind.ACTION: BadgeShape(
        ((-0.94, 0.87), (0.35, 0.87), (1.1, 0), (0.35, -0.87), (-0.94, -0.87))
    ),
    EntryKind.STATUS: BadgeShape(((-0.87, 0.87), (0.87, 0.87), (0.87, -0.87), (-0.87, -0.87))),
    EntryKind.RESPONSIBILITY: BadgeShape(
        ((-0.87, -0.87), (-0.87, 0.35), (0, 1.06), (0.87, 0.35), (0.87, -0.87))
    ),
}
