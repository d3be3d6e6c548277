"""Impact in three layers, each number with the ground it stands on."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from app.domain.ids import EvidenceId, IncidentId
from app.domain.invariants import require_number, require_said, require_words


class Basis(enum.StrEnum):
    """How a number is known."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is known: ``unit`` is a word such as ``%``, ``ms``, ``EUR``.

    ``value`` is None exactly when the basis is unknown. ``assumption`` is what an estimate
    supposes.
    """

    value: int | float | None
    unit: str
    basis: Basis
    evidence: tuple[EvidenceId, ...] = ()
    assumption: str | None = None

    def __post_init__(self) -> None:
        require_number(self.value, "value")
        require_words(self.unit, "a number needs a unit")
        if (self.value is None) != (self.basis is Basis.UNKNOWN):
            raise ValueError("a number has a value exactly when its basis is not unknown")


@dataclass(frozen=True, slots=True)
class TechnicalImpact:
    """What broke, where and for how long. ``unknown``: looked at, and nobody knows."""

    components: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    error_rate: Quantity | None = None
    latency: Quantity | None = None
    degraded_minutes: Quantity | None = None
    down_minutes: Quantity | None = None
    unknown: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything."""
        return self == TechnicalImpact()


@dataclass(frozen=True, slots=True)
class CustomerImpact:
    """Whom it touched and how. ``data_loss`` and ``data_corruption`` are words, or “unknown”."""

    affected_count: Quantity | None = None
    affected_percent: Quantity | None = None
    segments: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    support_cases: Quantity | None = None
    data_loss: str | None = None
    data_corruption: str | None = None
    unknown: bool = False

    def __post_init__(self) -> None:
        require_said(self, "data_loss", "data_corruption")

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything."""
        return self == CustomerImpact()


@dataclass(frozen=True, slots=True)
class BusinessImpact:
    """What it cost. ``sla_breach`` is None until somebody has looked."""

    revenue: Quantity | None = None
    conversions: Quantity | None = None
    failed_transactions: Quantity | None = None
    sla_breach: bool | None = None
    sla_amount: Quantity | None = None
    credits_risk: Quantity | None = None
    unknown: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything."""
        return self == BusinessImpact()


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact of one incident, whose id it bears."""

    id: IncidentId
    technical: TechnicalImpact = field(default_factory=TechnicalImpact)
    customer: CustomerImpact = field(default_factory=CustomerImpact)
    business: BusinessImpact = field(default_factory=BusinessImpact)

    @property
    def empty_layers(self) -> tuple[str, ...]:
        """The layers of which nothing is said, not even that they are unknown (R17)."""
        layers = (
            ("technical", self.technical),
            ("customer", self.customer),
            ("business", self.business),
        )
        return tuple(name for name, layer in layers if layer.is_empty)
