"""What of a record enters a report, and what is kept out of it and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.track_segments import TrackSegments

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.domain.actions import Action
    from app.domain.decisions import Decision
    from app.domain.evidence import Evidence
    from app.domain.ids import EntryId
    from app.domain.record import Record
    from app.domain.timeline import Source, TimelineEntry
    from app.domain.transcript import Segment
    from drafting.order import Order

_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is printed, in its order.

    Attributes:
        held_back: Entries that a person keeps out of the report.
        untrusted: Things that rest on flagged transcript and are therefore not printed.
        loose: Evidence that no entry names, not even one that is left out.
    """

    entries: tuple[TimelineEntry, ...]
    decisions: tuple[Decision, ...]
    actions: tuple[Action, ...]
    held_back: int
    untrusted: int
    loose: tuple[Evidence, ...]


class Trust:
    """Knows which transcript is flagged; its words never enter a report.

    A flag speaks of what was recognised: once a person has rewritten the words, they stand.
    """

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self._segments = {segment.id: segment for segment in segments}
        self._tracks = TrackSegments(segments)

    def withholds(self, source: Source) -> bool:
        """Whether the words of a source are, in part, flagged transcript."""
        named = [self._segments[i] for i in source.segment_ids if i in self._segments]
        if any(_is_flagged(segment) for segment in named):
            return True
        # A later pass makes new segments: what lies where the old ones lay speaks for them.
        replaced = not named or len(named) < len(source.segment_ids)
        return replaced and self._is_flagged_there(source)

    def _is_flagged_there(self, source: Source) -> bool:
        """Whether flagged transcript there repeats its words, and no other does."""
        if source.audio is None:
            return False
        nearby = self._tracks.overlapping(source.audio.track_id, source.audio.span)
        flagged = [_bare(segment.text) for segment in nearby if _is_flagged(segment)]
        others = _bare(" ".join(s.text for s in nearby if not _is_flagged(s)))
        quote = _bare(source.quote)
        if any(words.strip() and words in quote and words not in others for words in flagged):
            return True
        heard = _bare(" ".join(flagged))
        return bool(quote.strip()) and quote in heard and quote not in others

    def rejects(self, text: str, sources: tuple[Source, ...]) -> bool:
        """Whether a statement has nothing but flagged transcript behind it, or repeats it."""
        withheld = [source for source in sources if self.withholds(source)]
        if not withheld:
            return False
        said = _bare(text)
        return len(withheld) == len(sources) or any(_bare(s.quote) in said for s in withheld)


def select(
    record: Record, trust: Trust, order: Order, left_out: Collection[EntryId] = ()
) -> Selection:
    """Choose what is printed, each in the order in which it is numbered."""
    ordered = sorted(record.entries, key=order.of_entry)
    wanted = [entry for entry in ordered if entry.in_report and entry.id not in left_out]
    entries = [entry for entry in wanted if not trust.rejects(entry.text, entry.sources)]
    gone = {entry.id for entry in record.entries} - {entry.id for entry in entries}
    decisions = [d for d in record.decisions if d.entry_id not in gone]
    actions = [a for a in record.actions if a.entry_id not in gone]
    trusted_decisions = [d for d in decisions if not trust.rejects(d.decision, d.sources)]
    trusted_actions = [a for a in actions if not trust.rejects(a.text, a.sources)]
    named = {evidence_id for entry in record.entries for evidence_id in entry.evidence}
    loose = [evidence for evidence in record.evidence if evidence.id not in named]
    return Selection(
        entries=tuple(entries),
        decisions=tuple(sorted(trusted_decisions, key=order.of_companion)),
        actions=tuple(sorted(trusted_actions, key=order.of_companion)),
        held_back=len(record.entries) - len(wanted),
        untrusted=len(wanted)
        - len(entries)
        + len(decisions)
        - len(trusted_decisions)
        + len(actions)
        - len(trusted_actions),
        loose=tuple(sorted(loose, key=order.of_evidence)),
    )


def _is_flagged(segment: Segment) -> bool:
    return segment.flag is not None and not segment.edited


def _bare(text: str) -> str:
    """Return the words alone, each between spaces, so that only whole words are found."""
    return f" {_PUNCTUATION.sub(' ', text.casefold()).strip()} "
