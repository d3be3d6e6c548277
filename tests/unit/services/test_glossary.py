"""Keeping the glossary, and taking its spellings in a transcript back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import GlossaryError, InvalidRecordError, NotFoundError
from app.domain.events import ProblemArose, RecordChanged
from app.domain.glossary import Glossary, Term, TermKind
from app.domain.home import Home
from app.domain.ids import SegmentId
from app.domain.transcript import RecognitionPass, Segment
from app.resources import resources_dir
from app.services.editing import Editing
from app.services.glossary import GlossaryDesk
from app.services.glossary_file import changing
from tests.builders import BRIDGE, CHECKOUT_API, INCIDENT, a_segment, a_spelled_segment

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

LIVE, FINAL = RecognitionPass.LIVE, RecognitionPass.FINAL
TWICE = "check out api calls check out api"


@pytest.fixture
def desk(store: SqlRecordStore, bus: LocalBus, tmp_path: Path) -> GlossaryDesk:
    template = resources_dir() / "glossary.toml"
    return GlossaryDesk(store, bus, Home(tmp_path / "home"), template, actor="Marcus")


@pytest.fixture
def spelled(store: SqlRecordStore) -> Segment:
    """A line with two spellings of the glossary, heard live."""
    segment = a_spelled_segment(TWICE, start_ms=90_000, end_ms=94_000, made_in=LIVE)
    store.add_segments(BRIDGE, [segment], made_in=LIVE, cursor_ms=94_000)
    return segment


def standing(store: SqlRecordStore, segment: Segment) -> Segment:
    return next(one for one in store.record(INCIDENT).segments if one.id == segment.id)


def test_terms_are_kept_changed_and_taken_out(desk: GlossaryDesk) -> None:
    desk.add(CHECKOUT_API.text, CHECKOUT_API.kind, CHECKOUT_API.heard_as)
    desk.add("Priya", TermKind.PERSON)
    assert desk.in_force.glossary.terms == (CHECKOUT_API, Term("Priya", TermKind.PERSON))
    desk.remove("priya")
    assert desk.for_recognition() == Glossary((CHECKOUT_API,))
    with pytest.raises(NotFoundError):
        desk.remove("priya")


def test_what_is_not_said_of_a_known_term_stays(desk: GlossaryDesk) -> None:
    desk.add("checkout-api", TermKind.SERVICE, ["check out api"])
    assert desk.add("Checkout-API") == Term("Checkout-API", TermKind.SERVICE, ("check out api",))
    more = desk.add("checkout-api", heard_as=["check out api", "chuck out api"])
    assert more.kind is TermKind.SERVICE
    assert desk.in_force.glossary.terms == (more,)


def test_two_programs_that_change_the_glossary_at_once_lose_no_term(desk: GlossaryDesk) -> None:
    def add_all(program: str) -> None:
        for number in range(20):
            desk.add(f"{program}-{number}")

    with ThreadPoolExecutor() as programs:
        list(programs.map(add_all, ("ours", "theirs")))

    assert len(desk.in_force.glossary.terms) == 40


def test_a_glossary_that_another_program_does_not_let_go_of_is_left_as_it_is(
    desk: GlossaryDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.glossary_file.PATIENCE_S", 0.0)
    desk.add("Priya")
    with (
        changing(Home(tmp_path / "home").glossary),
        pytest.raises(GlossaryError, match="another program is changing it") as told,
    ):
        desk.remove("Priya")
    assert told.value.remedy == "Wait until that is done, then try again."
    assert desk.in_force.glossary.terms == (Term("Priya"),)
    desk.remove("Priya")


def test_a_broken_file_is_told_and_recognition_goes_without(
    desk: GlossaryDesk, heard: Heard, tmp_path: Path
) -> None:
    (tmp_path / "home" / "glossary.toml").write_text("[[term]", encoding="utf-8")
    assert desk.for_recognition() == Glossary()
    (event,) = heard
    assert isinstance(event, ProblemArose)
    assert isinstance(event.error, GlossaryError)


def test_a_second_import_finds_everything_known(desk: GlossaryDesk, tmp_path: Path) -> None:
    table = tmp_path / "terms.csv"
    table.write_text("checkout-api,service,check out api\nRedis,nothing,\n", encoding="utf-8")
    first, second = desk.import_file(table), desk.import_file(table)
    assert (first.new, first.unchanged) == ((CHECKOUT_API,), 0)
    assert (second.new, second.grew, second.unchanged) == ((), (), 1)
    assert len(first.skipped) == len(second.skipped) == 1


def test_a_name_that_is_heard_for_a_term_does_not_stop_an_import(
    desk: GlossaryDesk, tmp_path: Path
) -> None:
    desk.add("checkout-api", heard_as=["check out api"])
    names = tmp_path / "names.txt"
    names.write_text("check out api\nbell\x07\nRedis\n", encoding="utf-8")
    imported = desk.import_file(names)
    assert (imported.new, imported.unchanged) == ((Term("Redis"),), 0)
    assert [skipped.reason for skipped in imported.skipped] == [
        "it holds a character that is no text",
        "it is heard for “checkout-api”",
    ]


def test_the_names_of_an_incident_are_taken_over(desk: GlossaryDesk) -> None:
    assert desk.import_incident(INCIDENT).new == desk.in_force.glossary.terms


def test_one_spelling_is_taken_back_and_comes_again_with_an_undo(
    desk: GlossaryDesk, store: SqlRecordStore, bus: LocalBus, spelled: Segment, heard: Heard
) -> None:
    operation = desk.take_back(INCIDENT, [(spelled.id, (2,))])
    now = standing(store, spelled)
    assert now.text == "checkout-api calls check out api"
    assert now.original_text == TWICE
    assert heard == [RecordChanged(INCIDENT, operation)]

    Editing(store, bus, actor="Marcus").undo(INCIDENT)
    assert standing(store, spelled) == spelled


def test_two_spellings_of_one_line_are_taken_back_together(
    desk: GlossaryDesk, store: SqlRecordStore, spelled: Segment
) -> None:
    operation = desk.take_back(INCIDENT, [(spelled.id, (0,)), (spelled.id, (2,))])
    assert len(operation.changes) == 1
    assert standing(store, spelled).text == TWICE


def test_all_spellings_are_taken_back_in_one_step(
    desk: GlossaryDesk, store: SqlRecordStore, spelled: Segment
) -> None:
    other = a_spelled_segment(start_ms=95_000, end_ms=97_000, made_in=LIVE)
    store.add_segments(BRIDGE, [other], made_in=LIVE, cursor_ms=97_000)

    operation = desk.take_back(INCIDENT)

    assert [change.entity.id for change in operation.changes] == [spelled.id, other.id]
    assert not any(segment.respelled for segment in store.record(INCIDENT).segments)
    assert standing(store, spelled).text == TWICE


def test_a_later_pass_leaves_what_a_person_took_back(
    desk: GlossaryDesk, store: SqlRecordStore, spelled: Segment
) -> None:
    desk.take_back(INCIDENT, [(spelled.id, None)])
    again = a_spelled_segment(TWICE, start_ms=90_000, end_ms=94_000)

    store.restart_pass(BRIDGE, FINAL)
    store.add_segments(BRIDGE, [again], made_in=FINAL, cursor_ms=94_000)
    store.finish_pass(BRIDGE, FINAL)

    texts = [s.text for s in store.record(INCIDENT).segments if s.start_ms == 90_000]
    assert texts == [TWICE]


@pytest.mark.usefixtures("spelled")
def test_where_nothing_is_spelled_there_is_nothing_to_take_back(
    desk: GlossaryDesk, store: SqlRecordStore
) -> None:
    plain = a_segment("We roll back.", 100_000, 101_000)
    store.add_segments(BRIDGE, [plain], made_in=FINAL, cursor_ms=101_000)
    with pytest.raises(InvalidRecordError, match="no spelling of the glossary"):
        desk.take_back(INCIDENT, [(plain.id, None)])
    with pytest.raises(NotFoundError):
        desk.take_back(INCIDENT, [(SegmentId("seg-none"), None)])
