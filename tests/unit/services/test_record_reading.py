"""A shown document is the whole record: it reads back to an equal one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.domain.errors import InvalidRecordError
from app.domain.record import LIST_PARTS, SINGLE_PARTS, Record
from app.services.record_json import record_document, record_text
from app.services.record_reading import record_from_document
from tests.builders import a_record
from tests.generated_records import records

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def reads_back(record: Record) -> None:
    text = record_text(record)
    again = record_from_document(json.loads(text))
    assert again == record
    assert record_text(again) == text


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(records())
def test_a_hundred_generated_records_read_back_equal(record: Record) -> None:
    reads_back(record)


@pytest.mark.prove
@pytest.mark.timeout(900)
@settings(max_examples=1_000, deadline=None, suppress_health_check=SLOW)
@given(records())
def test_a_thousand_generated_records_read_back_equal(record: Record) -> None:
    reads_back(record)


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
