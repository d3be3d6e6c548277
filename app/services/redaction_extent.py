"""How far a redaction reaches: what it changes, and what it leaves for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.record import SINGLE_PARTS
from app.domain.times import clock_text
from app.services.redaction_files import HOLDS_SOME

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from app.domain.ids import IncidentId
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.redaction_preview import Foreseen, TextChange
    from app.domain.redactions import Redaction
    from app.services.redaction_sweep import Sweep

IN_ANOTHER = (
    "it holds the same words, which are not known here afterwards: "
    "“hotwash redact ID --also WORDS”, with the words, takes them out there"
)
ANYWHERE = "other incidents"
NOT_KNOWN = (
    "what was said is not known here, or not any more, and was not sought: "
    "“hotwash redact ID --also WORDS”, with the words, takes them out there"
)
CITED = "an entry that cites it was redacted, its audio was not: redact it, too"
SAID_ELSEWHERE = "the same words were said there: its text is redacted, its audio is not"
MOST_TOLD = 3  # of what is sought; the rest as a number
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
    hold the words: where there are any, a person has to say what of them. ``sought`` is what goes
    out of all other texts, too: less than was chosen where grammar is a part of that.
    """

    incident_id: IncidentId
    extent: Extent
    changes: tuple[TextChange, ...]
    holding: tuple[str, ...]
    sought: tuple[str, ...]

    def sought_line(self) -> str:
        """Return what is sought beside what was chosen, for people."""
        shown = [f"“{words}”" for words in self.sought[:MOST_TOLD]]
        if len(self.sought) > MOST_TOLD:
            shown.append(f"+{len(self.sought) - MOST_TOLD} more")
        return f"sought elsewhere: {', '.join(shown) or 'nothing'}"

    def lines(self) -> list[str]:
        """Return what is sought, and each text that would change, once, for people.

        Where one and the same change is made to more things of an incident, they are counted.
        """
        places: dict[tuple[str, str, str], list[str]] = {}
        for change in self.changes:
            for excerpt in change.excerpts:
                places.setdefault((change.incident_id, *excerpt), []).append(self._place(change))
        lines = [
            f"{first}: “{before}” → “{after}”{f' (+{len(more)} more)' if more else ''}"
            for (_incident_id, before, after), (first, *more) in places.items()
        ]
        return [self.sought_line(), *lines]

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
    cited = dict.fromkeys(_cited_audio(plan))
    said = [
        (change.before["id"], SAID_ELSEWHERE)
        for change in foreseen.changes
        if change.kind == "segment" and not plan.lies_on_a_cut(change.before)
    ]
    named = [(f"incident {name}", IN_ANOTHER) for name in sorted(plan.spared)]
    if plan.is_everywhere and not plan.sought.seeks:
        named.append((ANYWHERE, NOT_KNOWN))
    heard = [(name, why) for name, why in said if name not in cited]
    return [*((name, CITED) for name in cited), *heard, *named, *_partly(foreseen)]


def _cited_audio(plan: RedactionPlan) -> Iterator[str]:
    """Name, as a span is typed, the audio that redacted entries rest on and that stays."""
    for entry in plan.entries:
        for source in entry.sources:
            audio = source.audio
            if audio is None:
                continue
            start_ms, end_ms = audio.span.start_ms, audio.span.end_ms
            if any(cut.holds_all(audio.session_id, start_ms, end_ms) for cut in plan.cuts):
                continue
            stretch = f"{audio.session_id}@{clock_text(start_ms)}-{clock_text(end_ms)}"
            yield from source.segment_ids or (stretch,)


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
