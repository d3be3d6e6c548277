"""Where a session stands whose recorder was killed, so that another can go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.conduct import consent_in, pauses_in
from app.audio_files.folder_state import folder_state
from app.audio_files.format import SESSION_FILE
from app.audio_files.journal import read_journal
from app.audio_files.journal_lines import Began, Clock, Slept
from app.audio_files.recovery import recover_folder
from app.domain.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.audio_files.journal_lines import Line
    from app.domain.ids import TrackId
    from app.domain.sessions import Consent
    from capture.recorder_clock import RecorderClock


@dataclass(frozen=True, slots=True)
class Continuation:
    """What the recorder that follows has to know.

    Attributes:
        began: The session's first moment, on the clock of this machine since it was started.
        ends_ms: How much there is of each track, what is known to be lost included.
    """

    began: Began
    ends_ms: dict[TrackId, int]
    consent: Consent | None


def continuation_of(
    session_dir: Path, track_ids: Iterable[TrackId], clock: RecorderClock
) -> Continuation | None:
    """Put the folder in order and tell where to go on; None if nothing was recorded there yet.

    Raises:
        CaptureError: The session cannot be gone on with: it is over, or paused, or its clock is
            no longer this machine's.
        AppError: Somebody writes there, or the disk is full.
    """
    if not (session_dir / SESSION_FILE).exists():
        return None
    recover_folder(session_dir)
    lines = read_journal(session_dir).lines
    state = folder_state(session_dir, lines)
    began = next((line for line in lines if isinstance(line, Began)), None)
    if began is None or not _is_same_clock(lines, clock):
        raise _refused("the machine has slept or was started again since it began")
    if state.ended:
        raise _refused("it is over")
    if any(pause.end_ms is None for pause in pauses_in(lines)):
        raise _refused("it is paused")
    ends = {
        track_id: max(
            state.duration_ms(track_id),
            *(gap.end_ms for gap in state.gaps if gap.track_id == track_id),
            0,
        )
        for track_id in track_ids
    }
    return Continuation(began, ends, consent_in(lines))


def _is_same_clock(lines: Iterable[Line], clock: RecorderClock) -> bool:
    """Whether moments of the recorder before can be compared with those of this process."""
    now_ns = clock.now_ns()
    for line in lines:
        if isinstance(line, Slept) or (isinstance(line, Clock) and line.monotonic_ns > now_ns):
            return False
    return True


def _refused(reason: str) -> CaptureError:
    return CaptureError(f"The recording is not gone on with: {reason}.", remedy="Start a new one.")
