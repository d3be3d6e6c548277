"""The commands that mend findings are read alike by every shell, where that can be."""

from __future__ import annotations

import shlex

import pytest

from app.domain.rules.commands import applying, command
from tests.builders import INCIDENT


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("Priya", "Priya"),
        ("Priya Nair", '"Priya Nair"'),
        ("Dana O'Neil", '"Dana O\'Neil"'),
        ("", '""'),
        ('Tom "the root" $HOME', "'Tom \"the root\" $HOME'"),  # no two shells agree
        ("100 %PATH%", "'100 %PATH%'"),
    ],
)
def test_words_are_quoted_as_every_shell_reads_them_where_that_can_be(
    word: str, typed: str
) -> None:
    told = command(INCIDENT, "role", "IC", word).command
    assert told == f"hotwash role {INCIDENT} IC {typed}"
    assert shlex.split(told)[-1] == word


def test_a_document_of_edits_is_told_beside_the_command_and_not_in_it() -> None:
    told = applying(INCIDENT, {"closeout": {"review_dates": ["YYYY-MM-DD"]}})
    assert told.command == f"hotwash apply {INCIDENT} FILE.json"
    assert told.document == {"closeout": {"review_dates": ["YYYY-MM-DD"]}}
