"""Which language a session is spoken in: as was set, or as is heard while it begins."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.engine_types import RecognizedSegment

SETTLED_MS = 30_000  # of speech


class SpokenLanguage:
    """Decided by the first 30 s of speech: from then on every utterance is heard in it.

    Until then each is heard in the language it seems to be in. Whisper takes a lone “Ja” for
    Dutch as readily as for German, so the longest heard counts, not the last.

    ``on_heard`` is called with the code whenever another language leads, and with True when it
    is settled.
    """

    def __init__(
        self, given: str | None, on_heard: Callable[[str, bool], None] = lambda *_: None
    ) -> None:
        self.code = given
        self._on_heard = on_heard
        self._leads = ""
        self._speech_ms: Counter[str] = Counter()

    def heard_in(self, segments: Iterable[RecognizedSegment], language: str) -> None:
        """Note in which language segments were; of no consequence once it is settled.

        Doubtful ones do not count: noise is taken for any language.
        """
        speech_ms = sum(part.span.duration_ms for part in segments if part.flag is None)
        if self.code is not None or not speech_ms:
            return
        self._speech_ms[language] += speech_ms
        ((leading, _),) = self._speech_ms.most_common(1)
        settled = self._speech_ms.total() >= SETTLED_MS
        if settled:
            self.code = leading
        if settled or leading != self._leads:
            self._leads = leading
            self._on_heard(leading, settled)
