"""Set this checkout up: uv, the environment in ``.venv``, the system's libraries.

``python3 packaging/bootstrap.py [--for program|window|tests]``; the Makefile calls it before every
target. Standard library only, and nothing to do means nothing done: the second call takes some
hundredths of a second. Ends with 0, or 3 when something is missing that only a person can add.

    HOTWASH_TORCH=cpu    PyTorch's CPU build (on Linux 0.2 GB in place of several)
    HOTWASH_TORCH=none   no PyTorch: everything works but telling speakers apart
    HOTWASH_TORCH=full   what requirements.lock says; the default of a new environment
"""

import sys


def main() -> int:
    """Tell a Python that is too old so, before a module is imported that it cannot read."""
    if sys.version_info < (3, 11):  # noqa: UP036  this is where older ones are turned away
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(
            f"Hotwash needs Python 3.11 or newer; {sys.executable} is {found}.\n"
            "Install a newer one and name it: make demo PYTHON=python3.12",
            file=sys.stderr,
        )
        return 3
    import set_up  # noqa: PLC0415  see the docstring

    return set_up.main()


if __name__ == "__main__":
    sys.exit(main())
