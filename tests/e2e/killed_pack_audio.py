"""Runs ``hotwash`` and kills it amid the packing of a second file: ``ARGUMENT…``."""

import os
import signal
import sys
from typing import Any

from app.audio_files import packing
from app.cli import run


def main(*arguments: str) -> None:
    real, calls = packing._settle, list[int]()

    def killed(*given: Any) -> bool:
        calls.append(1)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given)

    packing._settle = killed
    run(list(arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
