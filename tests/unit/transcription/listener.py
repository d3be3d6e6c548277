"""Hears a recogniser's replies and lets a test wait for them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import PartialText, RecognizedSegment
    from app.domain.errors import AppError
    from app.domain.ids import TrackId

WAIT_S = 60


class Listener:
    def __init__(self) -> None:
        self._heard = threading.Condition()
        self.segments: dict[str, list[RecognizedSegment]] = {}
        self.cursors: dict[str, list[int]] = {}
        self.order: list[str] = []
        self.listened: dict[str, int] = {}
        self.partials: dict[str, list[PartialText]] = {}
        self.finished: list[str] = []
        self.errors: list[AppError] = []
        self.waiting: list[AppError] = []
        self.languages: list[tuple[str, bool]] = []
        self.warnings: list[AppError] = []
        self.exits: list[int] = []
        self.threads: set[str] = set()

    def wait_until(self, condition: Callable[[Listener], object]) -> None:
        with self._heard:
            assert self._heard.wait_for(lambda: condition(self), WAIT_S), vars(self)

    def texts(self, track_id: str) -> list[str]:
        return [segment.text for segment in self.segments.get(track_id, [])]

    def cursor(self, track_id: str) -> int:
        return self.cursors.get(track_id, [0])[-1]

    def on_segments(
        self, track_id: TrackId, segments: tuple[RecognizedSegment, ...], cursor_ms: int
    ) -> None:
        with self._heard:
            self.threads.add(threading.current_thread().name)
            self.segments.setdefault(track_id, []).extend(segments)
            self.cursors.setdefault(track_id, []).append(cursor_ms)
            self.order.extend([track_id] * len(segments))
            self._heard.notify_all()

    def on_listened(self, track_id: TrackId, until_ms: int) -> None:
        with self._heard:
            self.listened[track_id] = until_ms
            self._heard.notify_all()

    def on_partial(self, track_id: TrackId, partial: PartialText) -> None:
        with self._heard:
            self.partials.setdefault(track_id, []).append(partial)
            self._heard.notify_all()

    def on_finished(self, track_id: TrackId) -> None:
        with self._heard:
            self.finished.append(track_id)
            self._heard.notify_all()

    def on_failed(self, error: AppError) -> None:
        with self._heard:
            self.errors.append(error)
            self._heard.notify_all()

    def on_waiting(self, error: AppError) -> None:
        with self._heard:
            self.waiting.append(error)
            self._heard.notify_all()

    def on_language(self, language: str, *, settled: bool) -> None:
        with self._heard:
            self.languages.append((language, settled))
            self._heard.notify_all()

    def on_warning(self, error: AppError) -> None:
        with self._heard:
            self.warnings.append(error)
            self._heard.notify_all()

    def on_exit(self, exit_code: int) -> None:
        with self._heard:
            self.exits.append(exit_code)
            self._heard.notify_all()
