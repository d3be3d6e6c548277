"""A process of our own with a pipe to it: how all engines are started and ended."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

STOP_TIMEOUT_S = 2.0


class ChildProcess:
    """Runs ``target(pipe, *arguments)`` in a spawned process.

    ``target`` is a function of a module and the arguments pickle. The child ignores Ctrl-C, which
    the terminal sends to it as well, and ends when the pipe does: with the parent, at the latest.
    ``environment`` is set in the child before ``target`` is imported.

    Safe to use from several threads, ``receive`` from one only.
    """

    def __init__(
        self,
        target: Callable[..., None],
        arguments: tuple[Any, ...],
        *,
        name: str,
        environment: dict[str, str] | None = None,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_enter, args=(environment or {}, theirs, target, arguments), name=name
        )
        self._sending = threading.Lock()
        with _interrupts_held_back():
            self._process.start()
        theirs.close()  # so that a dead child reads as the end of the stream
        # At exit multiprocessing waits for its children, for ever if nobody has stopped them.
        atexit.register(self.stop, timeout_s=0.0)

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Give the child a message; nothing happens if it is gone."""
        with self._sending, contextlib.suppress(OSError):
            self._pipe.send(message)

    def receive(self) -> Any:
        """Wait for the child's next message.

        Raises:
            EOFError: The child is gone.
        """
        try:
            return self._pipe.recv()
        except OSError as cause:  # Windows and a closed pipe say it this way
            raise EOFError from cause

    def has_message(self, timeout_s: float) -> bool:
        """Wait for a message, or for the child to be gone, no longer than that."""
        try:
            return self._pipe.poll(timeout_s)
        except OSError:  # how Windows says that it is gone: ``receive`` will, too
            return True

    def exit_code(self) -> int:
        """Wait for the child to end; return what it ended with, negative for a signal."""
        self._process.join()
        return self._process.exitcode or 0

    def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """End the child: ask, wait, then kill. It holds nothing that could be lost."""
        atexit.unregister(self.stop)
        self.send(None)
        self._process.join(timeout_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def close(self) -> None:
        """Let go of the pipe; after ``stop``, when nobody receives any more."""
        self._pipe.close()


def end_with_the_parent(pipe: Connection) -> None:
    """Have the process that calls this end as soon as the other end of its pipe is closed.

    For a child that is told nothing more once it works: it would only notice when it answers.
    """

    def wait() -> None:
        with contextlib.suppress(EOFError, OSError):  # how a pipe says that the parent is gone
            pipe.recv()
        os._exit(0)

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let a child inherit that Ctrl-C is blocked, until it has had time to ignore it."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415  not there on Windows

    # It starts with the first child and would unblock the signal on its way.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _enter(
    environment: dict[str, str],
    pipe: Connection,
    target: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.environ.update(environment)
    _keep_tqdm_from_semaphores()
    # The parent is gone, and with it everyone who would want to know.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        target(pipe, *arguments)


def _keep_tqdm_from_semaphores() -> None:
    """Give tqdm, which all engines bring, a plain lock.

    Its own is a named semaphore of the system, and a child that is killed leaves it behind.
    """
    from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415  for the child alone

    tqdm.set_lock(threading.RLock())
