"""A record in which every section of a report has something to say, and what it can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from app.audio_files.flac import flac_of
from app.domain.actions import ActionStatus
from app.domain.analysis import FactorStatus
from tests.builders import an_action
from tests.record_builders import (
    a_checkpoint,
    a_closeout,
    a_communication,
    a_factor,
    a_scope,
    a_series,
    a_status_update,
    a_ticketed_action,
    an_impact,
    an_rca,
    an_slo,
    some_learnings,
)
from tests.unit.drafting.checkout import the_checkout_record
from tests.unit.evidence_files.pictures import a_picture

if TYPE_CHECKING:
    from app.domain.evidence import Evidence
    from app.domain.record import Record
    from app.domain.timeline import SourceAudio


@cache
def the_whole_record() -> Record:
    record = the_checkout_record()
    confirmed = a_factor("The pipeline had no canary", status=FactorStatus.CONFIRMED)
    against = an_action("Add a canary", due=date(2026, 4, 2), factors=(confirmed.id,))
    settled = an_action("Sing a song", status=ActionStatus.WONT_DO, due=date(2026, 4, 3))
    return replace(
        record,
        impact=an_impact(),
        slos=(an_slo(),),
        scope=a_scope(),
        series=(a_series(),),
        rca=an_rca(open_questions=("Who else uses the pool?",)),
        factors=(confirmed, a_factor()),
        actions=(*record.actions, against, settled, a_ticketed_action()),
        learnings=some_learnings(),
        status_updates=(a_status_update(),),
        checkpoints=(a_checkpoint(),),
        communications=(a_communication(),),
        closeout=a_closeout(),
    )


class FullShelf:
    """Has a picture of everything, and a tone for every stretch."""

    picture_png = a_picture(300, 200)
    sound = flac_of((np.sin(np.arange(8_000) / 9) * 9_000).astype("<i2").tobytes())

    def picture(self, _evidence: Evidence) -> bytes:
        return self.picture_png

    def clip(self, _record: Record, _audio: SourceAudio) -> bytes:
        return self.sound
