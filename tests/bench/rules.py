"""How long the rules take: after one edit, and over a whole large incident."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.ids import SegmentId
from app.domain.rules.checker import Checker, check
from app.domain.timeline import Anchor, EntryKind
from app.domain.times import after
from tests.bench.figures import Figure
from tests.builders import START, a_record, a_segment, a_source, an_action, an_entry
from tests.record_builders import (
    a_communication,
    a_factor,
    a_message,
    a_role,
    a_status_update,
    an_event,
    an_evidence,
    an_impact,
    an_rca,
    some_learnings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.record import Record

EDIT_BAR_MS, WHOLE_BAR_MS = 10, 300
TIMES, TIMES_QUICK = 15, 5
TALK = (
    "the pool of checkout is full and the rollback of release 2.4.1 started at 14:21 because "
    "errors reached 12 % in eu-west after Marcus saw the alert on the dashboard of payments"
)
WORDS = TALK.split()
DRAFT = (
    "Checkout returned errors for 24 minutes from 14:02. The rollback of release 2.4.1 ended "
    "them at 14:26; 12 % of orders failed, 1,377 in all. Acme and Kestrel were told at 15:07."
)


def measure(*, quick: bool = False) -> list[Figure]:
    """Time both and return the medians."""
    times = TIMES_QUICK if quick else TIMES
    edited_ms = statistics.median(_edits_ms(a_large_record(entries=500, segments=5_000), times))
    whole_ms = statistics.median(_whole_ms(times))
    return [
        _figure("rules_after_one_edit_of_500_entries", edited_ms, EDIT_BAR_MS),
        _figure("rules_over_20000_segments_2000_entries", whole_ms, WHOLE_BAR_MS),
    ]


def a_large_record(*, entries: int, segments: int) -> Record:
    """Return the record of a long incident, with texts that are to be looked up in it."""
    chance = random.Random(42)  # noqa: S311  the same record each time, no secret
    said = tuple(
        a_segment(
            " ".join(chance.choices(WORDS, k=12)),
            start_ms=index * 3_000,
            end_ms=index * 3_000 + 2_900,
            id=SegmentId(f"seg-{index:06}"),
            words=(),
        )
        for index in range(segments)
    )
    anchors = list(Anchor)
    told = tuple(
        an_entry(
            " ".join(chance.choices(WORDS, k=10)),
            kind=EntryKind.DECISION if index % 9 == 0 else EntryKind.FACT,
            occurred=after(START, index * 1_000),
            anchor=anchors[index % len(anchors)] if index % 10 == 0 else None,
            sources=(a_source(said[index * len(said) // entries]),),
        )
        for index in range(entries)
    )
    factors = tuple(a_factor(" ".join(chance.choices(WORDS, k=8))) for _ in range(10))
    return a_record(
        *told,
        segments=said,
        factors=factors,
        actions=tuple(
            an_action(" ".join(chance.choices(WORDS, k=10)), factors=(factors[i % 10].id,))
            for i in range(40)
        ),
        roles=(a_role(), a_role("scribe", "Priya")),
        messages=tuple(a_message(" ".join(chance.choices(WORDS, k=9))) for _ in range(entries)),
        events=tuple(an_event() for _ in range(100)),
        evidence=tuple(an_evidence() for _ in range(50)),
        status_updates=tuple(a_status_update(at=after(START, i * 60_000)) for i in range(25)),
        impact=an_impact(),
        rca=an_rca(),
        communications=tuple(a_communication(text=DRAFT) for _ in range(10)),
        learnings=some_learnings(went_well=(DRAFT, "The alert came early")),
    )


def _edits_ms(record: Record, times: int) -> list[float]:
    """Edit one entry after the other, each time checking again."""
    checker, taken = Checker(), list[float]()
    checker.check(record, START)
    for index in range(times):
        entries = list(record.entries)
        entries[index] = replace(entries[index], text=f"Edited for the {index + 1}th time")
        record = replace(record, entries=tuple(entries))
        edited = record
        taken.append(_ms(lambda edited=edited: checker.check(edited, START)))  # type: ignore[misc]
    return taken


def _whole_ms(times: int) -> list[float]:
    """Check the record as if it had just been read: no part is one that was seen before."""
    taken = list[float]()
    for _ in range(times):
        large = a_large_record(entries=2_000, segments=20_000)
        taken.append(_ms(lambda large=large: check(large, START)))  # type: ignore[misc]
    return taken


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


def _figure(name: str, value: float, bar: float) -> Figure:
    return Figure(name, round(value, 2), "ms", bar=f"at most {bar} ms", ok=value <= bar)
