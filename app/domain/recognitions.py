"""Who recognised a session: which model, in which pass and language, and on which machine."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class RecognitionPass(enum.StrEnum):
    """Which recognition a segment comes from."""

    LIVE = "live"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Recognition:
    """What recognised a session in one pass.

    Attributes:
        language: The spoken language it was told or has detected, None while that is not known.
        host: The server that audio was sent to, empty where none left the machine.
    """

    made_in: RecognitionPass
    model: str
    language: str | None = None
    host: str = ""


def with_recognition(known: Iterable[Recognition], latest: Recognition) -> tuple[Recognition, ...]:
    """Return what recognised a session, now that ``latest`` does.

    It takes the place of what did in the same pass; a server to which audio went stays on record.
    """
    kept = (
        one
        for one in known
        if one.made_in is not latest.made_in
        or (one.host and (one.host, one.model) != (latest.host, latest.model))
    )
    return (*kept, latest)
