"""Takes what a report shows and lets hear from the incident's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.flac import flac_of
from app.domain.errors import AudioUnreadableError, EvidenceError
from app.evidence_files.pictures import is_picture, picture_png
from app.services.pack.cited import MARGIN_MS

if TYPE_CHECKING:
    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import SourceAudio
    from app.evidence_files.files import EvidenceFiles
    from app.services.clips import Clips

EDGE_PX = 1_600  # a screenshot stays legible on a page


class ReportShelf:
    """Reads pictures of evidence and cited audio; what is damaged is not shown.

    Nothing is hidden by that: the report names it as ever, and “hotwash check” and “hotwash
    verify” tell what is wrong with it.
    """

    def __init__(self, files: EvidenceFiles, clips: Clips) -> None:
        self._files = files
        self._clips = clips

    def picture(self, evidence: Evidence) -> bytes | None:
        """Return a picture of evidence as PNG; None for a link, another kind of file or damage."""
        try:
            path = self._files.intact(evidence)
            return picture_png(path, EDGE_PX) if is_picture(path) else None
        except EvidenceError:
            return None

    def clip(self, record: Record, audio: SourceAudio) -> bytes | None:
        """Return a stretch of a recording as FLAC; None where nothing of it is left to hear."""
        start_ms = max(0, audio.span.start_ms - MARGIN_MS)
        length_ms = record.track(audio.track_id).duration_ms
        end_ms = audio.span.end_ms + MARGIN_MS
        end_ms = end_ms if length_ms is None else min(end_ms, length_ms)
        if end_ms <= start_ms:
            return None
        try:
            pcm = self._clips.pcm(record.incident.id, audio.track_id, start_ms, end_ms)
        except AudioUnreadableError:
            return None
        return flac_of(pcm) if any(pcm) else None  # gaps, purged and redacted audio are silence
