"""Use cases: how grave the incident is, and where it stands; each change with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.record import Change
from app.domain.rules.closing import refuse_move

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.domain.incident import Incident, IncidentState
    from app.domain.rubric import Rubric
    from app.services.steps import Steps


class Standing:
    """Sets severity and state; who, when and why is kept in their histories."""

    def __init__(self, steps: Steps, *, rubric: Rubric) -> None:
        self._steps = steps
        self._rubric = rubric

    def set_severity(
        self,
        incident_id: IncidentId,
        severity: str | None,
        *,
        reason: str = "",
        any_word: bool = False,
    ) -> Incident:
        """Declare a severity, None for none; nothing is stored where it is so already.

        A level's depth of analysis comes with it, unless a person chose another.

        Raises:
            InvalidRecordError: It is no level of the rubric, and not just ``any_word`` is wanted.
        """
        word = None if severity is None else " ".join(severity.split())
        if word == "":
            raise InvalidRecordError(
                "severity",
                "no level is named",
                remedy=f"Choose one of {', '.join(self._rubric.names)}, or none.",
            )
        if word is not None and self._rubric.level(word) is None and not any_word:
            raise InvalidRecordError(
                "severity",
                f"“{word}” is no level of your rubric",
                remedy=f"Choose one of {', '.join(self._rubric.names)}, or say --any.",
            )
        before = self._steps.record(incident_id).incident
        after = self._rubric.declared(
            before, word, at=self._steps.now(), by=self._steps.actor, reason=reason.strip() or None
        )
        return self._keep(before, after, "set the severity")

    def set_state(
        self, incident_id: IncidentId, state: IncidentState, *, reason: str = ""
    ) -> Incident:
        """Move the incident on, or back; nothing is stored where it stands so already.

        Raises:
            InvalidRecordError: It is closed before it is over or with something open, or opened
                again without a reason.
        """
        record = self._steps.record(incident_id)
        before = record.incident
        why = reason.strip() or None
        after = before.with_state(state, at=self._steps.now(), by=self._steps.actor, reason=why)
        refuse_move(record, replace(record, incident=after), why=why)
        return self._keep(before, after, f"set the state to {state.value}")

    def _keep(self, before: Incident, after: Incident, label: str) -> Incident:
        if after is not before:
            self._steps.take(before.id, [Change(before, after)], label)
        return after
