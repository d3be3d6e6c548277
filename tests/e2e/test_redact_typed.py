"""Typed words go without a stretch of audio: given as words, or chosen as an entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND, REASON, Told

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Penelope Winterbottom"
MORE = ("--reason", REASON, "--yes")


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


@pytest.fixture
def incident(hotwash: Hotwash) -> str:
    """An incident of typed entries only, of which two name somebody."""
    incident = str(hotwash.json("new", "Checkout")["id"])
    hotwash.json("log", incident, f"/fact {NAME} called us")
    hotwash.json("log", incident, "/fact Penelope  winterbottom called again")
    hotwash.json("log", incident, "/fact The rollback is done")
    return incident


def texts_of(hotwash: Hotwash, incident: str) -> list[str]:
    return [entry["text"] for entry in hotwash.json("show", incident)["entries"]]


def files_with(home: Path, word: str) -> list[str]:
    return [
        path.name
        for path in home.rglob("*")
        if path.is_file() and word in path.read_bytes().decode("utf-8", "replace").casefold()
    ]


def test_words_alone_go_out_of_every_incident_and_the_step_bears_the_reason(
    hotwash: Hotwash, incident: str
) -> None:
    other = str(hotwash.json("new", "Another")["id"])
    hotwash.json("log", other, f"/fact {NAME} was there")
    assert files_with(hotwash.home, "winterbottom")

    done = hotwash.json("redact", incident, "--also", NAME, *MORE)

    assert done["redactions"] == []
    assert done["others"] == [other]
    assert files_with(hotwash.home, "winterbottom") == []
    assert texts_of(hotwash, incident)[:2] == ["[redacted] called us", "[redacted] called again"]
    assert texts_of(hotwash, other) == ["[redacted] was there"]
    assert hotwash.json("show", incident)["edits"][-1]["label"] == f"redact words: {REASON}"
    assert hotwash.json("undo", incident)["edit"]
    assert texts_of(hotwash, incident) == ["[redacted] called us", "[redacted] called again"]
    assert files_with(hotwash.home, "winterbottom") == []


def test_an_entry_goes_whole_and_its_words_wherever_they_stand(
    hotwash: Hotwash, incident: str
) -> None:
    first = hotwash.json("show", incident)["entries"][0]
    changed = {"entries": [{"id": first["id"], "text": "It is the one"}]}
    hotwash.json("apply", incident, "-", stdin=json.dumps(changed))

    done = hotwash.json("redact", incident, first["id"][:9], *MORE)

    assert done["redactions"] == []
    shown = hotwash.json("show", incident)
    assert {entry["text"] for entry in shown["entries"] if entry["id"] == first["id"]} == {
        "[redacted]"
    }
    assert "The rollback is done" in texts_of(hotwash, incident)
    assert shown["edits"][-1]["label"] == f"redact 1 entry: {REASON}"
    assert NAME.casefold() not in json.dumps(hotwash.json("show", incident)).casefold()
    again = hotwash.json("redact", incident, first["id"], *MORE)
    assert (again["segments"], again["texts"]) == (0, 0)


def test_what_only_here_left_elsewhere_everywhere_cannot_find_but_the_words_do(
    hotwash: Hotwash, incident: str
) -> None:
    other = str(hotwash.json("new", "Another")["id"])
    hotwash.json("log", other, f"/fact {NAME} called us")
    (entry, *_) = hotwash.json("show", incident)["entries"]
    words = ("redact", incident, entry["id"], *MORE)

    (left,) = places(hotwash.json(*words, "--only-here"), f"incident {other}")
    assert "hotwash redact ID --also WORDS" in left
    (left,) = places(hotwash.json(*words, "--everywhere"), "other incidents")
    assert "hotwash redact ID --also WORDS" in left
    assert files_with(hotwash.home, "winterbottom")

    hotwash.json("redact", incident, "--also", NAME, *MORE)

    assert files_with(hotwash.home, "winterbottom") == []


def places(done: Any, path: str) -> list[str]:
    return [place["why"] for place in done["left"] if place["path"] == path]


def test_the_audio_that_an_entry_cites_stays_and_is_named(told: Told) -> None:
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))
    before = told.pcm("bridge")[start:end]
    (entry,) = (e for e in told.show()["entries"] if e["id"] == told.entry)
    (source,) = entry["sources"]

    done = told.hotwash.json("redact", told.incident, told.entry, *MORE)

    named = [place for place in done["left"] if "its audio was not" in place["why"]]
    assert len(named) == 1
    assert named[0]["path"].partition("@")[0] in (told.session, *source["segment_ids"])
    assert any(before)
    assert told.pcm("bridge")[start:end] == before
    assert told.hotwash.json("redact", told.incident, named[0]["path"], *MORE)["redactions"]
    assert not any(told.pcm("bridge")[start:end])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "nothing is chosen"),
        (("--also", "?!"), "nothing is chosen"),
        (("--also", NAME, "--only-here"), "go out of every incident"),
        (("ent-none",), "There is no entry"),
        (("ent-",), "More than one entry begins with"),
    ],
)
def test_a_choice_that_is_none_is_refused_and_changes_nothing(
    hotwash: Hotwash, incident: str, words: tuple[str, ...], says: str
) -> None:
    before = hotwash.json("show", incident)
    assert says in hotwash.refusal("redact", incident, *words, *MORE, code=1)
    assert hotwash.json("show", incident) == before
