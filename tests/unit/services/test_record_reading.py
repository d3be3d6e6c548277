"""A shown document is the whole record: it reads back to an equal one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.domain.errors import InvalidRecordError
from app.domain.record import LIST_PARTS, SINGLE_PARTS, Record
from app.domain.times import iso_utc
from app.services.record_json import record_bytes, record_document
from app.services.record_reading import record_from_document
from app.services.record_schema import schema_text
from tests.builders import a_record, a_segment, a_session
from tests.generated_records import records
from tests.json_schema import problems

if TYPE_CHECKING:
    from tests.proof.recorded import KeepFigure

ROOT = Path(__file__).parents[3]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


SCHEMA = json.loads((ROOT / "resources" / "schema" / "record-1.json").read_text("utf-8"))


def reads_back(record: Record) -> None:
    text = record_bytes(record)
    assert problems(json.loads(text), SCHEMA, SCHEMA) == []
    again = record_from_document(json.loads(text))
    assert again == record
    assert record_bytes(again) == text


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(records())
def test_a_hundred_generated_records_read_back_equal(record: Record) -> None:
    reads_back(record)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_thousand_generated_records_read_back_equal(proof_figure: KeepFigure) -> None:
    seen = 0

    @settings(max_examples=1_000, deadline=None, suppress_health_check=SLOW)
    @given(records())
    def read_back(record: Record) -> None:
        nonlocal seen
        reads_back(record)
        seen += 1

    read_back()
    proof_figure("JSON round trip: generated records equal", seen, "records", "1,000, all equal")


def test_every_part_of_the_record_is_among_those_that_are_read() -> None:
    names = set(Record.__dataclass_fields__) - {"incident", "operations"}
    assert names == {*LIST_PARTS, *SINGLE_PARTS}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"schema_version": 99}, "schema_version"),
        ({"schema_version": None}, "schema_version"),
        ({"incident": None}, "incident"),
        ({"entries": {}}, "entries"),
        ({"entries": [{"id": "e"}]}, "entries[0].incident_id"),
        ({"rca": {"id": None, "factors": [3]}}, "rca.factors[0]"),
        ({"scope": {"id": "inc-other"}}, "scope.id"),
        ({"edits": [{"changes": [{"type": "rumour"}]}]}, "edits[0].changes[0].type"),
    ],
)
def test_a_document_that_is_none_is_refused_at_its_place(
    changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidRecordError) as told:
        record_from_document(record_document(a_record()) | changes)
    assert told.value.place == place


def test_the_schema_that_is_shipped_is_that_of_the_types() -> None:
    shipped = ROOT / "resources" / "schema" / "record-1.json"
    assert shipped.read_text(encoding="utf-8") == schema_text(), (
        "run packaging/record_schema.py; names may be added, never changed"
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"scope": 3}, ".scope"),
        ({"incident": {"id": "x"}}, ".incident.title"),
        ({"roles": [{"role": "IC"}]}, ".roles[0].id"),
    ],
)
def test_what_does_not_fit_the_schema_is_found(changes: dict[str, Any], place: str) -> None:
    document = json.loads(record_bytes(a_record())) | changes
    assert any(found.startswith(place) for found in problems(document, SCHEMA, SCHEMA))


@pytest.mark.parametrize("offset_ms", [0, 1, 999, 1_000, 60_500, 36_000_000])
def test_times_of_segments_are_spelled_like_all_others(offset_ms: int) -> None:
    session = a_session(clock_offset_ms=-3)
    segment = a_segment("x", offset_ms + 3, offset_ms + 4)
    record = a_record(sessions=(session,), segments=(segment,))

    (shown,) = record_document(record)["segments"]

    assert shown["start_utc"] == iso_utc(session.start_utc + timedelta(milliseconds=offset_ms))
    assert shown["end_utc"] == iso_utc(session.start_utc + timedelta(milliseconds=offset_ms + 1))
