from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from app.domain.sessions import TrackLabel
from tests.bench.material.recording import ROOT, Line, Recording, demonstration
from tests.bench.right_words import right_words
from tests.bench.telling_apart import Told, told_of
from tests.bench.voices import (
    DEMO_BAR,
    DRAFT_SHARE,
    HELD_OUT,
    PIPELINE,
    error_rate,
    measure,
)

if TYPE_CHECKING:
    from tests.proof.recorded import KeepFigure

VOICES = ROOT / "packaging" / "demo_models" / "voices.toml"
TALK = Recording(
    "talk",
    {TrackLabel.ROOM: bytes(320_000), TrackLabel.BRIDGE: bytes(320_000)},
    (
        Line(TrackLabel.ROOM, 0, 4_000, "One two three four.", "Ann"),
        Line(TrackLabel.ROOM, 4_000, 6_000, "Five six.", "Bob"),
        Line(TrackLabel.BRIDGE, 5_000, 8_000, "Seven.", "Cy"),
    ),
)


def test_who_is_told_as_who_spoke_is_no_error() -> None:
    told = {
        "room": Told([(0.0, 4.0, "B"), (4.0, 6.0, "A")], 1.0),
        "bridge": Told([(5.0, 8.0, "A")], 1.0),
    }

    assert error_rate(TALK, told) == 0.0


def test_who_is_missed_or_taken_for_another_is_an_error_by_its_length() -> None:
    missed = {"room": Told([(0.0, 4.0, "A")], 1.0), "bridge": Told([(5.0, 8.0, "A")], 1.0)}
    mistaken = {"room": Told([(0.0, 6.0, "A")], 1.0), "bridge": Told([(5.0, 8.0, "A")], 1.0)}

    assert error_rate(TALK, missed) == pytest.approx(2 / 9)
    assert error_rate(TALK, mistaken) == pytest.approx(2 / 9)
    assert error_rate(TALK, missed, with_overlap=False) == pytest.approx(1 / 7)


def test_two_labels_of_one_person_are_one_too_many() -> None:
    words = [
        *(("room", at_ms, "A") for at_ms in (500, 1_500, 2_500)),
        ("room", 3_500, "B"),
        ("room", 6_200, "C"),
        ("bridge", 7_000, "D"),
    ]

    assert right_words(TALK.script, words) == 5 / 6


def test_no_voice_of_the_held_out_bridge_is_trained_on() -> None:
    lists = tomllib.loads(VOICES.read_text(encoding="utf-8"))
    kept_out = {*lists["held_out"], *lists["development"], *lists["demonstration"]}
    trained = {*lists["training"]["flite"], *lists["training"]["espeak"]}
    speak = [voice.name.rpartition("+")[2] for _, voice in HELD_OUT.people]

    assert not trained & kept_out
    assert set(speak) <= set(lists["held_out"])
    assert len(set(speak)) == len(speak) >= 6


@pytest.mark.prove
def test_the_demonstrations_voices_are_told_apart_in_a_fast_draft() -> None:
    demo = demonstration()

    told = told_of(demo, PIPELINE, share=DRAFT_SHARE)

    voices = {label: {turn[2] for turn in each.turns} for label, each in told.items()}
    assert {label: len(labels) for label, labels in voices.items()} == {"room": 2, "bridge": 3}
    assert error_rate(demo, told) <= DEMO_BAR


@pytest.mark.prove
@pytest.mark.timeout(1_800)
def test_voices_that_nobody_trained_on_are_told_apart(proof_figure: KeepFigure) -> None:
    figures = measure()

    for figure in figures:
        proof_figure(f"voices: {figure.name}", figure.value, figure.unit, figure.bar or "none")
    assert [figure for figure in figures if figure.ok is False] == []
