"""Loudness as people read it."""

from __future__ import annotations

import math

BARS = 12
FLOOR_DB = -48.0


def decibels(level: float) -> float:
    """Return a level, full scale 1.0, in dB below full scale; minus infinity for silence."""
    return 20 * math.log10(level) if level > 0 else -math.inf


def lit_bars(level: float) -> int:
    """Return how many of twelve bars a level lights, from -48 dB to full scale."""
    share = 1 - decibels(level) / FLOOR_DB if level > 0 else 0.0
    return max(0, min(BARS, math.ceil(share * BARS)))


def bar_text(level: float) -> str:
    """Return the bars as text."""
    lit = lit_bars(level)
    return "▮" * lit + "▯" * (BARS - lit)
