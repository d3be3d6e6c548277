"""Where a typed line is not understood, and what to type instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineProblem:
    """``[start, end)`` of the line, in code points, is what it is about."""

    start: int
    end: int
    message: str
    remedy: str


class LineError(Exception):
    """Carries a problem out of the parser, no further."""

    def __init__(self, start: int, end: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.problem = LineProblem(start, end, message, remedy)
