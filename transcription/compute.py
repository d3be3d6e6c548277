"""Chooses what a recognition model runs on: the processor or a graphics card, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import ModelDamagedError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from app.domain.engine_types import RecognitionModel

CPU = "cpu"
CUDA = "cuda"
DEFAULT = "default"  # CTranslate2's word for what the model was stored as
SPECTRUM_FRAMES = 3_000  # what an encoder takes: 30 s
DEVICES = ("", CPU, CUDA)  # as the settings name them; the empty one chooses by itself
# Best first. On a processor whole numbers are quicker and lose hardly a word.
PREFERRED = {
    CPU: ("int8", "int8_float32", "float32"),
    CUDA: ("float16", "int8_float16", "bfloat16", "int8_float32", "float32"),
}


@dataclass(frozen=True, slots=True)
class Compute:
    """What a model runs on; both are CTranslate2's own words."""

    device: str
    compute_type: str

    def __str__(self) -> str:
        """Return it in words."""
        where = "graphics card (CUDA)" if self.device == CUDA else "processor"
        return f"{where}, {self.compute_type}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that is loaded; ``warning`` tells why it does not run on what was wanted."""

    whisper: Any
    compute: Compute
    warning: ModelError | None = None


def choose(device: str, compute_type: str, reported: Mapping[str, Collection[str]]) -> Compute:
    """Return what to try first.

    ``device`` and ``compute_type`` are the settings', empty to choose. ``reported`` has the
    compute types of each device that CTranslate2 finds on this machine. A graphics card that is
    asked for is tried although none is found.

    Raises:
        ModelError: The settings name something that there is not.
    """
    if device not in DEVICES:
        raise ModelError(
            f"Recognition cannot run on “{device}”.",
            remedy="Set “device” in the settings to cpu or cuda, or leave it empty.",
        )
    chosen = device or (CUDA if reported.get(CUDA) else CPU)
    types = reported.get(chosen, ())
    if compute_type and types and compute_type not in types:
        raise ModelError(
            f"Recognition cannot run on this machine's {Compute(chosen, compute_type)}.",
            remedy=f"Set “compute_type” to one of {', '.join(sorted(types))}, or leave it empty.",
        )
    preferred = (each for each in PREFERRED[chosen] if each in types)
    return Compute(chosen, compute_type or next(preferred, DEFAULT))


def load(model: RecognitionModel, make: Callable[[Compute], Any]) -> Loaded:
    """Load a model on what the settings and this machine say; on the processor if that fails.

    ``make`` loads a ``faster_whisper.WhisperModel``. For the engine's child alone.

    Raises:
        ModelError: The settings name something that there is not.
        ModelDamagedError: It does not load.
    """
    import numpy as np  # noqa: PLC0415  the list of models goes without

    reported = _reported()
    first = choose(model.device, model.compute_type, reported)
    if first.device == CPU:
        return Loaded(_made(model, make, first), first)
    try:
        whisper = make(first)
        # The card's libraries are only looked for when it has something to do.
        whisper.encode(np.zeros((whisper.model.n_mels, SPECTRUM_FRAMES), np.float32))
    except Exception as cause:  # noqa: BLE001  CTranslate2 raises RuntimeError and ValueError
        fallback = choose(CPU, "", reported)
        warning = ModelError(
            f"The graphics card does not recognise ({cause}); the processor does it instead.",
            remedy="Update NVIDIA's driver and CUDA, or set “device” in the settings to cpu.",
        )
        return Loaded(_made(model, make, fallback), fallback, warning)
    return Loaded(whisper, first)


def _made(model: RecognitionModel, make: Callable[[Compute], Any], compute: Compute) -> Any:
    try:
        return make(compute)
    except Exception as cause:
        # CTranslate2 and tokenizers raise RuntimeError, ValueError and plain Exception alike.
        raise ModelDamagedError(
            f"The recognition model “{model.name}” does not load: {cause}",
            remedy="Remove it and install it again, or choose another model.",
        ) from cause


def _reported() -> dict[str, set[str]]:
    import ctranslate2

    reported = {CPU: set(ctranslate2.get_supported_compute_types(CPU))}
    if ctranslate2.get_cuda_device_count():
        reported[CUDA] = set(ctranslate2.get_supported_compute_types(CUDA))
    return reported
