"""A passphrase from a file: on the command line itself others could read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.services.pack.signing import SigningKeyError

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", help="File whose first line opens the signing key, if that is in one."
    ),
]


def read_passphrase(path: Path | None) -> str:
    """Return the first line of the file; empty where none is named.

    Raises:
        SigningKeyError: It cannot be read, or its first line is empty.
    """
    if path is None:
        return ""
    try:
        first, *_ = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as cause:
        raise SigningKeyError(
            f"The passphrase in {path} cannot be read.",
            remedy="Check the name and the permissions.",
        ) from cause
    passphrase = first.rstrip("\r")
    if not passphrase:
        raise SigningKeyError(
            f"The first line of {path} is empty.", remedy="Write the passphrase there."
        )
    return passphrase
