"""What a benchmark tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    ``baseline`` is what the same machine does without our part, measured in the same run, and
    ``ratio`` the value over it. ``bar`` says in words what ``ok`` was judged by; both are None
    where nothing is promised.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    bar: str | None = None
    ok: bool | None = None
