"""Exports and is killed once the document is written and not yet in its place.

``python -m tests.e2e.killed_export HOME INCIDENT OUT``
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from app.bootstrap import build
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.services import export_staging


def die(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    home, incident, out = sys.argv[1:]
    export_staging._publish = die
    program = build(Home(Path(home)), actor="Priya", offline=True)
    program.exports.write(IncidentId(incident), format="json", path=Path(out), overwrite=True)


if __name__ == "__main__":
    main()
