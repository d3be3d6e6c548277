from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from tests.builders import BRIDGE, INCIDENT, ROOM, a_segment, a_speaker
from tests.command_line import Hotwash
from tests.machines import Machine, with_an_incident
from tests.record_builders import a_redaction

if TYPE_CHECKING:
    from pathlib import Path

TOM = a_speaker("Bridge A", track_label=TrackLabel.BRIDGE)
MAYA = a_speaker("Bridge B", track_label=TrackLabel.BRIDGE)
LINES = [
    a_segment("we roll back now", 2_000, 5_000, speaker_id=TOM.id),
    a_segment("yes please", 5_000, 6_000, speaker_id=MAYA.id),
    a_segment("the password is swordfish", 6_000, 9_000, speaker_id=TOM.id),
    a_segment("it is rolling back", 10_000, 13_000, speaker_id=TOM.id),
]


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    """A home with an incident of real audio, and what two voices say in it."""
    machine = with_an_incident(Machine(tmp_path / "home"), seconds=13)
    machine.do(*(Change(None, voice) for voice in (TOM, MAYA)), undoable=False)
    machine.store.add_segments(BRIDGE, LINES, made_in=RecognitionPass.LIVE, cursor_ms=13_000)
    machine.close()
    return Hotwash(tmp_path / "home", {})


def voices(hotwash: Hotwash, *words: str | Path) -> dict[str, dict[str, Any]]:
    """Run the command; return the voices it lists, by their labels."""
    document = hotwash.json("speakers", INCIDENT, *words)
    assert list(document) == ["speakers", "operation", "samples"]
    return {voice["label"]: voice for voice in document["speakers"]}


def test_the_voices_are_listed_with_how_long_they_speak(hotwash: Hotwash) -> None:
    listed = voices(hotwash)

    assert {label: (v["talk_ms"], v["lines"]) for label, v in listed.items()} == {
        "Bridge A": (9_000, 3),
        "Bridge B": (1_000, 1),
    }
    shown = hotwash.run("speakers", INCIDENT).stdout.splitlines()
    assert shown[0].split() == ["label", "speaks", "lines", "id"]
    assert shown[1].split() == ["Bridge", "A", "0:00:09.0", "3", TOM.id]


def test_voices_are_named_given_roles_merged_and_taken_apart(hotwash: Hotwash) -> None:
    assert voices(hotwash, "--rename", "bridge a=Tom")["Bridge A"]["name"] == "Tom"
    assert voices(hotwash, "--role", "Tom=IC")["Bridge A"]["role"] == "incident commander"

    merged = voices(hotwash, "--merge", "Bridge B,Tom")
    assert list(merged) == ["Bridge A"]
    assert merged["Bridge A"]["talk_ms"] == 10_000
    assert merged["Bridge A"]["merged"] == [{"id": MAYA.id, "label": "Bridge B"}]

    assert list(voices(hotwash, "--unmerge", "Bridge B")) == ["Bridge A", "Bridge B"]


def test_a_voice_that_says_nothing_is_no_row_until_it_has_a_name(hotwash: Hotwash) -> None:
    voices(hotwash, "--give", LINES[1].id, "--to", "Bridge A")
    assert "Bridge B" in voices(hotwash)
    assert "Bridge B" not in hotwash.run("speakers", INCIDENT).stdout

    assert "Maya" in hotwash.run("speakers", INCIDENT, "--rename", "Bridge B=Maya").stdout


def test_words_are_given_away_and_split_off_and_an_undo_brings_them_back(
    hotwash: Hotwash,
) -> None:
    first, _, _, last = (line.id for line in LINES)

    given = voices(hotwash, "--give", f"{first}[0:2]", "--to", "Bridge B")
    assert {label: v["lines"] for label, v in given.items()} == {"Bridge A": 3, "Bridge B": 2}
    split = voices(hotwash, "--split", last, "--name", "Ana")
    assert split["Bridge A (2)"]["name"] == "Ana"
    hotwash.json("undo", INCIDENT)
    from_here = voices(hotwash, "--split-from", LINES[2].id)
    assert from_here["Bridge A (2)"]["lines"] == 2


def test_three_clips_say_who_it_is_but_never_what_was_redacted(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    machine = Machine(tmp_path / "home")
    machine.add(a_redaction(start_ms=7_000, end_ms=8_000, track_ids=(BRIDGE, ROOM)))
    machine.close()
    out = tmp_path / "clips"
    out.mkdir()

    document = hotwash.json("speakers", INCIDENT, "--samples", "Bridge A", "--out", out)

    assert [clip["text"] for clip in document["samples"]] == [LINES[0].text, LINES[3].text]
    for clip in document["samples"]:
        with wave.open(clip["path"]) as file:
            assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
            assert file.getnframes() == 3 * 16_000
            assert any(file.readframes(16_000)), "there is sound in it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rename", "Tom"), "not of the form A=B"),
        (("--rename", "Nobody=Tom"), "There is no voice “Nobody”"),
        (("--rename", "Bridge A=Bridge B"), "another voice is called that"),
        (("--merge", "Bridge A"), "not of the form A,B"),
        (("--merge", "Bridge A,bridge a"), "cannot be merged into itself"),
        (("--unmerge", "Bridge A"), "it was not merged"),
        (("--give", "seg-gone", "--to", "Bridge A"), "There is no segment “seg-gone”"),
        (("--give", "seg-gone"), "which words, and whose"),
        (("--split-from", "seg-gone"), "no longer in the transcript"),
        (("--samples", "Bridge A"), "where to write them"),
        (("--rename", "Bridge A=x", "--name", "y"), "nobody is split off"),
        (("--rename", "Bridge A=x", "--role", "Bridge A=IC"), "--rename and --role: one at a"),
    ],
)
def test_nonsense_is_refused_in_a_sentence_with_a_remedy(
    hotwash: Hotwash, words: tuple[str, ...], said: str
) -> None:
    told = hotwash.refusal("speakers", INCIDENT, *words, code=1)

    assert said in told
    assert "Error:" in told


def test_a_folder_that_is_not_there_is_told(hotwash: Hotwash, tmp_path: Path) -> None:
    told = hotwash.refusal(
        "speakers", INCIDENT, "--samples", "Bridge A", "--out", tmp_path / "none", code=1
    )

    assert "cannot be written" in told
