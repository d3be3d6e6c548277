"""Every kind of thing can be written in a document, and what it says must hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidRecordError
from app.domain.incident import IncidentState
from app.domain.record import LIST_PARTS, SINGLE_PARTS, Change, Entity
from app.domain.times import Precision
from app.services.record_edits import RecordEdits
from app.services.record_json import record_bytes, record_document
from tests.builders import INCIDENT, an_entry, at
from tests.record_builders import a_consented_session, one_of_each

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore

T = "2026-03-12T14:04:00Z"
NEW: dict[str, Any] = {
    "roles": [{"role": "IC", "person": "Marcus"}, {"role": "scribe", "not_needed": True}],
    "scope": {"users": "EU tenants", "fault_domain": "unknown"},
    "messages": [{"id": "m1", "source_id": "imp-1", "at": T, "text": "rolling back"}],
    "events": [{"id": "v1", "source_id": "imp-2", "at": T, "kind": "alert", "text": "5xx"}],
    "series": [{"source_id": "imp-3", "name": "5xx", "points": [{"at": T, "value": 12}]}],
    "entries": [
        {
            "id": "e1",
            "kind": "fact",
            "text": "Rolled back",
            "evidence": ["ev1"],
            "sources": [
                {"type": "message", "message_id": "m1"},
                {"type": "event", "event_id": "v1"},
            ],
        }
    ],
    "evidence": [{"id": "ev1", "kind": "dashboard", "url": "https://grafana.example/d/1"}],
    "impact": {
        "technical": {
            "components": ["checkout"],
            "error_rate": {"value": 12, "unit": "%", "basis": "measured", "evidence": ["ev1"]},
        }
    },
    "slos": [
        {
            "name": "Checkout",
            "target": 0.999,
            "window_minutes": 43200,
            "used": [{"minutes": 60, "failing": 0.2}],
        }
    ],
    "rca": {
        "trigger": "A deploy",
        "factors": [{"id": "f1", "text": "No alert", "layer": "detection", "entries": ["e1"]}],
    },
    "actions": [
        {
            "text": "Add an alert",
            "factors": ["f1"],
            "ticket": {"system": "jira", "key": "OPS-1"},
        }
    ],
    "status_updates": [{"known": "5xx", "next_update_at": "2099-01-01T00:00:00Z"}],
    "checkpoints": [{"from": "Marcus", "to": "Priya", "role": "IC"}],
    "communications": [{"audience": "status_page", "text": "We are looking into it."}],
    "learnings": {"went_well": ["The alert came early"]},
    "closeout": {
        "review_held": True,
        "waivers": [{"item": "runbook_updated", "by": "Marcus", "reason": "there is none"}],
    },
    "markers": [{"session_id": "ses-a", "at_ms": 5000, "kind": "look"}],
    "reconciliations": [{"members": ["m1", "v1"], "chosen": "v1", "why": "its clock is right"}],
    "suggestions": [
        {"kind": "fact", "text": "x", "sources": [], "reason": "rule", "confidence": 0.5}
    ],
}


@pytest.fixture
def edits(store: SqlRecordStore, bus: LocalBus) -> RecordEdits:
    return RecordEdits(store, bus, actor="Marcus")


def test_every_kind_is_written_and_shown_again(store: SqlRecordStore, edits: RecordEdits) -> None:
    edits.apply(INCIDENT, NEW)

    shown = record_document(store.record(INCIDENT))
    for name, given in NEW.items():
        assert shown[name], name
        if isinstance(given, list):
            twins = len(NEW["status_updates"]) if name == "entries" else 0
            assert len(shown[name]) == len(given) + twins, name
    assert shown["slos"][0]["breached_by_minutes"] == 0
    assert shown["rca"]["factors"][0]["status"] == "candidate"
    assert shown["checkpoints"][0]["from"] == "Marcus"
    assert shown["roles"][0]["from"] is not None
    assert shown["markers"][0]["by"] == "Marcus"


def test_a_document_that_holds_every_kind_applies_to_itself_and_changes_nothing(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, NEW)
    assert edits.apply(INCIDENT, record_document(store.record(INCIDENT))).changes == ()


def test_words_of_messages_and_events_are_quoted_and_say_when_it_was_noticed(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, NEW)
    (entry,) = (e for e in store.record(INCIDENT).entries if e.kind != "status")
    assert [source.quote for source in entry.sources] == ["rolling back", "5xx"]
    assert entry.noticed_at == at("14:04")


def test_all_of_it_is_one_step_and_undone_as_one(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    before = store.record(INCIDENT)
    edits.apply(INCIDENT, NEW)
    store.undo(INCIDENT, by="Priya")
    after = store.record(INCIDENT)
    for name in [*LIST_PARTS, *SINGLE_PARTS]:
        assert getattr(after, name) == getattr(before, name)


def test_one_of_every_kind_is_stored_and_comes_back_as_it_was(store: SqlRecordStore) -> None:
    before = store.record(INCIDENT)
    there: dict[str, Entity] = {before.incident.id: before.incident}
    there |= {thing.id: thing for thing in (*before.sessions, *before.tracks)}
    things = one_of_each()
    changes = [
        Change(None if type(thing) in SINGLE_PARTS.values() else there.get(thing.id), thing)
        for thing in things
    ]
    store.commit(INCIDENT, changes, by="x", label="keep")

    after = store.record(INCIDENT)
    assert after.incident == things[0]
    kept = [thing for name in LIST_PARTS for thing in getattr(after, name)]
    kept += [getattr(after, name) for name in SINGLE_PARTS]
    for thing in things[1:]:
        assert thing in kept
    assert after.operations[-1].changes == tuple(changes)


def test_severity_and_state_keep_their_history_with_who_when_and_why(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"incident": {"severity": "SEV1", "reason": "checkout is down"}})
    edits.apply(INCIDENT, {"incident": {"severity": "SEV2", "state": "mitigated"}})
    edits.apply(INCIDENT, {"incident": {"severity": "SEV2", "state": "mitigated"}})

    incident = store.record(INCIDENT).incident
    assert [(c.from_, c.to, c.by, c.reason) for c in incident.severity_history] == [
        (None, "SEV1", "Marcus", "checkout is down"),
        ("SEV1", "SEV2", "Marcus", None),
    ]
    assert [(c.from_, c.to) for c in incident.state_history] == [
        (IncidentState.ACTIVE, IncidentState.MITIGATED)
    ]
    shown = record_document(store.record(INCIDENT))["incident"]
    assert shown["state_history"][0]["from"] == "active"
    assert shown["state_history"][0]["at"].endswith("Z")


def test_an_entry_that_is_moved_keeps_its_first_time(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    def move(clock: str) -> None:
        when = f"2026-03-12T{clock}:00Z"
        edits.apply(INCIDENT, {"entries": [{"id": "e1", "occurred_at": when}]})

    first = {"id": "e1", "kind": "fact", "text": "x", "occurred_at": "2026-03-12T15:02:00+01:00"}
    edits.apply(INCIDENT, {"entries": [first]})
    move("14:05")
    move("14:07")

    (entry,) = store.record(INCIDENT).entries
    assert (entry.occurred_at, entry.original_time) == (at("14:07"), at("14:02"))
    shown = record_document(store.record(INCIDENT))
    assert shown["entries"][0]["original_time"] == "2026-03-12T14:02:00Z"


def test_what_is_not_named_inside_a_part_stays(store: SqlRecordStore, edits: RecordEdits) -> None:
    edits.apply(INCIDENT, NEW)
    edits.apply(INCIDENT, {"impact": {"technical": {"regions": ["eu"]}, "customer": {}}})
    impact = store.record(INCIDENT).impact
    assert impact is not None
    assert (impact.technical.components, impact.technical.regions) == (("checkout",), ("eu",))


def test_a_consent_and_a_clock_are_corrected_and_times_follow(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    consent = {"announced_at": "2026-03-12T14:46:00Z", "by": "Marcus", "method": "said aloud"}
    session = {"id": "ses-a", "consent": consent, "clock_offset_ms": -1000}
    edits.apply(INCIDENT, {"sessions": [session]})
    record = store.record(INCIDENT)
    assert record.sessions[0].consent == a_consented_session().consent
    assert record.utc(record.sessions[0].id, 1_000) == at("14:46")
    assert store.search("rollback")[0].said_at == at("14:47:16")


NO_MESSAGE = {"kind": "fact", "text": "x", "sources": [{"type": "message", "message_id": "m9"}]}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"entries": [{"id": "e1", "evidence": ["ev9"]}]}, "entries[0].evidence[0]"),
        ({"actions": [{"text": "x", "factors": ["f9"]}]}, "actions[0].factors[0]"),
        ({"rca": {"factors": [{"text": "x", "layer": "luck"}]}}, "rca.factors[0].layer"),
        ({"rca": {"whys": [{"question": "why", "evidence": ["no"]}]}}, "rca.whys[0].evidence[0]"),
        ({"evidence": [{"id": "ev1", "remove": True}]}, "evidence[0]"),
        ({"impact": {"technical": {"colour": "red"}}}, "impact.technical.colour"),
        ({"impact": {"id": "inc-other"}}, "impact.id"),
        ({"incident": {"tags": {"color": []}}}, "incident.tags.color"),
        ({"incident": {"state": "over"}}, "incident.state"),
        ({"incident": {"severity": 1}}, "incident.severity"),
        ({"incident": {"track": "security"}}, "incident.track"),
        ({"incident": {"state_history": [{"from": "closed"}]}}, "incident.state_history"),
        ({"locks": [{"id": "lck-mine", "name": "x"}]}, "locks[0]"),
        ({"sessions": [{"kind": "bridge"}]}, "sessions[0].id"),
        ({"sessions": [{"id": "ses-a", "start_utc": T}]}, "sessions[0].start_utc"),
        ({"entries": [NO_MESSAGE]}, "entries[0].sources[0]"),
        ({"roles": [{"role": "IC"}]}, "roles[0]"),
        ({"status_updates": [{"known": "5xx"}, {}]}, "status_updates[1]"),
        ({"scope": {"users": ""}}, "scope"),
        ({"scope": []}, "scope"),
    ],
)
def test_what_does_not_hold_together_is_refused_at_its_place(
    store: SqlRecordStore, edits: RecordEdits, document: object, place: str
) -> None:
    edits.apply(INCIDENT, NEW)
    before = record_bytes(store.record(INCIDENT))

    with pytest.raises(InvalidRecordError) as told:
        edits.apply(INCIDENT, document)

    assert told.value.place == place
    assert record_bytes(store.record(INCIDENT)) == before


def test_what_is_referred_to_goes_together_with_what_refers_to_it(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, NEW)
    edits.apply(
        INCIDENT,
        {
            "evidence": [{"id": "ev1", "remove": True}],
            "entries": [{"id": "e1", "evidence": []}],
            "impact": {"remove": True},
        },
    )
    assert store.record(INCIDENT).evidence == ()
    assert store.record(INCIDENT).impact is None


@pytest.mark.parametrize(
    ("claim", "kept", "known"),
    [
        (("14:02:31", "minute"), "14:02", "minute"),
        (("14:02:31", "approx"), "14:02", "approx"),
        (("14:02:31", None), "14:02:31", "second"),
        (("14:02:00", None), "14:02", "minute"),
        (("14:02:00", "second"), "14:02", "second"),
        (("14:02", None), "14:02", "minute"),
    ],
)
def test_a_document_s_time_is_kept_as_finely_as_it_claims(
    store: SqlRecordStore, edits: RecordEdits, claim: tuple[str, str | None], kept: str, known: str
) -> None:
    told, precision = claim
    claimed = {} if precision is None else {"precision": precision}
    new = {"kind": "fact", "text": "x", "occurred_at": f"2026-03-12T{told}Z"} | claimed
    edits.apply(INCIDENT, {"entries": [{"id": "e1"} | new]})
    (entry,) = store.record(INCIDENT).entries
    assert (entry.occurred_at, entry.precision) == (at(kept), known)


def test_a_document_s_time_without_seconds_is_not_precise_to_the_second(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    new = {"kind": "fact", "text": "x", "occurred_at": "2026-03-12T14:02Z", "precision": "second"}
    with pytest.raises(InvalidRecordError, match=r"entries\[0\]\.precision: .*no seconds"):
        edits.apply(INCIDENT, {"entries": [new]})
    assert store.record(INCIDENT).entries == ()


def test_seconds_that_stand_on_record_are_left_alone(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    old = an_entry("x", occurred="14:02:31", precision=Precision.MINUTE)
    store.commit(INCIDENT, [Change(None, old)], by="an older version", label="enter")
    given = {"id": old.id, "occurred_at": "2026-03-12T14:02:31Z", "text": "reworded"}
    edits.apply(INCIDENT, {"entries": [given]})
    (entry,) = store.record(INCIDENT).entries
    assert (entry.text, entry.occurred_at) == ("reworded", at("14:02:31"))


@pytest.mark.parametrize("known", [Precision.MINUTE, Precision.HOUR, Precision.APPROX])
def test_a_time_on_record_becomes_precise_to_the_second_only_by_seconds_that_are_told(
    store: SqlRecordStore, edits: RecordEdits, known: Precision
) -> None:
    old = an_entry("x", occurred="14:02", precision=known)
    store.commit(INCIDENT, [Change(None, old)], by="Marcus", label="enter")
    finer = {"id": old.id, "precision": "second"}
    with pytest.raises(InvalidRecordError, match=r"entries\[0\]\.precision: .*no seconds") as told:
        edits.apply(INCIDENT, {"entries": [finer]})
    assert "14:02:31" in told.value.remedy
    assert store.record(INCIDENT).entries == (old,)

    edits.apply(INCIDENT, {"entries": [finer | {"occurred_at": "2026-03-12T14:02:07Z"}]})
    (entry,) = store.record(INCIDENT).entries
    assert (entry.occurred_at, entry.precision) == (at("14:02:07"), Precision.SECOND)
