"""What a person has chosen once and for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.languages import refuse_language
from app.domain.recognitions import RecognitionPass
from app.domain.shortcuts import ShortcutAction
from app.domain.transcription_server import TranscriptionServer


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has a default that works.

    Attributes:
        actor: Who acts, for the edit history; empty means the login name.
        model: Name of the installed recognition model, empty for the best one installed.
        final_model: Another one for the final pass; empty for the same.
        language: Spoken language code, empty to detect it.
        server: A transcription server of the team's own, None for this machine's models.
        offline: Never touch the network; ``HOTWASH_OFFLINE=1`` says so, too.
        proxy: Through which models are fetched and a server is asked, as ``http://host:port``;
            empty for what ``HTTPS_PROXY`` and ``HTTP_PROXY`` say. ``NO_PROXY`` holds for both.
        microphone: Source id, empty for the default, ``none`` for no room track.
        bridge: Source id, empty for the default output's monitor, ``none`` for no bridge track.
        microphone_fallback: Source id that is heard while the microphone is away, empty for none.
        bridge_fallback: The same for the bridge.
        diarization: Name of an installed pyannote pipeline, or its folder or hub name; empty for
            the first one that a person has installed.
        hub_token: Access token for gated pipelines; empty reads ``HF_TOKEN``.
        remember_voices: Whether voices may be remembered; see ``voice_prints.WHAT_IS_KEPT``.
        threads: Threads for recognition; 0 chooses by the machine's cores.
        device: What recognition runs on: ``cpu``, ``cuda``, or empty to choose.
        compute_type: How exactly it computes, in CTranslate2's words (``int8``, ``float16``);
            empty to choose.
        dark: None follows the desktop.
        shortcuts: Keys that work in all programs, as ``Ctrl+Alt+F2``, by what they do; those not
            named are ``DEFAULT_KEYS``, empty means none.
    """

    actor: str = ""
    model: str = ""
    final_model: str = ""
    language: str = ""
    server: TranscriptionServer | None = None
    offline: bool = False
    proxy: str = ""
    microphone: str = ""
    bridge: str = ""
    microphone_fallback: str = ""
    bridge_fallback: str = ""
    diarization: str = ""
    hub_token: str = ""
    remember_voices: bool = False
    threads: int = 0
    device: str = ""
    compute_type: str = ""
    dark: bool | None = None
    shortcuts: Mapping[ShortcutAction, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_language(self.language)

    def model_for(self, made_in: RecognitionPass) -> str:
        """Return the name of the model that a pass takes, empty for the best one installed."""
        final = self.final_model if made_in is RecognitionPass.FINAL else ""
        return final or self.model
