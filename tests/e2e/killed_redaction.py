"""Redacts, and is killed at the step that is named: ``HOME STEP ARGUMENT…``."""

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from app.audio_files import redaction
from app.audio_files.journal import Journal
from app.cli import run
from app.services import redaction as service
from app.storage.redaction import SqlRedaction

if TYPE_CHECKING:
    from collections.abc import Callable

# Where each step is: what holds the function, its name, whether it still runs to its end.
STEPS: dict[str, tuple[Any, str, bool]] = {
    "before the journal": (Journal, "append", False),
    "after the journal": (redaction, "_overwrite", False),
    "amid the audio": (redaction, "_overwrite", True),
    "after the audio": (service, "sweep", False),
    "after the files": (service, "sweep", True),
    "before the record": (SqlRedaction, "rewrite", False),
    "after the record": (SqlRedaction, "rewrite", True),
    "after the purge": (SqlRedaction, "purge", True),
}


def main(home: str, step: str, *arguments: str) -> None:
    holder, name, is_done = STEPS[step]
    real: Callable[..., Any] = getattr(holder, name)

    def killed(*given: Any, **named: Any) -> None:
        if is_done:
            real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(holder, name, killed)
    run([*arguments, "--home", home])


if __name__ == "__main__":
    main(*sys.argv[1:])
