"""What was tried against the incident, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.mitigations import mitigation_attempts
from drafting.log_rows import RESULTS
from drafting.report_analysis import AttemptRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.ids import EntryId
    from app.domain.timeline import TimelineEntry
    from drafting.report import TimelineRow


def attempt_rows(
    entries: Sequence[TimelineEntry], lines: Mapping[EntryId, TimelineRow]
) -> tuple[AttemptRow, ...]:
    """Return the attempts as their lines of the timeline tell them; entries are in its order."""
    tried = {entry.id for entry in mitigation_attempts(entries)}
    return tuple(
        AttemptRow(
            clock=(line := lines[entry.id]).clock,
            text=line.text,
            result=RESULTS[entry.mitigation_result] if entry.mitigation_result else "",
            role=line.role,
            line=line.ref,
            sources=line.sources,
        )
        for entry in entries
        if entry.id in tried
    )
