"""Entry point: ``hotwash`` and ``python -m app``."""

from __future__ import annotations

import sys


def main() -> None:
    """Open the window, or run the command that was named."""
    if len(sys.argv) > 1:
        from app.cli import run  # noqa: PLC0415  the window must not wait for the command line

        sys.exit(run(sys.argv[1:]))
    from app.bootstrap import open_window  # noqa: PLC0415  a spawned child imports this module

    sys.exit(open_window())


if __name__ == "__main__":
    main()
