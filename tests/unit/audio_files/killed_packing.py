"""Packs, or silences what is packed, and is killed at a step: ``FOLDER ACT STEP``."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.audio_files import durable, packing
from app.audio_files.archive import FolderArchive
from app.audio_files.journal import Journal
from app.domain.times import Span
from tests.unit.audio_files.recordings import pack

WHO = {"at": "2026-03-12T15:00:00Z", "by": "Priya", "reason": "a credential was said"}
ACROSS = Span(900, 2_100)  # over three files of a second
ACTS: dict[str, Callable[[Path], object]] = {
    "pack": pack,
    "silence": lambda folder: FolderArchive().silence(folder, [ACROSS], **WHO),
}
# Where each step is: what names the function, its name, whether it still runs to its end.
STEPS: dict[str, tuple[tuple[Any, ...], str, bool]] = {
    "before the draft": ((packing,), "_write_compared", False),
    "amid the draft": ((packing,), "write_atomically", True),
    "before the journal": ((packing,), "_write_compared", True),
    "after the journal": ((Journal,), "append", True),
    "before the file has its place": ((packing,), "leaving_nothing", False),
    "after the file has its place": ((packing,), "_settle", True),
    "before the old blocks are overwritten": ((packing, durable), "overwrite", False),
    "after the old blocks are overwritten": ((packing, durable), "overwrite", True),
    "after the file": ((packing,), "_clear", True),
}


def main(folder: str, act: str, step: str) -> None:
    """Let the first file be done and kill at the second."""
    holders, name, is_done = STEPS[step]
    real: Callable[..., Any] = getattr(holders[0], name)
    calls: list[int] = []

    def killed(*given: Any, **named: Any) -> Any:
        calls.append(1)
        is_last = len(calls) == 2
        outcome = real(*given, **named) if is_done or not is_last else None
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    for holder in holders:
        setattr(holder, name, killed)
    ACTS[act](Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
