"""What a person names to promote it: an id of four kinds, or a stretch of a session."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import EventId, IncidentId, MarkerId, MessageId, SegmentId, SessionId
from app.domain.times import Span
from app.domain.typed_time import position_ms
from app.services.promotion import Selection

if TYPE_CHECKING:
    from app.domain.record import Operation
    from app.domain.timeline import EntryKind
    from app.services.program import Program
    from app.services.promotion import Given

STRETCH = re.compile(r"(?P<session>[^@]+)@(?P<start>[^-]+)-(?P<end>[^-]+)")


def promote_reference(
    program: Program,
    incident_id: IncidentId,
    reference: str,
    *,
    kind: EntryKind,
    text: str | None,
    given: Given,
) -> Operation:
    """Promote what is meant.

    Raises:
        InvalidRecordError: It is no stretch of a recording, or holds no words.
        NotFoundError: Nothing in the record is called so.
    """
    promotion = program.promotion
    if stretch := STRETCH.fullmatch(reference):
        session, span = SessionId(stretch["session"]), _span(stretch)
        return promotion.promote_stretch(
            incident_id, session, span, kind=kind, text=text, given=given
        )
    record = program.incidents.record(incident_id)
    if reference in {one.id for one in record.segments}:
        chosen = [Selection(SegmentId(reference))]
        return promotion.promote(incident_id, chosen, kind=kind, text=text, given=given)
    if reference in {one.id for one in record.messages}:
        message = MessageId(reference)
        return promotion.promote_message(incident_id, message, kind=kind, text=text, given=given)
    if reference in {one.id for one in record.events}:
        event = EventId(reference)
        return promotion.promote_event(incident_id, event, kind=kind, text=text, given=given)
    if reference in {one.id for one in record.markers}:
        marker = MarkerId(reference)
        return promotion.promote_marker(incident_id, marker, kind=kind, text=text, given=given)
    raise NotFoundError(
        f"There is no segment, message, event or marker “{reference}”.",
        remedy="“hotwash show ID --json” lists them; a stretch is SESSION@1:17-1:20.",
    )


def _span(stretch: re.Match[str]) -> Span:
    try:
        return Span(position_ms(stretch["start"]), position_ms(stretch["end"]))
    except ValueError as cause:
        raise InvalidRecordError(
            "reference",
            f"“{stretch['start']}-{stretch['end']}” is no stretch",
            remedy="Write SESSION@1:17-1:20.",
        ) from cause
