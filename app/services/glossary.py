"""Use case: keep the team's glossary, and take its spellings in a transcript back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.events import ProblemArose, RecordChanged
from app.domain.glossary import NO_TERMS, Glossary, Term
from app.domain.record import Change
from app.domain.spelling import as_heard
from app.services.glossary_file import (
    GlossaryInForce,
    changing,
    glossary_in_force,
    read_glossary,
    remove_term,
    write_terms,
)
from app.services.glossary_import import Found, Skipped, merged, terms_of_file, terms_of_record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from app.domain.glossary import TermKind
    from app.domain.home import Home
    from app.domain.ids import IncidentId, SegmentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation
    from app.domain.transcript import Segment

GlossaryReader: TypeAlias = Callable[[], Glossary]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: terms that are ``new``, that ``grew``, and how many it knew."""

    new: tuple[Term, ...]
    grew: tuple[Term, ...]
    unchanged: int
    skipped: tuple[Skipped, ...]


class GlossaryDesk:
    """The glossary is a file; it is read anew each time, since people edit it, too."""

    def __init__(
        self, store: RecordStore, bus: EventBus, home: Home, template: Path, *, actor: str
    ) -> None:
        """``template`` is what the file is begun from where there is none."""
        self._store = store
        self._bus = bus
        self._path = home.glossary
        self._template = template
        self._actor = actor

    @property
    def in_force(self) -> GlossaryInForce:
        """The glossary as its file stands now."""
        return glossary_in_force(self._path)

    def for_recognition(self) -> Glossary:
        """Return the glossary; where its file is broken, tell so and do without it."""
        found = self.in_force
        if found.problem is not None:
            self._bus.publish(ProblemArose(found.problem))
        return found.glossary

    def add(self, text: str, kind: TermKind | None = None, heard_as: Sequence[str] = ()) -> Term:
        """Put a term into the file and return it; of one that is there, what is not said stays.

        Raises:
            GlossaryError: The file is broken, or would be: the spelling belongs to another term.
        """
        with changing(self._path):
            known = self.in_force.glossary.term(text) or Term(text)
            term = Term(text, kind or known.kind, tuple(heard_as) or known.heard_as)
            write_terms(self._path, self._template, [term])
        return term

    def remove(self, text: str) -> None:
        """Take a term out of the file.

        Raises:
            NotFoundError: It has no such term.
            GlossaryError: The file is broken.
        """
        with changing(self._path):
            removed = remove_term(self._path, text)
        if not removed:
            raise NotFoundError(
                f"The glossary has no term “{text}”.", remedy="“hotwash glossary” lists them."
            )

    def import_file(self, path: Path) -> Imported:
        """Take the terms of a table or a list over.

        Raises:
            GlossaryError: That file, or the glossary's own, is broken; nothing was taken over.
        """
        return self._take(terms_of_file(path))

    def import_incident(self, incident_id: IncidentId) -> Imported:
        """Take the names of an incident's people and systems over.

        Raises:
            GlossaryError: The glossary's file is broken.
        """
        return self._take(terms_of_record(self._store.record(incident_id)))

    def take_back(
        self,
        incident_id: IncidentId,
        chosen: Sequence[tuple[SegmentId, Collection[int] | None]] | None = None,
    ) -> Operation:
        """Let the transcript say what was heard, in one step; a later pass leaves that alone.

        ``chosen`` are segments, each with the numbers of its words or None for all of them; by
        default all of the incident.

        Raises:
            NotFoundError: There is no such segment.
            InvalidRecordError: No spelling of the glossary stands there.
        """
        record = self._store.record(incident_id)
        known = {segment.id: segment for segment in record.segments}
        if chosen is None:
            chosen = [(segment_id, None) for segment_id in known]
        wanted: dict[SegmentId, set[int]] = {}
        for segment_id, words in chosen:
            everywhere = range(len(_found(known, segment_id).words))
            wanted.setdefault(segment_id, set()).update(everywhere if words is None else words)
        changes = [
            Change(known[segment_id], after)
            for segment_id, words in wanted.items()
            if (after := as_heard(known[segment_id], words)) != known[segment_id]
        ]
        if not changes:
            raise InvalidRecordError(
                "words",
                "no spelling of the glossary stands there",
                remedy="Choose a word that is marked as spelled by the glossary.",
            )
        operation = self._store.commit(
            incident_id, changes, by=self._actor, label="spell it as it was heard"
        )
        self._bus.publish(RecordChanged(incident_id, operation))
        return operation

    def _take(self, found: Found) -> Imported:
        with changing(self._path):
            glossary = read_glossary(self._path) if self._path.exists() else NO_TERMS
            changed, refused = merged(glossary, found.terms)
            if changed:
                write_terms(self._path, self._template, changed)
        known = [term for term in found.terms if glossary.term(term.text)]
        grew = tuple(term for term in changed if glossary.term(term.text))
        return Imported(
            new=tuple(term for term in changed if not glossary.term(term.text)),
            grew=grew,
            unchanged=len(known) - len(grew),
            skipped=found.skipped + refused,
        )


def _found(known: dict[SegmentId, Segment], segment_id: SegmentId) -> Segment:
    if segment_id not in known:
        raise NotFoundError(
            f"There is no segment “{segment_id}”.", remedy="“hotwash search WORDS” lists some."
        )
    return known[segment_id]
