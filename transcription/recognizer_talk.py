"""What a recogniser is asked as messages, and its messages as replies: the parent's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcription.messages import (
    Advance,
    Failed,
    Finish,
    Finished,
    Follow,
    KeepPace,
    LanguageHeard,
    Listened,
    Partial,
    Recognized,
    Waiting,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import TrackAudio
    from app.domain.ids import TrackId
    from app.domain.ports import RecognizerReplies
    from app.domain.recognition_pace import RecognitionPace
    from transcription.messages import Reply, Request


class RecognizerRequests:
    """Gives what a ``Recognizer`` is asked to ``send``."""

    def __init__(self, send: Callable[[Request], None]) -> None:
        self._send = send

    def follow(self, track: TrackAudio, *, from_ms: int) -> None:
        """Begin, or begin again, at a position where no utterance is under way."""
        self._send(Follow(track, from_ms))

    def advance(self, track_id: TrackId, *, until_ms: int) -> None:
        """Audio of the track is on disk up to here: recognise what has ended by then."""
        self._send(Advance(track_id, until_ms))

    def finish(self, track_id: TrackId, *, until_ms: int) -> None:
        """No audio follows: recognise the rest, then reply that the track is finished."""
        self._send(Finish(track_id, until_ms))

    def keep_pace(self, pace: RecognitionPace) -> None:
        """Leave out from now on what that pace leaves out."""
        self._send(KeepPace(pace))


def tell(reply: Reply, replies: RecognizerReplies) -> None:
    """Hand a reply on to who waits for it."""
    match reply:
        case Recognized(track_id, segments, cursor_ms):
            replies.on_segments(track_id, segments, cursor_ms)
        case Listened(track_id, until_ms):
            replies.on_listened(track_id, until_ms)
        case Partial(track_id, partial):
            replies.on_partial(track_id, partial)
        case Finished(track_id):
            replies.on_finished(track_id)
        case Failed():
            replies.on_failed(reply.error())
        case Waiting(reason):
            replies.on_waiting(reason.error())
        case LanguageHeard(language, settled):
            replies.on_language(language, settled=settled)
        case Warned(told):
            replies.on_warning(told.error())
