"""The summary: three to five plain sentences, each made of the record and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.timeline import Anchor
from drafting.anchor_times import without_time
from drafting.report import ActionRow, DecisionRow, HypothesisRow, Sentence, TimelineRow
from drafting.time_words import clock, duration
from drafting.wording import counted, listing, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.incident import Incident
    from drafting.anchor_times import AnchorPoint, AnchorTimes

_BEGINNING = {
    Anchor.IMPACT_START: "when impact began",
    Anchor.DETECTION: "when it was detected",
}
_END = {
    Anchor.ROLLBACK_OR_FIX: "when a rollback or fix went in",
    Anchor.RECOVERY_CONFIRMED: "when recovery was confirmed",
}


def summary(
    incident: Incident,
    times: AnchorTimes,
    *,
    timeline: Sequence[TimelineRow],
    decisions: Sequence[DecisionRow],
    hypotheses: Sequence[HypothesisRow],
    actions: Sequence[ActionRow],
) -> tuple[Sentence, ...]:
    """Return the sentences; what the record lacks is named as not recorded."""
    if not timeline:
        return (
            _standing(incident),
            Sentence("The timeline holds no entries yet, so nothing can be summarised."),
        )
    told = (
        _standing(incident),
        _begun(times),
        _detected(times),
        _beginning_unrecorded(times),
        _ended(times),
        _count(decisions, hypotheses, actions),
    )
    return tuple(sentence for sentence in told if sentence is not None)


def _standing(incident: Incident) -> Sentence:
    state = incident.state.value.replace("_", " ")
    if incident.severity is None:
        return Sentence(f"No severity is recorded; the incident stands as {state}.")
    return Sentence(f"The incident is recorded as {incident.severity} and stands as {state}.")


def _begun(times: AnchorTimes) -> Sentence | None:
    point = times.at(Anchor.IMPACT_START)
    if point is None:
        return None
    return Sentence(
        f"Impact began at {_utc(point)}: {quoted(shortened(point.text))}", (point.ref,)
    )


def _detected(times: AnchorTimes) -> Sentence | None:
    point = times.at(Anchor.DETECTION)
    if point is None:
        return None
    later = _after_impact(times, point)
    return Sentence(
        f"It was detected at {_utc(point)}{later}: {quoted(shortened(point.text))}", (point.ref,)
    )


def _ended(times: AnchorTimes) -> Sentence:
    fix, recovery = times.at(Anchor.ROLLBACK_OR_FIX), times.at(Anchor.RECOVERY_CONFIRMED)
    unrecorded = _unrecorded(times, _END)
    parts: list[str] = []
    if fix is not None:
        parts.append(f"the rollback or fix is recorded at {_utc(fix)}")
    if recovery is not None:
        later = _after_impact(times, recovery)
        parts.append(f"recovery was confirmed at {_utc(recovery)}{later}")
    if unrecorded:
        parts.append(unrecorded)
    words = "; ".join(parts) if unrecorded else listing(parts)
    refs = tuple(dict.fromkeys(p.ref for p in (fix, recovery) if p is not None))
    return Sentence(f"{words[0].upper()}{words[1:]}.", refs)


def _beginning_unrecorded(times: AnchorTimes) -> Sentence | None:
    words = _unrecorded(times, _BEGINNING)
    return Sentence(f"{words[0].upper()}{words[1:]}.") if words else None


def _unrecorded(times: AnchorTimes, anchors: Mapping[Anchor, str]) -> str:
    missing = [
        words + (f" ({without_time(refs)})" if (refs := times.untimed(anchor)) else "")
        for anchor, words in anchors.items()
        if times.at(anchor) is None
    ]
    return f"not recorded: {listing(missing)}" if missing else ""


def _count(
    decisions: Sequence[DecisionRow],
    hypotheses: Sequence[HypothesisRow],
    actions: Sequence[ActionRow],
) -> Sentence:
    words = [
        counted(len(decisions), "decision"),
        counted(len(actions), "follow-up action"),
        counted(len(hypotheses), "hypothesis", "hypotheses"),
    ]
    return Sentence(f"The record holds {listing(words)}{_of_which(hypotheses)}.")


def _of_which(hypotheses: Sequence[HypothesisRow]) -> str:
    """Return how the hypotheses stand, as the end of the sentence that counts them."""
    count, open_ones = len(hypotheses), sum(hypothesis.unproven for hypothesis in hypotheses)
    if not count:
        return ""
    if count == 1:
        ruled_out = "was ruled out" if hypotheses[0].ruled_out else "is confirmed"
        return f", which {'is not confirmed' if open_ones else ruled_out}"
    if not open_ones:
        return ", all of them confirmed or ruled out"
    if open_ones == count:
        return ", none of them confirmed"
    return f", of which {counted(open_ones, 'is', 'are')} not confirmed"


def _after_impact(times: AnchorTimes, point: AnchorPoint) -> str:
    start = times.at(Anchor.IMPACT_START)
    length = duration(start.moment, point.moment) if start is not None else None
    return f", {length} after impact began" if length is not None else ""


def _utc(point: AnchorPoint) -> str:
    return f"{clock(point.moment).utc} UTC"
