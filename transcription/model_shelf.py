"""The folders that models lie in: finding one, putting one there, taking one away."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audio_files.durable import sync_data, sync_folder
from app.domain.errors import ModelDamagedError, ModelError, ModelMissingError
from transcription.model_card import ModelCard, marks_of, read_card, sizes_of, write_card
from transcription.model_lock import changing
from transcription.model_names import folder_name, hub_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INCOMING_PREFIX = ".incoming-"
LEAVING_PREFIX = ".leaving-"
SPARE_BYTES = 200_000_000  # what a recording may need meanwhile


class ModelShelf:
    """The user's own folder of models, and that of those that came with the program.

    Of a model that is being put here or taken away nothing is to be seen: it is renamed whole.
    """

    def __init__(self, models_dir: Path, shipped_dir: Path) -> None:
        self._models_dir = models_dir
        self._shipped_dir = shipped_dir

    def folders(self) -> Iterator[Path]:
        """Yield the models' folders, the user's first."""
        for parent in (self._models_dir, self._shipped_dir):
            if parent.is_dir():
                folders = (path for path in sorted(parent.iterdir()) if path.is_dir())
                yield from (path for path in folders if not path.name.startswith("."))

    def is_shipped(self, folder: Path) -> bool:
        """Whether a model came with the program."""
        return folder.parent == self._shipped_dir

    def find(self, name: str) -> Path:
        """Return a model's folder.

        Raises:
            ModelMissingError: There is none of that name; the remedy says how to install it.
        """
        for folder in self.folders():
            if name in {folder.name, folder.name.replace("--", "/"), name_in(folder)}:
                return folder
        try:
            remedy = f"Run “hotwash models download {hub_model(name).name}”."
        except ModelMissingError as unknown:
            remedy = unknown.remedy
        raise ModelMissingError(f"The model “{name}” is not installed.", remedy=remedy)

    def begun_bytes(self, name: str) -> int:
        """Return how much of a model lies here that was not fetched to its end."""
        return sum(sizes_of(self._incoming(name)).values())

    def begun(self) -> list[str]:
        """Return the names of models that lie here in part: broken off, or on their way."""
        folders = [path for path in self._models_dir.glob(f"{INCOMING_PREFIX}*") if sizes_of(path)]
        names = [path.name.removeprefix(INCOMING_PREFIX) for path in sorted(folders)]
        return [name.replace("--", "/") for name in names]

    @contextlib.contextmanager
    def arriving(self, name: str) -> Iterator[Path]:
        """Give the folder in which a new model is put together; it stays until it is settled.

        Raises:
            ModelError: There is one of that name, another program puts it there, or it cannot
                be stored.
        """
        incoming = self._incoming(name)
        self._sweep()
        try:
            self._models_dir.mkdir(parents=True, exist_ok=True)
            with changing(self._models_dir / folder_name(name)):
                self._refuse_twin(name)
                incoming.mkdir(exist_ok=True)
                yield incoming
        except OSError as cause:
            raise ModelError(
                f"The model cannot be stored in {self._models_dir}: {cause.strerror or cause}.",
                remedy="Free some disk space or make the folder writable.",
            ) from cause

    def settle(self, incoming: Path, card: ModelCard) -> None:
        """Give a complete folder its card and its name; only then it is installed."""
        write_card(incoming, replace(card, files=marks_of(incoming)))
        for name in sizes_of(incoming):
            with (incoming / name).open("rb+") as file:
                sync_data(file.fileno())
        sync_folder(incoming)
        incoming.rename(self._models_dir / folder_name(card.name))
        sync_folder(self._models_dir)

    def remove(self, name: str) -> None:
        """Delete a model, or what lies here of one that was not fetched to its end.

        Raises:
            ModelMissingError: There is none of that name.
            ModelError: It came with the program, or another program works with it.
        """
        self._sweep()
        folder = self._incoming(name) if self.begun_bytes(name) else self.find(name)
        if self.is_shipped(folder):
            raise ModelError(f"“{name}” is part of the program and stays.")
        final = self._models_dir / folder.name.removeprefix(INCOMING_PREFIX)
        leaving = self._models_dir / f"{LEAVING_PREFIX}{final.name}"
        try:
            with changing(final):
                # Renamed first, so that a deletion that is broken off leaves no half model.
                shutil.rmtree(leaving, ignore_errors=True)
                folder.rename(leaving)
                shutil.rmtree(leaving)
        except OSError as cause:
            raise ModelError(
                f"“{name}” cannot be removed: {cause.strerror}.",
                remedy="Close other programs that use it.",
            ) from cause

    def _sweep(self) -> None:
        """Delete what deletions that were broken off have left: nobody sees it."""
        for leaving in self._models_dir.glob(f"{LEAVING_PREFIX}*"):
            final = self._models_dir / leaving.name.removeprefix(LEAVING_PREFIX)
            with contextlib.suppress(ModelError, OSError), changing(final):  # else another does
                shutil.rmtree(leaving)

    def _incoming(self, name: str) -> Path:
        return self._models_dir / f"{INCOMING_PREFIX}{folder_name(name)}"

    def _refuse_twin(self, name: str) -> None:
        """Refuse a name that is taken: also in other letters, which some file systems confuse."""
        for folder in self.folders():
            names = {name_in(folder).casefold(), folder.name.casefold()}
            if not names & {name.casefold(), folder_name(name).casefold()}:
                continue
            if self.is_shipped(folder):
                raise ModelError(
                    f"“{name}” is the name of a model that came with the program.",
                    remedy="Give it another with --name.",
                )
            raise ModelError(
                f"A model “{name}” is installed already.",
                remedy=f"Run “hotwash models remove {name}” first.",
            )


def name_in(folder: Path) -> str:
    """Return the name on a model's card, that of the folder if it cannot be read."""
    try:
        return read_card(folder).name
    except ModelDamagedError:
        return folder.name


def require_space(folder: Path, needed: int, what: str) -> None:
    """Refuse what would fill the disk: a full one would stop a recording.

    Raises:
        ModelError: With the figures.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise ModelError(
            f"{what} needs {(needed + SPARE_BYTES) / 1e9:.1f} GB, and {free / 1e9:.1f} GB are "
            f"free in {folder.parent}.",
            remedy="Free some disk space, or choose a smaller model.",
        )
