"""What the journal says of pauses and of the announcement."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.audio_files.conduct_lines import Announced, Paused, Resumed
from app.domain.sessions import Consent, Gap, GapReason, Pause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.audio_files.folder_state import FolderState
    from app.audio_files.journal_lines import Line
    from app.domain.ids import TrackId


def pauses_in(lines: Iterable[Line]) -> tuple[Pause, ...]:
    """Return the pauses in order; the last lasts to the recording's end if nobody ended it."""
    pauses: list[Pause] = []
    for line in lines:
        if isinstance(line, Paused):
            pauses.append(Pause(line.at_ms, None, line.by or None))
        elif isinstance(line, Resumed) and pauses and pauses[-1].end_ms is None:
            begun = pauses[-1]
            end_ms = max(begun.start_ms + 1, line.at_ms)
            pauses[-1] = Pause(begun.start_ms, end_ms, begun.by)
    return tuple(pauses)


def consent_in(lines: Iterable[Line]) -> Consent | None:
    """Return the first announcement: what was said again for latecomers does not move it."""
    for line in lines:
        if isinstance(line, Announced):
            return Consent(datetime.fromisoformat(line.at), line.by, line.method)
    return None


def unsaid_pauses(state: FolderState, track_ids: Iterable[TrackId]) -> list[Gap]:
    """Return the gaps of pauses that a killed recorder had no time to name."""
    unsaid = []
    for pause in pauses_in(state.lines):
        if pause.end_ms is None:
            continue  # nothing follows on any track
        for track_id in track_ids:
            named = any(
                gap.track_id == track_id
                and gap.start_ms < (pause.end_ms or 0)
                and gap.end_ms > pause.start_ms
                for gap in state.gaps
            )
            if not named and state.duration_ms(track_id) > pause.end_ms:
                unsaid.append(Gap(track_id, pause.start_ms, pause.end_ms, GapReason.PAUSE))
    return unsaid
