"""Use case: remember voices that people have named, and say in a later incident who one may be."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.domain.errors import (
    InvalidRecordError,
    ModelError,
    NotFoundError,
    RecordError,
    VoicePrintError,
)
from app.domain.events import ProblemArose, RecordChanged, WorkProgressed
from app.domain.ids import new_id
from app.domain.merged_voices import MergedVoices
from app.domain.naming import named
from app.domain.redactions import Redaction
from app.domain.times import now_utc
from app.domain.voice_prints import (
    HeardStretch,
    VoicePrint,
    VoicePrintId,
    VoiceSuggestion,
    best_print,
)
from app.domain.voice_samples import clearest
from app.domain.voice_vectors import SpokenStretch, middle_of
from app.services.settings_file import read_settings, write_settings
from app.services.track_speakers import whole_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.events import Event
    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId, SpeakerId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.times import Span
    from app.domain.transcript import Segment, Speaker
    from app.domain.voice_ports import EmbedderFactory, VoiceEmbedder, VoiceVault
    from app.domain.voice_vectors import Vector

LINES_REMEMBERED = 20  # the longest of a voice
LINES_COMPARED = 6
LEAST_S = 6.0  # of clear speech: less does not tell somebody well enough to be kept
LISTENING = "listen to voices"


class VoicePrints:
    """Off until a person switches it on. Every use forgets first what may not be kept any more."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        vault: VoiceVault,
        make_embedder: EmbedderFactory,
        actor: str,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._vault = vault
        self._make_embedder = make_embedder
        self._actor = actor
        self._embedder: VoiceEmbedder | None = None
        self._turn = threading.RLock()
        bus.subscribe(self._on_event)

    # The switch and the key

    @property
    def is_on(self) -> bool:
        """Whether voices may be remembered."""
        return read_settings(self._home.settings).remember_voices

    def switch(self, *, on: bool) -> None:
        """Allow it, or not any more; what is kept stays until it is forgotten."""
        settings = read_settings(self._home.settings)
        write_settings(self._home.settings, replace(settings, remember_voices=on))

    @property
    def keeps_any(self) -> bool:
        """Whether any voice is kept; needs no key."""
        return self._vault.exists

    @property
    def kept_by(self) -> str:
        """What holds the key, or would, in words for people."""
        return self._vault.kept_by

    def unlock(self, passphrase: str) -> None:
        """Take the passphrase for what follows."""
        self._vault.unlock(passphrase)

    # What is kept

    def kept(self) -> tuple[VoicePrint, ...]:
        """Return the voices that are remembered, by name."""
        self._forget_what_went()
        return tuple(sorted(self._vault.read(), key=lambda one: (one.name, one.made_at)))

    def remember(self, incident_id: IncidentId, speaker_id: SpeakerId) -> VoicePrint:
        """Keep how a voice of an incident sounds that a person has named.

        One that was merged into another is that other one. What was kept of the same voice before
        is replaced.

        Raises:
            NotFoundError: There is no such voice.
            VoicePrintError: It is switched off, too little was heard, or it cannot be kept.
            InvalidRecordError: Nobody has said who it is.
            RecordError: It is being recorded.
            ModelError: There is no pipeline, or it does not work.
        """
        self._refuse_if_off()
        record = self._store.record(incident_id)
        speaker = MergedVoices(record.speakers).named(speaker_id)
        if speaker.name is None or not speaker.confirmed:
            raise InvalidRecordError(
                speaker.label,
                "nobody has said whose voice this is",
                remedy="Name it first: hotwash speakers ID --rename "
                f"“{speaker.label}=Name”; nothing was kept.",
            )
        lines = _clear_lines(record, speaker.id, most=LINES_REMEMBERED)
        _refuse_while_recording(record, lines)
        with self._turn:
            heard = self._listened(record, lines)
            made = self._print(record, speaker, heard)
            self._vault.change(lambda kept: self._with(made, kept))
        return made

    def suggest(self, incident_id: IncidentId) -> list[VoiceSuggestion]:
        """Say of voices that nobody has named who they may be, the surest first; change nothing.

        Raises:
            VoicePrintError, ModelError: as ``remember``.
        """
        self._refuse_if_off()
        record = self._store.record(incident_id)
        with self._turn:
            prints = self.kept()
            if not prints:
                return []
            nobodys = whole_tracks(incident_id)
            found = [
                suggestion
                for speaker in MergedVoices(record.speakers).shown
                if not speaker.name
                and speaker.id not in nobodys
                and (suggestion := self._suggestion(record, speaker, prints)) is not None
            ]
        return sorted(found, key=lambda one: -one.score)

    def forget(self, wanted: str) -> VoicePrint:
        """Forget one, by its id or the beginning of it.

        Raises:
            NotFoundError: There is none.
        """
        gone = named(self.kept(), wanted, "voice", see="hotwash voices list")
        self._vault.change(lambda kept: [one for one in kept if one.id != gone.id])
        return gone

    def forget_all(self) -> None:
        """Overwrite and remove the file and forget its key, also one that nobody can open."""
        self._vault.destroy()

    def shutdown(self) -> None:
        """End what listens."""
        embedder, self._embedder = self._embedder, None
        if embedder is not None:
            embedder.stop()

    # What may not be kept

    def _on_event(self, event: Event) -> None:
        """Forget with a redaction what was made of its audio."""
        if not isinstance(event, RecordChanged) or event.operation is None:
            return
        if any(isinstance(change.after, Redaction) for change in event.operation.changes):
            try:
                self._forget_what_went()
            except VoicePrintError as error:
                self._bus.publish(ProblemArose(_still_kept(error)))

    def _forget_what_went(self) -> None:
        """Forget voices whose incident is gone, or of whose audio something was redacted."""
        if self._vault.exists:
            self._vault.change(lambda kept: [one for one in kept if self._may_be_kept(one)])

    def _with(self, made: VoicePrint, kept: Sequence[VoicePrint]) -> list[VoicePrint]:
        """Return what may be kept of all, the new one in the place of what it replaces."""
        if not self._may_be_kept(made):  # people went on while it was listened to
            raise VoicePrintError(
                f"Audio of {made.name} was redacted meanwhile; nothing was remembered of it.",
                remedy="Remember the voice again: it is made of what is left.",
            )
        others = (one for one in kept if not _replaces(made, one))
        return [*(one for one in others if self._may_be_kept(one)), made]

    def _may_be_kept(self, one: VoicePrint) -> bool:
        try:
            record = self._store.record(one.incident_id)
        except NotFoundError:
            return False
        return not any(_is_redacted(record, part.session_id, part.span) for part in one.stretches)

    # How voices sound

    def _suggestion(
        self, record: Record, speaker: Speaker, prints: Sequence[VoicePrint]
    ) -> VoiceSuggestion | None:
        lines = _clear_lines(record, speaker.id, most=LINES_COMPARED)
        vector = middle_of(
            (vector, line.span.duration_ms) for line, vector in self._listened(record, lines)
        )
        if vector is None:
            return None
        model = self._listener().model()
        alike = [one for one in prints if one.model_id == model.id]
        best = best_print(vector, alike, least=model.same_above)
        if best is None:
            return None
        known, score, next_best = best
        return VoiceSuggestion(speaker.id, speaker.label, known.name, score, next_best, known.id)

    def _print(
        self, record: Record, speaker: Speaker, heard: Sequence[tuple[Segment, Vector]]
    ) -> VoicePrint:
        vector = middle_of((vector, line.span.duration_ms) for line, vector in heard)
        stretches = tuple(
            HeardStretch(line.session_id, line.start_ms, line.end_ms) for line, _ in heard
        )
        seconds = sum(line.span.duration_ms for line, _ in heard) / 1_000
        if vector is None or seconds < LEAST_S:
            raise VoicePrintError(
                f"Too little is clearly {speaker.shown_as}'s to remember the voice: "
                f"{seconds:.0f} s of the {LEAST_S:.0f} s that it takes.",
                remedy="Give it more of its lines, or remember it in a longer recording.",
            )
        return VoicePrint(
            id=VoicePrintId(new_id("vpr")),
            name=speaker.shown_as,
            vector=tuple(vector),
            model_id=self._listener().model().id,
            incident_id=record.incident.id,
            speaker_id=speaker.id,
            stretches=stretches,
            made_at=now_utc(),
            made_by=self._actor,
        )

    def _listened(self, record: Record, lines: Sequence[Segment]) -> list[tuple[Segment, Vector]]:
        heard = []
        for number, line in enumerate(lines, start=1):
            track = record.track(line.track_id)
            folder = self._home.session_dir(record.incident.id, track.session_id)
            audio = TrackAudio(track.id, folder, track.label)
            vector = self._heard(SpokenStretch(audio, line.span))
            self._bus.publish(WorkProgressed(LISTENING, number, len(lines)))
            if vector is not None:
                heard.append((line, vector))
        return heard

    def _heard(self, stretch: SpokenStretch) -> Vector | None:
        try:
            return self._listener().vector(stretch)
        except ModelError:  # its process has ended with it; the next use has another
            self.shutdown()
            raise

    def _listener(self) -> VoiceEmbedder:
        if self._embedder is None:
            self._embedder = self._make_embedder()
        return self._embedder

    def _refuse_if_off(self) -> None:
        if not self.is_on:
            raise VoicePrintError(
                "Remembering voices is switched off.",
                remedy="“hotwash voices on” switches it on.",
            )


