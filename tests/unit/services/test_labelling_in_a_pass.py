"""Telling voices apart at the end of a pass, or alone: what is told, and how it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import (
    DiarizationUnavailableError,
    LabellingStoppedError,
    ModelDamagedError,
)
from app.domain.events import ProblemArose
from app.services.speaker_pass import SpeakerPass
from tests.unit.services.told_diarizer import ToldDiarizer

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.services.program import Program


@pytest.fixture
def diarizer(program: Program) -> ToldDiarizer:
    """What tells voices apart in the program."""
    diarizer = ToldDiarizer([])
    program.transcription.speaker_pass = SpeakerPass(
        program.store,
        program.bus,
        home=program.home,
        diarizer=diarizer,
        clocks=FolderAudioReader().clock,
    )
    return diarizer


def test_a_speaker_pipeline_that_does_not_work_is_told_and_the_words_are_kept(
    program: Program, diarizer: ToldDiarizer
) -> None:
    diarizer.problem = ModelDamagedError("The speaker pipeline does not load.")
    told: list[Event] = []
    program.bus.subscribe(told.append)

    program.transcription.run(program.incidents.create("Checkout").id, sessions=())

    assert told[-1] == ProblemArose(diarizer.problem)


def test_stopping_while_voices_are_told_apart_stops_that(
    program: Program, diarizer: ToldDiarizer
) -> None:
    diarizer.meanwhile = program.transcription.cancel

    with pytest.raises(LabellingStoppedError):
        program.transcription.run(program.incidents.create("Checkout").id, sessions=())


def test_voices_alone_are_told_apart_anew_until_somebody_stops_it(
    program: Program, diarizer: ToldDiarizer
) -> None:
    incident = program.incidents.create("Checkout").id

    program.transcription.label(incident, is_draft=True)
    assert diarizer.asked[-1] is True

    diarizer.meanwhile = program.transcription.cancel
    with pytest.raises(LabellingStoppedError):
        program.transcription.label(incident)
    diarizer.meanwhile = lambda: None
    program.transcription.label(incident)


def test_where_voices_cannot_be_told_apart_asking_for_it_is_answered_so(
    program: Program, diarizer: ToldDiarizer
) -> None:
    diarizer.problem = DiarizationUnavailableError("No pipeline is installed.")

    with pytest.raises(DiarizationUnavailableError, match="No pipeline"):
        program.transcription.label(program.incidents.create("Checkout").id)
