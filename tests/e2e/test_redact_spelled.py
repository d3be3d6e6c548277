"""Words that links and markup spell in ways of their own go, too, in every incident."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from tests.e2e.redaction_home import REASON, SECRET, Told

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Penelope Winterbottom"
LINK = f"https://kibana.example/app?q={quote(f'holds {NAME}')}&page=2"
SPELLED = (
    quote(SECRET),
    quote_plus(SECRET),
    quote(quote(SECRET)),
    "The <b>root</b> <i class='x'>password</i> is Hunter2-Tr&ouml;t",
    "<td>root</td><td>password</td>\n<td>is</td><td>Hunter2-Tr&#246;t</td>",
    "root pass\u00adword is Hun&shy;ter2-Tr&#xF6;t",
    f'<a href="https://wiki.example/{quote("root password is Hunter2-Tröt")}">here</a>',
)
LEFT = ("hunter", "tröt", "tr%c3%b6t", "tr&ouml;t", "tr&#", "pass\u00adword", ";ter2")


def holding(home: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Name every file that holds any of the words."""
    return [
        (path.relative_to(home).as_posix(), word)
        for path in home.rglob("*")
        if path.is_file()
        for word in words
        if word in path.read_bytes().decode("utf-8", "replace").casefold()
    ]


def test_links_in_another_incident_lose_the_words_everywhere(told: Told, tmp_path: Path) -> None:
    hotwash, incident = told.hotwash, told.hotwash.json("new", "Another")["id"]
    hotwash.json("evidence", incident, "--add", LINK, "--kind", "log_query")
    linked = tmp_path / "query.url"
    linked.write_text(f"[InternetShortcut]\nURL={LINK}\n")
    hotwash.json("evidence", incident, "--add", linked, "--kind", "ticket")
    action = {"text": f"Look at {LINK} again"}
    hotwash.json("apply", incident, "-", stdin=json.dumps({"actions": [action]}))
    corrected = {"segments": [{"id": told.segment["id"], "text": f"It holds {NAME}, you know"}]}
    hotwash.json("apply", told.incident, "-", stdin=json.dumps(corrected))
    assert {"hotwash.db"} < {name for name, _word in holding(told.home, ("penelope",))}

    told.redact("--everywhere")

    assert holding(told.home, ("penelope", "winterbottom")) == []
    shown = hotwash.json("show", incident)
    assert shown["actions"][0]["text"] == (
        "Look at https://kibana.example/app?q=[redacted]&page=2 again"
    )
    assert "https://kibana.example/app?q=[redacted]&page=2" in urls_of(shown)


def urls_of(shown: Any) -> list[str]:
    return [evidence["url"] for evidence in shown["evidence"]]


def test_every_spelling_goes_out_of_texts_and_files(told: Told, tmp_path: Path) -> None:
    for number, text in enumerate(SPELLED):
        told.hotwash.json("log", told.incident, f"/fact {text.replace(chr(10), ' ')}")
        path = tmp_path / f"{number}.html"
        path.write_text(f"<p>before</p> {text} <p>behind {number}</p>")
        told.hotwash.json("evidence", told.incident, "--add", path, "--kind", "ticket")
    assert {word for _name, word in holding(told.home, LEFT)} >= set(LEFT)

    told.redact()

    evidence = told.folder / "evidence"
    kept = [path.read_text() for path in evidence.rglob("*.html")]
    assert len(kept) == len(SPELLED)
    assert all("<p>before</p>" in text and "<p>behind" in text for text in kept)
    assert holding(told.home, LEFT) == []
    told.check_evidence()


def test_parts_of_a_phrase_in_a_link_are_named(told: Told) -> None:
    told.hotwash.json("log", told.incident, "/fact see https://x.example/?q=root%20password")
    (entry,) = (e for e in told.show()["entries"] if "x.example" in e["text"])

    done = told.redact()

    left = {place["path"]: place["why"] for place in done["left"]}
    assert left[entry["id"]] == "it holds some of the words: look at it"


def test_a_reason_that_says_the_words_as_a_link_does_is_refused(told: Told) -> None:
    words = ("redact", told.incident, told.segment["id"], "--yes", "--reason")
    said = quote("root password is hunter2-tröt")
    assert "repeats words" in told.hotwash.refusal(*words, said, code=1)
    assert told.hotwash.json(*words, REASON)["redactions"]
