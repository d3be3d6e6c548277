"""What a redaction does to each thing of a record, worked out once from the record as it was.

Pure, and the same for what stands now, for the history and for copies: a step that is undone
afterwards finds the record as the step remembers it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.domain.cuts import Cut, lies_in, segment_is_cut, word_is_cut
from app.domain.record import ENTITY_TYPES
from app.domain.redacting import MARK, SoughtWords, hit_words, marked, runs_of
from app.domain.text_fields import strings_in, texts_of, with_texts
from app.domain.timeline import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.ids import IncidentId
    from app.domain.text_fields import Values
    from app.domain.timeline import TimelineEntry

HOPS = 2  # an action rests on an entry, which rests on what was said


class Reach(Enum):
    """What a person wants of other incidents that hold the words."""

    EVERYWHERE = "everywhere"  # they go out of their texts, too
    ONLY_HERE = "only_here"  # they stay there, and the incidents are named


@dataclass(frozen=True, slots=True)
class RedactionPlan:
    """What goes out of the record of one incident.

    ``sought`` goes out of it, ``elsewhere`` out of other incidents; ``others`` are those that
    hold what goes elsewhere, ``spared`` those that hold what goes here alone. ``heard`` are the
    words as they stood, by track, for quotes that copied some of them; ``citing`` the ids of what
    rests on the stretches. Of ``entries`` the whole text goes, and its words wherever they stand.
    """

    incident_id: IncidentId
    cuts: tuple[Cut, ...]
    sought: SoughtWords
    elsewhere: SoughtWords
    heard: dict[str, list[Values]]
    citing: frozenset[str]
    entries: tuple[TimelineEntry, ...] = ()
    others: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()

    def everywhere(self) -> RedactionPlan:
        """Return the plan by which other incidents lose the same words as this one."""
        return replace(self, elsewhere=self.sought)

    @property
    def is_everywhere(self) -> bool:
        """Whether other incidents lose the same words as this one."""
        return self.elsewhere is self.sought

    def sought_of(self, incident_id: str) -> SoughtWords:
        """Return what goes out of an incident's texts and files."""
        return self.sought if incident_id == self.incident_id else self.elsewhere

    def lies_on_a_cut(self, segment: Values) -> bool:
        """Whether a segment's audio goes, too."""
        return segment_is_cut(segment, self.cuts)

    def apply(self, kind: str, values: Values, *, own: bool = True) -> Values:
        """Return an entity's JSON values as they are to be.

        ``own`` is False for another incident's: nothing of that lies on the stretches.
        """
        if kind == "segment":
            cut = cut_segment(values, self.cuts) if own else dict(values)
            return _without(self.sought if own else self.elsewhere, values, cut)
        if not own:
            return with_texts(ENTITY_TYPES[kind], values, self.elsewhere.blank)
        cites = kind != "redaction" and values.get("id") in self.citing
        blank = self._blank_citing if cites else self.sought.blank
        new = with_texts(ENTITY_TYPES[kind], values, blank, self._special)
        is_chosen = kind == "entry" and any(entry.id == values["id"] for entry in self.entries)
        return new | {"text": MARK} if is_chosen else new

    def label(self, text: str, *, own: bool = True) -> str:
        """Return a step's name, or who did it, as it is to be."""
        return (self.sought if own else self.elsewhere).blank(text)

    def leaves_some(self, kind: str, values: Values, incident_id: str) -> bool:
        """Whether texts of what is to stand hold a part of a phrase that goes."""
        sought = self.sought_of(incident_id)
        return any(map(sought.holds_some, texts_of(ENTITY_TYPES[kind], values)))

    @property
    def _special(self) -> dict[type[Any], Any]:
        return {Source: self._source}

    def _blank_citing(self, text: str) -> str:
        return self.sought.blank(text, citing=True)

    def _source(self, values: Values) -> Values:
        quote = values.get("quote") or ""
        if not lies_in(values, self.cuts):
            return values | {"quote": self.sought.blank(quote)} if quote else values
        start, end = values["start_ms"], values["end_ms"]
        words = [
            word
            for word in self.heard.get(values["track_id"], ())
            if word["start_ms"] < end and word["end_ms"] > start
        ]
        inside = any(c.holds_all(values["session_id"], start, end) for c in self.cuts)
        if inside or not words:
            return values | {"quote": MARK if quote else quote}
        hits = [word_is_cut(word, values, self.cuts) for word in words]
        carried = hit_words([word["text"] for word in words], hits, quote)
        return values | {"quote": self._blank_citing(marked(quote.split(), carried))}


def plan_redaction(
    incident_id: IncidentId,
    cuts: Sequence[Cut],
    also: Sequence[str],
    states: Iterable[tuple[str, Values]],
    entries: Sequence[TimelineEntry] = (),
) -> RedactionPlan:
    """Work out what goes.

    ``states`` are the kind and JSON values of everything of the incident, as it stands, stood
    and stands in copies: what was said may have been recognised in more than one way.
    """
    known = list(states)
    segments = [values for kind, values in known if kind == "segment"]
    spoken = {run for values in segments for run in spoken_runs(values, cuts)}
    chosen = frozenset(entry.id for entry in entries)
    spoken |= {part for k, v in known if v["id"] in chosen for part in _unmarked(v["text"])}
    heard: dict[str, list[Values]] = {}
    for values in segments:
        heard.setdefault(values["track_id"], []).extend(values.get("words") or [])
    for words in heard.values():
        unique = {(w["start_ms"], w["end_ms"], w["text"]): w for w in words}
        words[:] = [unique[key] for key in sorted(unique)]
    return RedactionPlan(
        incident_id,
        tuple(cuts),
        SoughtWords.of(spoken, also),
        SoughtWords.of((), also),
        heard,
        _citing(known, cuts, chosen),
        tuple(entries),
    )


