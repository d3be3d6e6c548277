"""Redaction of the database; what does it loads SQLAlchemy, and is loaded when it is needed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.domain.ids import IncidentId
    from app.domain.record import Operation
    from app.domain.redaction_plan import RedactionPlan
    from app.domain.redaction_preview import Foreseen
    from app.domain.redactions import Redaction
    from app.domain.text_fields import Values
    from app.storage.database import Database
    from app.storage.redaction import SqlRedaction


class Redactor:
    """Implements ``RecordRewriter``; see ``SqlRedaction``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @functools.cached_property
    def _real(self) -> SqlRedaction:
        from app.storage.redaction import SqlRedaction  # noqa: PLC0415  see the module

        return SqlRedaction(self._database)

    def states(self, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return kind and JSON values of everything of an incident, as it stands and stood."""
        return self._real.states(incident_id)

    def states_in(self, copy: Path, incident_id: IncidentId) -> list[tuple[str, Values]]:
        """Return the same of a copy of the database."""
        return self._real.states_in(copy, incident_id)

    def foresee(self, plan: RedactionPlan, hashes: Mapping[tuple[str, str], str]) -> Foreseen:
        """Return what ``rewrite`` would change; changes nothing."""
        return self._real.foresee(plan, hashes)

    def rewrite(
        self,
        plan: RedactionPlan,
        redactions: Sequence[Redaction],
        *,
        hashes: Mapping[tuple[str, str], str],
        by: str,
        label: str,
    ) -> tuple[Operation | None, Counter[str]]:
        """Take the words out of every row and of the history, and note the redactions."""
        return self._real.rewrite(plan, redactions, hashes=hashes, by=by, label=label)

    def rewrite_copy(self, copy: Path, plan: RedactionPlan) -> int:
        """Do the same to a copy of the database; return how many things have changed."""
        return self._real.rewrite_copy(copy, plan)

    def purge(self) -> None:
        """Leave no trace in free pages and in the log; other programs may have it open."""
        self._real.purge()
