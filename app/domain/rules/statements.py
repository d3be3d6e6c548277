"""Rules on texts for others: R01 precision, R13 approval and leaks, R14 only what is known."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.language.leaks import leaks_in
from app.domain.record import Record
from app.domain.rules.drafts import Claims, claims_of, drafts_of
from app.domain.rules.findings import Circumstances, Level, Place, Problem, and_list
from app.domain.rules.heard import doubtful_figures
from app.domain.rules.known import Known, known_of

WORDS_OF_AN_UPDATE = ("known", "unknown", "impact", "mitigation")


def no_finer_than_known(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R01: a text tells a time no more precisely than the record knows it.

    That times are kept in UTC needs no check: no other can be built (``times.keep_utc``).
    """
    known = known_of(record)
    for place, text in drafts_of(record):
        finer = [f"“{word}”" for word in _too_fine(claims_of(text), known)]
        if finer:
            yield Problem(
                place,
                f"{and_list(finer)} is more precise than the time that the record knows.",
                "Write the time as the timeline shows it, such as “14:02” or “about 14:00”.",
            )


def only_what_is_known(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R14: each number, time and name of a text is in the record; new names are shown.

    And what the record itself has of a figure was heard, or is proven.
    """
    yield from doubtful_figures(record)
    known = known_of(record)
    for place, text in drafts_of(record):
        claims = claims_of(text)
        unknown = [f"“{word}”" for word in _unknown(claims, known)]
        if unknown:
            yield Problem(
                place,
                f"Not in the record: {and_list(unknown)}.",
                "Correct it, or enter what proves it into the record first.",
            )
        names = [f"“{name}”" for name in claims.names if not known.has_words(name)]
        if names:
            yield Problem(
                place,
                f"The record does not know these names: {and_list(names)}.",
                "Check each; take out names of people, customers and products that do not belong.",
                Level.WARN,
            )


def _too_fine(claims: Claims, known: Known) -> Iterator[str]:
    for word, clock in claims.clocks.items():
        exact = known.has_clock(clock, to_the_second=word.count(":") > 1)
        if not exact and known.has_coarser(clock):
            yield word


def _unknown(claims: Claims, known: Known) -> Iterator[str]:
    for word, clock in claims.clocks.items():
        exact = known.has_clock(clock, to_the_second=word.count(":") > 1)
        if not exact and not known.has_coarser(clock):
            yield word
    yield from (word for word, day in claims.dates.items() if not known.has_date(day))
    yield from (word for word, number in claims.numbers.items() if not known.has_number(number))
    yield from (code for code in claims.codes if not known.has_words(code))


def outsiders_read_what_is_approved(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R13: a text for people outside was approved by name, and gives nothing away."""
    for text in record.communications:
        if text.audience.is_external:
            if not (text.approver or "").strip() or text.approved_at is None:
                yield _unapproved(Place("communication", text.id, "approver"))
            if text.leak_waiver is None:
                yield from _leaks(Place("communication", text.id, "text"), text.text)
    for update in record.status_updates:
        if update.audience.is_external:
            if not (update.approved_by or "").strip():
                yield _unapproved(Place("status_update", update.id, "approved_by"))
            for name in WORDS_OF_AN_UPDATE if update.leak_waiver is None else ():
                said: str | None = getattr(update, name)
                yield from _leaks(Place("status_update", update.id, name), said or "")


def _unapproved(place: Place) -> Problem:
    return Problem(
        place,
        "People outside read it, and nobody has approved it.",
        "Have somebody approve it by name.",
    )


def _leaks(place: Place, text: str) -> Iterator[Problem]:
    leaks = leaks_in(text)
    if leaks:
        yield Problem(
            place,
            f"It gives away {and_list(f'“{leak.match}”' for leak in leaks)}.",
            "Take it out: name the service as customers know it; or waive the check by name.",
        )
