"""The report as data: what stands in every document, in its order, before any layout.

Texts are the record's own, not escaped for any format. Times are words already, because how
finely a time may be printed is decided in one place (``time_words``). References (``T3`` a
timeline line, ``D1`` a decision, ``A2`` an action, ``S4`` a source, ``E5`` evidence) hold within
one report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafting.report_basics import ActionRow, Clock, Ref, Sentence

if TYPE_CHECKING:
    from app.domain.ids import EvidenceId
    from app.domain.timeline import EntryKind, SourceAudio
    from drafting.options import Section
    from drafting.report_analysis import Analysis
    from drafting.report_charts import Bar
    from drafting.report_conduct import CloseOutPart, Conduct, ReviewGuide, Term


__all__ = [
    "ActionRow",
    "Clock",
    "DecisionRow",
    "EvidenceRow",
    "HypothesisRow",
    "Measure",
    "MethodNote",
    "MoveRow",
    "RecordingRow",
    "Ref",
    "Report",
    "Sentence",
    "SourceRow",
    "Tick",
    "TimelineRow",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """One cell of the fact strip; ``value`` is None where an anchor is not recorded."""

    label: str
    value: str | None
    basis: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """One anchor on the phase ribbon, ``offset_s`` seconds after the first.

    ``phase`` is what lasts from here to the next one; empty at the last.
    """

    name: str
    clock: str
    offset_s: int
    ref: Ref
    phase: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line of the timeline.

    ``note`` tells what kind of statement a hypothesis is, or what a mitigation led to.
    ``doubt`` names figures that were heard unsure and have no other evidence; mostly empty.
    ``unproven`` lines must look apart from facts; ``ruled_out`` ones recede.
    """

    ref: Ref
    clock: Clock
    delta: str
    kind: EntryKind
    text: str
    note: str
    anchor: str
    role: str
    customer_visible: bool
    unproven: bool
    ruled_out: bool
    doubt: str
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A change of severity or state, or of who holds a role; an empty reason was not recorded."""

    at: str
    what: str
    before: str
    after: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One line of the decision log; empty strings were not recorded."""

    ref: Ref
    clock: Clock
    decision: str
    who: str
    rationale: str
    alternatives: tuple[str, ...]
    information: str
    reversible: str
    line: Ref
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """A hypothesis and where it stands.

    ``unproven``: open, or called confirmed without evidence. One that was ruled out is not.
    """

    ref: Ref
    clock: Clock
    text: str
    state: str
    unproven: bool
    ruled_out: bool
    sources: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A cited stretch of a recording and the words it was cited with, doubtful ones marked.

    ``audio`` is where it can be heard; None for what was written.
    """

    ref: Ref
    track: str
    span: str
    clock: str
    speaker: str
    quote: str
    withheld: bool
    cited_by: tuple[Ref, ...]
    audio: SourceAudio | None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence; empty strings were not recorded.

    ``url`` is as it was recorded, ``address`` the same ready to be followed: ASCII, without
    quotes, brackets or bars, and empty where it is none of the web. ``sha256`` is the beginning
    of a file's hash, empty for a link. ``cited_by`` is empty where no entry names it.
    """

    ref: Ref
    kind: str
    name: str
    note: str
    url: str
    address: str
    sha256: str
    captured: str
    cited_by: tuple[Ref, ...]
    id: EvidenceId


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One track of a session, for the method note."""

    session: str
    started: str
    track: str
    source: str
    length: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodNote:
    """How the report came about: (what, how) pairs, and the recordings it rests on."""

    points: tuple[tuple[str, str], ...]
    recordings: tuple[RecordingRow, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a document says.

    ``sha256`` is the hash on the first page and ``hash_of`` what it is taken over, both empty
    where none was given. ``final_by`` is empty for a draft. ``without`` are the sections that a
    person left out; the cautions tell of them. ``bands`` are the severities on the ribbon.
    """

    incident_id: str
    title: str
    severity: str
    state: str
    owner: str
    classification: str
    date: str
    made_at: str
    record_sha256: str
    sha256: str
    hash_of: str
    final_by: str
    without: frozenset[Section]
    zone: str
    cautions: tuple[Sentence, ...]
    unconfirmed: tuple[HypothesisRow, ...]
    summary: tuple[Sentence, ...]
    measures: tuple[Measure, ...]
    reach: tuple[Measure, ...]
    ribbon: tuple[Tick, ...]
    bands: tuple[Bar, ...]
    top_actions: tuple[ActionRow, ...]
    top_actions_by: str
    delta_from: str
    main_day: str
    timeline: tuple[TimelineRow, ...]
    moves: tuple[MoveRow, ...]
    decisions: tuple[DecisionRow, ...]
    hypotheses: tuple[HypothesisRow, ...]
    actions: tuple[ActionRow, ...]
    method: MethodNote
    sources: tuple[SourceRow, ...]
    evidence: tuple[EvidenceRow, ...]
    analysis: Analysis
    conduct: Conduct
    closeout: CloseOutPart
    review: ReviewGuide
    glossary: tuple[Term, ...]

    def prints(self, section: Section) -> bool:
        """Whether a section is not left out."""
        return section not in self.without

    def line(self, ref: Ref) -> TimelineRow:
        """Return a line of the timeline.

        Raises:
            KeyError: There is no such line.
        """
        for row in self.timeline:
            if row.ref == ref:
                return row
        raise KeyError(ref)
