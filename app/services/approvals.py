"""Use case: let a text leave the house, on a person's word and on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.communications import Communication, LeakWaiver
from app.domain.errors import NotApprovedError
from app.domain.ids import CommunicationId, new_id
from app.domain.incident import IncidentTrack
from app.domain.language.leaks import leaks_in
from app.domain.record import Change
from app.domain.rules.findings import and_list

if TYPE_CHECKING:
    from app.domain.communications import Audience
    from app.domain.record import Record
    from app.services.steps import Steps


@dataclass(frozen=True, slots=True)
class Approval:
    """Who lets a text go, and why in spite of what the leak check finds; empty where nobody."""

    by: str = ""
    leak_reason: str = ""


class Approvals:
    """Checks what people outside are to read, and keeps on record who approved it."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def require(self, record: Record, text: str, approval: Approval) -> None:
        """Refuse a text that must not leave, or not yet.

        Raises:
            NotApprovedError: The incident is of the security track, nobody has approved the
                text, or it gives something away that nobody has waived.
        """
        if record.incident.track is IncidentTrack.SECURITY:
            raise NotApprovedError(
                "The incident is on the security track: nothing of it is written for outside.",
                remedy="Have those who need to know write it themselves.",
            )
        if not approval.by.strip():
            raise NotApprovedError(
                "People outside read it, and nobody has approved it.",
                remedy="Have somebody read the text and give their name: --approved-by NAME.",
                text=text,
            )
        leaks = leaks_in(text)
        if leaks and not approval.leak_reason.strip():
            raise NotApprovedError(
                f"It gives away {and_list(f'“{leak.match}”' for leak in leaks)}.",
                remedy="Take it out of the record's facts, or say why it may go: --allow-leaks.",
                text=text,
            )

    def keep(
        self,
        record: Record,
        audience: Audience,
        text: str,
        facts_used: tuple[str, ...],
        approval: Approval,
    ) -> None:
        """Put the text and its approval on record; the same text by the same person only once."""
        by = approval.by.strip()
        known = ((said.audience, said.text, said.approver) for said in record.communications)
        if (audience, text, by) in known:
            return
        now, reason = self._steps.now(), approval.leak_reason.strip()
        said = Communication(
            id=CommunicationId(new_id("com")),
            incident_id=record.incident.id,
            audience=audience,
            text=text,
            facts_used=facts_used,
            approver=by,
            approved_at=now,
            created_at=now,
            leak_waiver=LeakWaiver(by, reason, now) if reason and leaks_in(text) else None,
        )
        label = f"Approve the text for {audience.value.replace('_', ' ')}"
        self._steps.take(record.incident.id, [Change(None, said)], label)
