from __future__ import annotations

import numpy as np
import pytest

from tests.bench.material.shaping import at_level
from tests.bench.material.sounds import MINUTE, sound
from tests.bench.speechless import heard_by_force, shipped_recognizer
from transcription.vad import SAMPLE_RATE

SHORT = 12 * SAMPLE_RATE


@pytest.mark.parametrize("name", ["music", "keypad tones", "office hum"])
def test_words_found_in_sounds_by_force_are_all_marked(name: str) -> None:
    samples = sound(name, minutes=1, seed=4)[:SHORT]

    found = heard_by_force(shipped_recognizer(), at_level(samples, -30), count=3)

    assert found, "the model tells words wherever it is asked for some"
    assert {segment.flag is not None for segment in found} == {True}


def test_a_sound_is_the_same_each_time_and_no_minute_is_like_another() -> None:
    once = sound("hold tones", minutes=2, seed=9)

    assert np.array_equal(once, sound("hold tones", minutes=2, seed=9))
    assert not np.array_equal(once[:MINUTE], once[MINUTE:])
