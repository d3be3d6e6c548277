"""Threads that do what blocks, one piece of work at a time each."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outcome:
    future: Future[Any]
    then: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None


class Lane(QObject):
    """One named worker thread; pieces of work run in the order in which they were given.

    Results come back on the thread this object lives in, never on the worker.

    Signals:
        failed: An exception that nobody asked to be told of.
        busy_changed: Whether any work is under way or waiting.
    """

    failed = Signal(object)
    busy_changed = Signal(bool)
    _ended = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._waiting = 0
        self._stopped = False
        # Queued even when a worker is quicker than add_done_callback, which then calls at once
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether any work is under way or waiting."""
        return self._waiting > 0

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do ``work`` on the worker, then call ``then`` with its result on this thread.

        Without ``failed`` an exception is sent as the signal of that name. After ``close``
        nothing is done.
        """
        if self._stopped:
            return
        self._waiting += 1
        if self._waiting == 1:
            self.busy_changed.emit(True)
        future = self._executor.submit(work)
        future.add_done_callback(lambda done: self._ended.emit(_Outcome(done, then, failed)))

    def close(self) -> None:
        """Drop what waits and tell no more results; what is under way goes on."""
        self._stopped = True
        self._executor.shutdown(wait=False, cancel_futures=True)

    def finish(self) -> None:
        """Take no more work and tell no more results, but do what a person has asked for."""
        self._stopped = True
        self._executor.shutdown(wait=True)

    def join(self) -> None:
        """Close, and wait for what is under way."""
        self.close()
        self._executor.shutdown(wait=True)

    @Slot(object)
    def _on_ended(self, outcome: _Outcome) -> None:
        if self._stopped:
            return
        self._waiting -= 1
        if self._waiting == 0:
            self.busy_changed.emit(False)
        error = outcome.future.exception()
        if error is None:
            if outcome.then is not None:
                outcome.then(outcome.future.result())
        elif outcome.failed is not None and isinstance(error, Exception):
            outcome.failed(error)
        else:
            self.failed.emit(error)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The window's worker threads.

    Recording has a lane of its own, since it never waits for anything; so does work that takes
    minutes, behind which no key press should wait, looking at files, which may be large, writing
    documents, for which a transcription is no reason to wait, and listening to a source, which
    none of the others is to wait for.
    """

    storage: Lane
    recorder: Lane
    work: Lane
    looking: Lane
    exports: Lane
    trials: Lane

    @classmethod
    def open(cls, failed: Callable[[Any], None], parent: QObject | None = None) -> Lanes:
        """Make the lanes; ``failed`` is a slot of a QObject that hears of unexpected failures."""
        names = ("storage", "recorder", "work", "looking", "exports", "trials")
        lanes = cls(*(Lane(name, parent) for name in names))
        for lane in lanes.all:
            lane.failed.connect(failed)
        return lanes

    @property
    def all(self) -> tuple[Lane, ...]:
        """Every lane."""
        return (self.storage, *self._that_may_end_late)

    @property
    def _that_may_end_late(self) -> tuple[Lane, ...]:
        return (self.recorder, self.work, self.looking, self.exports, self.trials)

    def close(self) -> None:
        """Take no more work and tell no more results; what is to be stored is stored first."""
        for lane in self._that_may_end_late:
            lane.close()
        self.storage.finish()

    def join(self) -> None:
        """Wait for what is under way."""
        for lane in self.all:
            lane.join()
