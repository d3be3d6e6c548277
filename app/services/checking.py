"""Use case: hold an incident to the rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from app.domain.english_only import english_only_note
from app.domain.rules.actions import vague
from app.domain.rules.causes import blamed
from app.domain.rules.checker import Checker, final_allowed
from app.domain.rules.findings import DEFAULT_CADENCE, Circumstances
from app.domain.rules.quality import Quality, quality
from app.domain.times import now_utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.domain.cadence import Cadence
    from app.domain.ids import IncidentId
    from app.domain.language.findings import LanguageFinding
    from app.domain.ports import RecordStore
    from app.domain.record import Record
    from app.domain.rules.findings import Finding, Place


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """What the rules say of an incident; ``language`` tells which words they mean, and where.

    ``language_note`` says what they cannot tell because another language is spoken, empty if none.
    """

    final_allowed: bool
    findings: tuple[Finding, ...]
    language: tuple[tuple[Place, LanguageFinding], ...]
    quality: Quality
    language_note: str


class Checking:
    """Checks records; ``clock`` returns the present moment, ``cadence`` is the rubric's."""

    def __init__(
        self,
        store: RecordStore,
        *,
        cadence: Cadence = DEFAULT_CADENCE,
        clock: Callable[[], datetime] = now_utc,
    ) -> None:
        self._store = store
        self._cadence = cadence
        self._clock = clock

    def check(self, incident_id: IncidentId) -> CheckedRecord:
        """Check an incident as it stands in the database.

        Raises:
            NotFoundError: There is no such incident.
        """
        return self.judge(self._store.record(incident_id), Checker())

    def judge(self, record: Record, checker: Checker) -> CheckedRecord:
        """Check a record at hand; the checker remembers what it need not look at again."""
        findings = self.findings(record, checker)
        language = tuple(chain(blamed(record), vague(record)))
        return CheckedRecord(
            final_allowed(findings),
            findings,
            language,
            quality(record, findings),
            english_only_note(record),
        )

    def findings(self, record: Record, checker: Checker | None = None) -> tuple[Finding, ...]:
        """Return what the rules find, without the language and the score."""
        circumstances = Circumstances(self._clock(), cadence=self._cadence)
        return (checker or Checker()).check(record, circumstances)
