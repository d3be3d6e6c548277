"""What a report can show and let hear, made on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.flac import flac_of
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import SourceAudio


class FullShelf:
    """Has a picture of everything, and a tone for every stretch."""

    picture_png = a_picture(300, 200)
    sound = flac_of((np.sin(np.arange(8_000) / 9) * 9_000).astype("<i2").tobytes())

    def picture(self, _evidence: Evidence) -> bytes:
        return self.picture_png

    def clip(self, _record: Record, _audio: SourceAudio) -> bytes:
        return self.sound
