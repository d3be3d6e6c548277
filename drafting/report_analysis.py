"""The report as data, what it says of impact and causes; see ``report`` for how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafting.report_basics import ActionRow, Clock, Ref
    from drafting.report_charts import MetricChart


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """One thing said of a layer (``technical``, ``customer``, ``business``).

    ``value`` is “unknown” where somebody looked and nobody knows. ``basis`` is empty for words,
    ``assumption`` what an estimate supposes.
    """

    ref: Ref
    layer: str
    what: str
    value: str
    basis: str
    assumption: str
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class SloRow:
    """An objective, and what the incident took of its budget; ``breach`` is empty if it held."""

    ref: Ref
    name: str
    target: str
    budget: str
    used: str
    share: str
    made_of: str
    breach: str
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A question asked early; an empty answer was not recorded."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ImpactPart:
    """How far it reached; ``untold`` are layers of which nothing is recorded."""

    rows: tuple[ImpactRow, ...] = ()
    untold: tuple[str, ...] = ()
    slos: tuple[SloRow, ...] = ()
    scope: tuple[ScopeRow, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the record says nothing of it."""
        return not (self.rows or self.slos or self.scope)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """What was tried against the incident; ``result`` is empty where nobody recorded it."""

    clock: Clock
    text: str
    result: str
    role: str
    line: Ref
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class FactorRow:
    """What contributed; ``confirmed`` ones look apart from candidates.

    ``lines`` are of the timeline, ``actions`` those that answer it.
    """

    ref: Ref
    layer: str
    role: str
    text: str
    confirmed: bool
    lines: tuple[Ref, ...]
    sources: tuple[Ref, ...]
    actions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One step of the whys; an empty answer is open."""

    ref: Ref
    question: str
    answer: str
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Causes:
    """Why it could happen; empty strings and tuples were not recorded.

    ``gaps`` are (which, words), all three of them. ``layers`` are all there are, in their order.
    """

    trigger: str = ""
    method: str = ""
    first_occurrence: str = ""
    stopping_condition: str = ""
    gaps: tuple[tuple[str, str], ...] = ()
    factors: tuple[FactorRow, ...] = ()
    layers: tuple[str, ...] = ()
    whys: tuple[WhyRow, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    missed_defenses: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody has analysed anything."""
        told = (self.trigger, self.method, self.first_occurrence, self.stopping_condition)
        lists = (self.factors, self.whys, self.unconfirmed, self.missed_defenses)
        return not any((*told, *lists, self.open_questions, *(words for _, words in self.gaps)))


@dataclass(frozen=True, slots=True)
class Learning:
    """What the review brought up, under one head."""

    head: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """The actions that answer a factor; those of no factor stand in a group without one.

    An action of several factors stands under the first.
    """

    factor: FactorRow | None
    actions: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the incident did, what was done against it, and why it could happen."""

    impact: ImpactPart
    metrics: tuple[MetricChart, ...]
    attempts: tuple[AttemptRow, ...]
    causes: Causes
    learnings: tuple[Learning, ...]
    action_groups: tuple[ActionGroup, ...]
