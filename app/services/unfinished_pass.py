"""Remembers how a pass was begun, so that it can go on as it began after being cut off.

How far it has come is in the database; a small file beside the recordings says what made it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from app.services.exports import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import AnyModel
    from app.domain.glossary import Glossary
    from app.domain.home import Home
    from app.domain.recognitions import RecognitionPass
    from app.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class BegunPass:
    """What words a pass is made of must have in common.

    ``glossary`` stands for its terms: one transcript is not spelled by two glossaries.
    """

    made_in: str
    model: str
    language: str | None
    host: str = ""
    glossary: str = ""

    @classmethod
    def by(cls, model: AnyModel, made_in: RecognitionPass, glossary: Glossary) -> Self:
        """Return how a pass begins that a model makes, here or on a server."""
        terms = hashlib.sha256(repr(glossary.terms).encode()).hexdigest()
        return cls(made_in.value, model.name, model.language, model.host, terms)


class UnfinishedPass:
    """The pass over one session that has begun and is not complete, if there is one."""

    def __init__(self, home: Home, session: Session) -> None:
        self._path: Path = home.incident_dir(session.incident_id) / f"{session.id}.pass.json"

    def is_like(self, wanted: BegunPass) -> bool:
        """Whether there is one, begun just so; one that cannot be read is like none."""
        try:
            begun = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(begun == asdict(wanted))

    def begin(self, begun: BegunPass) -> None:
        """Note how a pass begins.

        Raises:
            ExportError: The folder cannot be written, or the disk is full.
        """
        write_atomically(self._path, json.dumps(asdict(begun)).encode())

    def forget(self) -> None:
        """The pass is complete, or begins anew."""
        self._path.unlink(missing_ok=True)
