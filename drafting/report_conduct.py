"""The report as data, what it says of how people worked; see ``report`` for how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafting.report_basics import Sentence
    from drafting.report_charts import CadenceStrip, LaneChart


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """A status update: ``words`` are (what, text); ``late`` is empty for one that was in time."""

    at: str
    audience: str
    channel: str
    words: tuple[tuple[str, str], ...]
    promised: str
    late: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class CommunicationRow:
    """A text for an audience; an empty approver has not approved."""

    at: str
    audience: str
    text: str
    approved: str


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """What was handed over with a role; ``words`` are (what, text)."""

    at: str
    handover: str
    words: tuple[tuple[str, str], ...]
    acknowledged: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """An item of the close-out: ``state`` is done, open or waived; ``note`` by whom and why."""

    item: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class CloseOutPart:
    """What is to be done before the incident is closed, when it is looked at again, who signs."""

    checks: tuple[CheckRow, ...]
    review_dates: tuple[str, ...]
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A part of the review meeting; ``minutes`` are words, for they may be a range."""

    minutes: str
    what: str


@dataclass(frozen=True, slots=True)
class ReviewGuide:
    """What a facilitator runs the review from; ``more`` questions did not fit the page."""

    minutes: int
    agenda: tuple[AgendaItem, ...]
    questions: tuple[Sentence, ...]
    more: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the report uses; ``kind`` is what it means here, or what kind of thing it is."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class TalkRow:
    """How long a role was heard; ``share`` of all talk of known voices, 0 to 1."""

    who: str
    length: str
    share: float


@dataclass(frozen=True, slots=True)
class Conduct:
    """How people worked together; without a chart where there is nothing to draw."""

    updates: tuple[UpdateRow, ...]
    cadence: CadenceStrip | None
    communications: tuple[CommunicationRow, ...]
    checkpoints: tuple[CheckpointRow, ...]
    lanes: LaneChart | None
    talk: tuple[TalkRow, ...]
