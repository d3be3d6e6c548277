from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.sessions import TrackLabel
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from tests.builders import a_session, a_track, an_incident
from tests.unit.storage.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlRecordStore]:
    store = SqlRecordStore(open_database(tmp_path / "hotwash.db"))
    keep(store, an_incident(), a_session(), a_track(TrackLabel.BRIDGE), undoable=False)
    yield store
    store.close()
