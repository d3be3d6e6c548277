"""Terms out of tables, lists and an incident's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import GlossaryError
from app.domain.glossary import Glossary, Term, TermKind
from app.services.glossary_import import Skipped, merged, terms_of_file, terms_of_record
from tests.builders import CHECKOUT_API, a_record, a_speaker, an_incident
from tests.record_builders import a_role

if TYPE_CHECKING:
    from pathlib import Path

PRIYA = Term("Priya", TermKind.PERSON)


def written(folder: Path, name: str, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "Term,Kind,Also heard as\ncheckout-api,service,check out api\nPriya,Person,\n"),
        ("t.csv", "checkout-api,service,check out api\r\nPriya,person\r\n"),
        ("t.csv", "kind;name;aliases\nservice;checkout-api;check out api\nperson;Priya;\n"),
        ("t.tsv", "checkout-api\tservice\tcheck out api\n\nPriya\tperson\t\n"),
        ("t.csv", 'term,kind,heard as\n"checkout-api",service,"check  out api"\nPriya,person,'),
    ],
)
def test_a_table_is_read_with_a_heading_or_without(tmp_path: Path, name: str, text: str) -> None:
    found = terms_of_file(written(tmp_path, name, text, encoding="utf-8-sig"))
    assert found.terms == (CHECKOUT_API, PRIYA)
    assert found.skipped == ()


def test_a_list_has_a_term_on_each_line(tmp_path: Path) -> None:
    text = "# services\ncheckout-api = check out api; checkout a p i\n\nRedis  # cache\nredis\n"
    found = terms_of_file(written(tmp_path, "list.txt", text))
    assert found.terms == (
        Term("checkout-api", heard_as=("check out api", "checkout a p i")),
        Term("Redis"),
    )


def test_lines_that_make_no_term_are_named_and_the_others_taken(tmp_path: Path) -> None:
    text = f"term,kind,heard as\na,team,\n--,service,\nb,service,{'x' * 81}\nPriya,person,\n"
    found = terms_of_file(written(tmp_path, "t.csv", text))
    assert found.terms == (PRIYA,)
    assert found.skipped == (
        Skipped("line 2", "its kind is none of service, person, acronym, other"),
        Skipped("line 3", "it has no letter and no digit"),
        Skipped("line 4", "it is longer than 80 characters"),
    )


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.txt", b"# nothing\n", "holds no term"),
        ("picture.csv", b"\x89PNG\r\n\xff\xfe", r"it is no text in UTF-8\.$"),
        ("quotes.csv", b'term,kind\n"a"b,service\n', "line 2: "),
    ],
)
def test_a_file_that_holds_none_is_refused(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GlossaryError, match=problem) as told:
        terms_of_file(path)
    assert told.value.remedy


def test_an_incident_names_its_people_and_systems() -> None:
    record = a_record(
        incident=an_incident(owner="Marcus Chen", systems=("checkout-api", "orders")),
        roles=(a_role(person="Priya"), a_role(person="priya")),
        speakers=(
            a_speaker(name="Tom", confirmed=True),
            a_speaker("SPEAKER_01", name="Elena?", confirmed=False),
        ),
    )
    assert terms_of_record(record).terms == (
        Term("Marcus Chen", TermKind.PERSON),
        PRIYA,
        Term("Tom", TermKind.PERSON),
        Term("checkout-api", TermKind.SERVICE),
        Term("orders", TermKind.SERVICE),
    )


def test_what_is_known_grows_and_keeps_its_kind() -> None:
    glossary = Glossary((CHECKOUT_API, PRIYA))
    more = Term("Checkout-API", TermKind.OTHER, ("check out api", "chuck out api"))
    changed, refused = merged(glossary, [more, PRIYA, Term("Redis")])
    assert changed == (
        Term("checkout-api", TermKind.SERVICE, ("check out api", "chuck out api")),
        Term("Redis"),
    )
    assert refused == ()


def test_what_is_heard_for_another_term_stays_with_that() -> None:
    cart = Term("cart", heard_as=("check-out api", "priya", "kart"))
    changed, refused = merged(Glossary((CHECKOUT_API, PRIYA)), [cart])
    assert changed == (Term("cart", heard_as=("kart",)),)
    assert [skipped.reason for skipped in refused] == [
        "“check-out api” is “checkout-api”, or heard for it",
        "“priya” is “Priya”, or heard for it",
    ]


def test_what_is_heard_for_a_known_term_becomes_none_of_its_own() -> None:
    changed, refused = merged(Glossary((CHECKOUT_API,)), [Term("Check-out API"), Term("Redis")])
    assert changed == (Term("Redis"),)
    assert [(one.place, one.reason) for one in refused] == [
        ("Check-out API", "it is heard for “checkout-api”")
    ]
