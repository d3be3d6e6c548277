"""Marks behind words in texts that cannot underline: a doubt, and what the glossary replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.transcript import SegmentFlag, text_of

if TYPE_CHECKING:
    from app.domain.transcript import Segment, Word

UNSURE = "[?]"
SPELLED = "[heard: {}]"
WHY = {
    SegmentFlag.SILENCE_SUSPECT: "doubtful: there may be no speech here",
    SegmentFlag.REPEATED: "doubtful: the same words over and over",
    SegmentFlag.LOW_CONFIDENCE: "doubtful: the recogniser was not sure of this line",
}


def mark_of(word: Word) -> str:
    """Return what stands behind a word, empty for most."""
    heard = SPELLED.format(word.heard_as) if word.heard else ""
    return " ".join(mark for mark in (UNSURE if word.is_unsure else "", heard) if mark)


def marked_text(segment: Segment) -> str:
    """Return the text with its marks; a person's, or one without timed words, has none."""
    if segment.text != text_of(segment.words):
        return segment.text
    return " ".join(f"{word.text} {mark_of(word)}".rstrip() for word in segment.words)


def doubted_text(segment: Segment) -> str:
    """Return the text with its marks, and behind it why the whole line is not to be trusted."""
    why = f"  ({WHY[segment.flag]})" if segment.flag else ""
    return marked_text(segment) + why
