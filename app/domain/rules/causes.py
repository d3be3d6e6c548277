"""Rules on the analysis: R07 several factors, R08 no cause is a person."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.analysis import FactorRole
from app.domain.incident import Depth
from app.domain.language.causes import blame_in
from app.domain.language.findings import LanguageFinding
from app.domain.record import Record
from app.domain.rules.findings import Circumstances, Place, Problem
from app.domain.rules.people import people_of

FEWEST_FACTORS, FEWEST_LAYERS = 3, 2
CAUSES_OF_THE_RCA = ("trigger", "detection_gap", "mitigation_gap", "prevention_gap")
LISTS_OF_THE_RCA = ("unconfirmed", "missed_defenses")


def several_factors(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R07: at full depth, several factors contributed, and not all of one layer."""
    if record.incident.depth is not Depth.FULL:
        return
    factors = [one for one in record.factors if one.role is FactorRole.CONTRIBUTING]
    layers = {factor.layer for factor in factors}
    if len(factors) >= FEWEST_FACTORS and len(layers) >= FEWEST_LAYERS:
        return
    yield Problem(
        Place("incident", record.incident.id, "factors"),
        f"The analysis has {_count(len(factors), len(layers))}; "
        f"full depth asks for {FEWEST_FACTORS} in {FEWEST_LAYERS} layers.",
        "Ask what else had to be so, and what hid it; or choose a lighter depth.",
    )


def no_person_is_a_cause(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R08: causes are conditions, not people."""
    for place, finding in blamed(record):
        yield Problem(
            place,
            f"“{finding.match}”: {finding.message[0].lower()}{finding.message[1:]}",
            f"Say what allowed it: {finding.suggestion}",
        )


def blamed(record: Record) -> Iterator[tuple[Place, LanguageFinding]]:
    """Return each person, team or slip that stands as a cause."""
    texts = list(_causes(record))
    people = people_of(record) if texts else ()
    for place, text in texts:
        for finding in blame_in(text, people):
            yield place, finding


def _causes(record: Record) -> Iterator[tuple[Place, str]]:
    for factor in record.factors:
        yield Place("factor", factor.id, "text"), factor.text
    rca = record.rca
    if rca is None:
        return
    for name in CAUSES_OF_THE_RCA:
        text: str | None = getattr(rca, name)
        if text:
            yield Place("rca", rca.id, name), text
    for name in LISTS_OF_THE_RCA:
        texts: tuple[str, ...] = getattr(rca, name)
        for index, text in enumerate(texts):
            yield Place("rca", rca.id, f"{name}[{index}]"), text
    for index, why in enumerate(rca.whys):
        if why.answer:
            yield Place("rca", rca.id, f"whys[{index}].answer"), why.answer


def _count(factors: int, layers: int) -> str:
    if not factors:
        return "no contributing factors"
    plural = "" if factors == 1 else "s"
    return f"{factors} contributing factor{plural} in {layers} layer{'' if layers == 1 else 's'}"
