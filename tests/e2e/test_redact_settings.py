"""What the program goes by is never written over; where it says the words, a person is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.e2e.redaction_home import SECRET, Told

if TYPE_CHECKING:
    from pathlib import Path

SAID = "The impact lasted 25 minutes."
RUBRIC = """\
nudge_minutes = 25  # {comment}

[[level]]
name = "SEV1"
meaning = "{meaning}"
cadence_minutes = 25
depth = "full"
"""
IN_SETTINGS = "the program goes by it, and it holds the words: change it yourself"


def redact_a_number(told: Told) -> Any:
    corrected = {"segments": [{"id": told.segment["id"], "text": SAID}]}
    told.hotwash.json("apply", told.incident, "-", stdin=json.dumps(corrected))
    return told.redact()


def write(home: Path, settings: dict[str, Any], **rubric: str) -> dict[Path, bytes]:
    """Write both files; return what is in them."""
    (home / "settings.json").write_text(json.dumps(settings))
    (home / "rubric.toml").write_text(RUBRIC.format(**rubric))
    return {home / name: (home / name).read_bytes() for name in ("settings.json", "rubric.toml")}


def named(done: Any) -> dict[str, str]:
    return {place["path"]: place["why"] for place in done["left"]}


def test_numbers_and_names_of_the_program_are_nobodys_words(told: Told) -> None:
    written = write(told.home, {"threads": 25}, meaning="All is down", comment="often")

    done = redact_a_number(told)

    assert {path: path.read_bytes() for path in written} == written
    assert not {path.name for path in written} & named(done).keys()
    assert told.hotwash.json("show", told.incident)["redactions"]


def test_settings_that_say_the_words_stay_and_are_named(told: Told) -> None:
    prompt = {"vocabulary": [SECRET]}
    written = write(told.home, prompt, meaning="All is down", comment=SECRET)

    done = told.redact()

    assert {path: path.read_bytes() for path in written} == written
    left = named(done)
    assert (left["settings.json"], left["rubric.toml"]) == (IN_SETTINGS, IN_SETTINGS)


def test_a_glossary_that_spells_the_words_stays_and_is_named(told: Told) -> None:
    told.hotwash.json("glossary", "add", SECRET)
    glossary = told.home / "glossary.toml"
    before = glossary.read_bytes()

    done = told.redact()

    assert named(done)["glossary.toml"] == IN_SETTINGS
    assert glossary.read_bytes() == before


def test_a_part_of_the_words_and_a_broken_file_are_named_as_well(told: Told) -> None:
    settings = {"vocabulary": ["whoever has the root password"]}
    written = write(told.home, settings, meaning="All is down", comment="")
    rubric = told.home / "rubric.toml"
    rubric.write_text(f"[[level\n{SECRET}\n")

    done = told.redact()

    left = named(done)
    assert left["settings.json"] == "it holds some of the words: look at it"
    assert left["rubric.toml"] == IN_SETTINGS
    settings_file = told.home / "settings.json"
    assert settings_file.read_bytes() == written[settings_file]
    assert rubric.read_text() == f"[[level\n{SECRET}\n"