def _unmarked(text: str) -> list[str]:
    return [part for part in text.split(MARK) if part.strip()]


def spoken_runs(values: Values, cuts: Sequence[Cut]) -> list[str]:
    """Return what a segment's words in the stretches say, as recognised and as corrected."""
    if not segment_is_cut(values, cuts):
        return []
    words = values.get("words") or []
    if not words:
        return [t for t in (values["text"], values["original_text"]) if t.strip()]
    said = [word["text"] for word in words]
    hits = [word_is_cut(word, values, cuts) for word in words]
    runs = runs_of(said, hits)
    for text in (values["text"], values["original_text"]):
        runs += runs_of(text.split(), hit_words(said, hits, text))
    return runs + runs_of(*_as_heard(words, hits))


def _without(sought: SoughtWords, values: Values, cut: Values) -> Values:
    """Take the words out of a segment; ``cut`` is it without those of its stretches."""
    words = cut.get("words") or []
    row = " ".join(word["text"] for word in words)
    if any(map(sought.holds, (cut["text"], cut["original_text"], row))):
        if words:
            cut = _blank_in_row(sought, words, cut)
        cut = with_texts(ENTITY_TYPES["segment"], cut, sought.blank)
    if cut != values and "redacted" in cut:
        cut["redacted"] = True
    return cut


def _blank_in_row(sought: SoughtWords, words: Sequence[Values], cut: Values) -> Values:
    """Find what is sought where it goes over several words of a segment, or was heard there.

    What stands there only by the glossary is not found in what was recognised: that goes with it.
    """
    shown = _hits_in_row(sought, [word["text"] for word in words])
    heard = _hits_in_row(sought, [_heard_as(word) for word in words])
    hits = [one or other for one, other in zip(shown, heard, strict=True)]
    blanked = [_blanked(w) if hit else w for w, hit in zip(words, hits, strict=True)]
    new = cut | {"words": _one_mark_per_run(blanked)}
    spelled = [hit and bool(w.get("heard")) for w, hit in zip(words, hits, strict=True)]
    if any(spelled):
        carried = hit_words(*_as_heard(words, spelled), cut["original_text"])
        new["original_text"] = marked(cut["original_text"].split(), carried)
    return new


def _hits_in_row(sought: SoughtWords, texts: Sequence[str]) -> list[bool]:
    spans = sought.spans(" ".join(texts))
    hits, start = [], 0
    for text in texts:
        end = start + len(text)
        hits.append(any(a < end and b > start for a, b in spans))
        start = end + 1
    return hits


def _heard_as(word: Values) -> str:
    return " ".join(one["text"] for one in word.get("heard") or ()) or str(word["text"])


def _as_heard(words: Sequence[Values], hits: Sequence[bool]) -> tuple[list[str], list[bool]]:
    """Return the words before the glossary's spellings, each hit as what stands for it is."""
    heard = [
        (text, is_hit)
        for word, is_hit in zip(words, hits, strict=True)
        for text in _heard_as(word).split()
    ]
    return [text for text, _hit in heard], [is_hit for _text, is_hit in heard]


def _blanked(word: Values) -> Values:
    # Nobody is to listen to a mark: it is not unsure.
    blank = {"text": MARK, "probability": None}
    return word | blank | ({"heard": []} if word.get("heard") else {})


def cut_segment(values: Values, cuts: Sequence[Cut]) -> Values:
    """Return a segment without its words in the stretches; as a new object."""
    if not segment_is_cut(values, cuts):
        return dict(values)
    words = values.get("words") or []
    said = [word["text"] for word in words]
    hits = [word_is_cut(word, values, cuts) for word in words]
    new = dict(values)
    for name, (spoken, gone) in {
        "text": (said, hits),
        "original_text": _as_heard(words, hits),
    }.items():
        text = values[name]
        parts = text.split()
        carried = hit_words(spoken, gone, text) if words else [True] * len(parts)
        new[name] = marked(parts, carried) if any(carried) else text
    if any(hits):
        blanked = [_blanked(w) if hit else w for w, hit in zip(words, hits, strict=True)]
        new["words"] = _one_mark_per_run(blanked)
    return new


def _one_mark_per_run(words: Sequence[Values]) -> list[Values]:
    new: list[Values] = []
    for word in words:
        if word["text"] == MARK and new and new[-1]["text"] == MARK:
            new[-1] = new[-1] | {"end_ms": word["end_ms"]}
        else:
            new.append(word)
    return new


def _citing(
    states: Sequence[tuple[str, Values]], cuts: Sequence[Cut], entries: frozenset[str]
) -> frozenset[str]:
    """Return the ids of what rests on the stretches or the entries, or on what does."""
    others = [(k, v) for k, v in states if k not in {"segment", "redaction", "lock", "incident"}]
    named = {v["id"]: frozenset(strings_in(v)) for _k, v in others}
    for _kind, values in others:  # several states of one thing: what any of them names
        named[values["id"]] |= frozenset(strings_in(values))
    citing = {v["id"] for _k, v in others if _cites(v, cuts)}
    reached = {v["id"] for k, v in states if k == "segment" and segment_is_cut(v, cuts)}
    reached |= citing | entries
    for _hop in range(HOPS):
        reached |= {name for name, strings in named.items() if strings & reached}
    return frozenset(reached & named.keys())


def _cites(values: Any, cuts: Sequence[Cut]) -> bool:
    if isinstance(values, list):
        return any(_cites(item, cuts) for item in values)
    if isinstance(values, dict):
        return lies_in(values, cuts) or any(_cites(item, cuts) for item in values.values())
    return False
