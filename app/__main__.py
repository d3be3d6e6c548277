"""Entry point: ``hotwash`` and ``python -m app``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.program import Program


def main() -> None:
    """Open the window, or run the command that was named."""
    arguments = sys.argv[1:]
    if _names_a_command(arguments):
        from app.cli import run  # noqa: PLC0415  the window must not wait for the command line

        sys.exit(run(arguments))
    from ui.start import run as open_window  # noqa: PLC0415  a spawned child imports this module

    sys.exit(open_window(lambda: _build(arguments)))


def _names_a_command(arguments: list[str]) -> bool:
    from app.global_options import UsageProblem, split_global_options  # noqa: PLC0415  as above

    try:
        chosen, rest = split_global_options(arguments)
    except UsageProblem:
        return True  # which the command line explains
    return bool(rest) or chosen.as_json


def _build(arguments: list[str]) -> Program:
    """Wire the program; runs on the window's background thread, after the window is seen."""
    from app.bootstrap import build, home_of, load_writing, log_to_file  # noqa: PLC0415  brings the database
    from app.global_options import split_global_options  # noqa: PLC0415  as above

    chosen, _ = split_global_options(arguments)
    home = home_of(chosen.home)
    log_to_file(home)
    program = build(home, actor=chosen.actor)
    program.recovery.recover_all()
    program.load()
    load_writing()
    return program


if __name__ == "__main__":
    main()
