"""What recognises: a model on this machine, or a server that a person has set up and agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.engine_types import RemoteModel
from app.domain.errors import ModelError, ServerRefusedError

if TYPE_CHECKING:
    from app.domain.engine_types import AnyModel
    from app.domain.ports import ModelStore
    from app.domain.settings import Settings
    from app.domain.transcription_server import TranscriptionServer

DEMO_NOTE = (
    "Recognition uses the demonstration model: it understands the demonstration's synthetic "
    "voices and nothing else. Install a real one: hotwash models download small"
)
BACK = "Or recognise on this machine: hotwash server off."


class EngineChoice:
    """Implements ``ModelStore``: the server where one is in use, else what is installed here.

    A model that is named is always one of this machine.
    """

    def __init__(self, installed: ModelStore, settings: Settings) -> None:
        self._installed = installed
        self._settings = settings

    def recognition_model(self, name: str = "", *, language: str = "") -> AnyModel:
        """Return what recognises.

        Raises:
            ModelMissingError: It is not installed; the remedy says how to install it.
            ModelDamagedError: Files are missing or do not match.
            ServerRefusedError: The server must not be used: nobody agreed, or all is offline.
        """
        server = self._settings.server
        if name or server is None or not server.in_use:
            return self._installed.recognition_model(
                name or self._settings.model, language=language
            )
        refuse_sending(server, self._settings)
        return RemoteModel(server, language=language or None)

    def note(self) -> str:
        """Return what people must know of what recognises, empty if nothing."""
        try:
            model = self.recognition_model(language=self._settings.language)
        except ModelError as error:
            return f"{error} {error.remedy} Recording works without it."
        if isinstance(model, RemoteModel):
            return f"{model.server.statement} It is recognised there by the model “{model.name}”."
        return DEMO_NOTE if model.demo else ""


def refuse_sending(server: TranscriptionServer, settings: Settings) -> None:
    """Let no audio leave for a server that nobody agreed to, nor while all is offline.

    Raises:
        ServerRefusedError: It must not.
    """
    if not server.agreed:
        raise ServerRefusedError(
            f"Nobody has agreed that audio leaves this machine for {server.host}.",
            remedy=f"Agree: hotwash server on. {BACK}",
        )
    if settings.offline:
        raise ServerRefusedError(
            f"Recognition is set to {server.host}, and the program is set to stay offline.",
            remedy=f"Switch offline mode off. {BACK}",
        )
