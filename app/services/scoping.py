"""Use case: say how far the incident reaches, as far as anybody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.record import Change
from app.domain.scope import Scope

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.services.steps import Steps


class Scoping:
    """Answers the four questions of the scope, each by itself."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def answer(
        self,
        incident_id: IncidentId,
        *,
        users: str | None = None,
        fault_domain: str | None = None,
        dependency: str | None = None,
        recent_change: str | None = None,
    ) -> Scope:
        """Answer what is given; ``unknown`` is an answer, None leaves the question as it is.

        Raises:
            InvalidRecordError: Nothing is given, or an answer is empty.
        """
        answers = (users, fault_domain, dependency, recent_change)
        if all(answer is None for answer in answers):
            raise InvalidRecordError(
                "scope", "nothing is answered", remedy="Answer at least one; “unknown” will do."
            )
        before = self._steps.record(incident_id).scope
        try:
            known = before or Scope(incident_id)
            after = Scope(
                incident_id,
                _or(users, known.users),
                _or(fault_domain, known.fault_domain),
                _or(dependency, known.dependency),
                _or(recent_change, known.recent_change),
            )
        except ValueError as cause:
            raise InvalidRecordError("scope", str(cause)) from cause
        if after != before:
            self._steps.take(incident_id, [Change(before, after)], "answer the scope")
        return after


def _or(answer: str | None, known: str | None) -> str | None:
    return known if answer is None else answer.strip()
