"""Wires the recognition of speech; the program's other parts are wired on top of it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from app.resources import resources_dir

if TYPE_CHECKING:
    from app.audio_files.reader import FolderAudioReader
    from app.domain.home import Home
    from app.domain.settings import Settings
    from app.domain.voice_ports import VoiceEmbedder
    from app.services.bus import LocalBus
    from app.services.engine_choice import EngineChoice
    from app.services.final_pass import FinalPass
    from app.services.glossary import GlossaryDesk
    from app.services.live_transcription import LiveTranscription
    from app.services.live_voices import LiveVoices
    from app.services.program import Program
    from app.services.recognition_parts import RecognitionParts
    from app.services.speaker_pass import SpeakerPass
    from app.services.voice_prints import VoicePrints
    from app.storage.record_store import SqlRecordStore
    from transcription.model_files import ModelFolder


def model_folder(home: Home, settings: Settings) -> ModelFolder:
    """Return the models of this user and those that are shipped."""
    from transcription.model_files import ModelFolder

    return ModelFolder(
        models_dir=home.models,
        shipped_dir=resources_dir() / "models",
        offline=settings.offline,
        endpoint=os.environ.get("HF_ENDPOINT"),
        proxy=settings.proxy,
        threads=settings.threads,
        device=settings.device,
        compute_type=settings.compute_type,
        speech=resources_dir() / "demo" / "room.flac",
    )


class RecognitionWiring:
    """Makes what recognises, live and afterwards; a method is named like the part it makes."""

    def __init__(self, program: Program, *, store: SqlRecordStore) -> None:
        self._program = program
        self._store = store
        self._home: Home = program.home
        self._settings: Settings = program.settings
        self._bus: LocalBus = program.bus
        self._actor: str = program.actor

    @cached_property
    def _reader(self) -> FolderAudioReader:
        from app.audio_files.reader import FolderAudioReader

        return FolderAudioReader()

    @cached_property
    def _models(self) -> ModelFolder:
        return model_folder(self._home, self._settings)

    @cached_property
    def _engines(self) -> EngineChoice:
        from app.services.engine_choice import EngineChoice

        return EngineChoice(self._models, self._settings)

    def glossary(self) -> GlossaryDesk:
        from app.services.glossary import GlossaryDesk

        template = resources_dir() / "glossary.toml"
        return GlossaryDesk(self._store, self._bus, self._home, template, actor=self._actor)

    @cached_property
    def _recognition(self) -> RecognitionParts:
        from app.services.recognition_parts import RecognitionParts
        from app.services.track_speakers import TrackSpeakers
        from transcription.recognizer_process import RecognizerProcess

        return RecognitionParts(
            store=self._store,
            bus=self._bus,
            home=self._home,
            engines=self._engines,
            recognizers=RecognizerProcess,
            speakers=TrackSpeakers(self._store),
            clocks=self._reader.clock,
            glossary=self._program.glossary.for_recognition,
        )

    def live(self) -> LiveTranscription:
        from app.services.live_transcription import LiveTranscription

        return LiveTranscription(self._recognition)

    def live_voices(self) -> LiveVoices:
        from app.services.live_voices import LiveVoices

        return LiveVoices(
            self._store,
            self._bus,
            home=self._home,
            make_embedder=self._embedder,
            live=self._program.live,
        )

    def voice_prints(self) -> VoicePrints:
        from app.services.voice_prints import VoicePrints
        from app.storage.voice_vault import FileVault

        passphrase = os.environ.get("HOTWASH_VOICE_PASSPHRASE", "")
        return VoicePrints(
            self._store,
            self._bus,
            home=self._home,
            vault=FileVault(self._home.voice_prints, passphrase=passphrase),
            make_embedder=self._embedder,
            actor=self._actor,
        )

    def _embedder(self) -> VoiceEmbedder:
        from transcription.embedder_process import EmbedderProcess

        return EmbedderProcess(self._pipeline())

    def _pipeline(self) -> str:
        return self._models.pipeline(self._settings.diarization)

    def transcription(self) -> FinalPass:
        from app.services.bleed_pass import BleedPass
        from app.services.final_pass import FinalPass

        return FinalPass(
            self._recognition,
            reader=self._reader,
            speaker_pass=self._program.speakers,
            bleed_pass=BleedPass(self._store, home=self._home, reader=self._reader),
            live=self._program.live,
        )

    def speakers(self) -> SpeakerPass:
        from app.services.speaker_pass import SpeakerPass
        from transcription.diarizer_process import DiarizerProcess

        diarizer = DiarizerProcess(
            self._pipeline(),
            token=self._settings.hub_token or os.environ.get("HF_TOKEN", ""),
            offline=self._settings.offline,
        )
        return SpeakerPass(
            self._store, self._bus, home=self._home, diarizer=diarizer, clocks=self._reader.clock
        )

    def model_note(self) -> str:
        return self._engines.note()
