"""The models on this machine: which there are, whether they are whole, how others get here."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.engine_types import RecognitionModel
from app.domain.errors import ModelDamagedError, ModelDownloadError, ModelError, ModelMissingError
from transcription.machine import Machine, this_machine
from transcription.model_advice import Advice, advise, preference
from transcription.model_card import (
    DIARIZATION,
    RECOGNITION,
    REINSTALL_SHIPPED,
    ModelCard,
    content_of,
    read_card,
    require_whole,
    sizes_of,
    speaks,
)
from transcription.model_download import Wish, download
from transcription.model_names import ANY_LANGUAGE, REPOSITORIES, hub_model
from transcription.model_rows import ModelRow, available, row_of, to_choose_from
from transcription.model_shelf import ModelShelf, require_space
from transcription.model_speeds import Measurement, Speeds
from transcription.speed_trial import measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.engine_types import InstalledModel

MOST_THREADS = 4  # more make recognition slower (8 threads four times as slow as 4, elsewhere)
SPEEDS_FILE = "speeds.json"


class ModelFolder:
    """Implements ``ModelStore`` on folders: the user's own, and the one that came along.

    ``threads`` 0, and an empty ``device`` or ``compute_type``, choose by what the machine has;
    ``speech`` is a recording to measure with. Loads no engine.
    """

    def __init__(
        self,
        models_dir: Path,
        shipped_dir: Path,
        *,
        offline: bool = False,
        endpoint: str | None = None,
        proxy: str = "",
        timeout_s: int = 10,
        threads: int = 0,
        device: str = "",
        compute_type: str = "",
        speech: Path | None = None,
        machine: Machine | None = None,
    ) -> None:
        self._models_dir = models_dir
        self._shelf = ModelShelf(models_dir, shipped_dir)
        self._offline = offline
        self._endpoint = endpoint
        self._proxy = proxy
        self._timeout_s = timeout_s
        self._wanted_threads = threads
        self._device = device
        self._compute_type = compute_type
        self._speech = speech
        self._known_machine = machine

    @cached_property
    def machine(self) -> Machine:
        """What recognition has to run on."""
        return self._known_machine or this_machine()

    def advice(self, language: str = "") -> Advice:
        """Return which models suit this machine, and why."""
        return advise(self.machine, language=language)

    def recommended(self, language: str = "") -> str:
        """Return the name of the model that suits this machine best, installed or not."""
        return self.advice(language).live

    def recognition_model(self, name: str = "", *, language: str = "") -> RecognitionModel:
        """Return an installed model by name, by default the best one for this machine.

        Raises:
            ModelMissingError: Not installed; the remedy says how to install it.
            ModelDamagedError: Files are missing or do not match.
        """
        folder = self._shelf.find(name) if name else self._best(language)
        card = read_card(folder)
        require_whole(folder, card, hashes=False)
        if card.kind != RECOGNITION:
            raise ModelMissingError(
                f"“{card.name}” tells voices apart; it recognises no words.",
                remedy=self._install(language),
            )
        if language and not speaks(card, language):
            raise ModelMissingError(
                f"The model “{card.name}” knows {', '.join(card.languages)}, not “{language}”.",
                remedy=f"Choose another model. {self._install(language)}",
            )
        only = card.languages[0] if _is_of_one_language(card) else None
        return RecognitionModel(
            name=card.name,
            path=folder,
            language=language or only,
            max_utterance_ms=card.max_utterance_ms,
            device=self._device,
            compute_type=self._compute_type,
            window_ms=card.window_ms,
            joins_utterances=card.joins_utterances,
            threads=self._threads,
            demo=card.demo,
            removable=not self._shelf.is_shipped(folder),
            takes_hotwords=card.takes_hotwords,
        )

    def recognition_models(self) -> list[InstalledModel]:
        """Return the models that are installed and whole; none is told as the default."""
        return to_choose_from(self.installed())

    def installed(self) -> list[ModelRow]:
        """Return the models on this machine; damaged ones are not usable."""
        return self._rows(hashes=False)

    def listed(self) -> list[ModelRow]:
        """Return the models on this machine, then those that can be downloaded by name.

        Those of which only a part is here are among them, whatever their name.
        """
        installed = self.installed()
        known = {row.name for row in installed}
        return installed + [
            available(name, begun_bytes=self._shelf.begun_bytes(name))
            for name in dict.fromkeys([*REPOSITORIES, *self._shelf.begun()])
            if name not in known
        ]

    def check(self, name: str = "") -> list[ModelRow]:
        """Read every file of one or all models and compare.

        Raises:
            ModelMissingError: There is no model of that name.
        """
        return self._rows(hashes=True, only=self._shelf.find(name) if name else None)

    def measure(self, name: str) -> ModelRow:
        """Measure how fast a model recognises on this machine, and keep that.

        Raises:
            ModelError: It cannot be loaded or measured, or that cannot be kept.
        """
        model = self.recognition_model(name)
        if self._speech is None or not self._speech.is_file():
            raise ModelError(
                "The demonstration's recording, which models are measured with, is not there.",
                remedy=REINSTALL_SHIPPED,
            )
        measured = measure(model, self._speech)
        try:
            self._models_dir.mkdir(parents=True, exist_ok=True)
            self._speeds.keep(content_of(model.path, read_card(model.path)), measured)
        except OSError as cause:
            raise ModelError(
                f"The measured speed cannot be kept: {cause.strerror or cause}.",
                remedy="Free some disk space or make the data folder writable.",
            ) from cause
        return self._row(model.path)

    def measured(self, model: RecognitionModel) -> Measurement | None:
        """Return how fast a model is on this machine, None until that was measured."""
        return self._speed(model.path, read_card(model.path))

    def pipeline(self, wanted: str = "") -> str:
        """Return what tells voices apart: the folder of an installed pipeline, or ``wanted``.

        ``wanted`` is the name of an installed one, else a folder or a hub name and returned as it
        is. Without it the first of the user's own; the demonstration's has to be named.
        """
        rows = (row_of(folder, hashes=False) for folder in self._shelf.folders())
        found = (row for row in rows if row.kind == DIARIZATION and row.usable)
        named = (row for row in found if (row.name == wanted if wanted else not row.demo))
        return next((str(row.path) for row in named), wanted)

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
        require_whole(folder, card, hashes=False)
        card = replace(card, name=name or card.name)
        with self._shelf.arriving(card.name) as incoming:
            # What a broken-off download left is of no use: this model may be another.
            shutil.rmtree(incoming)
            require_space(self._models_dir, sum(sizes_of(folder).values()), f"“{card.name}”")
            try:
                shutil.copytree(folder, incoming)
                # The copy, not the source: its content is what is vouched for from now on.
                require_whole(incoming, card, hashes=True)
                self._shelf.settle(incoming, card)
            except BaseException:
                shutil.rmtree(incoming, ignore_errors=True)
                raise
        return self._row(self._shelf.find(card.name))

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
        with self._shelf.arriving(name) as incoming:
            wish = Wish(model.repository, incoming, self._endpoint, self._timeout_s, self._proxy)
            download(wish, on_progress)
            card = ModelCard(model.name, languages=model.languages, licence=model.licence)
            require_whole(incoming, card, hashes=False)
            self._shelf.settle(incoming, card)
        return self._row(self._shelf.find(model.name))

    def remove(self, name: str) -> None:
        """Delete an installed model.

        Raises:
            ModelMissingError: There is none of that name.
            ModelError: It came with the program, or its files are in use.
        """
        self._shelf.remove(name)

    @cached_property
    def _threads(self) -> int:
        return self._wanted_threads or max(2, min(MOST_THREADS, self.machine.cores - 2))

    @cached_property
    def _speeds(self) -> Speeds:
        device, compute_type = self._device or "auto", self._compute_type or "auto"
        how = f"{device}, {compute_type}, {self._threads} threads"
        return Speeds(self._models_dir / SPEEDS_FILE, self.machine, how)

    def _speed(self, folder: Path, card: ModelCard) -> Measurement | None:
        return self._speeds.of(content_of(folder, card))

    def _install(self, language: str) -> str:
        name = self.advice(language).live
        return f"Install one with “hotwash models download {name}” or “hotwash models add FOLDER”."

    def _best(self, language: str) -> Path:
        """Return the folder of the best whole model; the demonstration's only if it is alone."""
        candidates: dict[Path, ModelCard] = {}
        for folder in self._shelf.folders():
            try:
                card = read_card(folder)
                require_whole(folder, card, hashes=False)
            except ModelDamagedError:
                continue  # ``installed`` shows it; another one may do
            if card.kind == RECOGNITION and (not language or speaks(card, language)):
                candidates[folder] = card
        if not candidates:
            self._blame_damage()
            of_language = f" that knows “{language}”" if language else ""
            raise ModelMissingError(
                f"No recognition model{of_language} is installed.",
                remedy=self._install(language),
            )
        return min(candidates, key=lambda folder: self._preference(folder, candidates[folder]))

    def _preference(self, folder: Path, card: ModelCard) -> tuple[object, ...]:
        measured = self._speed(folder, card)
        speed = None if measured is None else measured.speed
        return card.demo, preference(card.name, self.machine, speed), card.name

    def _blame_damage(self) -> None:
        """Tell of a damaged model rather than of a missing one, if that is why there is none."""
        for folder in self._shelf.folders():
            require_whole(folder, read_card(folder), hashes=False)

    def _rows(self, *, hashes: bool, only: Path | None = None) -> list[ModelRow]:
        folders = [only] if only else self._shelf.folders()
        rows = [row_of(folder, hashes=hashes) for folder in folders]
        try:
            default = self._best("")
        except ModelError:
            default = None
        return [
            replace(row, default=row.path == default, measured=self._measured(row)) for row in rows
        ]

    def _measured(self, row: ModelRow) -> Measurement | None:
        if row.path is None or not row.usable or row.kind != RECOGNITION:
            return None
        return self._speed(row.path, read_card(row.path))

    def _row(self, folder: Path) -> ModelRow:
        return self._rows(hashes=False, only=folder)[0]


def _is_of_one_language(card: ModelCard) -> bool:
    return len(card.languages) == 1 and card.languages != ANY_LANGUAGE
