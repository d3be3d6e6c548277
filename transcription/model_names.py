"""The names of recognition models: where each is fetched from and what it can do.

The table is faster-whisper's own (``faster_whisper.utils._MODELS``), copied because asking the
library would load it; a test compares the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.errors import ModelError, ModelMissingError

REPOSITORIES = {
    "tiny.en": "Systran/faster-whisper-tiny.en",
    "tiny": "Systran/faster-whisper-tiny",
    "base.en": "Systran/faster-whisper-base.en",
    "base": "Systran/faster-whisper-base",
    "small.en": "Systran/faster-whisper-small.en",
    "small": "Systran/faster-whisper-small",
    "medium.en": "Systran/faster-whisper-medium.en",
    "medium": "Systran/faster-whisper-medium",
    "large-v1": "Systran/faster-whisper-large-v1",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large": "Systran/faster-whisper-large-v3",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
ANY_LANGUAGE = ("multilingual",)
ENGLISH = ("en",)
LICENCE = "MIT"  # of OpenAI's, Systran's, Mobius Labs' and the distilled weights alike

# Best first, with the millions of parameters that OpenAI and the distillers tell.
PARAMETERS = {
    "large-v3": 1_550,
    "large": 1_550,
    "large-v3-turbo": 809,
    "turbo": 809,
    "distil-large-v3.5": 756,
    "distil-large-v3": 756,
    "large-v2": 1_550,
    "large-v1": 1_550,
    "distil-large-v2": 756,
    "medium": 769,
    "medium.en": 769,
    "distil-medium.en": 394,
    "small": 244,
    "small.en": 244,
    "distil-small.en": 166,
    "base": 74,
    "base.en": 74,
    "tiny": 39,
    "tiny.en": 39,
}
BYTES_EACH = 2_000_000  # per million parameters: the hub keeps them as 16-bit numbers
NAME = re.compile(r"\w[\w.+-]*(/\w[\w.+-]*)?")


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model as the hub has it; ``size_bytes`` is about what is fetched, 0 if unknown."""

    name: str
    repository: str
    languages: tuple[str, ...]
    licence: str | None
    size_bytes: int = 0


def hub_model(name: str) -> HubModel:
    """Return what is known of a model that can be fetched: a name of the table, or ``org/repo``.

    Raises:
        ModelMissingError: There is no such name.
    """
    if name in REPOSITORIES:
        only_english = name.endswith(".en") or name.startswith("distil-")
        languages = ENGLISH if only_english else ANY_LANGUAGE
        size = PARAMETERS[name] * BYTES_EACH
        return HubModel(name, REPOSITORIES[name], languages, LICENCE, size)
    if "/" in name and NAME.fullmatch(name):
        return HubModel(name, name, ANY_LANGUAGE, None)
    raise ModelMissingError(
        f"There is no recognition model called “{name}”.",
        remedy=f"Choose one of {', '.join(REPOSITORIES)}, or give a hub name like org/model.",
    )


def folder_name(name: str) -> str:
    """Return what a model's folder is called.

    Raises:
        ModelError: The name would lead elsewhere, or is no name at all.
    """
    if not NAME.fullmatch(name):
        raise ModelError(
            f"“{name}” is no name for a model.", remedy="Use letters, digits, dots and hyphens."
        )
    return name.replace("/", "--")
