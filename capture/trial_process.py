"""Has a source listened to by a helper process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import CaptureError, EnvironmentMissingError
from app.domain.source_trial import Level
from capture.bound_child import bound
from capture.recorder_messages import error_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import AudioSource
    from app.domain.errors import AppError

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 15.0  # for a sound server that wakes a sleeping device


class TrialProcess:
    """Implements ``SourceTester``; keeps nothing between calls."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS) -> None:
        """``patience`` is how many seconds longer than the trial itself the helper may take."""
        self._patience = patience

    def levels(
        self, source: AudioSource, *, seconds: float, on_level: Callable[[Level], None]
    ) -> list[Level]:
        """Return how loud the source was; see ``SourceTester``."""
        found: list[Level] = []
        hung = threading.Event()
        with (
            tempfile.TemporaryFile() as complaints,  # libraries talk there, also when all is well
            subprocess.Popen(  # noqa: S603  our own module
                _command(source, seconds),
                cwd=Path(__file__).parents[1],
                stdout=subprocess.PIPE,
                stderr=complaints,
            ) as helper,
            _killed_after(seconds + self._patience, helper, hung),
        ):
            for line in helper.stdout or ():
                fields = json.loads(line)
                if "error" in fields:
                    raise error_from(fields["error"])
                found.append(Level(fields["peak"], fields["rms"]))
                on_level(found[-1])
            if helper.wait() != 0:
                complaints.seek(0)
                log.error("trial of %s: %s", source.id, complaints.read().decode(errors="replace"))
                raise _hung() if hung.is_set() else _crashed(source)
        return found


@contextmanager
def _killed_after(
    seconds: float, helper: subprocess.Popen[bytes], hung: threading.Event
) -> Iterator[None]:
    """Kill a helper at the end, and after a time in any case; ``hung`` tells of the latter."""

    def give_up() -> None:
        hung.set()
        helper.kill()

    clock = threading.Timer(seconds, give_up)
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        helper.kill()


def _command(source: AudioSource, seconds: float) -> list[str]:
    fields = json.dumps(asdict(source))
    return bound(sys.executable, "-m", "capture.source_trial", str(seconds), fields)


def _hung() -> AppError:
    return EnvironmentMissingError(
        "The sound system does not answer.", remedy="Restart it, or the machine."
    )


def _crashed(source: AudioSource) -> AppError:
    return CaptureError(
        f"The driver of “{source.name}” crashed during the test.",
        remedy="Choose another source, or see hotwash.log.",
    )
