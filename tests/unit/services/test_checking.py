from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.rules.checker import Checker
from app.domain.rules.findings import Place
from app.services.checking import Checking
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import an_action
from tests.record_builders import a_factor
from tests.unit.domain.rules.records import NOW, a_final_record

if TYPE_CHECKING:
    from pathlib import Path


def test_the_words_that_are_meant_are_told_with_their_place(tmp_path: Path) -> None:
    store = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    checking = Checking(store, clock=lambda: NOW)
    factor, action = a_factor("Human error"), an_action("Fix the issue")
    record = a_final_record(factors=(factor,), actions=(action,))
    try:
        checked = checking.judge(record, Checker())
    finally:
        store.close()
    assert [(place, finding.match) for place, finding in checked.language] == [
        (Place("factor", factor.id, "text"), "Human error"),
        (Place("action", action.id, "text"), "Fix the issue"),
    ]
    assert not checked.final_allowed


def test_a_record_that_is_in_order_may_be_final(tmp_path: Path) -> None:
    store = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    try:
        checking = Checking(store, clock=lambda: NOW)
        checker, record = Checker(), a_final_record()
        assert checking.judge(record, checker).final_allowed
        assert not checking.judge(replace(record, roles=()), checker).final_allowed
    finally:
        store.close()
