"""What several entities hold true when they are built."""

from __future__ import annotations

import math
import re

UNKNOWN = "unknown"  # a value: somebody looked and nobody knows; None is: nobody has said yet
SHA256 = re.compile(r"[0-9a-f]{64}")


def require_words(text: str | None, sentence: str) -> None:
    """Refuse a text that says nothing.

    Raises:
        ValueError: It is empty; the error is the sentence.
    """
    if text is None or not text.strip():
        raise ValueError(sentence)


def require_said(entity: object, *names: str) -> None:
    """Refuse texts that are given and empty: what nobody knows is “unknown”.

    Raises:
        ValueError: One is; it is named.
    """
    for name in names:
        text = getattr(entity, name)
        if text is not None and not text.strip():
            raise ValueError(f"{name} must have words, be “{UNKNOWN}”, or be left out")


def require_number(value: float | None, name: str) -> None:
    """Refuse what no document can spell.

    Raises:
        ValueError: It is infinite or not a number.
    """
    if value is not None and not math.isfinite(value):
        raise ValueError(f"{name} must be a number")


def require_sha256(digest: str | None, name: str) -> None:
    """Refuse what is no hash.

    Raises:
        ValueError: It is not 64 hexadecimal digits, in lower case.
    """
    if digest is not None and not SHA256.fullmatch(digest):
        raise ValueError(f"{name} must be 64 hexadecimal digits")
