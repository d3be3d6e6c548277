"""The words that the report uses in a sense of its own, and those of the team."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.glossary import TermKind
from drafting.report_conduct import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.domain.glossary import Glossary

OWN = (
    Term("fact", "a statement that carries its source; told without reservation"),
    Term("hypothesis", "a statement that is not proven, or was ruled out; evidence confirms one"),
    Term("anchor", "a line from which the incident's times are counted, such as impact start"),
    Term("factor", "what contributed; a candidate until it is confirmed"),
    Term("basis", "how a number is known: measured, estimated under an assumption, unknown"),
    Term("error budget", "the failure that an objective allows within its window"),
    Term("≈, HH:xx", "a time known approximately, or to the hour"),
    Term("Δ", "time since the beginning that the timeline names"),
)


def glossary_terms(glossary: Glossary, texts: Iterable[str]) -> tuple[Term, ...]:
    """Return the report's own words, then those terms of the team that its texts hold."""
    return (*OWN, *sorted(_used(glossary, " ".join(texts)), key=lambda term: term.text.casefold()))


def _used(glossary: Glossary, text: str) -> Iterator[Term]:
    for term in glossary.terms:
        if term.kind is TermKind.PERSON:  # roles stand before names
            continue
        if re.search(rf"(?<!\w){re.escape(term.text)}(?!\w)", text, re.IGNORECASE):
            yield Term(
                term.text, "a word of the team" if term.kind is TermKind.OTHER else term.kind
            )
