"""The model list, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import ModelDamagedError
from transcription.model_card import (
    RECOGNITION,
    ModelCard,
    kind_of,
    read_card,
    require_whole,
    sizes_of,
)
from transcription.model_names import hub_model

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.transcription_server import TranscriptionServer


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of the model list.

    Attributes:
        path: Its folder, None if it is not installed.
        usable: Whether it could be loaded: installed, and whole as far as that was looked at.
        demo: For the demonstration only: useless on real voices.
        default: Whether it is taken when nobody names one.
        checksum_ok: None where nothing is known to compare with, or nothing was compared.
        speed: Seconds of audio per second of work; None until it was measured.
        host: The server it runs on, None for this machine.
    """

    name: str
    kind: str
    path: Path | None
    size_bytes: int
    languages: tuple[str, ...]
    licence: str | None
    installed: bool
    usable: bool
    demo: bool = False
    default: bool = False
    checksum_ok: bool | None = None
    speed: float | None = None
    host: str | None = None


def row_of(folder: Path, *, hashes: bool) -> ModelRow:
    """Describe an installed model; ``hashes`` reads all of it and compares."""
    size = sum(sizes_of(folder).values())
    try:
        card = read_card(folder)
    except ModelDamagedError:
        return ModelRow(
            folder.name, kind_of(folder), folder, size, (), None, installed=True, usable=False
        )
    is_whole = _is_whole(folder, card, hashes=hashes)
    was_compared = bool(card.files) and (hashes or not is_whole)
    return ModelRow(
        name=card.name,
        kind=card.kind,
        path=folder,
        size_bytes=size,
        languages=card.languages,
        licence=card.licence,
        installed=True,
        usable=is_whole,
        demo=card.demo,
        checksum_ok=is_whole if was_compared else None,
    )


def _is_whole(folder: Path, card: ModelCard, *, hashes: bool) -> bool:
    try:
        require_whole(folder, card, hashes=hashes)
    except ModelDamagedError:
        return False
    return True


def server_row(server: TranscriptionServer) -> ModelRow:
    """Describe the model of a server that is set up; its languages are not known."""
    return ModelRow(
        name=server.model,
        kind=RECOGNITION,
        path=None,
        size_bytes=0,
        languages=(),
        licence=None,
        installed=False,
        usable=server.agreed,
        default=server.in_use,
        host=server.host,
    )


def available(name: str) -> ModelRow:
    """Describe a model that is not installed and can be downloaded."""
    model = hub_model(name)
    return ModelRow(
        name, RECOGNITION, None, 0, model.languages, model.licence, installed=False, usable=False
    )
