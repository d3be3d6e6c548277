"""Other programs over the same database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.ports import RecordStore


class OtherWriters:
    """Notices what other programs write to the same database."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._seen = store.data_version()

    def wrote(self) -> bool:
        """Whether another program has written since this was last asked."""
        version = self._store.data_version()
        changed, self._seen = version != self._seen, version
        return changed
