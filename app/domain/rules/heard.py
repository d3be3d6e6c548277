"""R14's warning of what is in the record only as the recogniser guessed it."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.record import Record
from app.domain.rules.findings import Level, Place, Problem, and_list, quoted
from app.domain.unsure_figures import unsure_figures


def doubtful_figures(record: Record) -> Iterator[Problem]:
    """Warn of entries that state a figure as it was heard, unsure and without other evidence."""
    texts = {entry.id: entry.text for entry in record.entries}
    for entry_id, figures in unsure_figures(record).items():
        told = and_list(f"“{figure}”" for figure in figures)
        yield Problem(
            Place("entry", entry_id, "text"),
            f"{quoted(texts[entry_id])} states {told}, of which the recogniser was not sure.",
            "Listen to it; then correct the entry, or attach evidence of the figure.",
            Level.WARN,
        )
