"""What is worth keeping, apart from the actions."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import IncidentId


@dataclass(frozen=True, slots=True)
class Learnings:
    """What the review brought up; it bears the id of its incident."""

    id: IncidentId
    went_well: tuple[str, ...] = ()
    went_badly: tuple[str, ...] = ()
    lucky: tuple[str, ...] = ()
    surprised: tuple[str, ...] = ()