def _clear_lines(record: Record, speaker_id: SpeakerId, *, most: int) -> list[Segment]:
    """Return the lines that tell best how a voice sounds, or those that people joined to it."""
    voices = MergedVoices(record.speakers)
    lines = [
        line
        for line in record.segments
        if voices.id_of(line.speaker_id) == speaker_id
        and not _is_redacted(record, line.session_id, line.span)
    ]
    return clearest(lines, most=most)


def _is_redacted(record: Record, session_id: SessionId, span: Span) -> bool:
    return any(
        taken.session_id == session_id and taken.span.overlap_ms(span) > 0
        for taken in record.redactions
    )


def _replaces(made: VoicePrint, one: VoicePrint) -> bool:
    return (one.incident_id, one.speaker_id) == (made.incident_id, made.speaker_id)


def _refuse_while_recording(record: Record, lines: Iterable[Segment]) -> None:
    if any(record.track(line.track_id).duration_ms is None for line in lines):
        raise RecordError(
            "The voice is still being recorded.",
            remedy="Remember it once the recording has ended.",
        )


def _still_kept(error: VoicePrintError) -> VoicePrintError:
    return VoicePrintError(
        f"Remembered voices made of redacted audio could not be forgotten yet: {error}",
        remedy="They go with the next use of “hotwash voices”; “hotwash voices forget-all” "
        "needs no key.",
    )
