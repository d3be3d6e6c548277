from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from transcription.machine import GIB, Machine, cards_in, this_machine
from transcription.model_advice import advise, preference, slowness
from transcription.model_names import REPOSITORIES
from transcription.model_speeds import Measurement

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel

LAPTOP = Machine("a processor", cores=2, memory=int(7.7 * GIB))
OFFICE = Machine("a processor", cores=6, memory=16 * GIB)
DESKTOP = Machine("a processor", cores=12, memory=32 * GIB)
GAMING = replace(DESKTOP, card="GeForce RTX 4090", card_memory=24 * GIB)
MEASURED = Measurement(6.0, "cpu", "int8", 2, "2026-01-05T10:00:00Z")


@pytest.mark.parametrize(
    ("machine", "live", "final"),
    [
        (Machine("old", cores=1, memory=GIB), "tiny", "tiny"),
        (Machine("old", cores=8, memory=3 * GIB), "base", "base"),
        (LAPTOP, "base", "small"),
        (replace(LAPTOP, cores=4), "base", "small"),
        (Machine("unknown", cores=6, memory=0), "small", "small"),
        (OFFICE, "small", "small"),
        (DESKTOP, "small", "large-v3-turbo"),
        (replace(DESKTOP, card="GTX 1050", card_memory=2 * GIB), "small", "large-v3-turbo"),
        (
            replace(DESKTOP, card="GTX 1650", card_memory=4 * GIB),
            "large-v3-turbo",
            "large-v3-turbo",
        ),
        (GAMING, "large-v3-turbo", "large-v3"),
    ],
)
def test_cores_memory_and_graphics_card_decide_what_is_recommended(
    machine: Machine, live: str, final: str
) -> None:
    advice = advise(machine)

    assert (advice.live, advice.final) == (live, final)
    assert {advice.live, advice.final} <= set(REPOSITORIES)


def test_the_recommendation_says_which_and_why() -> None:
    assert str(advise(LAPTOP)) == (
        "base live, small for the final pass. 2 cores, 8 GB of memory, no NVIDIA card: base "
        "follows both tracks at once; small is better and slower, for when the call is over."
    )
    assert str(advise(OFFICE)).startswith("small. 6 cores, 16 GB of memory, no NVIDIA card: ")
    assert "GeForce RTX 4090 (24 GB)" in advise(GAMING).reason


def test_where_english_is_spoken_the_english_models_are_recommended() -> None:
    assert advise(LAPTOP, language="en").live == "base.en"
    assert advise(DESKTOP, language="en").final == "large-v3-turbo", "it has no English sister"
    assert advise(LAPTOP, language="de").live == "base"


def test_of_several_models_the_best_that_keeps_up_is_taken() -> None:
    def order(machine: Machine, speeds: dict[str, float]) -> list[str]:
        names = ("tiny", "small", "large-v3", "medium", "large-v3-turbo", "ours")
        return sorted(names, key=lambda name: preference(name, machine, speeds.get(name)))

    assert order(OFFICE, {}) == ["ours", "small", "tiny", "medium", "large-v3-turbo", "large-v3"]
    assert order(GAMING, {})[:3] == ["ours", "large-v3-turbo", "medium"]
    measured = order(OFFICE, {"small": 1.2, "medium": 2.5, "ours": 0.4})
    assert measured[:3] == ["medium", "tiny", "ours"], (
        "what was measured goes before rules of thumb"
    )


def test_a_model_too_slow_for_two_tracks_and_a_card_that_is_not_used_are_told(
    demo_model: RecognitionModel,
) -> None:
    assert slowness(demo_model, MEASURED, OFFICE) == ""
    assert "GeForce RTX 4090 is not used" in slowness(demo_model, MEASURED, GAMING)
    assert slowness(demo_model, replace(MEASURED, device="cuda"), GAMING) == ""
    by_choice = replace(demo_model, device="cpu")
    assert slowness(by_choice, MEASURED, GAMING) == "", "who set that needs no advice to do so"


@pytest.mark.parametrize(
    ("name", "language", "advice"),
    [
        ("medium", None, "download small"),
        ("small", None, "download base"),
        ("base.en", "en", "download tiny.en"),
        ("ours", None, "download small"),
        ("tiny", None, "No smaller model is known"),
    ],
)
def test_in_place_of_a_model_that_is_too_slow_a_smaller_one_is_advised(
    demo_model: RecognitionModel, name: str, language: str | None, advice: str
) -> None:
    model = replace(demo_model, name=name, language=language)
    assert advice in slowness(model, replace(MEASURED, speed=1.9), OFFICE)


def test_this_machine_is_described() -> None:
    machine = this_machine()

    assert 1 <= machine.cores <= (os.cpu_count() or 1)
    assert GIB // 4 < machine.memory < 2**50
    assert machine.processor


def test_cards_are_read_from_what_nvidias_tool_says() -> None:
    listing = (
        "NVIDIA T4, 15360\nA card, with a comma, 8192\nNo devices were found\nBroken, [N/A]\n"
    )

    assert cards_in(listing) == [(15_360 * 2**20, "NVIDIA T4"), (8 * GIB, "A card, with a comma")]


def test_a_driver_that_does_not_answer_is_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA T4, 15360'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert this_machine().card == "NVIDIA T4"

    tool.write_text('#!/bin/sh\necho "NVIDIA-SMI has failed"; exit 9\n')
    assert this_machine().card == ""
