"""The team's glossary, as it is written in a file that people edit, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import GlossaryError
from app.domain.glossary import Glossary, Term, TermKind
from app.resources import resources_dir
from app.services.glossary_file import (
    glossary_in_force,
    read_glossary,
    remove_term,
    write_terms,
)

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = resources_dir() / "glossary.toml"
OWN = """# ours
[[term]]
text = "checkout-api"   # the old one
kind = "service"
heard_as = [
  "check out api",
]

# people
[[term]]
text = "Priya"
kind = "person"
"""
CHECKOUT = Term("checkout-api", TermKind.SERVICE, ("check out api",))
PRIYA = Term("Priya", TermKind.PERSON)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "glossary.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_terms_are_read_with_their_kinds_and_what_they_are_heard_as(own: Path) -> None:
    assert read_glossary(own).terms == (CHECKOUT, PRIYA)


def test_without_a_file_there_are_no_terms_and_the_shipped_one_has_none(tmp_path: Path) -> None:
    assert glossary_in_force(tmp_path / "glossary.toml").glossary == Glossary()
    assert read_glossary(TEMPLATE) == Glossary()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[term]]\n", "line 1, text: it needs a letter or a digit"),
        ('[[term]]\ntext = "--"\n', "line 2, text: it needs a letter or a digit"),
        ('[["term"]]\ntext = "--"\n', "line 2, text: it needs a letter or a digit"),
        ('[[term]]\ntext = "a"\nkind = "team"\n', "line 3, kind: “team” is no kind"),
        ('[[term]]\ntext = "a"\nheard_as = "b"\n', "line 3, heard_as: it is no list"),
        ('[[term]]\ntext = "a"\nheard_as = [1]\n', "line 3, heard_as: it needs a letter"),
        ('[[term]]\ntext = "a"\nheard = ["b"]\n', "line 3, heard: there is no such setting"),
        ('[[term]]\ntext = "a"\n[[term]]\ntext = "A"\n', "line 4, text: “A” is there twice"),
        (
            '[[term]]\ntext = "a"\nheard_as = ["x y"]\n[[term]]\ntext = "b"\nheard_as = ["X-Y"]\n',
            "line 6, heard_as: “X-Y” is already “a”, or heard for it",
        ),
        (
            '[[term]]\ntext = "a"\n[[term]]\ntext = "b"\nheard_as = ["A"]\n',
            "line 5, heard_as: “A” is already “a”, or heard for it",
        ),
        (f'[[term]]\ntext = "{"a" * 81}"\n', "line 2, text: it has 81 characters"),
        ("terms = 1\n", "line 1, terms: there is no such setting"),
        ("term = 1\n", "line 1, term: it is no list of terms"),
        ("[[term]\n", "it is no TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_program_goes_without(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    found = glossary_in_force(path)
    assert found.glossary == Glossary()
    assert problem in str(found.problem)


def test_a_file_that_is_no_text_is_told_in_words_for_people(tmp_path: Path) -> None:
    path = tmp_path / "glossary.toml"
    path.write_bytes(b"\x89PNG\r\n\xff\xfe")
    problem = glossary_in_force(path).problem
    assert problem is not None
    assert str(problem) == f"The glossary in {path} cannot be used: it is no text in UTF-8."
    assert problem.remedy == "Save it as text in UTF-8, or give another file."


def test_a_new_term_goes_to_the_end_of_a_file_that_stays_as_it_is(own: Path) -> None:
    dns = Term("DNS", TermKind.ACRONYM, ('d "n" s', "dee en ess"))
    write_terms(own, TEMPLATE, [dns])
    assert own.read_text(encoding="utf-8").startswith(OWN)
    assert read_glossary(own).terms == (CHECKOUT, PRIYA, dns)


def test_a_term_that_is_there_is_said_anew_in_its_place(own: Path) -> None:
    changed = Term("checkout-api", TermKind.SERVICE, ("check out api", "checkout a p i"))
    write_terms(own, TEMPLATE, [changed])
    assert read_glossary(own).terms == (changed, PRIYA)
    text = own.read_text(encoding="utf-8")
    assert text.startswith("# ours\n[[term]]\n")
    assert "\n\n# people\n[[term]]\n" in text


def test_where_there_is_no_file_it_begins_with_what_explains_it(tmp_path: Path) -> None:
    path = tmp_path / "glossary.toml"
    write_terms(path, TEMPLATE, [PRIYA])
    assert path.read_text(encoding="utf-8").startswith(TEMPLATE.read_text(encoding="utf-8"))
    assert read_glossary(path).terms == (PRIYA,)


def test_a_term_is_taken_out_and_the_comments_around_it_stay(own: Path) -> None:
    assert remove_term(own, "CHECKOUT-API")
    assert own.read_text(encoding="utf-8") == (
        '# ours\n\n# people\n[[term]]\ntext = "Priya"\nkind = "person"\n'
    )


def test_what_is_not_there_cannot_be_taken_out(own: Path, tmp_path: Path) -> None:
    assert not remove_term(own, "Redis")
    assert not remove_term(tmp_path / "none.toml", "Redis")
    assert own.read_text(encoding="utf-8") == OWN


def test_a_term_that_would_break_the_file_is_not_written(own: Path) -> None:
    with pytest.raises(GlossaryError, match=r"cannot be changed: .*already “checkout-api”"):
        write_terms(own, TEMPLATE, [Term("cart", heard_as=("check out api",))])
    assert own.read_text(encoding="utf-8") == OWN


@pytest.mark.parametrize(
    "text",
    [
        'term = [{ text = "Kafka" }, { text = "Priya" }]\n',
        '[[term]]\ntext = "Kafka"\nheard_as = ["""\n[[term]]\nx"""]\n[[term]]\ntext = "Priya"\n',
    ],
)
def test_terms_that_cannot_be_told_apart_in_the_text_are_left_to_people(
    own: Path, text: str
) -> None:
    own.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"cannot be changed: .*\[\[term\]\]"):
        remove_term(own, "Priya")
    with pytest.raises(GlossaryError, match="cannot be changed"):
        write_terms(own, TEMPLATE, [Term("Redis")])
    assert own.read_text(encoding="utf-8") == text


def test_a_header_in_quotes_begins_a_term_like_any_other(own: Path) -> None:
    own.write_text(OWN.replace("[[term]]", '[["term"]]'), encoding="utf-8")
    assert remove_term(own, "checkout-api")
    assert read_glossary(own).terms == (PRIYA,)


def test_a_broken_file_is_left_to_people(own: Path) -> None:
    own.write_text("[[term]\n", encoding="utf-8")
    with pytest.raises(GlossaryError):
        write_terms(own, TEMPLATE, [PRIYA])
    with pytest.raises(GlossaryError):
        remove_term(own, "Priya")
    assert own.read_text(encoding="utf-8") == "[[term]\n"


def test_a_recogniser_is_told_services_before_people_and_those_before_the_rest() -> None:
    kinds = [TermKind.OTHER, TermKind.ACRONYM, TermKind.PERSON, TermKind.SERVICE]
    glossary = Glossary(tuple(Term(kind.value, kind) for kind in kinds))
    assert glossary.hotwords == ("service", "person", "acronym", "other")
