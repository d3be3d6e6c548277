"""What recognises: a model on this machine, or a server that a person has set up and agreed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import RecognitionModel, RemoteModel
from app.domain.errors import ModelError, ServerRefusedError
from app.domain.languages import language_name
from app.domain.recognitions import RecognitionPass

if TYPE_CHECKING:
    from app.domain.engine_types import AnyModel, InstalledModel
    from app.domain.ports import ModelStore
    from app.domain.settings import Settings
    from app.domain.transcription_server import TranscriptionServer

DEMO_NOTE = (
    "Recognition uses the demonstration model: it understands the demonstration's synthetic "
    "voices and nothing else. Install a real one, here best: hotwash models download {name}"
)
ONE_LANGUAGE_NOTE = (
    "The spoken language is to be detected, and the model “{model}” takes everything for "
    "{language}. Set “language” in the settings to {code} if that is what is spoken, or install a "
    "model that knows more: hotwash models download {name}"
)
BACK = "Or recognise on this machine: hotwash server off."


class EngineChoice:
    """The server where one is in use, else what is installed here, as the settings say.

    A model that somebody names is always one of this machine; those of the settings hold while
    no server is in use.
    """

    def __init__(self, installed: ModelStore, settings: Settings) -> None:
        self._installed = installed
        self._settings = settings

    def for_pass(
        self, made_in: RecognitionPass, *, model: str = "", language: str = ""
    ) -> AnyModel:
        """Return what recognises in a pass; ``model`` and ``language`` go before the settings'.

        Raises:
            ModelMissingError: It is not installed; the remedy says how to install it.
            ModelDamagedError: Files are missing or do not match.
            ServerRefusedError: The server must not be used: nobody agreed, or all is offline.
        """
        settings = self._settings
        language = language or settings.language
        server = settings.server
        if model or server is None or not server.in_use:
            name = model or settings.model_for(made_in)
            return self._installed.recognition_model(name, language=language)
        refuse_sending(server, settings)
        return RemoteModel(server, language=language or None, proxy=settings.proxy)

    def installed(self) -> list[InstalledModel]:
        """Return the models of this machine that a person may choose for the final pass.

        None of them is the default while a server is in use, or where the settings name one that
        is not there.
        """
        try:
            default = self.for_pass(RecognitionPass.FINAL)
        except ModelError:
            default = None
        name = default.name if isinstance(default, RecognitionModel) else None
        models = self._installed.recognition_models()
        return [replace(model, default=model.name == name) for model in models]

    def note(self) -> str:
        """Return what people must know of what recognises live, empty if nothing."""
        try:
            model = self.for_pass(RecognitionPass.LIVE)
        except ModelError as error:
            return f"{error} {error.remedy} Recording works without it."
        if isinstance(model, RemoteModel):
            return f"{model.server.statement} It is recognised there by the model “{model.name}”."
        better = self._installed.recommended(self._settings.language)
        if model.demo:
            return DEMO_NOTE.format(name=better)
        if model.language and not self._settings.language:
            language = language_name(model.language)
            return ONE_LANGUAGE_NOTE.format(
                model=model.name, language=language, code=model.language, name=better
            )
        return ""


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
            remedy=f"Switch off “offline” in the settings, or HOTWASH_OFFLINE. {BACK}",
        )
