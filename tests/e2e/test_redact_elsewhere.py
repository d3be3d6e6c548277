"""The same words in other places, and in other incidents."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.ids import TrackId
from app.domain.sessions import TrackLabel
from tests.command_line import Hotwash
from tests.e2e.redaction_home import DEMO, NO_SOUND, REASON, SECRET, Told, left_in

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = "1 other incident holds the words, too"


@dataclass(frozen=True)
class Other:
    """Another incident in which the secret was told, with all that incidents have."""

    told: Told
    incident: str
    segment: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.told.home / "incidents" / self.incident

    def show(self) -> Any:
        return self.told.hotwash.json("show", self.incident)


@pytest.fixture(scope="module")
def prepared_other(prepared: Told, tmp_path_factory: pytest.TempPathFactory) -> Other:
    home = tmp_path_factory.mktemp("other") / "home"
    shutil.copytree(prepared.home, home)
    hotwash = Hotwash(home, NO_SOUND)
    told = replace(prepared, hotwash=hotwash)
    incident = hotwash.json("new", "Another")["id"]
    hotwash.json("attach", incident, DEMO / "room.flac", "--start", "2026-03-13T08:00:00Z")
    segment = hotwash.json("show", incident)["segments"][0]
    corrected = {"segments": [{"id": segment["id"], "text": SECRET}]}
    hotwash.json("apply", incident, "-", stdin=json.dumps(corrected))
    hotwash.json("log", incident, f"/fact {SECRET}")
    hotwash.json("log", incident, "/fact Nothing of it here")
    note = told.home.parent / "other.txt"
    note.write_text(json.dumps({"said": SECRET.upper()}))
    hotwash.json("evidence", incident, "--add", note, "--kind", "log_query")
    note.unlink()
    for form in ("pdf", "md"):
        path = told.home / "incidents" / incident / "exports" / f"report.{form}"
        path.parent.mkdir(exist_ok=True)
        hotwash.json("export", incident, "--format", form, "--out", path)
    return Other(told, incident, segment)


@pytest.fixture
def other(prepared_other: Other, tmp_path: Path) -> Other:
    shutil.copytree(prepared_other.told.home, tmp_path / "home")
    hotwash = Hotwash(tmp_path / "home", NO_SOUND)
    return replace(prepared_other, told=replace(prepared_other.told, hotwash=hotwash))


def everything_in(home: Path) -> dict[str, str]:
    """Return a hash of every file; SQLite's own and the program's diary apart."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".log"))
    }


def test_without_a_choice_nothing_is_done_to_anything(other: Other) -> None:
    told = other.told
    before = everything_in(told.home)
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")

    refusal = told.hotwash.refusal(*words, code=1)

    assert f"{REFUSED}: {other.incident}." in refusal
    assert "--everywhere" in refusal
    assert "--only-here" in refusal
    assert everything_in(told.home) == before


def test_both_choices_at_once_are_none(told: Told) -> None:
    words = ("redact", told.incident, told.segment["id"], "--reason", REASON, "--yes")
    refusal = told.hotwash.refusal(*words, "--everywhere", "--only-here", code=2)
    assert "choose one of" in refusal


def test_only_here_leaves_another_incident_as_it_is_and_names_it(other: Other) -> None:
    told = other.told
    before, files = other.show(), everything_in(other.folder)

    done = told.redact("--only-here", "--also", "nobody said this")

    assert f"incident {other.incident}" in [place["path"] for place in done["left"]]
    assert done["others"] == []
    assert other.show() == before
    assert everything_in(other.folder) == files


def test_an_incident_that_loses_further_words_only_is_named_all_the_same(other: Other) -> None:
    done = other.told.redact("--only-here", "--also", "Nothing of it")

    assert done["others"] == [other.incident]
    assert f"incident {other.incident}" in [place["path"] for place in done["left"]]
    texts = [entry["text"] for entry in other.show()["entries"]]
    assert texts == [SECRET, "[redacted] here"]


