"""Names of things. Each kind has a type of its own, so that one cannot stand for another."""

from __future__ import annotations

import base64
import secrets
from typing import NewType

IncidentId = NewType("IncidentId", str)
SessionId = NewType("SessionId", str)
TrackId = NewType("TrackId", str)
SegmentId = NewType("SegmentId", str)
SpeakerId = NewType("SpeakerId", str)
EntryId = NewType("EntryId", str)
DecisionId = NewType("DecisionId", str)
ActionId = NewType("ActionId", str)
MarkerId = NewType("MarkerId", str)
OperationId = NewType("OperationId", str)
RoleId = NewType("RoleId", str)
MessageId = NewType("MessageId", str)
EventId = NewType("EventId", str)
SeriesId = NewType("SeriesId", str)
ImportId = NewType("ImportId", str)  # one file or export that was read
ReconciliationId = NewType("ReconciliationId", str)
SuggestionId = NewType("SuggestionId", str)
EvidenceId = NewType("EvidenceId", str)
SloId = NewType("SloId", str)
FactorId = NewType("FactorId", str)
StatusUpdateId = NewType("StatusUpdateId", str)
CheckpointId = NewType("CheckpointId", str)
CommunicationId = NewType("CommunicationId", str)
LockId = NewType("LockId", str)
RedactionId = NewType("RedactionId", str)

RANDOM_BYTES = 8  # two machines with a million segments each meet once in ten million times


def new_id(prefix: str) -> str:
    """Return a fresh id such as ``inc-4k7q…``; it stays the same on every machine."""
    random = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode("ascii")
    return f"{prefix}-{random.rstrip('=').lower()}"
