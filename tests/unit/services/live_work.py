"""What the tests of live work share: a clock that is set, and the record as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.rules.checker import check
from tests.builders import INCIDENT, at

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.record import Record
    from app.storage.record_store import SqlRecordStore


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@dataclass
class Reading:
    """The record as it stands in the database whenever it is asked for."""

    store: SqlRecordStore

    def __call__(self) -> Record:
        return self.store.record(INCIDENT)

    def rules(self) -> set[str]:
        return {finding.rule for finding in check(self(), at("23:00"))}
