"""What a person chooses when a document is made."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from app.domain.glossary import NO_TERMS, Glossary
from app.domain.rules.findings import DEFAULT_CADENCE
from app.domain.times import require_aware
from drafting.branding import PLAIN, Branding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.domain.ids import EntryId, TrackId

PageSize: TypeAlias = Literal["A4", "Letter"]


class Section(enum.StrEnum):
    """What a report can be made without; the first page always stands. In the report's order."""

    IMPACT = "impact"
    TIMELINE = "timeline"
    DECISIONS = "decisions"
    MITIGATIONS = "mitigations"
    HYPOTHESES = "hypotheses"
    FACTORS = "factors"
    LEARNINGS = "learnings"
    ACTIONS = "actions"
    COMMUNICATIONS = "communications"
    CLOSEOUT = "closeout"
    REVIEW = "review"
    SOURCES = "sources"
    GLOSSARY = "glossary"
    METHOD = "method"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The same record and the same options give the same bytes.

    Attributes:
        made_at: When the document is made; aware. It is the only clock a document knows.
        record_sha256: Hex digest of the record's JSON export; empty for none.
        manifest_hash: Hex digest printed on the first page: of the evidence pack's manifest, or,
            of a document that leaves alone, over record, evidence and chain head.
        in_pack: Whether ``manifest_hash`` is that of a pack's manifest.
        page_size: Paper of the PDF.
        overwrite: Whether a file of that name may be replaced.
        unheard: Tracks that recognition has not heard to their end, with where it stands, in ms.
        final_by: Who makes it final; a document that nobody makes final is a draft.
        sections_left_out: What is not printed; the report says how many these are.
        entries_left_out: Timeline entries that are not printed, beside those that the record
            keeps out; counted as well.
        clips: Whether Markdown brings the cited audio along; HTML always does, nothing else can.
        cadence: Minutes between status updates by severity, from the team's rubric.
        glossary: The team's terms; those that the report uses are listed.
        branding: The team's words, colour and logo.
    """

    made_at: datetime
    record_sha256: str = ""
    manifest_hash: str | None = None
    in_pack: bool = False
    page_size: PageSize = "A4"
    overwrite: bool = False
    unheard: Mapping[TrackId, int] = field(default_factory=dict)
    final_by: str = ""
    sections_left_out: frozenset[Section] = frozenset()
    entries_left_out: frozenset[EntryId] = frozenset()
    clips: bool = False
    cadence: Mapping[str, int | None] = field(default_factory=lambda: DEFAULT_CADENCE)
    glossary: Glossary = NO_TERMS
    branding: Branding = PLAIN

    def __post_init__(self) -> None:
        require_aware(self.made_at, "made_at")
        if self.page_size not in {"A4", "Letter"}:
            raise ValueError(f"page_size is A4 or Letter, got {self.page_size!r}")
