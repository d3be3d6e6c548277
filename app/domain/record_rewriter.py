"""What redaction needs of the storage, apart from what every use case does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from app.domain.ids import IncidentId
from app.domain.record import Operation
from app.domain.redaction_plan import RedactionPlan
from app.domain.redaction_preview import Foreseen
from app.domain.redactions import Redaction
from app.domain.text_fields import Values


class RecordRewriter(Protocol):
    """Takes words out of everything that the database keeps; ``app.storage.redaction``.

    Raises:
        StorageError: from any method, when the data folder is full or cannot be written.
    """

    def states(self, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return kind and JSON values of everything of an incident, as it stands and stood."""

    def states_in(self, copy: Path, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return the same of a copy of the database."""

    def foresee(self, plan: RedactionPlan, hashes: Mapping[tuple[str, str], str]) -> Foreseen:
        """Return what ``rewrite`` would change; changes nothing."""

    def rewrite(
        self,
        plan: RedactionPlan,
        redactions: Sequence[Redaction],
        *,
        hashes: Mapping[tuple[str, str], str],
        by: str,
        label: str,
    ) -> tuple[Operation | None, Counter[str]]:
        """Rewrite rows and history and note the redactions: all of it, or nothing.

        ``hashes`` are those of changed files of evidence: incident and old to new. Returns the
        step, None if all the stretches were noted before, and how many things of each kind have
        changed.
        """

    def rewrite_copy(self, copy: Path, plan: RedactionPlan) -> int:
        """Rewrite a copy of the database; return how many things have changed."""

    def purge(self) -> None:
        """Leave no trace in free pages and in the log."""
