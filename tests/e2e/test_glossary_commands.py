"""The team's glossary at the command line, and its spellings in a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.bootstrap import build
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.record import Change
from tests.builders import BRIDGE, a_session, a_spelled_segment, a_track
from tests.command_line import Hotwash

if TYPE_CHECKING:
    from pathlib import Path

CHECKOUT: dict[str, Any] = {
    "text": "checkout-api",
    "kind": "service",
    "heard_as": ["check out api"],
}


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", {})


def test_terms_are_added_listed_and_removed(hotwash: Hotwash) -> None:
    assert hotwash.json("glossary", "list")["terms"] == []
    added = ("checkout-api", "--kind", "service", "--heard", "check out api")
    assert hotwash.json("glossary", "add", *added) == CHECKOUT
    listed = hotwash.json("glossary")
    assert listed == {
        "path": str(hotwash.home / "glossary.toml"),
        "terms": [CHECKOUT],
        "problem": None,
    }
    assert "check out api" in hotwash.run("glossary").stdout
    assert hotwash.json("glossary", "remove", "Checkout-API") == {"removed": "Checkout-API"}
    hotwash.refusal("glossary", "remove", "checkout-api", code=1)


def test_a_table_and_an_incident_are_imported(hotwash: Hotwash, tmp_path: Path) -> None:
    table = tmp_path / "terms.csv"
    table.write_text("term,kind,heard as\ncheckout-api,service,check out api\nx,team,\n")
    incident = hotwash.json("new", "Checkout errors")["id"]
    hotwash.json("role", incident, "IC", "Priya")
    assert hotwash.json("glossary", "import", table) == {
        "new": [CHECKOUT],
        "grew": [],
        "unchanged": 0,
        "skipped": [
            {
                "place": "line 3",
                "reason": "its kind is none of service, person, acronym, other",
            }
        ],
    }
    of_incident = hotwash.json("glossary", "import", "--incident", incident)
    assert [term["text"] for term in of_incident["new"]] == ["Priya"]


def test_a_broken_glossary_is_told_with_its_line_and_is_no_failure(hotwash: Hotwash) -> None:
    hotwash.home.mkdir()
    (hotwash.home / "glossary.toml").write_text('[[term]]\ntext = "a"\nkind = "team"\n')
    listed = hotwash.json("glossary")
    assert listed["terms"] == []
    assert "line 3, kind: “team” is no kind" in listed["problem"]["message"]
    assert "line 3" in hotwash.refusal("glossary", "add", "Redis", code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "file.csv", "--incident", "inc"),
        ("take-back", "inc"),
        ("take-back", "inc", "seg-1", "--all"),
        ("take-back", "inc", "seg-1:x"),
        ("add", "Redis", "--kind", "team"),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_in_usage(
    hotwash: Hotwash, words: tuple[str, ...]
) -> None:
    hotwash.json("new", "Checkout errors")
    hotwash.refusal("glossary", *words, code=2)


def test_spellings_are_shown_marked_and_taken_back(hotwash: Hotwash) -> None:
    incident = IncidentId(hotwash.json("new", "Checkout errors")["id"])
    segment = a_spelled_segment()
    program = build(Home(hotwash.home))
    things = (a_session(incident_id=incident), a_track())
    changes = [Change(None, thing) for thing in things]
    program.store.commit(incident, changes, by="test", label="import", undoable=False)
    program.store.add_segments(BRIDGE, [segment], made_in=segment.made_in, cursor_ms=80_000)
    program.shutdown()

    (shown,) = hotwash.json("show", incident)["segments"]
    assert (shown["text"], shown["original_text"]) == (
        "the checkout-api is down",
        "the check out api is down",
    )
    heard = [[one["text"] for one in word["heard"]] for word in shown["words"]]
    assert heard == [[], ["check", "out", "api"], [], []]
    hits = hotwash.json("search", "checkout-api")["hits"]
    assert [hit["id"] for hit in hits] == [segment.id]

    hotwash.refusal("glossary", "take-back", incident, f"{segment.id}:0", code=1)
    done = hotwash.json("glossary", "take-back", incident, f"{segment.id}:1")
    assert done["changed"] == [segment.id]
    (shown,) = hotwash.json("show", incident)["segments"]
    assert shown["text"] == shown["original_text"]
    assert all(word["heard"] == [] for word in shown["words"])

    hotwash.json("undo", incident)
    hotwash.json("glossary", "take-back", incident, "--all")
    assert len(hotwash.json("show", incident)["segments"][0]["words"]) == 6
