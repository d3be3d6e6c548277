"""How far a redaction reaches: what it changes, and what it leaves for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.record import SINGLE_PARTS
from app.services.redaction_files import HOLDS_SOME

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from app.domain.ids import IncidentId
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.redaction_preview import Foreseen, TextChange
    from app.domain.redactions import Redaction
    from app.services.redaction_sweep import Sweep

IN_ANOTHER = "it holds the same words: redact them there, or redact --everywhere"
SAID_ELSEWHERE = "the same words were said there: its text is redacted, its audio is not"
MOST_NAMED = 20  # of a kind that hold some of the words; more is no list that anybody reads


@dataclass(frozen=True, slots=True)
class Extent:
    """What a redaction changes.

    ``segments`` and ``texts`` count what changes: parts of the transcript, and other things of
    the record with their history; ``files`` are audio and others. Paths are relative to the data
    folder; ``others`` are the other incidents that lose words, too; ``left`` says what a person
    must look at, and why.
    """

    segments: int
    texts: int
    files: tuple[str, ...]
    removed: tuple[str, ...]
    others: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done."""

    redactions: tuple[Redaction, ...]
    extent: Extent


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done to an incident.

    ``changes`` are of what stands, without its history; ``holding`` are the other incidents that
    hold the words: where there are any, a person has to say what of them.
    """

    incident_id: IncidentId
    extent: Extent
    changes: tuple[TextChange, ...]
    holding: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return a line for each text that would change, for people."""
        return [
            f"{self._place(change)}: “{before}” → “{after}”"
            for change in self.changes
            for before, after in change.excerpts
        ]

    def _place(self, change: TextChange) -> str:
        thing = f"{change.kind} {change.before['id']}"
        is_own = change.incident_id == self.incident_id
        return thing if is_own else f"incident {change.incident_id}, {thing}"


def extent_of(
    plan: RedactionPlan, changed: Counter[str], swept: Sweep, left: Sequence[tuple[str, str]]
) -> Extent:
    """Return what is changed, from the rows of each kind that are, and the files."""
    return Extent(
        segments=changed["segment"],
        texts=changed.total() - changed["segment"],
        files=tuple(swept.files),
        removed=tuple(swept.removed),
        others=tuple(sorted(plan.others)),
        left=(*swept.left, *left),
    )


def left_of(plan: RedactionPlan, foreseen: Foreseen) -> list[tuple[str, str]]:
    """Name what of the record a person must look at."""
    said = [
        (change.before["id"], SAID_ELSEWHERE)
        for change in foreseen.changes
        if change.kind == "segment" and not plan.lies_on_a_cut(change.before)
    ]
    named = [(f"incident {name}", IN_ANOTHER) for name in sorted(plan.spared)]
    return [*said, *named, *_partly(foreseen)]


def _partly(foreseen: Foreseen) -> Iterator[tuple[str, str]]:
    """Name what holds parts of phrases; where it is much of a kind, the rest as a number."""
    by_kind: dict[str, list[str]] = {}
    for _incident_id, kind, name in foreseen.partly:
        is_one = kind in SINGLE_PARTS  # it bears the id of its incident
        by_kind.setdefault(kind, []).append(f"{kind} {name}" if is_one else name)
    for kind, names in by_kind.items():
        yield from ((name, HOLDS_SOME) for name in names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            yield f"{len(names) - MOST_NAMED} more of the kind {kind}", HOLDS_SOME
