"""What a redaction refuses, changing nothing."""

from __future__ import annotations

import pytest

from tests.e2e.redaction_home import REASON, Told


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["seg-none", "--reason", REASON, "--yes"], 1, "no segment"),
        (["{segment}[90:91]", "--reason", REASON, "--yes"], 1, "words with times"),
        (["{session}@9:00-9:01", "--reason", REASON, "--yes"], 1, "over before that"),
        (["{session}@0:05-0:04", "--reason", REASON, "--yes"], 1, "does not lie after its start"),
        (["{segment}", "--reason", "they said hunter2", "--yes"], 1, "repeats words"),
        (["{segment}", "--reason", " ", "--yes"], 1, "needs a reason"),
        (["{segment}", "--reason", REASON], 2, "--yes"),
        (["{segment}"], 2, "--reason"),
    ],
)
def test_a_refusal_changes_nothing(told: Told, words: list[str], code: int, says: str) -> None:
    before = told.show()
    places = {"segment": told.segment["id"], "session": told.session}

    given = [word.format(**places) for word in words]
    assert says in told.hotwash.refusal("redact", told.incident, *given, code=code)

    assert told.show() == before


def test_words_that_are_redacted_already_are_not_counted_anew(told: Told) -> None:
    (other,) = (
        s for s in told.show()["segments"] if s["text"].startswith("The rollback finished")
    )
    words = ("redact", told.incident, f"{other['id']}[1:3]", "--reason", REASON, "--yes")
    first = told.hotwash.json(*words)

    assert "redacted already" in told.hotwash.refusal(*words, code=1)
    only_the_mark = f"{other['id']}[1:2]"
    again = told.hotwash.json("redact", told.incident, only_the_mark, "--reason", "x", "--yes")

    assert again["redactions"] == first["redactions"]
    assert told.hotwash.json("verify", told.incident)["ok"]