def test_everywhere_leaves_no_byte_of_the_words_in_the_whole_home(other: Other) -> None:
    told = other.told
    assert [name for name, _words in left_in(told.home) if other.incident in name]
    start, end = (2 * 16 * told.segment[name] for name in ("start_ms", "end_ms"))

    done = told.redact("--everywhere")

    assert left_in(told.home) == []
    assert not any(told.pcm("bridge")[start:end])
    assert not any(told.pcm("room")[start:end])
    assert done["others"] == [other.incident]
    assert f"incidents/{other.incident}/exports/report.pdf" in done["removed"]
    assert told.hotwash.json("search", "hunter2")["hits"] == []
    told.check_evidence()


def test_everywhere_names_the_audio_that_it_left_in_another_incident(other: Other) -> None:
    told = other.told
    done = told.redact("--everywhere")

    assert other.segment["id"] in [place["path"] for place in done["left"]]
    assert told.hotwash.json("verify", other.incident)["ok"]
    (session,) = other.show()["sessions"]
    (track,) = session["tracks"]
    audio = TrackAudio(
        TrackId(track["id"]), other.folder / "audio" / session["id"], TrackLabel(track["label"])
    )
    segment = other.segment
    assert any(FolderAudioReader().pcm(audio, segment["start_ms"], segment["end_ms"]))


def test_everywhere_keeps_the_other_incident_whole(other: Other) -> None:
    told = other.told
    told.redact("--everywhere")

    shown = other.show()
    (segment,) = (s for s in shown["segments"] if s["id"] == other.segment["id"])
    assert "[redacted]" in segment["text"]
    texts = [entry["text"] for entry in shown["entries"]]
    assert "Nothing of it here" in texts
    assert told.hotwash.json("evidence", other.incident, "--check")["check"]["ok"]
    while told.hotwash.json("undo", other.incident)["edit"]:
        assert left_in(told.home) == []
    told.hotwash.json("transcribe", other.incident)
    assert left_in(told.home) == []


@pytest.mark.parametrize("step", ["after the files", "after the record"])
def test_what_a_kill_cuts_off_everywhere_the_same_command_completes(
    other: Other, step: str
) -> None:
    other.told.redact_until_killed(step, "--everywhere")

    other.told.redact("--everywhere")

    assert left_in(other.told.home) == []
    other.told.check_evidence()
    assert other.told.hotwash.json("evidence", other.incident, "--check")["check"]["ok"]


@pytest.mark.parametrize("choice", ["--everywhere", "--only-here"])
def test_the_preview_changes_nothing_and_says_what_is_done(other: Other, choice: str) -> None:
    told = other.told
    before = everything_in(told.home)
    words = ("redact", told.incident, told.segment["id"], choice)

    preview = told.hotwash.json(*words, "--preview")

    assert everything_in(told.home) == before
    stood = {told.incident: told.show(), other.incident: other.show()}
    done = told.redact(choice)
    assert preview["holding"] == [other.incident]
    same = ("segments", "texts", "files", "removed", "others")
    assert {name: preview[name] for name in same} == {name: done[name] for name in same}
    moved = moves(told, stood)
    renamed = [moved.get(path, path) for path in preview["changed_files"]]
    assert renamed == done["changed_files"] != preview["changed_files"]
    places = [
        place | {"path": moved.get(place["path"], place["path"])} for place in preview["left"]
    ]
    assert places == done["left"]
    foretold = {(change["incident_id"], change["id"]) for change in preview["changes"]}
    now = {told.incident: told.show(), other.incident: other.show()}
    assert foretold == {(name, one) for name in now for one in changed(stood[name], now[name])}
    texts = [text for change in preview["changes"] for text in change["texts"]]
    assert all("[redacted]" in text["after"] for text in texts)
    assert any("Hunter2" in text["before"] for text in texts)


def moves(told: Told, stood: dict[str, Any]) -> dict[str, str]:
    """Return under which path each file of evidence lay, and lies."""
    return {
        f"incidents/{name}/evidence/{one['file']}": f"incidents/{name}/evidence/{now['file']}"
        for name, before in stood.items()
        for one, now in zip(
            before["evidence"], told.hotwash.json("show", name)["evidence"], strict=True
        )
    }


