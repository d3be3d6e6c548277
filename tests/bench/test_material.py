from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import EnvironmentMissingError
from app.domain.sessions import TrackLabel
from tests.bench.material import bridge
from tests.bench.material.incident_talk import GAP, MADE_UP, IncidentTalk, number_in_words
from tests.bench.material.voices import require_voices

if TYPE_CHECKING:
    from pathlib import Path

SHORT = bridge.Plan(seed=1, minutes=1)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (99, "ninety nine"),
        (503, "five hundred three"),
        (1_500, "one thousand five hundred"),
    ],
)
def test_a_number_is_spelled(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_every_gap_of_a_sentence_can_be_filled() -> None:
    talk = IncidentTalk.read()

    gaps = {gap for sentence in talk.sentences for gap in GAP.findall(sentence)}

    assert gaps == talk.gaps.keys() | MADE_UP.keys()


def test_the_same_chance_says_the_same() -> None:
    talk = IncidentTalk.read()
    dice = [random.Random(3), random.Random(3)]  # noqa: S311  the same each time, no secret

    said, again = ([talk.sentence(each) for _ in range(200)] for each in dice)

    assert said == again
    assert all(sentence.written and "{" not in sentence.written for sentence in said)
    assert any(sentence.written != sentence.spoken for sentence in said)


def test_programs_that_are_missing_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(EnvironmentMissingError, match="espeak-ng and flite") as told:
        bridge.generate(SHORT)

    assert told.value.remedy.endswith("apt-get install espeak-ng flite")


def test_a_bridge_is_the_same_each_time_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    try:
        require_voices()
    except EnvironmentMissingError as missing:
        pytest.skip(str(missing))
    monkeypatch.setattr(bridge, "user_cache_path", lambda _name: tmp_path)

    made = bridge.generate(SHORT)
    kept = bridge.kept(SHORT)

    assert kept == made
    assert {line.track for line in kept.script} == set(TrackLabel)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bridge.kept(SHORT) == made, "made only once"
