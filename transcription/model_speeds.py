"""How fast models recognise on this machine, kept in a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.audio_files.durable import write_atomically
from transcription.compute import Compute

if TYPE_CHECKING:
    from pathlib import Path

    from transcription.machine import Machine


@dataclass(frozen=True, slots=True)
class Measurement:
    """How fast a model was: seconds of audio per second of work, by utterances as live."""

    speed: float
    device: str
    compute_type: str
    threads: int
    at: str  # ISO 8601, UTC

    def __str__(self) -> str:
        """Return it in words."""
        how = Compute(self.device, self.compute_type)
        return f"{self.speed:.3g} times real time ({how}, {self.threads} threads)"


class Speeds:
    """The measurements kept in a file, of models by their content: a hash, or what stands for it.

    Those made on another machine, or with other settings (``how``), stay there unseen.
    """

    def __init__(self, path: Path, machine: Machine, how: str) -> None:
        self._path = path
        self._here = f"{machine.processor}, {machine.cores} cores, {machine.card}: {how}"

    def of(self, content: str) -> Measurement | None:
        """Return what was measured of a model, None if nothing."""
        try:
            return Measurement(**self._kept()[self._key(content)])
        except (KeyError, TypeError):  # of none, or kept by a version that knows more of it
            return None

    def keep(self, content: str, measured: Measurement) -> None:
        """Keep a measurement in the place of an earlier one.

        Raises:
            OSError: It cannot be stored.
        """
        kept = self._kept() | {self._key(content): asdict(measured)}
        text = json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        write_atomically(self._path, text.encode())

    def _kept(self) -> dict[str, dict[str, Any]]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}  # none yet, or damaged: what can be measured again is not worth an error

    def _key(self, content: str) -> str:
        return f"{content} on {self._here}"
