"""Service level objectives, and how much of their error budget an incident used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.ids import EvidenceId, IncidentId, SloId
from app.domain.invariants import require_number, require_words


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """Minutes during which a share of what was asked for failed; ``failing`` is 0 to 1."""

    minutes: int | float
    failing: int | float
    evidence: tuple[EvidenceId, ...] = ()

    def __post_init__(self) -> None:
        require_number(self.minutes, "minutes")
        if self.minutes < 0:
            raise ValueError("minutes must not be negative")
        if not 0 <= self.failing <= 1:
            raise ValueError("failing must be a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Slo:
    """A target such as 0.999 over a window, and what this incident took from its budget.

    Arithmetic is decimal: 99.9 % of 30 days leaves 43.2 minutes, not 43.200000000000045.
    """

    id: SloId
    incident_id: IncidentId
    name: str
    target: int | float
    window_minutes: int
    used: tuple[BudgetUse, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.name, "an objective needs a name")
        if not 0 < self.target < 1:
            raise ValueError("target must be a share between 0 and 1, such as 0.999")
        if self.window_minutes <= 0:
            raise ValueError("window_minutes must be positive")

    @property
    def budget_minutes(self) -> float:
        """How many minutes of complete failure the window allows."""
        return float(self._budget)

    @property
    def used_minutes(self) -> float:
        """How many such minutes this incident took."""
        return float(self._used)

    @property
    def consumed(self) -> float:
        """The share of the budget that this incident took; above 1 it broke the objective."""
        return float(self._used / self._budget)

    @property
    def breached_by_minutes(self) -> float:
        """By how much the incident alone went over the budget; 0 if it did not."""
        return float(max(Decimal(0), self._used - self._budget))

    @property
    def _budget(self) -> Decimal:
        return (1 - _exact(self.target)) * self.window_minutes

    @property
    def _used(self) -> Decimal:
        return sum((_exact(use.minutes) * _exact(use.failing) for use in self.used), Decimal(0))


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
