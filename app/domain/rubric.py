"""The team's own severity levels: what each means, and what it asks of the people at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from app.domain.incident import Depth, Incident
from app.domain.invariants import require_words

DEFAULT_NUDGE_MINUTES = 20


@dataclass(frozen=True, slots=True)
class SeverityLevel:
    """One level; ``cadence_minutes`` between status updates, None asks for none."""

    name: str
    meaning: str
    cadence_minutes: int | None = None
    depth: Depth = Depth.FULL

    def __post_init__(self) -> None:
        require_words(self.name, "a level needs a name")


@dataclass(frozen=True, slots=True)
class Rubric:
    """The levels, the gravest first.

    ``helper`` holds, for each urgency, the level for each radius. ``nudge_minutes`` without a
    result or an entry call for another strategy.
    """

    levels: tuple[SeverityLevel, ...]
    nudge_minutes: int = DEFAULT_NUDGE_MINUTES
    helper: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.levels:
            raise ValueError("a rubric needs a level")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, the gravest first."""
        return tuple(level.name for level in self.levels)

    @property
    def cadence(self) -> Mapping[str, int | None]:
        """Minutes between status updates, by level."""
        return MappingProxyType({level.name: level.cadence_minutes for level in self.levels})

    def level(self, typed: str | None) -> SeverityLevel | None:
        """Return the level that was typed, in capitals or not; None for another word."""
        wanted = " ".join((typed or "").casefold().split())
        return next((one for one in self.levels if one.name.casefold() == wanted), None)

    def suggested(self, *, radius: str, urgency: str) -> SeverityLevel | None:
        """Return the level the helper gives; None where its table has no such place."""
        return self.level(self.helper.get(urgency, {}).get(radius))

    def declared(
        self,
        incident: Incident,
        severity: str | None,
        *,
        at: datetime,
        by: str,
        reason: str | None = None,
    ) -> Incident:
        """Return the incident at a severity; its depth follows, unless a person chose another."""
        level = self.level(severity)
        after = incident.with_severity(
            level.name if level is not None else severity, at=at, by=by, reason=reason
        )
        former = self.level(incident.severity)
        was_given = incident.depth is (former.depth if former is not None else Depth.FULL)
        if level is None or after is incident or not was_given:
            return after
        return replace(after, depth=level.depth)
