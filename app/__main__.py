"""Entry point: ``hotwash`` and ``python -m app``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.program import Program

WINDOW_OPTIONS = {"--home": 2, "--as": 2}  # with how many words each takes


def main() -> None:
    """Open the window, or run the command that was named."""
    arguments = sys.argv[1:]
    if _names_a_command(arguments):
        from app.cli import run  # noqa: PLC0415  the window must not wait for the command line

        sys.exit(run(arguments))
    from ui.start import run as open_window  # noqa: PLC0415  a spawned child imports this module

    sys.exit(open_window(lambda: _build(arguments)))


def _names_a_command(arguments: list[str]) -> bool:
    rest = list(arguments)
    while rest and rest[0] in WINDOW_OPTIONS:
        del rest[: WINDOW_OPTIONS[rest[0]]]
    return bool(rest)


def _build(arguments: list[str]) -> Program:
    """Wire the program; runs on the window's background thread, after the window is seen."""
    from app.bootstrap import build, home_of, log_to_file  # noqa: PLC0415  brings the database

    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    home = home_of(given.get("--home", ""))
    log_to_file(home)
    program = build(home, actor=given.get("--as", ""))
    program.recovery.recover_all()
    return program


if __name__ == "__main__":
    main()