def test_what_is_left_and_what_has_changed_is_there_under_the_name_that_is_told(
    told: Told, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text(f"{SECRET}\nwhoever has the root password\n")
    told.hotwash.json("evidence", told.incident, "--add", note, "--kind", "ticket")

    done = told.redact()

    left = [place["path"] for place in done["left"] if place["path"].startswith("incidents/")]
    assert told.evidence("ticket").relative_to(told.home).as_posix() in left
    missing = [path for path in (*left, *done["changed_files"]) if not (told.home / path).exists()]
    assert missing == []


def test_a_backup_keeps_what_another_incident_keeps(other: Other) -> None:
    told = other.told
    database = told.home / "hotwash.db"
    backup = told.home / "hotwash.db.before-0006-from-0003-20260314T144600Z"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)

    told.redact("--only-here")

    with closing(sqlite3.connect(backup)) as copy:
        query = "SELECT text FROM entry WHERE incident_id = ?"
        kept = [text for (text,) in copy.execute(query, (other.incident,))]
        own = [text for (text,) in copy.execute(query, (told.incident,))]
    assert SECRET in kept
    assert own == ["They told the [redacted] to everybody"]


def test_the_preview_for_people_says_whose_each_line_is(other: Other) -> None:
    told = other.told
    words = ("redact", told.incident, told.segment["id"], "--preview", "--everywhere")

    lines = told.hotwash.run(*words).stdout.splitlines()

    assert lines[0].startswith("sought elsewhere: “")
    segment = f"incident {other.incident}, segment {other.segment['id']}: “"
    (line,) = (line for line in lines if line.startswith(segment))
    assert line.endswith("(+1 more)")  # an entry says the same
    assert any(line.startswith(f"segment {told.segment['id']}: “") for line in lines)


def changed(before: Any, after: Any) -> set[str]:
    """Return the ids of what has other texts in a record than it had, evidence's files apart."""
    kinds = ("segments", "entries", "messages", "decisions", "actions", "scope", "learnings")
    found = set()
    for kind in kinds:
        old, new = before[kind], after[kind]
        if isinstance(old, dict):
            old, new = [old], [new]
        for one, other in zip(old or (), new or (), strict=True):
            if one != other:
                found.add(one.get("id", after["incident"]["id"]))
    return found


def test_the_preview_for_people_asks_for_the_choice(other: Other) -> None:
    told = other.told
    done = told.hotwash.run("redact", told.incident, told.segment["id"], "--preview")

    assert done.returncode == 0
    assert "“The root password is" in done.stdout
    assert f"({other.incident}): choose --everywhere or --only-here." in done.stdout


def test_parts_of_the_phrase_stay_and_are_named(told: Told, tmp_path: Path) -> None:
    hotwash = told.hotwash
    for text in ("Rotate the root password", "Root cause unknown", "The password was weak"):
        hotwash.json("log", told.incident, f"/fact {text}")
    ids = {entry["text"]: entry["id"] for entry in told.show()["entries"]}
    note = tmp_path / "note.txt"
    note.write_text("whoever has the root password\n")
    hotwash.json("evidence", told.incident, "--add", note, "--kind", "ticket")

    done = told.redact()

    left = {place["path"]: place["why"] for place in done["left"]}
    some = "it holds some of the words: look at it"
    assert left[ids["Rotate the root password"]] == some
    path = told.evidence("ticket").relative_to(told.home).as_posix()
    assert left[path] == some
    assert ids["Root cause unknown"] not in left
    assert ids["The password was weak"] not in left


def test_the_same_words_said_elsewhere_are_named_for_their_audio(told: Told) -> None:
    segments = told.show()["segments"]
    (one,) = (s for s in segments if s["text"] == "The connection pool is at 100%.")
    elsewhere = [s for s in segments if "the connection pool" in s["text"].casefold()]
    more = ("--reason", REASON, "--yes")

    done = told.hotwash.json("redact", told.incident, one["id"], *more)

    named = [place["path"] for place in done["left"] if "its audio is not" in place["why"]]
    texts = {s["id"]: s["text"] for s in told.show()["segments"]}
    assert named == [s["id"] for s in elsewhere if texts[s["id"]] != s["text"] and s != one]
    assert all("the connection pool is" not in text.casefold() for text in texts.values())
