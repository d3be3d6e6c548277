from typing import Any

import pytest

from app.domain.conflict_words import conflict_words
from app.domain.field_merge import Conflict

ROSE = {"from": None, "to": "SEV2", "at": "2026-03-12T14:00:00Z", "by": "Marcus"}


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "said"),
    [
        ("severity", "SEV2", "SEV1", "incident i, severity: here SEV2, in the bundle SEV1"),
        (
            "severity_history",
            [ROSE],
            [{**ROSE, "to": "SEV1", "by": "Priya"}],
            "incident i, severity history, 1, to: here SEV2, in the bundle SEV1",
        ),
        (
            "severity_history",
            [ROSE],
            [ROSE, {"from": "SEV2", "to": "SEV1"}],
            "incident i, severity history, 2: here nothing, in the bundle from SEV2, to SEV1",
        ),
        ("final", True, False, "incident i, final: here yes, in the bundle no"),
        (None, {"text": "x"}, None, "incident i: here it is kept (x), in the bundle it is gone"),
        ("by", "Marcus", "Priya", "incident i, by: here Marcus, in the bundle Priya"),
    ],
)  # fmt: skip
def test_a_conflict_says_in_words_what_differs(
    field: str | None, ours: Any, theirs: Any, said: str
) -> None:
    assert conflict_words(Conflict("incident", "i", field, ours, theirs)) == [said]


def test_a_long_text_is_cut_and_both_texts_are_shown() -> None:
    (line,) = conflict_words(Conflict("entry", "e", "text", "a" * 500, "b" * 500))
    assert line.count("…") == 2
    assert "in the bundle bbb" in line
