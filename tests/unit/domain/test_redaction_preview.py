"""What a person is shown of a text before words go out of it."""

from __future__ import annotations

from typing import Any

from app.domain.redaction_preview import TextChange


def a_change(before: dict[str, Any], after: dict[str, Any]) -> TextChange:
    return TextChange("entry", 1, "inc-a", before, after)


def test_an_excerpt_shows_what_goes_and_a_little_beside_it() -> None:
    far = "x" * 100
    change = a_change({"text": f"{far} is tulip, {far}"}, {"text": f"{far} is [redacted], {far}"})

    ((before, after),) = change.excerpts

    beside = "x" * 26
    assert before == f"…{beside} is tulip, {'x' * 28}…"
    assert after == f"…{beside} is [redacted], {'x' * 28}…"


def test_a_short_text_is_shown_whole_and_the_same_change_once() -> None:
    before = {"text": "it is tulip", "original_text": "it is tulip", "words": [{"text": "tulip"}]}
    after = {"text": "it is [redacted]", "original_text": "it is [redacted]", "words": []}

    assert a_change(before, after).excerpts == (("it is tulip", "it is [redacted]"),)


def test_every_text_inside_a_thing_has_its_excerpt() -> None:
    before = {"sources": [{"quote": "tulip"}, {"quote": "well"}], "lucky": ["no tulip", "luck"]}
    after = {
        "sources": [{"quote": "[redacted]"}, {"quote": "well"}],
        "lucky": ["no [redacted]", "luck"],
    }

    assert a_change(before, after).excerpts == (
        ("tulip", "[redacted]"),
        ("no tulip", "no [redacted]"),
    )


def test_a_hash_that_changes_with_its_file_is_no_text() -> None:
    assert a_change({"sha256": "aa"}, {"sha256": "bb"}).excerpts == ()
