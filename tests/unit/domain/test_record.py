import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.ids import new_id
from app.domain.record import ENTITY_TYPES, Change, Entity, entity_type
from app.domain.timeline import EntryKind, TimelineEntry
from app.domain.times import Precision, Span, clock_text, iso_utc
from tests.builders import START, a_record, an_entry
from tests.record_builders import one_of_each

ONE_OF_EACH: list[Entity] = one_of_each()


@pytest.mark.parametrize("entity", ONE_OF_EACH, ids=entity_type)
def test_every_entity_survives_the_way_to_json_and_back(entity: Entity) -> None:
    assert from_json_values(type(entity), to_json_values(entity), place="x") == entity


def test_there_is_one_of_each_kind_above() -> None:
    assert {entity_type(entity) for entity in ONE_OF_EACH} == set(ENTITY_TYPES)


def test_a_value_that_does_not_fit_is_named_by_its_place() -> None:
    values = to_json_values(ONE_OF_EACH[6])
    values["sources"][0]["end_ms"] = "soon"
    with pytest.raises(InvalidRecordError) as told:
        from_json_values(TimelineEntry, values, place="entries[3]")
    assert told.value.place == "entries[3].sources[0].end_ms"


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        an_entry(occurred=datetime(2026, 1, 1, 12))  # noqa: DTZ001  the point of the test


def test_a_hypothesis_has_a_state_and_nothing_else_has() -> None:
    with pytest.raises(ValueError, match="hypothesis_state"):
        replace(an_entry(), kind=EntryKind.HYPOTHESIS)
    with pytest.raises(ValueError, match="hypothesis_state"):
        replace(an_entry(kind=EntryKind.HYPOTHESIS), kind=EntryKind.FACT)


def test_precision_is_unknown_exactly_when_the_time_is() -> None:
    with pytest.raises(ValueError, match="precision"):
        replace(an_entry(), precision=Precision.MINUTE)


def test_a_change_keeps_the_id_and_its_inverse_takes_it_back() -> None:
    before, after = an_entry("before"), an_entry("after")
    with pytest.raises(ValueError, match="keeps its entity's id"):
        Change(before, after)
    with pytest.raises(ValueError, match="needs a before or an after"):
        Change(None, None)
    assert Change(None, after).inverse == Change(after, None)


def test_the_timeline_is_in_order_and_unknown_times_come_last() -> None:
    late, early, unknown = an_entry(occurred="15:00"), an_entry(occurred="14:00"), an_entry()
    assert a_record(late, unknown, early).timeline() == (early, late, unknown)


def test_spans_are_half_open_and_never_empty() -> None:
    assert Span(0, 500).overlap_ms(Span(500, 900)) == 0
    assert Span(0, 500).overlap_ms(Span(400, 900)) == 100
    for start, end in ((5, 5), (-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="start < end"):
            Span(start, end)


def test_times_are_written_in_utc_with_a_z() -> None:
    assert iso_utc(START) == "2026-03-12T14:46:00Z"
    assert (
        iso_utc(datetime(2026, 1, 1, 0, 0, 0, 120_000, tzinfo=UTC)) == "2026-01-01T00:00:00.120Z"
    )
    assert clock_text(77_049) == "0:01:17.0"


def test_ids_say_what_they_name_and_do_not_repeat() -> None:
    ids = {new_id("ent") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"ent-[a-z2-7]{13}", name) for name in ids)
