"""Measures how fast a model recognises on this machine, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import ModelError
from transcription.child_process import ChildProcess
from transcription.messages import Failed

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel
    from transcription.model_speeds import Measurement


def measure(model: RecognitionModel, speech: Path) -> Measurement:
    """Recognise the beginning of a recording with speech in it, utterance by utterance.

    Raises:
        ModelError: The model does not load, or the machine has too little memory for it.
    """
    from transcription.speed_trial_child import serve  # noqa: PLC0415  brings numpy

    child = ChildProcess(
        serve, (model, speech), name="speed-trial", environment={"HF_HUB_OFFLINE": "1"}
    )
    try:
        answer: Measurement | Failed = child.receive()
    except EOFError as cause:
        raise ModelError(
            f"“{model.name}” ended unexpectedly while it was measured.",
            remedy="Close other programs, or choose a smaller model.",
        ) from cause
    finally:
        child.stop(timeout_s=0.0)
        child.close()
    if isinstance(answer, Failed):
        raise answer.error()
    return answer
