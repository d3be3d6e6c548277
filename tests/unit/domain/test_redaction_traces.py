"""What was redacted is told again without being kept."""

from __future__ import annotations

import pytest

from app.domain.redacting import SoughtWords
from app.domain.redaction_traces import Traces

KEY = bytes(range(32))
SAID = "The root password is Hunter2-Tröt, never write it down."


def traces(*said: str, also: tuple[str, ...] = ()) -> Traces:
    return Traces.of(SoughtWords.of(said, also), KEY)


@pytest.mark.parametrize(
    "text",
    [
        "hunter2 again",
        "so the ROOT  password: is *HUNTER2*!",
        "see https://x.example/?q=root%20password%20is%20hunter2",
        "<b>root</b> password is hunter2",
    ],
)
def test_words_that_were_redacted_are_found_however_they_are_spelled(text: str) -> None:
    assert traces(SAID).stand_in(text)


@pytest.mark.parametrize("text", ["", "the password", "write it", "[redacted]", "root [redacted]"])
def test_what_anybody_may_say_is_not_taken_for_it(text: str) -> None:
    assert not traces(SAID).stand_in(text)


def test_a_name_that_a_person_gave_is_found_alone() -> None:
    assert traces(also=("Acme",)).stand_in("the customer is ACME.")


def test_a_number_that_is_quickly_guessed_is_not_kept() -> None:
    assert traces("4711", also=("4711",)).hashes == frozenset()
    assert traces(also=("the pin 4711",)).stand_in("the pin 4711")


def test_nothing_is_told_without_the_key() -> None:
    kept = traces(SAID)
    assert not any(word in "".join(kept.hashes) for word in ("root", "hunter", "password"))
    assert not Traces(b"another key", kept.hashes).stand_in(SAID)
