"""The security track, refused until a record can be encrypted at rest."""

from __future__ import annotations

from app.domain.errors import InvalidRecordError
from app.domain.incident import IncidentTrack


def refuse_security(track: IncidentTrack, *, place: str = "track") -> None:
    """Refuse to put an incident on the security track.

    Raises:
        InvalidRecordError: That is the track.
    """
    if track is IncidentTrack.SECURITY:
        raise InvalidRecordError(
            place,
            "the security track needs an encrypted record, which this version cannot keep; "
            "keep the incident elsewhere",
        )
