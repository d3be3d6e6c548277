"""What live recognition leaves out when it cannot keep up; audio is never left out."""

from __future__ import annotations

import enum


class RecognitionPace(enum.IntEnum):
    """From unhurried to hurried; each leaves out what those before it do."""

    PARTIALS = 0  # words are shown while their utterance is still being spoken
    UTTERANCES = 1  # only utterances that have ended
    LONGER_STEPS = 2  # utterances are recognised together, which is quicker, if the model can
    CATCHING_UP = 3  # the same; people are told that words come late


# How much waiting audio, over all tracks, begins each. A recording that keeps up has about one
# second of two tracks waiting: that much comes between two looks at what is on the disk.
BEGINS_MS = {
    RecognitionPace.PARTIALS: 0,
    RecognitionPace.UTTERANCES: 4_000,
    RecognitionPace.LONGER_STEPS: 8_000,
    RecognitionPace.CATCHING_UP: 16_000,
}


def next_pace(pace: RecognitionPace, backlog_ms: int) -> RecognitionPace:
    """Return the pace for that much waiting audio; one is left at half of what began it."""
    return max(
        level
        for level, begins_ms in BEGINS_MS.items()
        if backlog_ms >= (begins_ms // 2 if level <= pace else begins_ms)
    )
