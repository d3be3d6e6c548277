"""Runs recognition in a process of its own.

A crash in native code, or memory that a model does not give back, must not take the recording
with it. Audio is read from disk by the child, so a new child goes on where the last one was.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import TYPE_CHECKING

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import RecognitionBrokenError
from transcription.child_process import ChildProcess
from transcription.recognizer_talk import RecognizerRequests, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AnyModel
    from app.domain.ports import AudioReader, RecognizerReplies
    from transcription.messages import Reply

log = logging.getLogger(__name__)


class RecognizerProcess(RecognizerRequests):
    """Implements ``Recognizer``; the class itself is a ``RecognizerFactory``.

    ``replies`` are called on a thread of this object, named ``recognizer-replies``. One that fails
    ends the child, and is told to ``on_failed``. ``make_reader`` is a class or function of a
    module: the child calls it.
    """

    def __init__(
        self,
        model: AnyModel,
        replies: RecognizerReplies,
        *,
        make_reader: Callable[[], AudioReader] = FolderAudioReader,
    ) -> None:
        from transcription.recognizer_child import serve  # noqa: PLC0415  brings numpy

        self._replies = replies
        self._stopping = False
        # The library's own switch, should a model's files ever make it look for more.
        self._child = ChildProcess(
            serve,
            (model, make_reader),
            name="recognizer",
            environment={"HF_HUB_OFFLINE": "1"},
        )
        super().__init__(self._child.send)
        # A daemon, so that a program that forgot to stop can still exit; ``stop`` joins it.
        self._thread = threading.Thread(target=self._read, name="recognizer-replies", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.pid

    def stop(self) -> None:
        """End the child at once and join; what it had not told is done again from the cursor.

        A reply that calls this is the last one; it cannot wait for its own thread.
        """
        self._stopping = True
        self._child.stop()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _read(self) -> None:
        try:
            self._tell_all()
        except Exception as bug:  # who waits for the replies must not wait for ever
            log.exception("a reply of the recogniser failed")
            self._child.stop()
            self._replies.on_failed(RecognitionBrokenError(bug))
        finally:
            self._child.close()

    def _tell_all(self) -> None:
        with contextlib.suppress(EOFError):
            while True:
                self._tell(self._child.receive())
        exit_code = self._child.exit_code()
        if not self._stopping:
            self._replies.on_exit(exit_code)

    def _tell(self, reply: Reply) -> None:
        if self._stopping:
            return
        tell(reply, self._replies)
