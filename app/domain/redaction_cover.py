"""Whether what was taken out of one copy of a record is out of another one too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.redactions import Redaction


def uncovered(wanted: Iterable[Redaction], given: Sequence[Redaction]) -> list[Redaction]:
    """Return the redactions of which a part is not silent by those that are given.

    By stretch, not by id: two people who redact the same words on two machines agree.
    """
    return [
        redaction
        for redaction in wanted
        if any(not _is_covered(redaction, track_id, given) for track_id in redaction.track_ids)
    ]


def _is_covered(redaction: Redaction, track_id: str, given: Sequence[Redaction]) -> bool:
    position = redaction.start_ms
    spans = [
        (other.start_ms, other.end_ms)
        for other in given
        if other.session_id == redaction.session_id and track_id in other.track_ids
    ]
    for start_ms, end_ms in sorted(spans):
        if start_ms <= position:
            position = max(position, end_ms)
    return position >= redaction.end_ms
