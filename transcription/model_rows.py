"""The model list, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import InstalledModel
from app.domain.errors import ModelDamagedError, ModelMissingError
from transcription.model_card import (
    RECOGNITION,
    ModelCard,
    kind_of,
    read_card,
    require_whole,
    sizes_of,
)
from transcription.model_names import HubModel, hub_model

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.domain.transcription_server import TranscriptionServer
    from transcription.model_speeds import Measurement


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of the model list.

    Attributes:
        path: Its folder, None if it is not installed.
        size_bytes: What it takes on the disk; of one that is not installed, about what is fetched.
        begun_bytes: How much of one that is not installed has been fetched already.
        usable: Whether it could be loaded: installed, and whole as far as that was looked at.
        demo: For the demonstration only: useless on real voices.
        default: Whether it is taken when nobody names one.
        checksum_ok: None where nothing is known to compare with, or nothing was compared.
        problem: What is wrong with it, None if nothing.
        measured: How fast it is on this machine; None until that was measured.
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
    begun_bytes: int = 0
    demo: bool = False
    default: bool = False
    checksum_ok: bool | None = None
    problem: ModelDamagedError | None = None
    measured: Measurement | None = None
    host: str | None = None


def row_of(folder: Path, *, hashes: bool) -> ModelRow:
    """Describe an installed model; ``hashes`` reads all of it and compares."""
    problem = None
    try:
        card = read_card(folder)
        require_whole(folder, card, hashes=hashes)
    except ModelDamagedError as error:
        problem = error
        card = _legible_card(folder)
    was_compared = bool(card.files) and (hashes or problem is not None)
    return ModelRow(
        name=card.name,
        kind=card.kind,
        path=folder,
        size_bytes=sum(sizes_of(folder).values()),
        languages=card.languages,
        licence=card.licence,
        installed=True,
        usable=problem is None,
        demo=card.demo,
        checksum_ok=problem is None if was_compared else None,
        problem=problem,
    )


def to_choose_from(rows: Iterable[ModelRow]) -> list[InstalledModel]:
    """Return those that recognise and are whole."""
    return [
        InstalledModel(
            row.name,
            row.size_bytes,
            row.languages,
            None if row.measured is None else row.measured.speed,
            demo=row.demo,
        )
        for row in rows
        if row.kind == RECOGNITION and row.usable
    ]


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


def available(name: str, *, begun_bytes: int = 0) -> ModelRow:
    """Describe a model that is not installed and can be downloaded, or came only in part."""
    try:
        model = hub_model(name)
    except ModelMissingError:  # from a folder
        model = HubModel(name, "", languages=(), licence=None)
    return ModelRow(
        name,
        RECOGNITION,
        None,
        model.size_bytes,
        model.languages,
        model.licence,
        installed=False,
        usable=False,
        begun_bytes=begun_bytes,
    )


def _legible_card(folder: Path) -> ModelCard:
    """Return the card of a damaged model; if that is what is damaged, one that knows nothing."""
    try:
        return read_card(folder)
    except ModelDamagedError:
        return ModelCard(folder.name, kind_of(folder), languages=())
