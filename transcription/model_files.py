"""The models on this machine: which there are, whether they are whole, how others get here."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import RecognitionModel
from app.domain.errors import ModelDamagedError, ModelDownloadError, ModelError, ModelMissingError
from transcription.model_card import (
    RECOGNITION,
    ModelCard,
    marks_of,
    read_card,
    require_whole,
    speaks,
    write_card,
)
from transcription.model_download import Wish, download
from transcription.model_names import REPOSITORIES, folder_name, hub_model, rank
from transcription.model_rows import ModelRow, available, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOST_THREADS = 4  # more make recognition slower (8 threads four times as slow as 4, elsewhere)
INCOMING_PREFIX = ".incoming-"
LEAVING_PREFIX = ".leaving-"
INSTALL = "Install one with “hotwash models download small” or “hotwash models add FOLDER”."


class ModelFolder:
    """Implements ``ModelStore`` on folders: the user's own, and the one that came along.

    ``threads`` 0 chooses by the machine's cores. Loads no engine.
    """

    def __init__(
        self,
        models_dir: Path,
        shipped_dir: Path,
        *,
        offline: bool = False,
        endpoint: str | None = None,
        threads: int = 0,
        timeout_s: int = 10,
    ) -> None:
        self._models_dir = models_dir
        self._shipped_dir = shipped_dir
        self._offline = offline
        self._endpoint = endpoint
        self._cores = os.cpu_count() or 1
        self._threads = threads or max(2, min(MOST_THREADS, self._cores - 2))
        self._timeout_s = timeout_s

    def recognition_model(self, name: str = "", *, language: str = "") -> RecognitionModel:
        """Return an installed model by name, by default the best one for this machine.

        Raises:
            ModelMissingError: Not installed; the remedy says how to install it.
            ModelDamagedError: Files are missing or do not match.
        """
        folder = self._folder(name) if name else self._best(language)
        card = read_card(folder)
        require_whole(folder, card, hashes=False)
        if language and not speaks(card, language):
            raise ModelMissingError(
                f"The model “{card.name}” knows {', '.join(card.languages)}, not “{language}”.",
                remedy=f"Choose another model. {INSTALL}",
            )
        only = card.languages[0] if _is_of_one_language(card) else None
        return RecognitionModel(
            name=card.name,
            path=folder,
            language=language or only,
            max_utterance_ms=card.max_utterance_ms,
            threads=self._threads,
            demo=card.demo,
            takes_hotwords=card.takes_hotwords,
        )

    def installed(self) -> list[ModelRow]:
        """Return the models on this machine; damaged ones are not usable."""
        return self._rows(hashes=False)

    def listed(self) -> list[ModelRow]:
        """Return the models on this machine, and then those that can be downloaded by name."""
        installed = self.installed()
        known = {row.name for row in installed}
        return installed + [available(name) for name in REPOSITORIES if name not in known]

    def check(self, name: str = "") -> list[ModelRow]:
        """Read every file of one or all models and compare.

        Raises:
            ModelMissingError: There is no model of that name.
        """
        if name:
            self._folder(name)
        return [row for row in self._rows(hashes=True) if name in {"", row.name}]

    def add(self, folder: Path, name: str = "") -> ModelRow:
        """Copy a model's folder here, for machines without network.

        Raises:
            ModelMissingError: There is no such folder.
            ModelDamagedError: It holds no model, or not all of it.
            ModelError: There is a model of that name, or it cannot be stored.
        """
        if not folder.is_dir():
            raise ModelMissingError(
                f"{folder} is no folder.", remedy="Give the folder that holds model.bin."
            )
        card = read_card(folder)
        require_whole(folder, card, hashes=True)
        card = replace(card, name=name or card.name)
        incoming = self._incoming(card.name)
        try:
            shutil.rmtree(incoming, ignore_errors=True)
            shutil.copytree(folder, incoming)
            self._settle(incoming, card)
        except OSError as cause:
            shutil.rmtree(incoming, ignore_errors=True)
            raise _not_stored(self._models_dir, cause) from cause
        return self._row(card.name)

    def download(self, name: str, on_progress: Callable[[int, int], None]) -> ModelRow:
        """Fetch a model by its faster-whisper name, or as ``org/repo``; resumes.

        ``on_progress`` gets bytes done and bytes in all, on the caller's thread; raising from it
        breaks off.

        Raises:
            ModelMissingError: There is no such name.
            ModelDownloadError: Offline, no answer, damaged on the way, or no space.
            ModelError: It is installed already, or cannot be stored.
        """
        model = hub_model(name)
        if self._offline:
            raise ModelDownloadError(
                f"“{name}” cannot be downloaded: the program is set to stay offline.",
                remedy="Switch offline mode off, or use “hotwash models add FOLDER”.",
            )
        incoming = self._incoming(name)
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            wish = Wish(model.repository, incoming, self._endpoint, self._timeout_s)
            download(wish, on_progress)
            card = ModelCard(model.name, languages=model.languages, licence=model.licence)
            require_whole(incoming, card, hashes=False)
            self._settle(incoming, card)
        except OSError as cause:
            raise _not_stored(self._models_dir, cause) from cause
        return self._row(model.name)

    def remove(self, name: str) -> None:
        """Delete an installed model.

        Raises:
            ModelMissingError: There is none of that name.
            ModelError: It came with the program, or its files are in use.
        """
        folder = self._folder(name)
        if self._is_shipped(folder):
            raise ModelError(f"“{name}” is part of the program and stays.")
        leaving = self._models_dir / f"{LEAVING_PREFIX}{folder.name}"
        try:
            # Renamed first, so that a deletion that is broken off leaves no half model.
            shutil.rmtree(leaving, ignore_errors=True)
            folder.rename(leaving)
            shutil.rmtree(leaving)
        except OSError as cause:
            raise ModelError(
                f"“{name}” cannot be removed: {cause.strerror}.",
                remedy="Close other programs that use it.",
            ) from cause

    def _folders(self) -> Iterator[Path]:
        for parent in (self._models_dir, self._shipped_dir):
            if parent.is_dir():
                folders = (path for path in sorted(parent.iterdir()) if path.is_dir())
                yield from (path for path in folders if not path.name.startswith("."))

    def _is_shipped(self, folder: Path) -> bool:
        return folder.parent == self._shipped_dir

    def _folder(self, name: str) -> Path:
        for folder in self._folders():
            if name in {folder.name, folder.name.replace("--", "/"), _name(folder)}:
                return folder
        try:
            remedy = f"Run “hotwash models download {hub_model(name).name}”."
        except ModelMissingError as unknown:
            remedy = unknown.remedy
        raise ModelMissingError(f"The model “{name}” is not installed.", remedy=remedy)

    def _best(self, language: str) -> Path:
        """Return the folder of the best whole model; the demonstration's only if it is alone."""
        candidates = []
        for folder in self._folders():
            try:
                card = read_card(folder)
                require_whole(folder, card, hashes=False)
            except ModelDamagedError:
                continue  # ``installed`` shows it; another one may do
            if card.kind == RECOGNITION and (not language or speaks(card, language)):
                candidates.append((card.demo, rank(card.name, self._cores), card.name, folder))
        if not candidates:
            self._blame_damage()
            of_language = f" that knows “{language}”" if language else ""
            raise ModelMissingError(
                f"No recognition model{of_language} is installed.", remedy=INSTALL
            )
        return min(candidates)[-1]

    def _blame_damage(self) -> None:
        """Tell of a damaged model rather than of a missing one, if that is why there is none."""
        for folder in self._folders():
            require_whole(folder, read_card(folder), hashes=False)

    def _rows(self, *, hashes: bool) -> list[ModelRow]:
        rows = [row_of(folder, hashes=hashes) for folder in self._folders()]
        try:
            default = self._best("")
        except ModelError:
            return rows
        return [replace(row, default=row.path == default) for row in rows]

    def _row(self, name: str) -> ModelRow:
        return next(row for row in self._rows(hashes=False) if row.name == name)

    def _incoming(self, name: str) -> Path:
        """Return where a new model is put together; refuse if there is one of that name."""
        shipped = {_name(folder) for folder in self._folders() if self._is_shipped(folder)}
        if name in shipped:
            raise ModelError(
                f"“{name}” is the name of a model that came with the program.",
                remedy="Give it another with --name.",
            )
        if (self._models_dir / folder_name(name)).exists():
            raise ModelError(
                f"A model “{name}” is installed already.",
                remedy=f"Run “hotwash models remove {name}” first.",
            )
        return self._models_dir / f"{INCOMING_PREFIX}{folder_name(name)}"

    def _settle(self, incoming: Path, card: ModelCard) -> None:
        """Give a complete folder its card and its name; only then it is installed."""
        write_card(incoming, replace(card, files=marks_of(incoming)))
        incoming.rename(self._models_dir / folder_name(card.name))


def _name(folder: Path) -> str:
    try:
        return read_card(folder).name
    except ModelDamagedError:
        return folder.name


def _is_of_one_language(card: ModelCard) -> bool:
    return len(card.languages) == 1 and card.languages != ("multilingual",)


def _not_stored(folder: Path, cause: OSError) -> ModelError:
    return ModelError(
        f"The model cannot be stored in {folder}: {cause.strerror or cause}.",
        remedy="Free some disk space or make the folder writable.",
    )
